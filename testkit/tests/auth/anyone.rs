use common::web::Problem;
use serde_json::{Value, json};

use crate::keyholder::{Forgetful, Keyholder};

#[actix_rt::test]
async fn the_whole_claim_set_is_given() {
    let service = Keyholder::open();
    let claims = service.forge.claims().with("ext", json!({ "house": [7] })).with("csrf", json!("abc"));
    let token = service.forge.with_claims(claims.clone()).to_string();
    let answer = service.get("/auth").bearer(&token).send().await;
    assert_eq!(answer.assert_status(200).json(), Value::Object(claims.0));
}

#[actix_rt::test]
async fn the_claims_of_a_service_have_nothing_of_a_person() {
    let service = Keyholder::open();
    let claims = service.forge.service_claims();
    let token = service.forge.with_claims(claims.clone()).to_string();
    let answer = service.get("/auth").bearer(&token).send().await;
    assert_eq!(answer.assert_status(200).json(), Value::Object(claims.0));
    service.get("/person").bearer(&token).send().await.assert_problem(403, "forbidden");
}

#[actix_rt::test]
async fn without_a_token_auth_asks_for_one_and_maybe_does_not() {
    let service = Keyholder::open();
    service.get("/auth").send().await.assert_problem(401, "missing_token");
    let answer = service.get("/maybe").send().await;
    assert_eq!(answer.assert_status(200).json(), json!({ "sub": null }));
}

#[actix_rt::test]
async fn maybe_knows_who_came_with_a_good_token() {
    let service = Keyholder::open();
    let claims = service.forge.claims();
    let answer =
        service.get("/maybe").bearer(&service.forge.with_claims(claims.clone()).to_string()).send().await;
    assert_eq!(answer.assert_status(200).json()["sub"], claims.0["sub"]);
}

/// Who tried to say who they are is not a stranger: with a bad token they are refused, not served less.
#[actix_rt::test]
async fn maybe_refuses_a_bad_token() {
    let service = Keyholder::open();
    let now = service.forge.now();
    let over = service.forge.claims().with("iat", json!(now - 900)).with("exp", json!(now - 60));
    for (value, code) in [
        ("Bearer nonsense".to_owned(), "invalid_token"),
        ("Bearer".to_owned(), "invalid_token"),
        (format!("Bearer {}", service.forge.with_claims(over)), "token_expired"),
        ("Basic dXNlcjpwYXNz".to_owned(), "missing_token"),
        ("nonsense".to_owned(), "missing_token"),
    ] {
        let answer = service.get("/maybe").header("authorization", &value).send().await;
        answer.assert_problem(401, code);
    }
}

#[actix_rt::test]
async fn two_extractors_of_one_handler_agree() {
    let service = Keyholder::open();
    let claims = service.forge.claims().with("scope", json!("bread:bake"));
    let token = service.forge.with_claims(claims.clone()).to_string();
    let answer = service.get("/twice").bearer(&token).send().await;
    assert_eq!(answer.assert_status(200).json(), json!([claims.0["sub"], claims.0["sub"]]));
}

#[actix_rt::test]
async fn whoever_must_be_asked_has_the_last_word() {
    let service = Keyholder::open_with(|door| door.confirmed_by(std::sync::Arc::new(Forgetful)));
    let token = service.forge.token().to_string();
    for path in ["/auth", "/maybe", "/twice"] {
        service.get(path).bearer(&token).send().await.assert_status(401);
    }
    service.get("/auth").bearer("nonsense").send().await.assert_invalid_token();
    service.get("/maybe").send().await.assert_status(200);
}

common::codes! {
    /// The codes of a service of its own mind.
    pub OWN;
    CLOSED = 403 "closed", "The bakery is closed.", "Come back in the morning.";
}

#[actix_rt::test]
async fn what_a_refusal_looks_like_is_the_services_choice() {
    let service = Keyholder::open_with(|door| door.refusing_with(|_| Problem::new(&CLOSED).into()));
    let lacking = service.forge.token().to_string();
    for path in ["/auth", "/scoped", "/role", "/fresh", "/people/somebody"] {
        service.get(path).send().await.assert_problem(403, "closed");
        service.get(path).bearer("nonsense").send().await.assert_problem(403, "closed");
    }
    for path in ["/scoped", "/role", "/people/somebody"] {
        service.get(path).bearer(&lacking).send().await.assert_problem(403, "closed");
    }
    service.get("/maybe").bearer("nonsense").send().await.assert_problem(403, "closed");
}
