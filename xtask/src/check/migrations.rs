//! Each migration for Postgres has its twin for SQLite: the same name, the same tables and columns. No two of one service
//! have the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use super::{Mode, fail_with};
use crate::workspace::{files, root};

/// Words that begin an item of CREATE TABLE which is no column.
const CONSTRAINTS: [&str; 6] = ["primary", "unique", "check", "foreign", "constraint", "exclude"];

pub fn check(_: Mode) -> Result<()> {
    let mut problems = Vec::new();
    for service in ["auth", "recipes"] {
        let postgres = migrations(&root().join("migrations").join(service).join("postgres"))?;
        let sqlite = migrations(&root().join("migrations").join(service).join("sqlite"))?;
        let lines =
            differences(&postgres, &sqlite).into_iter().chain(clashes(&postgres)).chain(clashes(&sqlite));
        problems.extend(lines.map(|line| format!("{service}/{line}")).collect::<BTreeSet<_>>());
    }
    fail_with(problems)
}

/// The columns that each migration makes, as `table.column`.
type Migrations = BTreeMap<String, BTreeSet<String>>;

fn migrations(folder: &Path) -> Result<Migrations> {
    let mut migrations = Migrations::new();
    for file in files(folder, "up.sql") {
        let name = file.parent().and_then(Path::file_name).expect("BUG: up.sql is in a folder");
        migrations.insert(name.to_string_lossy().into_owned(), columns(&std::fs::read_to_string(&file)?));
    }
    Ok(migrations)
}

fn differences(postgres: &Migrations, sqlite: &Migrations) -> Vec<String> {
    let names: BTreeSet<&String> = postgres.keys().chain(sqlite.keys()).collect();
    let mut problems = Vec::new();
    for name in names {
        match (postgres.get(name), sqlite.get(name)) {
            (Some(postgres), Some(sqlite)) => {
                let only = |ours: &BTreeSet<String>, theirs: &BTreeSet<String>, database: &str| {
                    let lines = ours
                        .difference(theirs)
                        .map(|column| format!("{name}: {column} is only in {database}"));
                    lines.collect::<Vec<_>>()
                };
                problems.extend(only(postgres, sqlite, "postgres"));
                problems.extend(only(sqlite, postgres, "sqlite"));
            }
            (Some(_), None) => problems.push(format!("{name}: it is only in postgres")),
            (None, _) => problems.push(format!("{name}: it is only in sqlite")),
        }
    }
    problems
}

/// Diesel knows a migration by its time alone: of two that share it, a database that has the one never gets the other.
fn clashes(migrations: &Migrations) -> Vec<String> {
    let mut by_time: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in migrations.keys() {
        by_time.entry(time(name)).or_default().push(name);
    }
    let shared = by_time.into_values().filter(|names| names.len() > 1);
    shared.map(|names| format!("{}: they have the same time", names.join(", "))).collect()
}

/// What Diesel takes for the version of a migration.
fn time(name: &str) -> String {
    name.split('_').next().unwrap_or_default().replace('-', "")
}

/// Reads CREATE TABLE and ALTER TABLE … ADD COLUMN. Virtual tables and columns of type tsvector are left out: full-text
/// search is the one thing that differs.
fn columns(sql: &str) -> BTreeSet<String> {
    let sql = without_comments(sql).to_lowercase();
    sql.split(';').flat_map(columns_of_statement).collect()
}

fn columns_of_statement(statement: &str) -> Vec<String> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        ["create", "table", ..] => {
            let (head, body) = statement.split_once('(').unwrap_or((statement, ""));
            let table = head.split_whitespace().last().unwrap_or_default();
            items(body).into_iter().filter_map(|item| column(table, item)).collect()
        }
        ["alter", "table", table, "add", "column", rest @ ..] => {
            column(table, &rest.join(" ")).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Splits the body of CREATE TABLE at the commas that are in no inner parentheses.
fn items(body: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in body.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => {
                items.push(&body[start..at]);
                break;
            }
            ')' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&body[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

fn column(table: &str, item: &str) -> Option<String> {
    let mut words = item.split(|c: char| c.is_whitespace() || c == '(').filter(|word| !word.is_empty());
    let (name, kind) = (words.next()?, words.next().unwrap_or_default());
    let is_column = !CONSTRAINTS.contains(&name) && kind != "tsvector";
    is_column.then(|| format!("{table}.{name}").replace('"', ""))
}

fn without_comments(sql: &str) -> String {
    sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(columns: &[&str]) -> BTreeSet<String> {
        columns.iter().map(|column| column.to_string()).collect()
    }

    #[test]
    fn columns_are_read_from_both_dialects() {
        let postgres = "CREATE TABLE users ( -- people
            id uuid PRIMARY KEY, roles jsonb NOT NULL DEFAULT '[]',
            state text CHECK (state IN ('a', 'b')), words tsvector,
            UNIQUE (id, state));
            ALTER TABLE users ADD COLUMN email text;";
        let sqlite =
            "CREATE TABLE users (id BLOB PRIMARY KEY, roles TEXT, state TEXT, email TEXT) WITHOUT ROWID;
            CREATE VIRTUAL TABLE found USING fts5(words);";
        let expected = made(&["users.id", "users.roles", "users.state", "users.email"]);
        assert_eq!((columns(postgres), columns(sqlite)), (expected.clone(), expected));
    }

    #[test]
    fn a_missing_twin_and_a_missing_column_are_named() {
        let postgres = Migrations::from([
            ("1_users".into(), made(&["users.id", "users.uv"])),
            ("2_feed".into(), made(&[])),
        ]);
        let sqlite = Migrations::from([("1_users".into(), made(&["users.id"]))]);
        assert_eq!(
            differences(&postgres, &sqlite),
            ["1_users: users.uv is only in postgres", "2_feed: it is only in postgres"]
        );
    }

    #[test]
    fn two_migrations_of_the_same_time_are_named() {
        let named = |names: &[&str]| -> Migrations {
            names.iter().map(|name| (name.to_string(), made(&[]))).collect()
        };
        let apart = ["2026-11-21-000000_users", "2026-11-21-000001_feed", "2026-11-22-000000_users"];
        assert_eq!(clashes(&named(&apart)), Vec::<String>::new());
        // However it is written.
        let together = ["2026-11-21-000000_feed", "2026-11-21-000000_users", "20261121000000_more"];
        assert_eq!(
            clashes(&named(&together)),
            ["2026-11-21-000000_feed, 2026-11-21-000000_users, 20261121000000_more: they have the same time"]
        );
    }
}
