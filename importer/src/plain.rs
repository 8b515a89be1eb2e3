//! Texts without their markup.

use crate::dom::{self, Page, is_blank, is_invisible};

/// A text as one reads it: without tags, character references written out, blanks as one.
pub fn plain(text: &str) -> String {
    plain_lines(text).join(" ")
}

/// The lines of a text as one reads it. Where tags say what a line is, line breaks between them do not.
pub fn plain_lines(text: &str) -> Vec<String> {
    let mut text = text.to_owned();
    // Pages escape what was escaped already, once or twice.
    for _ in 0..MAX_ESCAPES {
        if !has_markup(&text) {
            break;
        }
        let breaks_by_tags = has_breaks(&text);
        let marked = if breaks_by_tags { text.clone() } else { text.replace('\n', "<br>") };
        let lines = dom::parse(&marked).lines(Page::ROOT).join("\n");
        if lines == text {
            break;
        }
        text = lines;
    }
    text.lines().map(one_line).filter(|line| !line.is_empty()).collect()
}

const MAX_ESCAPES: usize = 4;

/// Blanks as one, and none around it.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(is_blank) {
        let mut word = word.chars().filter(|character| !is_invisible(*character)).peekable();
        if word.peek().is_some() && !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    line
}

fn has_markup(text: &str) -> bool {
    let mut after = text.split(['<', '&']).skip(1);
    after.any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!#".contains(c)))
}

fn has_breaks(text: &str) -> bool {
    const BREAKS: [&str; 7] = ["<p", "<br", "<li", "<div", "<h", "<ol", "<ul"];
    text.match_indices('<').any(|(at, _)| {
        BREAKS.iter().any(|tag| text.get(at..at + tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag)))
    })
}
