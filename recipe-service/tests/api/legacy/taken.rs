//! Which old tokens are taken, and for whom.

use std::time::Duration;

use common::time::Instant;
use serde_json::{Value, json};
use testkit::client::Anonymous;
use testkit::journal::Watch;
use testkit::stack::Options;
use testkit::{TestStack, both, eventually, python};

use super::{Move, SECRET};
use crate::written::Written;

/// As Flask-JWT-Extended itself makes them.
#[both]
async fn an_old_token_lets_its_person_in_as_who_they_are_here(options: Options) {
    let at = Move::start(options).await;
    let session = at.known_as("7").await;
    let made: Value = serde_json::from_str(&python("flask_tokens.py", &[SECRET]).await).unwrap();
    let made = |name: &str| made[name].as_str().unwrap().to_owned();

    for name in
        ["of a number", "of a text", "fresh", "fresh for a while", "fresh no more", "with more claims"]
    {
        at.list_recipes(&made(name), "").await.assert_status(200);
    }
    for name in ["refresh", "of a day", "without an end"] {
        at.list_recipes(&made(name), "").await.assert_invalid_token();
    }

    let recipe = Written::by(&at, &made("of a number"), json!({ "title": "국" })).await;
    assert_eq!(recipe.body["owner"]["id"], session.user_id);
    assert_eq!(recipe.again(&at, &session).await.body["title"], "국");
    // The roles that an old token claims are no roles here, and it is nobody else's.
    let other = at.known_as("8").await;
    at.recipe(&at.token("8"), &recipe.id).await.assert_problem(404, "not_found");
    at.recipe(&other, &recipe.id).await.assert_problem(404, "not_found");
    at.recipe(&made("of a text"), &recipe.id).await.assert_status(200);
}

/// T235: no line of the log shows as much as its signature, however it comes and whatever becomes of it.
#[both]
async fn an_old_token_is_not_in_the_log(options: Options) {
    let at = Move::start(options.set("RECIPES_LEGACY_TOKEN_HEADER", "true")).await;
    at.known_as("7").await;
    let (good, stranger) = (at.token("7"), at.token("8"));
    let over = at.claims("7").with("iat", json!(at.old.now() - 1000)).with("exp", json!(at.old.now() - 100));
    let over = at.old.sign(at.header(), over).to_string();
    for (token, status) in [(good, 200), (stranger, 401), (over, 401)] {
        let watch = Watch::for_text(token.rsplit('.').next().unwrap());
        let get = || at.recipes.get("/v1/recipes");
        for request in [
            get().bearer(&token),
            get().header("x-access-token", &token),
            get().header("cookie", format!("access={token}")),
        ] {
            request.send().await.assert_status(status);
        }
        assert_eq!(watch.lines(), Vec::<String>::new());
    }
}

#[both]
async fn an_old_token_of_nobody_who_is_known_here_is_refused(options: Options) {
    let at = Move::start(options).await;
    let session = at.known_as("7").await;
    for stranger in
        [json!(8), json!("8"), json!("07"), json!(" 7"), json!(""), json!(session.user_id), Value::Null]
    {
        at.list_recipes(&at.token(stranger), "").await.assert_invalid_token();
    }
}

#[both]
async fn an_old_token_is_taken_where_that_is_wanted_alone(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.call(&session.user_id, "7").await;
    let made: Value = serde_json::from_str(&python("flask_tokens.py", &[SECRET]).await).unwrap();
    stack.list_recipes(made["of a text"].as_str().unwrap(), "").await.assert_invalid_token();
}

