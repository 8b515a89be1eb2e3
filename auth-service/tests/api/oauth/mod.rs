//! Services as callers: /oauth2/token, /oauth2/introspect, /oauth2/revoke and what says where they are.

mod clients;
mod introspect;
mod libraries;
mod metadata;
mod refresh;
mod revoke;
mod token;

use auth_service::domain::ClientId;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use testkit::client::{Client, Request};
use testkit::{Answer, TestStack};

use crate::answers::{members, text};

/// A service that may call others.
struct Service {
    id: ClientId,
    secret: String,
}

/// What its tokens permit unless a test says otherwise.
const SCOPES: &str = "recipes:read recipes:write";

impl Service {
    async fn new(stack: &TestStack) -> Self {
        Self::with_scopes(stack, SCOPES).await
    }

    async fn with_scopes(stack: &TestStack, scopes: &str) -> Self {
        let (id, secret) = stack.client(scopes, "auth recipes").await;
        Self { id, secret }
    }

    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret)))
    }

    /// Posts a form, and says by Basic whose it is.
    async fn post(&self, client: &Client, path: &str, form: &[(&str, &str)]) -> Answer {
        posted(client, path, form).header("authorization", self.basic()).send().await
    }

    async fn token_answer(&self, client: &Client, form: &[(&str, &str)]) -> Answer {
        let form = [&[("grant_type", "client_credentials")], form].concat();
        self.post(client, "/oauth2/token", &form).await
    }

    async fn token(&self, client: &Client) -> String {
        text(&self.token_answer(client, &[]).await, "access_token")
    }

    async fn introspect(&self, client: &Client, token: &str) -> Value {
        let answer = self.post(client, "/oauth2/introspect", &[("token", token)]).await;
        answer.assert_status(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        answer.json()
    }

    async fn revoke(&self, client: &Client, token: &str) -> Answer {
        self.post(client, "/oauth2/revoke", &[("token", token)]).await
    }
}

fn posted(client: &Client, path: &str, form: &[(&str, &str)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    client.auth.post(path).body("application/x-www-form-urlencoded", body)
}

/// Checks for a refusal as RFC 6749 §5.2 has it, whole.
#[track_caller]
fn assert_refused(answer: &Answer, error: &str) {
    let status = if error == "invalid_client" { 401 } else { 400 };
    answer.assert_status(status);
    assert_eq!(answer.header("content-type"), "application/json", "{answer}");
    assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
    let challenge = if status == 401 { "Basic realm=\"jipbap\"" } else { "" };
    assert_eq!(answer.header("www-authenticate"), challenge, "{answer}");
    let body = answer.json();
    assert_eq!(members(&body), ["error", "error_description"], "{answer}");
    assert_eq!(body["error"], error, "{answer}");
}
