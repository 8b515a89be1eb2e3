//! docs/from-flask.md: whatever a service may be using of Flask-JWT-Extended has its row, and what a row says is shown by
//! the test that it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use testkit::python;

/// A row of one of the tables whose last column is "shown by".
struct Row {
    theirs: String,
    ours: String,
    tests: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rows() -> Vec<Row> {
    let guide = fs::read_to_string(root().join("docs/from-flask.md")).expect("no guide");
    let (mut rows, mut is_in_table) = (Vec::new(), false);
    for line in guide.lines() {
        if !line.starts_with('|') {
            is_in_table = false;
        } else if line.ends_with("| shown by |") {
            is_in_table = true;
        } else if is_in_table && !line.starts_with("|-") {
            rows.push(row(line));
        }
    }
    rows
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [theirs, ours, tests] = cells[..] else { panic!("not three cells: {line}") };
    Row { theirs: ticked(theirs).concat(), ours: ours.to_owned(), tests: ticked(tests) }
}

/// What stands between backticks.
fn ticked(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[actix_rt::test]
async fn everything_that_flask_jwt_extended_has_has_a_row() {
    let theirs: BTreeSet<String> = python("flask_surface.py", &[]).await.lines().map(str::to_owned).collect();
    let rows = rows();
    let mapped: BTreeSet<String> = rows.iter().map(|row| row.theirs.clone()).collect();
    assert!(theirs.len() > 80, "{theirs:?}");
    assert_eq!(theirs.difference(&mapped).collect::<Vec<_>>(), Vec::<&String>::new(), "without a row");
    assert_eq!(mapped.difference(&theirs).collect::<Vec<_>>(), Vec::<&String>::new(), "unknown to them");
    assert_eq!(mapped.len(), rows.len(), "a row stands twice");
    assert!(rows.iter().all(|row| !row.ours.is_empty()));
}

#[test]
fn every_row_is_shown_by_a_test_that_is_there() {
    let tests = tests_of_all_rooms();
    for row in rows() {
        assert!(!row.tests.is_empty(), "{} is shown by nothing", row.theirs);
        for test in &row.tests {
            let is_there = tests.iter().any(|text| is_test(text, test));
            assert!(is_there, "{}: there is no test {test}", row.theirs);
        }
    }
}

/// True for a function of this name with an attribute of a test.
fn is_test(text: &str, name: &str) -> bool {
    let attributes = ["#[both]", "#[everywhere]", "#[two_copies]", "#[test]", "#[actix_rt::test]"];
    text.match_indices(&format!("fn {name}(")).any(|(at, _)| {
        let before: Vec<&str> = text[..at].lines().rev().skip_while(|line| line.trim() == "async").collect();
        before.iter().take(4).any(|line| attributes.contains(&line.trim()))
    })
}

fn tests_of_all_rooms() -> Vec<String> {
    let rooms = ["auth-service/tests", "recipe-service/tests", "testkit/tests", "examples/greeter/tests"];
    let mut texts = Vec::new();
    rooms.iter().for_each(|room| read_all(&root().join(room), &mut texts));
    texts
}

fn read_all(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("no folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_all(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(fs::read_to_string(path).expect("a test cannot be read"));
        }
    }
}
