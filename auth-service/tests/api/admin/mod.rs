//! /v1/admin: who may call it, and what it does.

mod audit;
mod clients;
mod keys;
mod matrix;
mod people;
mod promote;

use serde_json::{Value, json};
use testkit::client::Client;
use testkit::{Answer, Session, TestStack};

/// Somebody who has been made an administrator, with a session of theirs from after.
async fn admin(stack: &TestStack) -> Session {
    let session = stack.logged_in().await;
    stack.as_operator(async |auth| auth.promote(&session.user_id, true).await).await.expect("not promoted");
    stack.logged_in_again(&session.person()).await
}

async fn get(client: &Client, admin: &Session, path: &str) -> Answer {
    client.auth.get(&format!("/v1/admin/{path}")).bearer(admin).send().await
}

async fn post(client: &Client, admin: &Session, path: &str, body: Option<Value>) -> Answer {
    let request = client.auth.post(&format!("/v1/admin/{path}")).bearer(admin);
    match body {
        Some(body) => request.json(&body).send().await,
        None => request.send().await,
    }
}

async fn patch(client: &Client, admin: &Session, path: &str, change: Value) -> Answer {
    client.auth.patch(&format!("/v1/admin/{path}")).bearer(admin).merge_patch(&change).send().await
}

async fn delete(client: &Client, admin: &Session, path: &str) -> Answer {
    client.auth.delete(&format!("/v1/admin/{path}")).bearer(admin).send().await
}

/// The items of every page of a list, two at a time.
async fn all_pages(client: &Client, admin: &Session, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let separator = if path.contains('?') { '&' } else { '?' };
        let page = get(client, admin, &format!("{path}{separator}limit=2{cursor}")).await;
        assert_eq!(page.assert_ok().header("cache-control"), "no-store", "{page}");
        let page = page.json();
        items.extend(page["items"].as_array().expect("no items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// What the newest entry of the audit of this kind says of who did it.
async fn noted_by(client: &Client, admin: &Session, event: &str) -> Value {
    let entries = get(client, admin, "audit?limit=100").await.json();
    let entries = entries["items"].as_array().expect("no items");
    let entry = entries.iter().find(|entry| entry["event"] == event);
    entry.unwrap_or_else(|| panic!("no {event}: {entries:?}"))["actor"].clone()
}

fn by(admin: &Session) -> Value {
    json!(admin.user_id)
}
