use common::revocations::feed::Kind;
use serde_json::json;

use crate::keyholder::Keyholder;

/// Ends something that a token names, and checks that it takes this token along and no other.
async fn ends_the_token(kind: Kind, claim: &str) {
    let service = Keyholder::open();
    let claims = service.forge.claims();
    let id = claims.0[claim].as_str().unwrap().to_owned();
    let (token, other) = (service.forge.with_claims(claims).to_string(), service.forge.token().to_string());
    for _ in 0..2 {
        service.get("/auth").bearer(&token).send().await.assert_status(200);
    }

    service.end(kind, &id);

    for path in ["/auth", "/maybe", "/person"] {
        service.get(path).bearer(&token).send().await.assert_problem(401, "token_revoked");
    }
    service.get("/auth").bearer(&other).send().await.assert_status(200);
}

#[actix_rt::test]
async fn an_ended_session_ends_its_tokens() {
    ends_the_token(Kind::Session, "sid").await;
}

#[actix_rt::test]
async fn an_ended_token_is_refused() {
    ends_the_token(Kind::Token, "jti").await;
}

#[actix_rt::test]
async fn a_subjects_older_tokens_are_refused() {
    ends_the_token(Kind::Subject, "sub").await;
}

#[actix_rt::test]
async fn a_subjects_tokens_of_the_present_version_go_on() {
    let service = Keyholder::open();
    let claims = service.forge.claims().with("uv", json!(1));
    service.end(Kind::Subject, claims.0["sub"].as_str().unwrap());
    let token = service.forge.with_claims(claims).to_string();
    service.get("/auth").bearer(&token).send().await.assert_status(200);
}

#[actix_rt::test]
async fn a_revoked_key_revokes_all_that_it_signed() {
    let service = Keyholder::open();
    let token = service.forge.token().to_string();
    service.get("/auth").bearer(&token).send().await.assert_status(200);
    service.end(Kind::Key, service.forge.key.kid());
    service.get("/auth").bearer(&token).send().await.assert_problem(401, "token_revoked");
    let new = service.forge.token().to_string();
    service.get("/auth").bearer(&new).send().await.assert_problem(401, "token_revoked");
}
