use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A page and what is known of it.
pub struct Page {
    pub name: String,
    pub html: String,
    pub expected: Value,
}

impl Page {
    /// Not its scripts alone.
    pub fn is_whole(&self) -> bool {
        self.html.contains("<body") || self.html.contains("<BODY")
    }

    /// Whether something of it is of the type of recipes.
    pub fn names_a_recipe(&self) -> bool {
        self.html.contains("\"Recipe\"")
    }
}

/// The pages of a file, unpacked by gzip while they are read: together they are larger than many a memory.
pub struct Pages {
    _gzip: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Pages {
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let mut gzip = Command::new("gzip").arg("-dc").arg(path).stdout(Stdio::piped()).spawn()?;
        let output = gzip.stdout.take().expect("BUG: its output was piped");
        Ok(Self { _gzip: gzip, lines: BufReader::new(output).lines() })
    }
}

impl Iterator for Pages {
    type Item = Page;

    fn next(&mut self) -> Option<Page> {
        let line = self.lines.next()?.expect("gzip stopped in the middle");
        let mut page: Value = serde_json::from_str(&line).expect("a page is no JSON");
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let (name, html) = (text(page["page"].take()), text(page["html"].take()));
        Some(Page { name, html, expected: page["expected"].take() })
    }
}
