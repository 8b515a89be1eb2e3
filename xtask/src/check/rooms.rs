//! The rooms of a service and what each may name (ARCHITECTURE.md).

use std::path::Path;

use anyhow::Result;

use super::rust::{Word, words};
use super::{Mode, fail_with};
use crate::workspace::{files, root, shown};

const SERVICES: [&str; 2] = ["auth-service", "recipe-service"];

/// What the files under a folder of a service's `src` may not name, and why.
struct Rule {
    /// All of them where it is empty.
    room: &'static str,
    /// The room in it that may.
    but: Option<&'static str>,
    reason: &'static str,
    is_broken_by: fn(&Word) -> bool,
}

const RULES: [Rule; 5] = [
    Rule {
        room: "",
        but: Some("egress"),
        reason: "only egress asks the web; the issuer is asked by common",
        is_broken_by: |word| ["reqwest", "hyper", "TcpStream", "lookup_host"].contains(&word.text),
    },
    Rule {
        room: "domain",
        but: None,
        reason: "domain is pure: no web, no database, no Redis, no clock",
        is_broken_by: |word| {
            ["actix", "diesel", "redis"].iter().any(|crate_name| word.text.starts_with(crate_name))
                || ["clock", "Clock", "SystemTime"].contains(&word.text)
        },
    },
    Rule {
        room: "http",
        but: None,
        reason: "http calls one method of a service; connections and queries are the service's",
        is_broken_by: |word| {
            ["Conn", "PgConnection", "SqliteConnection"].contains(&word.text)
                || (word.in_path && ["store", "diesel"].contains(&word.text))
        },
    },
    Rule {
        room: "service",
        but: None,
        reason: "a service does not know that it is called over HTTP",
        is_broken_by: |word| ["HttpRequest", "HttpResponse"].contains(&word.text),
    },
    Rule {
        room: "service/store",
        but: None,
        reason: "a query is synchronous and takes a connection; common::db runs it on a thread of its own",
        is_broken_by: |word| ["async", "await", "actix_web"].contains(&word.text),
    },
];

pub fn check(_: Mode) -> Result<()> {
    let mut problems = Vec::new();
    for service in SERVICES {
        let source = root().join(service).join("src");
        for file in files(&source, ".rs") {
            let text = std::fs::read_to_string(&file)?;
            let path = file.strip_prefix(&source).expect("BUG: files are below their folder");
            problems.extend(
                broken(path, &text).map(|(line, problem)| format!("{}:{line}: {problem}", shown(&file))),
            );
        }
    }
    fail_with(problems)
}

/// The rules that a file breaks, by line. Its path begins below `src`.
fn broken<'a>(path: &Path, text: &'a str) -> impl Iterator<Item = (usize, String)> + 'a {
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.is_for(path)).collect();
    words(text).into_iter().flat_map(move |word| {
        let broken = rules.iter().filter(|rule| (rule.is_broken_by)(&word));
        broken.map(|rule| (word.line, format!("`{}`: {}", word.text, rule.reason))).collect::<Vec<_>>()
    })
}

impl Rule {
    fn is_for(&self, path: &Path) -> bool {
        is_in(path, self.room) && !self.but.is_some_and(|but| is_in(path, but))
    }
}

/// A room is a folder, or a file of its name as long as it is small.
fn is_in(path: &Path, room: &str) -> bool {
    path.starts_with(room) || path == Path::new(room).with_extension("rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        broken(Path::new(path), text).map(|(line, _)| line).collect()
    }

    #[test]
    fn domain_names_no_database_and_no_clock() {
        assert_eq!(
            lines("domain/session.rs", "use uuid::Uuid;\nuse diesel::prelude::*;\nfn f(c: &Clock) {}"),
            [2, 3]
        );
        assert_eq!(lines("domain.rs", "// diesel\nuse actix_web::web;"), [2]);
    }

    #[test]
    fn only_egress_asks_the_web() {
        assert_eq!(
            lines("service/imports.rs", "use reqwest::Client;\nlet a = tokio::net::lookup_host(x);"),
            [1, 2]
        );
        assert_eq!(lines("egress/mod.rs", "use reqwest::Client;"), Vec::<usize>::new());
    }

    #[test]
    fn http_names_no_store_but_may_store_an_atomic() {
        assert_eq!(
            lines("http/sessions.rs", "flag.store(true);\nuse crate::service::store;\nfn f(c: &mut Conn) {}"),
            [2, 3]
        );
    }

    #[test]
    fn a_service_sees_no_request_and_its_store_is_synchronous() {
        assert_eq!(lines("service/sessions.rs", "async fn f(r: HttpRequest) {}"), [1]);
        assert_eq!(lines("service/store/sessions.rs", "fn g() {}\nasync fn f() {}"), [2]);
        assert_eq!(lines("app.rs", "async fn f(r: HttpRequest, c: Conn) {}"), Vec::<usize>::new());
    }
}
