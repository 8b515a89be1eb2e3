//! JSON that people and their plugins broke, mended where what was meant is plain.

use serde_json::Value;

/// What a text says, and what had to be mended.
pub struct Read {
    pub value: Value,
    pub mended: Vec<&'static str>,
}

/// Reads JSON. None for what cannot be mended without guessing.
pub fn read(text: &str) -> Option<Read> {
    let mut mended = Vec::new();
    let bare = unwrapped(text, &mut mended);
    if let Ok(value) = serde_json::from_str(bare) {
        return Some(Read { value, mended });
    }
    if let Some(values) = in_a_row(bare) {
        mended.push("several values in a row");
        return Some(Read { value: values, mended });
    }
    let mut mender = Mender::new(bare);
    mender.run();
    mended.append(&mut mender.mended);
    if let Ok(value) = serde_json::from_str(&mender.out) {
        return Some(Read { value, mended });
    }
    // Whole scripts are escaped by editors that know nothing of them.
    if !bare.contains('"') && bare.contains("&quot;") {
        let unescaped = bare.replace("&quot;", "\"").replace("&#34;", "\"").replace("&amp;", "&");
        let value = serde_json::from_str(&unescaped).ok()?;
        mended.push("escaped as HTML");
        return Some(Read { value, mended });
    }
    None
}

/// Without what scripts are wrapped in for the sake of old browsers.
fn unwrapped<'t>(text: &'t str, mended: &mut Vec<&'static str>) -> &'t str {
    let mut bare = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    loop {
        let before = bare;
        for start in ["<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "<![CDATA["] {
            bare = bare.strip_prefix(start).unwrap_or(bare).trim_start();
        }
        for end in ["-->", "//]]>", "// ]]>", "/*]]>*/", "]]>", ";"] {
            bare = bare.strip_suffix(end).unwrap_or(bare).trim_end();
        }
        if bare == before {
            return bare;
        }
        if mended.is_empty() {
            mended.push("wrapped in a comment");
        }
    }
}

fn in_a_row(text: &str) -> Option<Value> {
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    values.ok().filter(|values| values.len() > 1).map(Value::Array)
}

/// Writes a text anew, a character at a time, as JSON that a strict reader takes.
struct Mender<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    /// Behind the character that is looked at.
    text: &'t str,
    at: usize,
    out: String,
    open: Vec<char>,
    mended: Vec<&'static str>,
}

impl<'t> Mender<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text.chars().peekable(),
            text,
            at: 0,
            out: String::with_capacity(text.len()),
            open: Vec::new(),
            mended: Vec::new(),
        }
    }

    fn run(&mut self) {
        while let Some(character) = self.next() {
            match character {
                '"' => self.string(),
                '{' | '[' => {
                    self.part();
                    self.open.push(if character == '{' { '}' } else { ']' });
                    self.out.push(character);
                }
                '}' | ']' => self.close(character),
                '/' if self.ahead().starts_with('/') => self.skip_past("\n"),
                '/' if self.ahead().starts_with('*') => self.skip_past("*/"),
                ',' => {
                    if matches!(self.last(), Some(',' | '[' | '{')) {
                        self.note("a comma too many");
                    } else {
                        self.out.push(',');
                    }
                }
                // Not copied, so that what stands last is never far.
                blank if blank.is_whitespace() || blank == '\u{feff}' => {}
                other => self.out.push(other),
            }
        }
    }

    /// What follows a value needs a comma between.
    fn part(&mut self) {
        if matches!(self.last(), Some('"' | '}' | ']')) {
            self.out.push(',');
            self.note("a comma was missing");
        }
    }

    fn close(&mut self, character: char) {
        if self.last() == Some(',') {
            self.out.pop();
            self.note("a comma too many");
        }
        match self.open.last() {
            Some(expected) if *expected == character => {
                self.open.pop();
                self.out.push(character);
            }
            Some(_) => self.out.push(character),
            None => self.note("a bracket too many"),
        }
    }

    /// Behind its opening quote.
    fn string(&mut self) {
        self.part();
        self.out.push('"');
        while let Some(character) = self.next() {
            match character {
                '\\' => self.escape(),
                '"' if self.ends_string() => {
                    self.out.push('"');
                    return;
                }
                '"' => {
                    self.out.push_str("\\\"");
                    self.note("a quote in a text was not escaped");
                }
                control if (control as u32) < 0x20 => {
                    match control {
                        '\n' => self.out.push_str("\\n"),
                        '\r' => {}
                        _ => self.out.push(' '),
                    }
                    self.note("a line break in a text was not escaped");
                }
                other => self.out.push(other),
            }
        }
    }

    fn escape(&mut self) {
        let Some(escaped) = self.next() else { return };
        match escaped {
            '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => {
                self.out.push('\\');
                self.out.push(escaped);
            }
            'u' if is_unicode_escape(self.ahead()) => self.out.push_str("\\u"),
            other => {
                self.note("an escape that JSON does not have");
                // `\'` means the mark; anything else is read as it is written.
                if !matches!(other, '\'' | '\n' | '\r' | '&' | '-' | ' ') {
                    self.out.push_str("\\\\");
                }
                if (other as u32) >= 0x20 {
                    self.out.push(other);
                }
            }
        }
    }

    /// A quote ends a text where what follows could follow one: a bracket, a colon and a value, a comma and another
    /// text or value.
    fn ends_string(&self) -> bool {
        let ahead = self.ahead().trim_start();
        let mut characters = ahead.chars();
        match characters.next() {
            None | Some('}' | ']') => true,
            Some(':') => starts_value(characters.as_str()),
            Some(',') => {
                let behind = characters.as_str().trim_start();
                let is_comment = behind.starts_with("//") || behind.starts_with("/*");
                is_comment || behind.starts_with([',', '}', ']']) || starts_value(behind)
            }
            // The comma between two members was forgotten.
            Some('"') => {
                self.ahead().starts_with(['\n', '\r'])
                    && !self.ahead().trim_start()[1..].trim_start().starts_with([',', '}', ']'])
            }
            Some(_) => false,
        }
    }

    fn next(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn ahead(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_past(&mut self, end: &str) {
        let length = self.ahead().find(end).map_or(self.ahead().len(), |found| found + end.len());
        let stop = self.at + length;
        while self.at < stop && self.next().is_some() {}
        self.note("a comment");
    }

    fn last(&self) -> Option<char> {
        self.out.chars().next_back()
    }

    fn note(&mut self, what: &'static str) {
        if !self.mended.contains(&what) {
            self.mended.push(what);
        }
    }
}

fn starts_value(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['"', '{', '[', '-'])
        || text.starts_with(|c: char| c.is_ascii_digit())
        || ["true", "false", "null"].iter().any(|word| text.starts_with(word))
}

fn is_unicode_escape(ahead: &str) -> bool {
    ahead.len() >= 4 && ahead.bytes().take(4).all(|byte| byte.is_ascii_hexdigit())
}
