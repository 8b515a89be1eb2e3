//! The life of signing keys: each is published before it signs, and until the last token that it signed is dead.

use std::cell::Cell;
use std::time::Duration;

use auth_service::config::SigningAlg;
use auth_service::service::Auth;
use auth_service::service::background::Background;
use auth_service::service::keys::{KeyInfo, KeysError};
use common::secrets::{Secret, write_secret};
use futures_util::future::{join, join_all};
use serde_json::Value;
use testkit::client::{Client, Session};
use testkit::forge::{Token, decoded};
use testkit::stack::Options;
use testkit::{TestStack, both, eventually, everywhere, two_copies};

use crate::answers::refresh_token;
use crate::database::Database;

const LEAD: Duration = Duration::from_secs(2 * 60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a key is published after it ceased to sign.
const PUBLISHED: Duration = Duration::from_secs(70 * 60);

fn signed_by(token: &str) -> String {
    let header: Value = serde_json::from_slice(&decoded(&Token::parse(token).header)).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

async fn published(client: &Client) -> Vec<String> {
    let jwks = client.jwks().await.json();
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn keys(stack: &TestStack) -> Vec<KeyInfo> {
    stack.as_operator(async |auth| auth.keys().await.unwrap()).await
}

/// The names of the keys in this state, oldest first.
async fn in_state(stack: &TestStack, state: &str) -> Vec<String> {
    let is_so = |key: &KeyInfo| serde_json::to_value(key).unwrap()["state"] == state;
    keys(stack).await.into_iter().filter(is_so).map(|key| key.kid).collect()
}

async fn rotate(stack: &TestStack) {
    stack.as_operator(async |auth: Auth| auth.rotate_keys().await.map(drop)).await.expect("not rotated");
}

async fn revoke(stack: &TestStack, kid: &str) -> bool {
    let revoked = stack.as_operator(async |auth: Auth| auth.revoke_key(kid).await).await;
    revoked.expect("not revoked").was.is_some()
}

/// Waits until every copy signs with this key, as a refresh shows.
async fn until_signing(stack: &TestStack, kid: &str, session: &Session) -> Session {
    let mut session = session.clone();
    for copy in 0..stack.copies() {
        let token = Cell::new(session.refresh_token.clone());
        session.access_token = eventually("the copy signs with the key", async || {
            let answer = stack.auth(copy).refresh(&token.take()).await;
            token.set(refresh_token(&answer));
            let access = answer.json()["access_token"].as_str().unwrap().to_owned();
            (signed_by(&access) == kid).then_some(access)
        })
        .await;
        session.refresh_token = token.into_inner();
    }
    session
}

async fn believed_everywhere(stack: &TestStack, session: &Session) {
    for copy in 0..stack.copies() {
        stack.recipes(copy).list_recipes(session, "").await.assert_status(200);
        stack.auth(copy).me(session).await.assert_status(200);
    }
}

/// T067
#[everywhere]
async fn a_key_is_published_before_it_signs_and_after(stack: TestStack) {
    let session = stack.logged_in().await;
    let [first, second] = <[String; 2]>::try_from(published(&stack).await).expect("not two keys");
    let current = signed_by(&session.access_token);
    let next = if current == first { second } else { first };

    let early = stack.as_operator(async |auth: Auth| auth.rotate_keys().await).await;
    assert!(matches!(early, Err(KeysError::TooEarly(wait)) if wait <= LEAD), "{early:?}");
    assert_eq!(in_state(&stack, "current").await.as_slice(), std::slice::from_ref(&current));

    stack.clock.advance(LEAD).await;
    rotate(&stack).await;
    let renewed = until_signing(&stack, &next, &session).await;
    believed_everywhere(&stack, &session).await;
    believed_everywhere(&stack, &renewed).await;
    for copy in 0..stack.copies() {
        let kids = published(stack.auth(copy)).await;
        assert!(kids.len() == 3 && kids.contains(&current) && kids.contains(&next), "{kids:?}");
    }

    stack.clock.advance(PUBLISHED).await;
    for copy in 0..stack.copies() {
        eventually("the old key is withdrawn", async || {
            (!published(stack.auth(copy)).await.contains(&current)).then_some(())
        })
        .await;
    }
    assert_eq!(in_state(&stack, "retired").await, [current]);
    assert_eq!(in_state(&stack, "current").await, [next]);
    // Who comes back after hours still logs out with what they have.
    stack.logout(&session).await.assert_status(204);
}

#[everywhere]
async fn keys_rotate_by_themselves_after_thirty_days_and_once(stack: TestStack) {
    let before = in_state(&stack, "next").await.remove(0);
    stack.clock.advance(30 * DAY).await;
    let session = stack.logged_in().await;
    let session = until_signing(&stack, &before, &session).await;
    believed_everywhere(&stack, &session).await;
    // Every copy has tried by now, or finds nothing to do when it does.
    let database = Database::of(&stack);
    let changes = "SELECT count(*) AS value FROM revocations WHERE kind = 'keys_changed'";
    assert_eq!(database.number(changes).await, 1);
    assert_eq!(keys(&stack).await.len(), 3);
}

#[two_copies]
async fn of_operators_who_rotate_at_once_one_does(stack: TestStack) {
    stack.clock.advance(LEAD).await;
    let rotations = (0..4).map(|_| stack.as_operator(async |auth: Auth| auth.rotate_keys().await));
    let rotated = join_all(rotations).await.into_iter().filter(Result::is_ok).count();
    assert_eq!(rotated, 1);
    assert_eq!(keys(&stack).await.len(), 3);
}

/// T068
#[everywhere]
async fn a_revoked_key_is_refused_everywhere_within_a_second_and_for_ever(stack: TestStack) {
    let session = stack.logged_in().await;
    believed_everywhere(&stack, &session).await;
    let thief = stack.forge().await;
    let kid = signed_by(&session.access_token);
    let next = in_state(&stack, "next").await.remove(0);
    assert!(revoke(&stack, &kid).await);

    let revoked_at = stack.clock.now();
    for copy in 0..stack.copies() {
        eventually("the key is refused", async || {
            let recipes = stack.recipes(copy).list_recipes(&session, "").await.status;
            let auth = stack.auth(copy).me(&session).await.status;
            ([recipes, auth] == [401, 401]).then_some(())
        })
        .await;
        assert!(!published(stack.auth(copy)).await.contains(&kid));
    }
    assert!(stack.clock.now().since(revoked_at) < Duration::from_secs(1));
    // Nobody logs in again.
    let renewed = until_signing(&stack, &next, &session).await;
    believed_everywhere(&stack, &renewed).await;

    assert!(!revoke(&stack, &kid).await, "revoked twice");
    for days in [1, 30, 365] {
        stack.clock.advance(days * DAY).await;
        for copy in 0..stack.copies() {
            stack.recipes(copy).list_recipes(&thief.token().to_string(), "").await.assert_status(401);
            stack.auth(copy).me(&thief.token().to_string()).await.assert_status(401);
        }
    }
    let forgettable = "SELECT count(*) AS value FROM revocations WHERE kind = 'key' AND until IS NOT NULL";
    assert_eq!(Database::of(&stack).number(forgettable).await, 0);
}

#[both]
async fn a_key_is_revoked_in_whatever_state_it_is(stack: TestStack) {
    let session = stack.logged_in().await;
    let next = in_state(&stack, "next").await.remove(0);
    assert!(revoke(&stack, &next).await);
    let another = in_state(&stack, "next").await.remove(0);
    assert_ne!(another, next);
    believed_everywhere(&stack, &session).await;

    stack.clock.advance(LEAD).await;
    rotate(&stack).await;
    let renewed = until_signing(&stack, &another, &session).await;
    assert!(revoke(&stack, &signed_by(&session.access_token)).await);
    eventually("the key is refused", async || {
        (stack.list_recipes(&session, "").await.status == 401).then_some(())
    })
    .await;
    believed_everywhere(&stack, &renewed).await;

    let unknown = stack.as_operator(async |auth: Auth| auth.revoke_key("unknown").await).await;
    assert!(matches!(unknown, Err(KeysError::Unknown)));
    assert_eq!(in_state(&stack, "revoked").await.len(), 2);
    assert_eq!(in_state(&stack, "retiring").await.len(), 0);
}

/// Whoever can only write to the database has no key of theirs come to sign.
#[both]
async fn a_next_key_that_cannot_be_opened_is_made_anew(stack: TestStack) {
    let session = stack.logged_in().await;
    let database = Database::of(&stack);
    let broken = in_state(&stack, "next").await.remove(0);
    let sealed = database.bytes(&[7; 64]);
    assert_eq!(
        database.change(format!("UPDATE signing_keys SET sealed = {sealed} WHERE state = 'next'")).await,
        1
    );
    assert!(revoke(&stack, &signed_by(&session.access_token)).await);

    let current = in_state(&stack, "current").await.remove(0);
    assert_ne!(current, broken);
    let renewed = until_signing(&stack, &current, &session).await;
    eventually("the new key is known", async || {
        (stack.list_recipes(&renewed, "").await.status == 200).then_some(())
    })
    .await;
}

/// The master key changes: its file comes first, then everything is sealed with it, then the old one goes.
#[everywhere]
async fn the_master_key_is_changed_beside_running_servers(stack: TestStack) {
    let session = stack.logged_in().await;
    let folder = stack.secrets_dir().join("auth");
    write_secret(&folder.join("master.2"), &Secret::random().expose_text()).unwrap();
    let resealed = stack.as_operator(async |auth: Auth| auth.reseal_keys(false).await.unwrap()).await;
    assert_eq!((resealed.master_version, resealed.resealed, resealed.forgotten), (2, 2, 0));
    assert!(keys(&stack).await.iter().all(|key| key.master_version == 2));
    believed_everywhere(&stack, &session).await;

    let again = stack.as_operator(async |auth: Auth| auth.reseal_keys(true).await.unwrap()).await;
    assert_eq!((again.resealed, again.forgotten), (0, 1));
    std::fs::remove_file(folder.join("master.1")).unwrap();
    // The servers hold the new one, and seal with it: whichever of them rotates.
    let next = in_state(&stack, "next").await.remove(0);
    stack.clock.advance(30 * DAY).await;
    let session = stack.logged_in().await;
    until_signing(&stack, &next, &session).await;
    assert!(keys(&stack).await.iter().all(|key| key.master_version == 2));
}

#[both]
async fn another_algorithm_comes_with_the_next_key(stack: TestStack) {
    let session = stack.logged_in().await;
    let restarted = async |auth: Auth| {
        let mut background = Background::default();
        auth.keep_keys(&mut background);
        eventually("a key of the algorithm is next", async || {
            let jwks: Value = serde_json::from_slice(&auth.jwks().body).unwrap();
            jwks["keys"].as_array().unwrap().iter().any(|key| key["alg"] == "EdDSA").then_some(())
        })
        .await;
    };
    stack.as_operator_with(|settings| settings.signing_alg = SigningAlg::EdDsa, restarted).await;
    let next = in_state(&stack, "next").await.remove(0);
    stack.clock.advance(LEAD).await;
    rotate(&stack).await;
    let renewed = until_signing(&stack, &next, &session).await;
    believed_everywhere(&stack, &session).await;
    believed_everywhere(&stack, &renewed).await;
}

#[both]
async fn how_old_keys_are_is_measured(stack: TestStack) {
    for (listener, metric) in
        [(&stack.auth_ops, "signing_key_age_seconds"), (&stack.recipes_ops, "jwks_age_seconds")]
    {
        let has_metric = async || listener.get("/metrics").send().await.text().contains(metric).then_some(());
        eventually(metric, has_metric).await;
    }
}

/// T067: keys follow each other every five seconds, each two seconds after it was published.
#[everywhere]
async fn nobody_notices_that_keys_rotate(options: Options) {
    let stack = options.set("AUTH_KEY_LEAD", "2s").start().await;
    let is_over = Cell::new(false);
    let refreshed: [Cell<usize>; 4] = Default::default();
    let client = async |number: usize| {
        let copy = number % stack.copies();
        let mut session = stack.logged_in().await;
        let mut signers = Vec::new();
        while !is_over.get() {
            let answer = stack.auth(copy).refresh(&session.refresh_token).await;
            session.refresh_token = refresh_token(&answer);
            session.access_token = answer.assert_ok().json()["access_token"].as_str().unwrap().to_owned();
            believed_everywhere(&stack, &session).await;
            signers.push(signed_by(&session.access_token));
            refreshed[number].set(refreshed[number].get() + 1);
        }
        signers.dedup();
        signers.len()
    };
    let rotations = async {
        for _ in 0..6 {
            stack.clock.advance(Duration::from_secs(5)).await;
            rotate(&stack).await;
            // However busy the machine is: each has begun and ended a refresh since.
            let before = refreshed.each_ref().map(Cell::get);
            let has_gone_on = |(now, before): (&Cell<usize>, usize)| now.get() >= before + 2;
            eventually("everybody goes on", async || {
                refreshed.iter().zip(before).all(has_gone_on).then_some(())
            })
            .await;
        }
        is_over.set(true);
    };
    let clients = join_all((0..refreshed.len()).map(client));
    let (signers, ()) = join(clients, rotations).await;
    assert!(signers.iter().all(|signers| *signers >= 3), "{signers:?}");
}
