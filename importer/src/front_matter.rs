//! What stands between `---` and `---` at the head of a text: names and what they mean.
//!
//! As much of YAML as people write there: scalars, lists in brackets or of lines with dashes, and maps, whose names are
//! joined by dots. Anything else stays the text that it is.

use crate::amount::read_yield;
use crate::duration;
use crate::outline::facts::{self, Fact};
use crate::recipe::{Recipe, Times};
use crate::report::{Notes, Reason, Source};

/// The entries of the front matter of a text, in their order.
#[derive(Debug, Default, PartialEq)]
pub struct FrontMatter {
    pub entries: Vec<(String, Entry)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    One(String),
    Several(Vec<String>),
}

const MAX_ENTRIES: usize = 500;

/// Tells the front matter from the text behind it.
pub fn split(text: &str) -> (FrontMatter, &str) {
    let none = (FrontMatter::default(), text);
    let text_without_mark = text.trim_start_matches('\u{feff}');
    let Some(rest) = text_without_mark.trim_start_matches(['\n', '\r', ' ']).strip_prefix("---") else {
        return none;
    };
    let Some((first, rest)) = rest.split_once('\n') else { return none };
    if !first.trim().is_empty() {
        return none;
    }
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" || line.trim_end() == "..." {
            return (FrontMatter { entries: entries(&rest[..at]) }, &rest[at + line.len()..]);
        }
        at += line.len();
    }
    none
}

fn entries(text: &str) -> Vec<(String, Entry)> {
    let mut entries: Vec<(String, Entry)> = Vec::new();
    let mut above: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') || entries.len() >= MAX_ENTRIES {
            continue;
        }
        let is_below = line.starts_with([' ', '\t']);
        if let Some(element) = trimmed.strip_prefix("- ")
            && let Some((_, Entry::Several(list))) = entries.last_mut()
        {
            list.push(scalar(element));
            continue;
        }
        let Some((name, said)) = trimmed.split_once(':') else {
            // A long text goes on in the next line.
            if let Some((_, Entry::One(text))) = entries.last_mut().filter(|_| is_below) {
                text.push(' ');
                text.push_str(trimmed);
            }
            continue;
        };
        let name = scalar(name.trim());
        let said = said.trim();
        let name = match above.as_ref().filter(|_| is_below) {
            Some(above) => format!("{above}.{name}"),
            None => name,
        };
        if said.is_empty() || said == "|" || said == ">" {
            if !is_below {
                above = Some(name.clone());
            }
            let entry = if said.is_empty() { Entry::Several(Vec::new()) } else { Entry::One(String::new()) };
            entries.push((name, entry));
            continue;
        }
        if !is_below {
            above = None;
        }
        entries.push((name, value(said)));
    }
    // A name whose map follows says nothing itself.
    entries.retain(|(_, entry)| *entry != Entry::Several(Vec::new()));
    entries
}

fn value(said: &str) -> Entry {
    match said.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(list) => {
            let elements = list.split(',').map(|element| scalar(element.trim()));
            Entry::Several(elements.filter(|element| !element.is_empty()).collect())
        }
        None => Entry::One(scalar(said)),
    }
}

fn scalar(text: &str) -> String {
    let text = text.trim();
    let quoted = ['"', '\''].iter().find_map(|quote| {
        (text.len() >= 2).then(|| text.strip_prefix(*quote)?.strip_suffix(*quote)).flatten()
    });
    quoted.unwrap_or(text).to_owned()
}

impl Entry {
    fn text(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Several(list) => list.join(", "),
        }
    }

    fn list(&self) -> Vec<String> {
        match self {
            Self::One(text) => {
                text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
            }
            Self::Several(list) => list.clone(),
        }
    }
}

impl FrontMatter {
    /// Says of a recipe what the entries say (Cooklang's canonical metadata, which Markdown uses, too).
    pub fn apply(&self, recipe: &mut Recipe, source: Source, notes: &mut Notes) {
        for (name, entry) in &self.entries {
            match apply(recipe, name, entry) {
                Applied::To(field) => notes.found(field, source, name),
                Applied::Unreadable => {
                    notes.dropped_saying(source, name, Reason::Unreadable, Some(&entry.text()));
                }
                Applied::Nowhere => notes.dropped_saying(source, name, Reason::NoPlace, Some(&entry.text())),
            }
        }
    }
}

