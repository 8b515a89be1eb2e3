use std::time::Duration;

use common::token::MAX_LIFETIME_SECS;
use serde_json::{Value, json};
use testkit::client::Session;
use testkit::contract::{Contract, Operation};
use testkit::forge::{Forge, Members, Token, decoded};
use testkit::{Answer, TestStack, both, eventually};

use super::rows::{Caller, Outcome, ROWS, Row, Subject};
use crate::images::samples::tiny;
use crate::shelf::Shelf;
use crate::written::Written;

/// Who calls in a stack, each with a token of their own.
struct Callers {
    author: Session,
    stranger: Session,
    revoked: Session,
    forge: Forge,
    /// The tokens of two links to a recipe of the author's.
    link: String,
    expired_link: String,
}

impl Callers {
    async fn of(stack: &TestStack) -> Self {
        let author = stack.logged_in().await;
        let shared = illustrated(stack, &author).await;
        let soon = (stack.clock.now() + Duration::from_secs(60)).to_string();
        let expired_link = new_link(stack, &author, &shared, json!({ "expires_at": soon })).await;
        let link = new_link(stack, &author, &shared, json!({})).await;
        stack.clock.advance(Duration::from_secs(61)).await;
        let stranger = stack.logged_in().await;
        let revoked = stack.logged_in_again(&author.person()).await;
        stack.logout(&revoked).await.assert_status(204);
        eventually("the logout is heard of", async || {
            (stack.list_recipes(&revoked, "").await.status == 401).then_some(())
        })
        .await;
        Self { author, stranger, revoked, forge: stack.forge().await, link, expired_link }
    }

    fn link(&self, caller: Caller) -> &str {
        if caller == Caller::Guest { &self.expired_link } else { &self.link }
    }

    fn token(&self, caller: Caller, operation: &Operation<'_>) -> Option<String> {
        let claims = claims(&self.author.access_token);
        let now = self.forge.now();
        Some(match caller {
            Caller::Nobody => return None,
            Caller::Author => self.author.access_token.clone(),
            Caller::Revoked => self.revoked.access_token.clone(),
            Caller::Stranger => self.stranger.access_token.clone(),
            Caller::Expired => {
                let claims =
                    claims.with("exp", json!(now - 60)).with("iat", json!(now - 60 - MAX_LIFETIME_SECS / 4));
                self.forge.with_claims(claims).into()
            }
            Caller::Elsewhere => self.forge.with_claims(claims.with("aud", json!(["auth"]))).into(),
            Caller::Narrow => {
                let needed = operation.scopes();
                let others = ["recipes:read", "recipes:write", "other"]
                    .into_iter()
                    .filter(|scope| !needed.contains(scope));
                let others = others.collect::<Vec<_>>().join(" ");
                self.forge.with_claims(claims.with("scope", json!(others))).into()
            }
            Caller::Guest => self.expired_link.clone(),
            Caller::Service => self.forge.with_claims(self.forge.service_claims()).into(),
        })
    }
}

/// A recipe with a cover, and an image of its step.
async fn illustrated(stack: &TestStack, author: &Session) -> Written {
    let recipe = json!({ "title": "국", "step_groups": [{ "items": ["끓인다"] }] });
    let recipe = Written::by(stack, author, recipe).await;
    stack.put_cover(author, &recipe.id, tiny()).await.assert_status(200);
    Written::of(&stack.put_step_image(author, &recipe.id, &recipe.step(), tiny()).await)
}

/// The token of a new link to a recipe.
async fn new_link(stack: &TestStack, author: &Session, recipe: &Written, share: Value) -> String {
    let made = stack.share_recipe(author, &recipe.id, share).await;
    made.assert_status(201).json()["token"].as_str().expect("a link has no token").to_owned()
}

/// What a real token says.
fn claims(token: &str) -> Members {
    let payload = decoded(&Token::parse(token).payload);
    match serde_json::from_slice(&payload) {
        Ok(Value::Object(claims)) => Members(claims),
        _ => panic!("the claims are no object"),
    }
}

#[track_caller]
fn assert_is(outcome: Outcome, answer: &Answer) {
    match outcome {
        Outcome::Done(status) => drop(answer.assert_status(status)),
        Outcome::Refused(status, code) => drop(answer.assert_problem(status, code)),
    }
}

fn row<'a>(operation: &Operation<'_>) -> &'a Row {
    let is_it = |row: &&Row| row.method == operation.method && row.path == operation.path;
    let row = ROWS.iter().find(is_it);
    row.unwrap_or_else(|| panic!("{} {} has no row in the matrix", operation.method, operation.path))
}

/// T182, T183, T196: every operation of the OpenAPI document, called by everyone; what is refused changes nothing, and
/// every answer is as the document has it.
#[both]
async fn every_operation_is_open_to_those_whom_it_is_for(stack: TestStack) {
    let (contract, callers, shelf) =
        (Contract::served_by(&stack.recipes).await, Callers::of(&stack).await, Shelf::of(&stack));
    let operations = contract.operations();
    assert_eq!(operations.len(), ROWS.len(), "a row has no operation");
    for operation in &operations {
        let row = row(operation);
        for caller in Caller::ALL {
            let recipe = illustrated(&stack, &callers.author).await;
            let before = shelf.contents().await;
            let token = callers.token(caller, operation);

            let subject = Subject { recipe: &recipe, link: callers.link(caller) };
            let call = (row.call)(&stack.recipes, &subject);
            let call = token.iter().fold(call, |call, token| call.bearer(token));
            let answer = call.send().await;

            println!("{} {} by {caller:?}: {}", operation.method, operation.path, answer.status);
            assert_is(row.outcome(caller), &answer);
            contract.assert_describes(operation, &answer);
            if matches!(row.outcome(caller), Outcome::Refused(..)) {
                assert_eq!(shelf.contents().await, before);
                assert_eq!(recipe.again(&stack, &callers.author).await.body["title"], "국");
            }
        }
    }
}

/// T182: what the document does not name is not there: other methods of its paths, and other paths.
#[both]
async fn nothing_answers_that_is_not_documented(stack: TestStack) {
    let (contract, session) = (Contract::served_by(&stack.recipes).await, stack.logged_in().await);
    let recipe = Written::by(&stack, &session, json!({ "title": "국" })).await;
    let operations = contract.operations();
    for operation in &operations {
        for method in ["get", "put", "post", "delete", "patch", "trace", "propfind", "lock", "purge"] {
            if operations.iter().any(|other| other.path == operation.path && other.method == method) {
                continue;
            }
            let path = operation.path.replace("{id}", &recipe.id).replace("{version}", "1");
            let path = path.replace("{step}", &recipe.id).replace("{hash}", "0").replace("{file}", "320.jpg");
            let path = path.replace("{share}", &recipe.id).replace("{token}", "AAAAAAAAAAAAAAAAAAAAAA");
            let call = stack.recipes.request(method.to_uppercase().parse().unwrap(), &path).bearer(&session);
            let answer = call.header("if-match", "*").json(&json!({ "title": "찌개" })).send().await;
            answer.assert_problem(405, "method_not_allowed");
            for allowed in operations.iter().filter(|other| other.path == operation.path) {
                let named =
                    answer.header("allow").split(", ").any(|name| name.eq_ignore_ascii_case(allowed.method));
                assert!(named, "{answer}");
            }
        }
    }
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}
