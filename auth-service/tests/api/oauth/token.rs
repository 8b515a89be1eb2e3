use serde_json::{Value, json};
use testkit::{TestStack, both, everywhere};

use super::{SCOPES, Service, assert_refused, posted};
use crate::answers::{access_token, claims, members};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

#[everywhere]
async fn a_service_gets_a_token_of_its_own(stack: TestStack) {
    let service = Service::new(&stack).await;
    let (id, secret) = (service.id.to_string(), service.secret.clone());
    let by_post = [GRANT, ("client_id", &id), ("client_secret", &secret)];
    for answer in [
        service.token_answer(stack.auth(stack.copies() - 1), &[]).await,
        service.token_answer(&stack, &[("client_id", &id)]).await,
        posted(&stack, "/oauth2/token", &by_post).send().await,
    ] {
        answer.assert_status(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        let body = answer.json();
        assert_eq!(members(&body), ["access_token", "expires_in", "scope", "token_type"]);
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert_profile(&access_token(&answer), &id);
        for copy in 0..stack.copies() {
            stack.recipes(copy).list_recipes(&access_token(&answer), "").await.assert_status(200);
        }
    }
}

/// The profile of a service: nothing in it that only people have.
#[track_caller]
fn assert_profile(token: &str, id: &str) {
    let claims = claims(token);
    let profile = ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub", "uv"];
    assert_eq!(members(&claims), profile);
    assert_eq!(claims["sub"], format!("client:{id}"));
    assert_eq!(claims["client_id"], id);
    assert_eq!(claims["aud"], json!(["auth", "recipes"]));
    assert_eq!(claims["scope"], SCOPES);
}

#[both]
async fn what_only_people_do_is_refused_to_services(stack: TestStack) {
    let service = Service::new(&stack).await;
    let token = service.token(&stack).await;
    stack.me(&token).await.assert_problem(403, "forbidden");
    stack.sessions(&token, "").await.assert_problem(403, "forbidden");
    for scope in ["local", "others", "all"] {
        stack.logout_of(scope, &token).await.assert_problem(403, "forbidden");
    }
    stack.create_recipe(&token, json!({ "title": "Rice" })).await.assert_problem(403, "forbidden");
}

#[both]
async fn a_service_may_ask_for_less_and_gets_no_more(stack: TestStack) {
    let service = Service::new(&stack).await;
    let narrower = [("scope", "recipes:read"), ("resource", "recipes")];
    let answer = service.token_answer(&stack, &narrower).await;
    let claims = claims(&access_token(&answer));
    assert_eq!((&claims["scope"], &claims["aud"]), (&json!("recipes:read"), &json!(["recipes"])));
    assert_eq!(answer.json()["scope"], "recipes:read");

    let both = [("resource", "recipes"), ("resource", "auth")];
    let answer = service.token_answer(&stack, &both).await;
    assert_eq!(crate::answers::claims(&access_token(&answer))["aud"], json!(["recipes", "auth"]));

    for (name, value, error) in [
        ("scope", "recipes:read admin", "invalid_scope"),
        ("scope", " ", "invalid_scope"),
        ("resource", "elsewhere", "invalid_target"),
        ("resource", "auth recipes", "invalid_target"),
        ("resource", "http://recipes.test", "invalid_target"),
    ] {
        assert_refused(&service.token_answer(&stack, &[(name, value)]).await, error);
    }
}

/// T213
#[both]
async fn what_makes_no_sense_is_refused_as_the_standard_has_it(stack: TestStack) {
    let service = Service::new(&stack).await;
    for form in [
        &[][..],
        &[("grant_type", "")],
        &[("scope", "recipes:read")],
        &[GRANT, GRANT],
        &[GRANT, ("scope", "recipes:read"), ("scope", "recipes:read")],
        &[GRANT, ("client_secret", &service.secret)],
        &[GRANT, ("client_id", "somebody")],
    ] {
        assert_refused(&service.post(&stack, "/oauth2/token", form).await, "invalid_request");
    }
    let json = stack.auth.post("/oauth2/token").header("authorization", service.basic());
    let json = json.json(&json!({ "grant_type": "client_credentials" })).send().await;
    assert_refused(&json, "invalid_request");
    let twice = posted(&stack, "/oauth2/token", &[GRANT]).header("authorization", service.basic());
    assert_refused(&twice.header("authorization", service.basic()).send().await, "invalid_request");
    assert_refused(&service.token_answer(&stack, &[("grant_type", "x")]).await, "invalid_request");
    let query = posted(&stack, "/oauth2/token?grant_type=client_credentials", &[]).send().await;
    query.assert_problem(400, "unknown_parameter");
    let unknown = service.token_answer(&stack, &[("nobody", "asks"), ("scope", "")]).await;
    assert_eq!(unknown.assert_ok().json()["scope"], SCOPES);
}

/// T213
#[both]
async fn who_is_not_a_client_is_told_nothing_else(stack: TestStack) {
    let (service, other) = (Service::new(&stack).await, Service::new(&stack).await);
    let (id, secret, wrong) = (service.id.to_string(), service.secret.as_str(), other.secret.as_str());
    let mut bodies: Vec<Value> = Vec::new();
    for (id, secret) in [(&*id, wrong), (&*id, "x"), ("nobody", secret), (&*other.id.to_string(), secret)] {
        let form = [GRANT, ("client_id", id), ("client_secret", secret)];
        let answer = posted(&stack, "/oauth2/token", &form).send().await;
        assert_refused(&answer, "invalid_client");
        bodies.push(answer.json());
    }
    for header in ["Basic", "Basic !", "Basic a2ltOmE=", "Bearer abc", "Digest x"] {
        let answer = posted(&stack, "/oauth2/token", &[GRANT]).header("authorization", header).send().await;
        assert_refused(&answer, "invalid_client");
        bodies.push(answer.json());
    }
    for form in [&[GRANT][..], &[GRANT, ("client_id", &id)], &[GRANT, ("client_secret", secret)]] {
        let answer = posted(&stack, "/oauth2/token", form).send().await;
        assert_refused(&answer, "invalid_client");
        bodies.push(answer.json());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

/// T218: logging in here is no grant of OAuth, whoever tries.
#[both]
async fn nobody_gets_a_token_by_a_password_grant(stack: TestStack) {
    let (service, person) = (Service::new(&stack).await, stack.logged_in().await.person());
    let form = [("grant_type", "password"), ("username", &person.email), ("password", &person.password)];
    assert_refused(&posted(&stack, "/oauth2/token", &form).send().await, "unsupported_grant_type");
    let known = service.post(&stack, "/oauth2/token", &form).await;
    assert_refused(&known, "unsupported_grant_type");
    for grant in ["authorization_code", "implicit", "Client_Credentials", "client_credentials "] {
        let answer = service.post(&stack, "/oauth2/token", &[("grant_type", grant)]).await;
        assert_refused(&answer, "unsupported_grant_type");
    }
}
