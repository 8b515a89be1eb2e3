//! Reads Rust source as words: enough to see what a file names, without building it.

/// A word of the source and the line that it is on. White space, comments, strings and the rest are not words.
#[derive(Debug, PartialEq)]
pub struct Word<'a> {
    pub line: usize,
    pub text: &'a str,
    /// The word stands before or after `::`, or in a `use`.
    pub in_path: bool,
}

/// The identifiers of a source file.
pub fn words(source: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut reader = Reader { source, at: 0, line: 1 };
    let mut in_use = false;
    while let Some(character) = reader.peek() {
        if character.is_alphabetic() || character == '_' {
            let (start, line) = (reader.at, reader.line);
            reader.skip_while(|c| c.is_alphanumeric() || c == '_');
            let text = &source[start..reader.at];
            if reader.skip_raw_string(text) {
                continue;
            }
            in_use |= text == "use";
            let in_path = in_use || source[..start].ends_with("::") || reader.rest().starts_with("::");
            words.push(Word { line, text, in_path });
        } else {
            in_use &= character != ';';
            reader.skip_other(character);
        }
    }
    words
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, bytes: usize) {
        self.line += self.rest()[..bytes].matches('\n').count();
        self.at += bytes;
    }

    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) {
        let length = self.rest().find(|c| !belongs(c)).unwrap_or(self.rest().len());
        self.skip(length);
    }

    fn skip_past(&mut self, end: &str) {
        let length = self.rest().find(end).map_or(self.rest().len(), |found| found + end.len());
        self.skip(length);
    }

    fn skip_other(&mut self, character: char) {
        let rest = self.rest();
        match character {
            '/' if rest.starts_with("//") => self.skip_past("\n"),
            '/' if rest.starts_with("/*") => self.skip_past("*/"),
            '"' => self.skip_string(),
            '\'' => self.skip_quote(),
            other => self.skip(other.len_utf8()),
        }
    }

    fn skip_string(&mut self) {
        let mut escaped = true; // as if the opening quote were escaped
        let end = self.rest().find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        self.skip(end.map_or(self.rest().len(), |quote| quote + 1));
    }

    /// A character literal, or the start of a lifetime, whose name then counts as a word.
    fn skip_quote(&mut self) {
        let mut following = self.rest().chars().skip(1);
        match (following.next(), following.next()) {
            (Some('\\'), _) => {
                self.skip(3);
                self.skip_past("'");
            }
            (Some(inner), Some('\'')) => self.skip(2 + inner.len_utf8()),
            _ => self.skip(1),
        }
    }

    /// Skips the string of a prefix such as `r`, `br` or `r#`; false where no raw string follows.
    fn skip_raw_string(&mut self, prefix: &str) -> bool {
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        if !["r", "br", "cr"].contains(&prefix) || !self.rest()[hashes..].starts_with('"') {
            return false;
        }
        self.skip(hashes + 1);
        self.skip_past(&format!("\"{}", "#".repeat(hashes)));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        words(source).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn strings_and_comments_hold_no_words() {
        assert_eq!(texts("a // b\n/* c */ d \"e \\\" f\" r#\"g \" h\"# i"), ["a", "d", "i"]);
    }

    #[test]
    fn a_quote_is_a_character_or_a_lifetime() {
        assert_eq!(texts(r"'a' b '\'' c '\u{1F600}' d &'e f"), ["b", "c", "d", "e", "f"]);
    }

    #[test]
    fn a_word_of_a_path_is_known_from_one_of_a_call() {
        let words = words("use a::{store};\nx.store(1);\nstore::get();");
        let stores: Vec<_> =
            words.iter().filter(|word| word.text == "store").map(|w| (w.line, w.in_path)).collect();
        assert_eq!(stores, [(1, true), (2, false), (3, true)]);
    }
}
