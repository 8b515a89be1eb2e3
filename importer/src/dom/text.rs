use super::build::is_block;
use super::{Kind, NodeId, Page};

impl Page {
    /// What a reader sees of a node: lines where blocks begin and end, blanks as one.
    pub fn lines(&self, id: NodeId) -> Vec<String> {
        let mut lines = Lines::default();
        self.write(id, &mut lines);
        lines.finish()
    }

    /// What a reader sees of a node, in one line.
    pub fn text(&self, id: NodeId) -> String {
        self.lines(id).join(" ")
    }

    /// The text of a script or of another element that holds nothing else, as it is.
    pub fn raw(&self, id: NodeId) -> String {
        let texts = self.below(id).filter_map(|below| match &self.node(below).kind {
            Kind::Text(text) => Some(text.as_str()),
            Kind::Element { .. } => None,
        });
        texts.collect()
    }

    fn write(&self, id: NodeId, lines: &mut Lines) {
        let name = match &self.node(id).kind {
            Kind::Text(text) => return lines.add(text),
            Kind::Element { name, .. } => &**name,
        };
        if matches!(
            name,
            "script" | "style" | "template" | "noscript" | "svg" | "iframe" | "head" | "textarea" | "select"
        ) {
            return;
        }
        let breaks = is_block(name) || name == "br" || name == "hr";
        if breaks {
            lines.end();
        }
        // Not recursive over siblings, and the tree is of limited depth.
        for child in self.children(id) {
            self.write(child, lines);
        }
        if breaks && name != "br" {
            lines.end();
        }
    }
}

/// Lines that are being written.
#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    blank: bool,
}

impl Lines {
    fn add(&mut self, text: &str) {
        for character in text.chars() {
            if is_blank(character) {
                self.blank = true;
            } else if !is_invisible(character) {
                if self.blank && !self.line.is_empty() {
                    self.line.push(' ');
                }
                self.blank = false;
                self.line.push(character);
            }
        }
    }

    fn end(&mut self) {
        self.blank = false;
        if !self.line.is_empty() {
            self.done.push(std::mem::take(&mut self.line));
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.end();
        self.done
    }
}

pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// Marks that are there for layout alone. (A joiner is part of emoji, and stays.)
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\0' | '\u{200b}' | '\u{2060}' | '\u{ad}')
}
