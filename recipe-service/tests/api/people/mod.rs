//! What the issuer says of people: their names, and that they are gone.

mod deleted;
mod names;

use testkit::client::Session;
use testkit::{TestStack, eventually};

use crate::written::Written;

/// The recipe, once the feed brought its owner's name.
pub async fn named(stack: &TestStack, session: &Session, recipe: &Written) -> Written {
    eventually("the owner has a name", async || {
        let now = recipe.again(stack, session).await;
        now.body["owner"]["name"].is_string().then_some(now)
    })
    .await
}

/// The recipe, once the feed brought this name of its owner.
pub async fn named_so(stack: &TestStack, session: &Session, recipe: &Written, name: &str) -> Written {
    eventually("the owner has this name", async || {
        let now = recipe.again(stack, session).await;
        (now.body["owner"]["name"] == name).then_some(now)
    })
    .await
}
