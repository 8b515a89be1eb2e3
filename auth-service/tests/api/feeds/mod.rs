//! The internal feeds, on the ops listener: GET /internal/revocations and /internal/people.

mod access;
mod epochs;
mod forgetting;
mod freshness;
mod order;
mod people;
mod places;
mod redis;
mod relay;
mod revocations;

use common::secrets::SecretFolder;
use serde_json::Value;
use testkit::client::Client;
use testkit::{Answer, TestStack};

/// A reader of one feed, with the secret that lets it in.
pub struct Reader {
    path: &'static str,
    secret: String,
}

impl Reader {
    pub fn of_revocations(stack: &TestStack) -> Self {
        Self { path: "/internal/revocations", secret: secret(stack, "feed") }
    }

    fn of_people(stack: &TestStack) -> Self {
        Self { path: "/internal/people", secret: secret(stack, "people") }
    }

    /// Asks a copy. `query` is empty or begins with `?`.
    async fn ask(&self, client: &Client, query: &str) -> Answer {
        client.auth_ops.get(&format!("{}{query}", self.path)).bearer(&self.secret).send().await
    }

    pub async fn read(&self, client: &Client, query: &str) -> Page {
        Page::of(&self.ask(client, query).await)
    }

    /// What comes after a page.
    async fn after(&self, client: &Client, page: &Page) -> Page {
        self.read(client, &page.next()).await
    }
}

fn secret(stack: &TestStack, name: &str) -> String {
    let folder = SecretFolder::open(&stack.secrets_dir().join(name)).expect("no folder");
    folder.read(name).expect("no secret").expose_text().to_string()
}

/// One answer of a feed.
#[derive(Debug)]
pub struct Page {
    pub epoch: String,
    head: i64,
    cursor: String,
    more: bool,
    now: i64,
    events: Vec<Value>,
}

impl Page {
    #[track_caller]
    fn of(answer: &Answer) -> Self {
        let body = answer.assert_ok().json();
        let number = |member: &str| body[member].as_i64().unwrap_or_else(|| panic!("no {member}: {answer}"));
        let text = |member: &str| {
            body[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer}")).to_owned()
        };
        Self {
            epoch: text("epoch"),
            head: number("head"),
            cursor: text("cursor"),
            more: body["more"].as_bool().expect("no more"),
            now: number("now"),
            events: body["events"].as_array().expect("no events").clone(),
        }
    }

    /// The query for what comes after it.
    fn next(&self) -> String {
        format!("?epoch={}&after={}", self.epoch, self.cursor)
    }

    fn ids(&self) -> Vec<&str> {
        self.events.iter().map(|event| event["id"].as_str().expect("no id")).collect()
    }

    fn seqs(&self) -> Vec<i64> {
        self.events.iter().map(|event| event["seq"].as_i64().expect("no seq")).collect()
    }
}
