//! docs/security-cases.md: which test covers which case of the threat study, or why none does.
//!
//! A test names its cases in its doc comment (`T152, T153`, or `T010-T012`); the rest of the comment says what they
//! are about. docs/security-cases.toml has the cases without a test, each with a reason.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Mode, compare_or_write, fail_with};
use crate::workspace::{files, read, root, shown};

const HEAD: &str = "# Security cases\n\n\
    Written by `cargo xtask check --write` from the doc comments of the tests and from security-cases.toml.\n\n\
    | case | what | test, or why there is none |\n| --- | --- | --- |\n";

pub fn check(mode: Mode) -> Result<()> {
    let untested: Untested =
        toml::from_str(&read("docs/security-cases.toml")?).context("docs/security-cases.toml")?;
    let mut rows = Rows::default();
    for folder in ["auth-service", "recipe-service", "common", "standalone", "testkit"] {
        for file in files(&root().join(folder), ".rs") {
            rows.add_tests(&file, &std::fs::read_to_string(&file)?)?;
        }
    }
    let mut problems = rows.add_untested(&untested.without_test)?;
    problems.extend(rows.missing(untested.total));
    fail_with(problems)?;
    compare_or_write(mode, "docs/security-cases.md", &rows.page())
}

#[derive(Deserialize)]
struct Untested {
    /// The cases are numbered from 1 to this.
    total: u32,
    without_test: Vec<WithoutTest>,
}

#[derive(Deserialize)]
struct WithoutTest {
    /// `T063, T065-T075`
    cases: String,
    what: String,
    why: String,
}

/// By case: what it is about, and the tests or the reason; one pair for each test.
#[derive(Default)]
struct Rows(BTreeMap<u32, Vec<(String, String)>>);

impl Rows {
    fn add_tests(&mut self, file: &Path, source: &str) -> Result<()> {
        for test in tests(source) {
            for case in cases(&test.comment).with_context(|| format!("{}: {}", shown(file), test.name))? {
                let place = format!("`{}` in {}", test.name, shown(file));
                self.0.entry(case).or_default().push((test.what(), place));
            }
        }
        Ok(())
    }

    /// Returns the entries that are of no use any more: a case with a test needs no reason.
    fn add_untested(&mut self, untested: &[WithoutTest]) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        for WithoutTest { cases: text, what, why } in untested {
            let (tested, open): (Vec<_>, Vec<_>) =
                cases(text)?.into_iter().partition(|case| self.0.contains_key(case));
            if open.is_empty() && !tested.is_empty() {
                problems.push(format!("{text} have tests: they need no reason in security-cases.toml"));
            }
            self.0.extend(open.into_iter().map(|case| (case, vec![(what.clone(), why.clone())])));
        }
        Ok(problems)
    }

    fn missing(&self, total: u32) -> Vec<String> {
        let missing = (1..=total).filter(|case| !self.0.contains_key(case));
        let unknown = self.0.keys().filter(|case| **case == 0 || **case > total);
        let missing = missing.map(|case| format!("{} has neither a test nor a reason", id(case)));
        missing.chain(unknown.map(|case| format!("{} is no case", id(*case)))).collect()
    }

    fn page(&self) -> String {
        let mut page = String::from(HEAD);
        for (case, entries) in &self.0 {
            for (what, place) in entries {
                writeln!(page, "| {} | {} | {place} |", id(*case), what.replace('|', "\\|"))
                    .expect("BUG: writing to a String cannot fail");
            }
        }
        page
    }
}

fn id(case: u32) -> String {
    format!("T{case:03}")
}

/// A function whose doc comment names cases.
#[derive(Debug, PartialEq)]
struct Test {
    name: String,
    comment: String,
}

impl Test {
    /// The comment without its ids, or the name as the sentence that it is.
    fn what(&self) -> String {
        let words = self
            .comment
            .split_whitespace()
            .filter(|word| !is_id(word.trim_matches(['(', ')', ',', ':', '.', '`'])));
        let what = words.collect::<Vec<_>>().join(" ");
        if what.is_empty() { self.name.replace('_', " ") } else { what }
    }
}

/// The functions of a file with a doc comment that names a case.
fn tests(source: &str) -> Vec<Test> {
    let (mut tests, mut comment) = (Vec::new(), Vec::new());
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push(text.trim());
        } else if let Some(name) = function(line) {
            let comment = std::mem::take(&mut comment).join(" ");
            if comment.split_whitespace().any(|word| is_id(word.trim_matches(['(', ')', ',', ':', '.', '`'])))
            {
                tests.push(Test { name: name.to_owned(), comment });
            }
        } else if !line.starts_with("#[") {
            comment.clear();
        }
    }
    tests
}

/// The name of the function that begins on this line.
fn function(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let is_function = before.split_whitespace().all(|word| ["pub", "async"].contains(&word));
    is_function.then(|| rest.split(['(', '<']).next().unwrap_or(rest))
}

/// The cases that a text names: `T152, T153 and T160-T162`.
fn cases(text: &str) -> Result<Vec<u32>> {
    let mut cases = Vec::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| is_id(word)) {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            bail!("{word} runs backwards");
        }
        cases.extend(first..=last);
    }
    Ok(cases)
}

/// `T152` or `T152-T160`
fn is_id(word: &str) -> bool {
    let one = |id: &str| id.len() == 4 && number(id).is_ok();
    word.split_once('-').map_or_else(|| one(word), |(first, last)| one(first) && one(last))
}

fn number(id: &str) -> Result<u32> {
    let digits = id.strip_prefix('T').context("an id begins with T")?;
    Ok(digits.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
        /// T152, T155-T156: a replay inside the window
        /// is answered alike.
        #[actix_rt::test]
        async fn a_replay_gets_the_same_token() {}

        /// Helps. See RFC 7519.
        fn helper() {}

        /// T007
        #[test]
        fn a_bare_token_is_refused() {}";

    fn rows() -> Rows {
        let mut rows = Rows::default();
        rows.add_tests(&root().join("x.rs"), SOURCE).unwrap();
        rows
    }

    #[test]
    fn cases_are_read_from_the_comments_of_tests() {
        let rows = rows();
        assert_eq!(rows.0.keys().copied().collect::<Vec<_>>(), [7, 152, 155, 156]);
        let expected =
            ("a replay inside the window is answered alike.", "`a_replay_gets_the_same_token` in x.rs");
        assert_eq!(rows.0[&155], [(expected.0.to_owned(), expected.1.to_owned())]);
        assert_eq!(rows.0[&7][0].0, "a bare token is refused");
    }

    #[test]
    fn a_case_without_test_and_reason_is_missed_and_a_reason_without_case_found() {
        let mut rows = rows();
        let reason = |cases: &str| WithoutTest { cases: cases.into(), what: "x".into(), why: "y".into() };
        assert_eq!(rows.add_untested(&[reason("T001-T151"), reason("T007, T155")]).unwrap().len(), 1);
        assert_eq!(
            rows.missing(155),
            [
                "T153 has neither a test nor a reason",
                "T154 has neither a test nor a reason",
                "T156 is no case"
            ]
        );
    }
}
