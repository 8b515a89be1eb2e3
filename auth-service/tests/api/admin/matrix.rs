use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::client::Bearer;
use testkit::{Answer, TestStack, both};

use super::admin;

/// Every route, with a body that it would take, and what an administrator is answered. `{user}`, `{client}` and `{kid}`
/// stand for ones that are there.
fn routes() -> Vec<(Method, &'static str, Option<Value>, u16)> {
    let client = json!({ "name": "Other", "scopes": [], "audiences": ["recipes"] });
    vec![
        (Method::GET, "users", None, 200),
        (Method::GET, "users/{user}", None, 200),
        (Method::PATCH, "users/{user}", Some(json!({ "external_id": "x" })), 200),
        (Method::GET, "users/{user}/sessions", None, 200),
        (Method::DELETE, "users/{user}/sessions", None, 204),
        (Method::GET, "clients", None, 200),
        (Method::POST, "clients", Some(client), 201),
        (Method::GET, "clients/{client}", None, 200),
        (Method::PATCH, "clients/{client}", Some(json!({ "name": "New" })), 200),
        (Method::POST, "clients/{client}/secret", None, 200),
        (Method::DELETE, "clients/{client}", None, 204),
        (Method::GET, "keys", None, 200),
        (Method::POST, "keys/rotate", None, 200),
        (Method::POST, "keys/{kid}/revoke", None, 200),
        (Method::GET, "audit", None, 200),
    ]
}

/// What the routes are asked about.
struct Targets {
    user: String,
    client: String,
    kid: String,
}

impl Targets {
    async fn of(stack: &TestStack) -> Self {
        let jwks = stack.jwks().await.json();
        // Not the one that signs: the tokens of the test are to go on.
        let mut kids =
            jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned());
        let current = crate::answers::header(&stack.logged_in().await.access_token)["kid"].clone();
        Self {
            user: stack.logged_in().await.user_id,
            client: stack.client("recipes:read", "recipes").await.0.to_string(),
            kid: kids.rfind(|kid| current != *kid).unwrap(),
        }
    }

    async fn ask<'a>(
        &self,
        stack: &TestStack,
        bearer: impl Into<Bearer<'a>>,
        (method, path, body, _): &(Method, &str, Option<Value>, u16),
    ) -> Answer {
        let path = path.replace("{user}", &self.user).replace("{client}", &self.client);
        let path = format!("/v1/admin/{}", path.replace("{kid}", &self.kid));
        let request = stack.auth.request(method.clone(), &path).bearer(bearer);
        match body {
            Some(body) => request.json(body).send().await,
            None => request.send().await,
        }
    }
}

/// T217
#[both]
async fn every_route_is_for_administrators_who_proved_lately_who_they_are(stack: TestStack) {
    let targets = Targets::of(&stack).await;
    let old = admin(&stack).await;
    stack.clock.advance(Duration::from_secs(901)).await;
    let stale = stack.refresh(&old.refresh_token).await;
    let stale = crate::answers::access_token(&stale);
    let (person, fresh) = (stack.logged_in().await, admin(&stack).await);
    let (id, secret) = stack.client("admin", "auth").await;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let token = stack.auth.post("/oauth2/token").body("application/x-www-form-urlencoded", form);
    let service = crate::answers::access_token(&token.send().await);

    for route in routes() {
        let anonymous = targets.ask(&stack, testkit::client::Anonymous, &route).await;
        anonymous.assert_problem(401, "missing_token");
        for token in [&person.access_token, &service] {
            let answer = targets.ask(&stack, token, &route).await;
            answer.assert_problem(403, "insufficient_scope");
            let challenge = "Bearer realm=\"jipbap\", error=\"insufficient_scope\"";
            assert_eq!(answer.header("www-authenticate"), challenge, "{answer}");
        }
        let answer = targets.ask(&stack, &stale, &route).await;
        answer.assert_problem(401, "reauthentication_required");
        let challenge = "Bearer realm=\"jipbap\", error=\"insufficient_user_authentication\", max_age=900";
        assert_eq!(answer.header("www-authenticate"), challenge, "{answer}");
        targets.ask(&stack, &fresh, &route).await.assert_status(route.3);
    }
}

#[both]
async fn who_may_not_is_told_so_before_anything_else_is_looked_at(stack: TestStack) {
    let person = stack.logged_in().await;
    for (path, body) in [("clients", "{"), ("clients", "[]"), ("keys/nothing/revoke", "")] {
        let request = stack.auth.post(&format!("/v1/admin/{path}")).bearer(&person);
        request.body("application/json", body).send().await.assert_problem(403, "insufficient_scope");
    }
    for path in ["users/nobody", "clients/nothing", "users?limit=0", "audit?cursor=x"] {
        let answer = stack.auth.get(&format!("/v1/admin/{path}")).bearer(&person).send().await;
        answer.assert_problem(403, "insufficient_scope");
    }
}

/// The matrix would miss a route that it does not know.
#[both]
async fn the_matrix_knows_every_route(stack: TestStack) {
    let document = stack.auth.get("/openapi.json").send().await.json();
    let mut documented = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        if let Some(path) = path.strip_prefix("/v1/admin/") {
            let methods = operations.as_object().unwrap().keys();
            let methods =
                methods.filter(|name| ["get", "post", "put", "patch", "delete"].contains(&name.as_str()));
            documented.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
        }
    }
    let name = |path: &str| path.replace("{user}", "{id}").replace("{client}", "{id}");
    let mut known: Vec<_> =
        routes().iter().map(|(method, path, ..)| format!("{method} {}", name(path))).collect();
    documented.sort();
    known.sort();
    assert_eq!(known, documented);
}