enum Applied {
    To(&'static str),
    Unreadable,
    Nowhere,
}

fn apply(recipe: &mut Recipe, name: &str, entry: &Entry) -> Applied {
    let (text, origin) = (entry.text(), &mut recipe.origin);
    let folded = name.to_lowercase();
    match folded.as_str() {
        "title" => recipe.title = text,
        "description" | "introduction" => recipe.description = Some(text),
        "locale" | "language" | "lang" => recipe.language = Some(text),
        "source.url" => origin.url = Some(text),
        "source.name" => origin.name = Some(text),
        "source.author" | "author" | "author.name" => origin.author = Some(text),
        "diet" => recipe.diets.extend(entry.list()),
        "time.prep" => return time(&mut recipe.times, Fact::Prep, &text),
        "time.cook" => return time(&mut recipe.times, Fact::Cook, &text),
        "image" | "images" | "picture" | "pictures" => {
            let images: Vec<String> =
                entry.list().into_iter().filter(|address| address.starts_with("http")).collect();
            if images.is_empty() {
                return Applied::Unreadable;
            }
            recipe.extras.insert("images".into(), images.into());
        }
        _ => return named(recipe, &folded, entry),
    }
    Applied::To(match folded.as_str() {
        "title" => "title",
        "description" | "introduction" => "description",
        "locale" | "language" | "lang" => "language",
        "source.url" => "source.url",
        "source.name" => "source.name",
        "diet" => "diets",
        "image" | "images" | "picture" | "pictures" => "extras.images",
        _ => "source.author",
    })
}

fn named(recipe: &mut Recipe, name: &str, entry: &Entry) -> Applied {
    let Some(fact) = facts::named(name) else { return Applied::Nowhere };
    let text = entry.text();
    match fact {
        Fact::Yield => {
            // `1|2|3` lists what it can be scaled to; the first is what it is written for.
            let first = text.split('|').next().unwrap_or_default();
            let Some(mut amount) = read_yield(first) else { return Applied::Unreadable };
            if text.contains('|') {
                amount.raw = text;
            }
            recipe.r#yield = Some(amount);
        }
        Fact::Prep | Fact::Cook | Fact::Rest | Fact::Total => return time(&mut recipe.times, fact, &text),
        Fact::Source if text.starts_with("http") => {
            recipe.origin.url = Some(text);
            return Applied::To("source.url");
        }
        Fact::Source => {
            recipe.origin.name = Some(text);
            return Applied::To("source.name");
        }
        Fact::Author => recipe.origin.author = Some(text),
        Fact::Tags => recipe.tags.extend(entry.list()),
        Fact::Category => recipe.categories.extend(entry.list()),
        Fact::Cuisine => recipe.cuisines.extend(entry.list()),
    }
    Applied::To(fact.field())
}

fn time(times: &mut Times, fact: Fact, text: &str) -> Applied {
    let Some(seconds) = duration::seconds(text) else { return Applied::Unreadable };
    let slot = match fact {
        Fact::Prep => &mut times.prep,
        Fact::Cook => &mut times.cook,
        Fact::Rest => &mut times.rest,
        _ => &mut times.total,
    };
    *slot = Some(seconds);
    Applied::To(fact.field())
}

/// A recipe of a front matter with what the text behind it says.
pub fn merged(front: Recipe, mut read: Recipe) -> Recipe {
    let or = |front: Option<String>, read: Option<String>| front.or(read);
    if !front.title.is_empty() {
        read.title = front.title;
    }
    read.description = or(front.description, read.description);
    read.language = or(front.language, read.language);
    read.r#yield = front.r#yield.or(read.r#yield);
    let times = front.times;
    read.times = Times {
        prep: times.prep.or(read.times.prep),
        cook: times.cook.or(read.times.cook),
        rest: times.rest.or(read.times.rest),
        total: times.total.or(read.times.total),
    };
    read.origin.url = or(front.origin.url, read.origin.url);
    read.origin.name = or(front.origin.name, read.origin.name);
    read.origin.author = or(front.origin.author, read.origin.author);
    for (of_read, of_front) in [
        (&mut read.tags, front.tags),
        (&mut read.cuisines, front.cuisines),
        (&mut read.categories, front.categories),
        (&mut read.diets, front.diets),
    ] {
        of_read.splice(0..0, of_front);
    }
    for (name, value) in front.extras {
        read.extras.entry(name).or_insert(value);
    }
    read
}
