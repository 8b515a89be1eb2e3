//! Tokens that were good once, and tokens of another kind.

use common::ids::Uuid;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::json;
use testkit::forge::{Number, P256_ORDER, Token};
use testkit::journal::Watch;
use testkit::{TestStack, both, eventually, everywhere};

use super::door::Door;

/// T026: a refresh token opens the doors where sessions are refreshed and ended, and no other.
#[both]
async fn a_refresh_token_is_no_access_token(stack: TestStack) {
    let door = Door::of(&stack).await;
    let session = stack.logged_in().await;
    door.refuses("a refresh token", &session.refresh_token).await;
    stack.me(&session.refresh_token).await.assert_invalid_token();
    stack.refresh(&session.refresh_token).await.assert_ok();
}

/// T027
#[both]
async fn an_access_token_is_no_refresh_token_and_ends_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    for _ in 0..2 {
        stack.refresh(&session.access_token).await.assert_problem(401, "refresh_token_invalid");
        let as_bearer = stack.auth.post("/v1/refresh").bearer(&session).send().await;
        as_bearer.assert_problem(401, "refresh_token_invalid");
    }
    stack.me(&session).await.assert_status(200);
    stack.list_recipes(&session, "").await.assert_status(200);
    stack.refresh(&session.refresh_token).await.assert_ok();
}

/// T062
#[everywhere]
async fn the_token_of_a_disabled_account_is_refused(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    stack.list_recipes(&session, "").await.assert_status(200);

    stack.disable(&session.email).await;

    for copy in 0..stack.copies() {
        // The issuer asks its database, everyone else hears of it.
        stack.auth(copy).me(&session).await.assert_problem(401, "token_revoked");
        let answer = eventually("the token is refused", async || {
            let answer = stack.recipes(copy).list_recipes(&session, "").await;
            (answer.status != 200).then_some(answer)
        });
        answer.await.assert_problem(401, "token_revoked");
        stack.recipes(copy).list_recipes(&other, "").await.assert_status(200);
    }
}

/// T054: whoever has a signature can make its twin, so nothing may hang on a token's text.
#[both]
async fn the_twin_of_a_signature_ends_with_its_session(stack: TestStack) {
    let session = stack.logged_in().await;
    let token = Token::parse(&session.access_token);
    let signature = token.signature_bytes();
    let (r, s) = signature.split_at(32);
    let twin_s = Number::of(&P256_ORDER).minus(&Number::of(s)).bytes(32);
    let twin = token.clone().signed_with([r, &twin_s[..]].concat()).to_string();
    assert_ne!(twin, session.access_token);
    for _ in 0..2 {
        stack.list_recipes(&twin, "").await.assert_status(200);
    }

    stack.logout(&session).await.assert_status(204);

    eventually("the twin is refused", async || {
        let answer = stack.list_recipes(&twin, "").await;
        (answer.status != 200).then(|| answer.assert_problem(401, "token_revoked"))
    })
    .await;
}

/// T059
#[both]
async fn a_good_token_stays_good_however_many_bad_ones_come_between(stack: TestStack) {
    let door = Door::of(&stack).await;
    let good = door.forge.token().to_string();
    let show = async |token: String| door.show(token).await.status;
    let all_are = async |status: u16, tokens: Vec<String>| {
        let answers: Vec<u16> = stream::iter(tokens).map(&show).buffer_unordered(16).collect().await;
        assert!(answers.iter().all(|answered| *answered == status), "{answers:?}");
    };
    all_are(200, vec![good.clone(); 1000]).await;
    let mutilated = |n: usize| {
        let mut bytes = door.forge.token().to_string().into_bytes();
        let at = (n * 37) % bytes.len();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    all_are(401, (0..1000).map(mutilated).collect()).await;
    all_are(200, vec![good; 10]).await;
}

/// T057, T058: nothing that a badly signed token says is believed, told or logged as a fact.
#[both]
async fn what_a_badly_signed_token_says_is_not_repeated(stack: TestStack) {
    let door = Door::of(&stack).await;
    let marker = Uuid::now_v7().to_string();
    let watch = Watch::for_text(&marker);
    let bad = |token: Token| Token { signature: door.forge.token().signature, ..token };
    for claim in ["iss", "sub", "jti", "client_id", "scope", "sid", "aud", "roles", "amr", "ext", "unknown"] {
        for value in [json!(marker), json!([marker]), json!(format!("\r\n{marker}\u{1b}[31m"))] {
            let token = bad(door.forge.with_claims(door.forge.claims().with(claim, value)));
            let answer = door.show(&token).await;
            assert!(!answer.to_string().contains(&marker), "{answer}");
            door.refuses(format!("a marked {claim}"), token).await;
        }
    }
    for member in ["kid", "typ", "alg", "unknown"] {
        let answer = door.show(door.forge.with_header(door.forge.header().with(member, json!(marker)))).await;
        assert!(!answer.to_string().contains(&marker), "{answer}");
    }
    let now = door.forge.now();
    let over = door.forge.claims().with("iat", json!(now - 4000)).with("exp", json!(now - 3100));
    door.refuses("over, and badly signed", bad(door.forge.with_claims(over))).await;
    assert_eq!(watch.lines(), Vec::<String>::new());
}