/// T010, T011, T012, T017
#[both]
async fn what_is_not_an_old_token_to_the_letter_is_none(options: Options) {
    let at = Move::start(options).await;
    at.known_as("7").await;
    let (ours, jwks) = (at.forge().await, at.jwks().await.body);
    let with_secret =
        |secret: &[u8]| at.old.with_key(testkit::forge::Key::hmac(testkit::forge::Hmac::Hs256, secret));
    let sign = |header, claims| at.old.sign(header, claims).to_string();
    for (what, token) in [
        ("a kid", sign(at.header().with("kid", json!("x")), at.claims("7"))),
        ("our kid", sign(at.header().with("kid", json!(ours.key.kid())), at.claims("7"))),
        ("our kid and claims", sign(at.header().with("kid", json!(ours.key.kid())), ours.claims())),
        ("our claims", sign(at.header(), ours.claims())),
        ("none", sign(at.header().with("alg", json!("none")), at.claims("7"))),
        ("HS512", sign(at.header().with("alg", json!("HS512")), at.claims("7"))),
        ("our algorithm", sign(at.header().with("alg", json!("ES256")), at.claims("7"))),
        (
            "another secret",
            with_secret(b"of somebody else, who guesses well").sign(at.header(), at.claims("7")).to_string(),
        ),
        ("our public key", with_secret(&jwks).sign(at.header(), at.claims("7")).to_string()),
        ("our key without a kid", ours.sign(ours.header().without("kid"), at.claims("7")).to_string()),
        ("a refresh token", sign(at.header(), at.claims("7").with("type", json!("refresh")))),
        ("an issuer", sign(at.header(), at.claims("7").with("iss", json!("https://old.test")))),
        ("our issuer", sign(at.header(), at.claims("7").with("iss", json!(at.auth.public_url)))),
        ("another audience", sign(at.header(), at.claims("7").with("aud", json!("auth")))),
        ("no jti", sign(at.header(), at.claims("7").without("jti"))),
    ] {
        let answer = at.list_recipes(&token, "").await;
        assert_eq!(answer.status, 401, "{what}: {answer}");
        answer.assert_invalid_token();
    }
    at.list_recipes(&at.token("7"), "").await.assert_status(200);
    at.list_recipes(&ours.token().to_string(), "").await.assert_status(200);
}

#[both]
async fn old_tokens_have_their_time(options: Options) {
    let until = Instant::from_secs(common::clock::Clock::system().now().as_secs() + 3600);
    let at = Move::start_until(options, &until.to_string()).await;
    let session = at.known_as("7").await;
    at.stack.clock.advance(Duration::from_secs(3000)).await;
    at.until_let_in("7").await;

    at.stack.clock.advance(Duration::from_secs(601)).await;

    at.list_recipes(&at.token("7"), "").await.assert_invalid_token();
    let own = at.refresh(&session.refresh_token).await.assert_ok().json();
    at.list_recipes(own["access_token"].as_str().unwrap(), "").await.assert_status(200);
}

#[both]
async fn an_old_token_that_is_over_says_so(options: Options) {
    let at = Move::start(options).await;
    at.known_as("7").await;
    let now = at.old.now();
    let over = at
        .claims("7")
        .with("iat", json!(now - 1000))
        .with("nbf", json!(now - 1000))
        .with("exp", json!(now - 31));
    let over = at.old.sign(at.header(), over).to_string();
    at.list_recipes(&over, "").await.assert_problem(401, "token_expired");
}

#[both]
async fn an_issuer_with_a_name_is_named_by_its_tokens(options: Options) {
    let at = Move::start(options.set("RECIPES_LEGACY_ISSUER", "https://old.test")).await;
    let session = at.stack.logged_in().await;
    at.stack.call(&session.user_id, "7").await;
    let token = |iss: &str| at.old.sign(at.header(), at.claims("7").with("iss", json!(iss))).to_string();
    eventually("an old token is taken", async || {
        (at.list_recipes(&token("https://old.test"), "").await.status == 200).then_some(())
    })
    .await;
    at.list_recipes(&token("https://old.test/"), "").await.assert_invalid_token();
    at.list_recipes(&at.token("7"), "").await.assert_invalid_token();
}

#[both]
async fn an_old_token_comes_by_the_old_header_where_that_is_allowed(options: Options) {
    let at = Move::start(options.set("RECIPES_LEGACY_TOKEN_HEADER", "true")).await;
    let session = at.known_as("7").await;
    let get = || at.recipes.get("/v1/recipes");
    let post = || at.recipes.post("/v1/recipes").json(&json!({ "title": "국" }));
    post().header("x-access-token", at.token("7")).send().await.assert_status(201);
    post().header("x-access-token", &session.access_token).send().await.assert_status(201);
    let twice = get().header("x-access-token", at.token("7")).bearer(&session);
    twice.send().await.assert_problem(400, "multiple_credentials");
    let twice = get().header("x-access-token", at.token("7")).header("x-access-token", at.token("7"));
    twice.send().await.assert_problem(400, "multiple_credentials");
    get().header("x-access-token", at.token("8")).send().await.assert_invalid_token();
    post().send().await.assert_problem(401, "missing_token");
    at.list_recipes(Anonymous, "").await.assert_status(200);
}
