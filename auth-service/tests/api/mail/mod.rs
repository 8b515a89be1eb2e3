//! Mails: what they look like, where they go, and what happens when nobody takes them.

mod files;
mod notices;
mod servers;
mod settings;

use testkit::TestStack;
use testkit::eventually;

use crate::database::Database;

async fn queue_is_empty(stack: &TestStack) {
    let database = Database::of(stack);
    eventually("the queue is empty", async || (database.count("mails").await == 0).then_some(())).await;
}
