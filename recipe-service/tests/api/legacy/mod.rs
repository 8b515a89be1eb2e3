//! Another issuer's old tokens, which are taken for a time so that nobody is logged out by a move.

mod ended;
mod moved;
mod others;
mod silence;
mod taken;

use std::ops::Deref;

use serde_json::{Value, json};
use testkit::forge::{Forge, Hmac, Key, Members};
use testkit::stack::Options;
use testkit::{Answer, Session, TestStack, eventually};

/// What the other issuer signs with.
const SECRET: &str = "of the other issuer, who kept it well";

/// A stack whose recipe-service takes old tokens, and the forge of who made them.
pub struct Move {
    pub stack: TestStack,
    pub old: Forge,
}

impl Move {
    pub async fn start(options: Options) -> Self {
        Self::start_until(options, "2100-01-01").await
    }

    pub async fn start_until(options: Options, until: &str) -> Self {
        let options = options.set("RECIPES_LEGACY_HS256_SECRET", SECRET).set("RECIPES_LEGACY_UNTIL", until);
        let stack = options.start().await;
        let key = Key::hmac(Hmac::Hs256, SECRET);
        let old = Forge::new("", key, stack.clock.clock());
        Self { stack, old }
    }

    pub fn header(&self) -> Members {
        Members::default().with("alg", json!("HS256")).with("typ", json!("JWT"))
    }

    /// What `create_access_token(identity=…)` puts into a token just now.
    pub fn claims(&self, sub: impl Into<Value>) -> Members {
        let now = self.old.now();
        Members::default()
            .with("fresh", json!(false))
            .with("iat", json!(now))
            .with("jti", json!(uuid()))
            .with("type", json!("access"))
            .with("sub", sub.into())
            .with("nbf", json!(now))
            .with("csrf", json!(uuid()))
            .with("exp", json!(now + 900))
    }

    /// An old token that was made just now.
    pub fn token(&self, sub: impl Into<Value>) -> String {
        self.old.sign(self.header(), self.claims(sub)).to_string()
    }

    /// Somebody whom the other issuer knows as this, once recipe-service has heard of it.
    pub async fn known_as(&self, external_id: &str) -> Session {
        let session = self.stack.logged_in().await;
        self.stack.call(&session.user_id, external_id).await;
        self.until_let_in(external_id).await;
        session
    }

    /// Waits until old tokens of this name are taken.
    pub async fn until_let_in(&self, external_id: &str) {
        for copy in 0..self.stack.copies() {
            eventually("an old token is taken", async || {
                (self.stack.recipes(copy).list_recipes(&self.token(external_id), "").await.status == 200)
                    .then_some(())
            })
            .await;
        }
    }

    /// Waits until no copy says that it cannot know, and shows a new old token to each.
    pub async fn assert_refused_by_all(&self, external_id: &str) {
        for copy in 0..self.stack.copies() {
            let answer = eventually("it is known", async || {
                let answer = self.stack.recipes(copy).list_recipes(&self.token(external_id), "").await;
                (answer.status != 503).then_some(answer)
            })
            .await;
            assert_refused(&answer);
        }
    }
}

impl Deref for Move {
    type Target = TestStack;

    fn deref(&self) -> &TestStack {
        &self.stack
    }
}

/// Checks that a token is refused as one that was ended, or as one of nobody.
#[track_caller]
pub fn assert_refused(answer: &Answer) {
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    assert!(["token_revoked", "invalid_token"].contains(&&*code), "{answer}");
    answer.assert_problem(401, &code);
}

fn uuid() -> String {
    common::ids::Uuid::new_v4().to_string()
}
