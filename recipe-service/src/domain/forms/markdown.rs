use std::fmt::Write;

use super::Shown;
use super::front_matter::front_matter;
use super::words::words;
use crate::domain::image::Picture;

/// A recipe as Markdown (CommonMark) behind its metadata.
pub fn markdown(shown: &Shown) -> String {
    let (viewed, document) = (shown.viewed, &shown.viewed.document);
    let words = words(document.language.as_deref());
    let mut text = front_matter(shown);
    let _ = write!(text, "\n# {}\n", escaped(&document.title));
    if let Some(cover) = shown.cover {
        let _ = write!(text, "\n{}\n", picture(cover));
    }
    if let Some(description) = &document.description {
        let _ = write!(text, "\n{}\n", escaped(description));
    }
    if !document.ingredient_groups.is_empty() {
        let _ = write!(text, "\n## {}\n", words.ingredients);
    }
    for group in &document.ingredient_groups {
        heading(&mut text, group.title.as_deref());
        text.push('\n');
        for item in &group.items {
            let _ = writeln!(text, "- {}", within(viewed.line(item), 2));
        }
    }
    if !document.step_groups.is_empty() {
        let _ = write!(text, "\n## {}\n", words.method);
    }
    for group in &document.step_groups {
        heading(&mut text, group.title.as_deref());
        text.push('\n');
        for (index, step) in group.items.iter().enumerate() {
            let number = format!("{}. ", index + 1);
            let name = step.name.as_ref().map(|name| format!("**{}** ", escaped(name))).unwrap_or_default();
            let _ = writeln!(text, "{number}{name}{}", within(&step.text, number.len()));
            if let Some(image) = &step.image {
                let _ = writeln!(text, "\n{}{}\n", " ".repeat(number.len()), picture(image));
            }
        }
    }
    text
}

/// The text says what there is to see.
fn picture(picture: &Picture) -> String {
    format!("![](<{}>)", picture.url)
}

fn heading(text: &mut String, title: Option<&str>) {
    if let Some(title) = title {
        let _ = write!(text, "\n### {}\n", escaped(title).replace('\n', " "));
    }
}

/// A text within an entry of a list: its further lines are indented as far as its first.
fn within(text: &str, indent: usize) -> String {
    let lines: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(escaped).collect();
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// A text that means nothing to Markdown.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(escaped_line).collect();
    lines.join("\n")
}

fn escaped_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for (at, c) in line.trim_start().char_indices() {
        let means_something = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&');
        let begins_something = at == 0 && matches!(c, '#' | '+' | '-' | '=' | '~' | '|');
        if means_something || begins_something {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // `1.` begins a list.
    let digits = escaped.len() - escaped.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 && escaped[digits..].starts_with(['.', ')']) {
        escaped.insert(digits, '\\');
    }
    escaped
}
