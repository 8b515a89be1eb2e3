use anyhow::{Context, Result};
use serde_json::{Value, json};

/// A recipe as it is sent: its lines as they are written, for the service to read.
pub struct Sent {
    document: Value,
}

/// One of so many is for its owner alone: a list is made of what is public and of one's own.
const PRIVATE_ONE_OF: usize = 3;

impl Sent {
    pub fn of(line: &str) -> Result<Self> {
        let recipe: Value = serde_json::from_str(line).context("a recipe is no JSON")?;
        let list = |name: &str| recipe[name].as_array().cloned().unwrap_or_default();
        let steps: Vec<Value> = list("directions").into_iter().map(|text| json!({ "text": text })).collect();
        let mut document = json!({
            "title": recipe["title"],
            "ingredient_groups": [{ "items": list("ingredients") }],
            "step_groups": [{ "items": steps }],
            "tags": recipe["tags"],
            "source": { "url": recipe["url"], "name": recipe["source"] },
        });
        if let Some(language) = recipe["language"].as_str() {
            document["language"] = language.into();
        }
        Ok(Self { document })
    }

    pub fn title(&self) -> &str {
        self.document["title"].as_str().unwrap_or_default()
    }

    /// Its ingredient lines.
    pub fn ingredients(&self) -> impl Iterator<Item = &str> {
        items(&self.document, "ingredient_groups").filter_map(Value::as_str)
    }

    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.document["tags"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    pub fn language(&self) -> Option<&str> {
        self.document["language"].as_str()
    }

    /// The body of the call that keeps it, the so many-th one.
    pub fn body(&self, number: usize) -> String {
        let mut document = self.document.clone();
        document["visibility"] =
            if number.is_multiple_of(PRIVATE_ONE_OF) { "private" } else { "public" }.into();
        document.to_string()
    }

    /// The member that is not as it was sent; none where all are.
    pub fn differs_from(&self, read: &Value) -> Option<&'static str> {
        let raw = |read: &Value| {
            items(read, "ingredient_groups").map(|item| item["raw"].clone()).collect::<Vec<_>>()
        };
        let steps =
            |of: &Value| items(of, "step_groups").map(|item| item["text"].clone()).collect::<Vec<_>>();
        let sent: Vec<Value> = items(&self.document, "ingredient_groups").cloned().collect();
        let is_same = |name: &str| self.document[name] == read[name];
        [
            ("title", is_same("title")),
            ("ingredient_groups", sent == raw(read)),
            ("step_groups", steps(&self.document) == steps(read)),
            ("tags", is_same("tags")),
            ("language", is_same("language")),
            (
                "source",
                ["url", "name"].iter().all(|name| self.document["source"][name] == read["source"][name]),
            ),
        ]
        .into_iter()
        .find(|(_, is_same)| !is_same)
        .map(|(name, _)| name)
    }
}

fn items<'a>(of: &'a Value, groups: &str) -> impl Iterator<Item = &'a Value> {
    of[groups].as_array().into_iter().flatten().filter_map(|group| group["items"].as_array()).flatten()
}
