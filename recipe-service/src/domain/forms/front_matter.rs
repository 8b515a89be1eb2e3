use std::fmt::Write;

use super::Shown;
use super::words::time;

/// What stands before the text of a recipe: YAML with the names of Cooklang's canonical metadata.
pub fn front_matter(shown: &Shown) -> String {
    let document = &shown.viewed.document;
    let mut front = FrontMatter(String::from("---\n"));
    front.one("title", Some(&document.title));
    front.one("description", document.description.as_deref());
    front.one("image", shown.cover.map(|cover| cover.url.as_str()));
    front.one("locale", document.language.as_deref());
    front.one("servings", shown.viewed.serves());
    if let Some(times) = &document.times {
        front.one("prep time", times.prep.map(time).as_deref());
        front.one("cook time", times.cook.map(time).as_deref());
        front.one("rest time", times.rest.map(time).as_deref());
        front.one("time required", times.total.map(time).as_deref());
    }
    front.several("tags", &document.tags);
    front.several("cuisine", &document.cuisines);
    front.several("category", &document.categories);
    front.several("diet", &document.diets);
    if let Some(source) = &document.source {
        front.one("source.url", source.url.as_deref());
        front.one("source.name", source.name.as_deref());
        front.one("source.author", source.author.as_deref());
    }
    front.0.push_str("---\n");
    front.0
}

struct FrontMatter(String);

impl FrontMatter {
    fn one(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.map(scalar).filter(|value| !value.is_empty()) {
            let _ = writeln!(self.0, "{name}: {value}");
        }
    }

    fn several(&mut self, name: &str, values: &[String]) {
        if values.is_empty() {
            return;
        }
        let _ = writeln!(self.0, "{name}:");
        for value in values {
            let _ = writeln!(self.0, "  - {}", scalar(value));
        }
    }
}

/// A text in one line, in quotes where YAML would take it for something else.
fn scalar(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_plain(&line) {
        return line;
    }
    match (line.contains(['"', '\\']), line.contains('\'')) {
        (false, _) => format!("\"{line}\""),
        (true, false) => format!("'{line}'"),
        (true, true) => serde_json::Value::from(line).to_string(),
    }
}

fn is_plain(line: &str) -> bool {
    let starts_so = |c: char| c.is_alphanumeric();
    // A number or `true` would be one.
    let is_word =
        line.chars().any(|c| c.is_alphabetic()) && !["true", "false", "null", "yes", "no"].contains(&line);
    is_word && line.starts_with(starts_so) && !line.contains([':', '#', '"', '\'', '\\', '[', ']', '{', '}'])
}
