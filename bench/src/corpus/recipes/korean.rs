use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::words::encoded;
use crate::corpus::lines::text;
use crate::load::{Connection, get, member, post, runtime};
use crate::stack::Stack;

/// Korean recipes, and the words that their ingredients are called by.
pub struct Korean {
    lines: Vec<Vec<String>>,
    words: Vec<String>,
}

/// What is found of the recipes that have a word within their ingredient lines, and of the others.
pub struct Found {
    words: usize,
    right: usize,
    wrong: usize,
    missed: usize,
}

const AT_LEAST: f64 = 0.99;

impl Korean {
    pub fn read(folder: &Path) -> Result<Self> {
        let (mut lines, mut words) = (Vec::new(), BTreeSet::new());
        for line in text(&folder.join("korean.jsonl.gz"))?.lines() {
            let recipe: Value = serde_json::from_str(line).context("a recipe is no JSON")?;
            let labelled = recipe["ingredients_structured"].as_array().cloned().unwrap_or_default();
            words.extend(labelled.iter().filter_map(|item| item["name"].as_str()).flat_map(korean_words));
            lines.push(lines_of(&recipe, &labelled));
        }
        Ok(Self { lines, words: words.into_iter().collect() })
    }

    /// Keeps them, and looks for each word.
    pub fn search(&self, stack: &Stack, token: &str) -> Result<Found> {
        runtime()?.block_on(async {
            let mut connection = Connection::open(stack.recipes.addr).await?;
            let mut ids = HashMap::new();
            for (number, lines) in self.lines.iter().enumerate() {
                let items: Vec<&String> = lines.iter().filter(|line| !line.trim().is_empty()).collect();
                let recipe =
                    json!({ "title": number.to_string(), "ingredient_groups": [{ "items": items }] });
                let request = post("/v1/recipes", Some(token), &recipe.to_string());
                let kept = String::from_utf8(connection.call(&request).await?.to_vec())?;
                ids.insert(member(&kept, "id").context("a recipe without an id")?.to_owned(), number);
            }
            let mut found = Found { words: self.words.len(), right: 0, wrong: 0, missed: 0 };
            for word in &self.words {
                let read = all_with(&mut connection, token, word, &ids).await?;
                let labelled = self.with(word);
                found.right += read.intersection(&labelled).count();
                found.wrong += read.difference(&labelled).count();
                found.missed += labelled.difference(&read).count();
            }
            Ok(found)
        })
    }

    /// The recipes that have a word within a line.
    fn with(&self, word: &str) -> HashSet<usize> {
        let has = |lines: &[String]| lines.iter().any(|line| line.contains(word));
        self.lines.iter().enumerate().filter(|(_, lines)| has(lines)).map(|(number, _)| number).collect()
    }
}

impl Found {
    pub fn report(&self, database: &str) -> bool {
        let share = |others: usize| self.right as f64 / (self.right + others) as f64;
        let (recall, precision) = (share(self.missed), share(self.wrong));
        let holds = recall >= AT_LEAST && precision >= AT_LEAST;
        let verdict = if holds { "pass" } else { "**fail**" };
        println!(
            "| {database} | words | recall | precision | each at least | |\n|---|---:|---:|---:|---:|---|"
        );
        println!(
            "| Korean ingredients | {} | {recall:.4} | {precision:.4} | {AT_LEAST} | {verdict} |\n",
            self.words
        );
        holds
    }
}

async fn all_with(
    connection: &mut Connection,
    token: &str,
    word: &str,
    ids: &HashMap<String, usize>,
) -> Result<HashSet<usize>> {
    let (mut found, first) = (HashSet::new(), format!("/v1/recipes?limit=100&ingredient={}", encoded(word)));
    let mut path = first.clone();
    loop {
        let page: Value = serde_json::from_slice(connection.call(&get(&path, Some(token))).await?)?;
        let items = page["items"].as_array().context("a page without items")?;
        // What is none of them would be counted as well as one that is.
        found.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().and_then(|id| ids.get(id)).map_or(usize::MAX, |it| *it)),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("{first}&cursor={cursor}"),
            None => return Ok(found),
        }
    }
}

fn lines_of(recipe: &Value, labelled: &[Value]) -> Vec<String> {
    let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match labelled {
        [] => recipe["ingredients"].as_array().into_iter().flatten().map(said).collect(),
        _ => {
            labelled.iter().map(|item| format!("{} {}", said(&item["name"]), said(&item["amount"]))).collect()
        }
    }
}

/// Those of two syllables and more.
fn korean_words(text: &str) -> Vec<String> {
    let is_syllable = |c: char| ('가'..='힣').contains(&c);
    let words = text.split(|c: char| !is_syllable(c)).filter(|word| word.chars().count() > 1);
    words.map(str::to_owned).collect()
}
