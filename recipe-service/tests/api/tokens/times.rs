//! The times in a token, as numbers. Where exactly their limits are is tried in `second.rs`.

use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::door::Door;

/// T028
#[both]
async fn an_end_that_is_no_number_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let end = door.forge.now() + 900;
    door.refuses_without("exp").await;
    let values = [
        json!(null),
        json!(end.to_string()),
        json!("2030-01-01T00:00:00Z"),
        json!(""),
        json!(true),
        json!([end]),
        json!({ "exp": end }),
    ];
    door.refuses_claims("exp", values).await;
}

/// T030
#[both]
async fn an_end_that_is_an_odd_number_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let texts = [
        "0",
        "-1",
        "1",
        "-9223372036854775808",
        "-9223372036854775809",
        "-0",
        "-1e3",
        "1e308",
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x7fffffff",
        "+1",
        "01",
        "1_000",
        "1e",
        ".5",
        "0o7",
    ];
    door.refuses_claim_texts("exp", &texts).await;
}

/// T031
#[both]
async fn an_end_too_far_off_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let milliseconds = ((door.forge.now() + 900) * 1000).to_string();
    let texts = [
        "2147483648",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "1000000000000000000000000000000",
        &milliseconds,
    ];
    door.refuses_claim_texts("exp", &texts).await;
    // The other end at the limit as well, so that no subtraction overflows.
    for (iat, exp) in
        [("-9223372036854775808", "9223372036854775807"), ("9223372036854775807", "-9223372036854775808")]
    {
        let claims = door.forge.claims().without("iat").without("exp");
        let text = claims.followed_by(&format!("\"iat\":{iat},\"exp\":{exp}"));
        door.refuses(format!("from {iat} to {exp}"), door.forge.with_claims(text)).await;
    }
}

/// T032: a NumericDate is a whole number of seconds, written as one.
#[both]
async fn an_end_with_a_fraction_or_an_exponent_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let end = door.forge.now() + 900;
    let texts = [format!("{end}.0"), format!("{end}.5"), format!("{end}e0"), format!("{}e1", end / 10)];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    for _ in 0..2 {
        door.refuses_claim_texts("exp", &texts).await;
    }
}

/// T034
#[both]
async fn a_token_that_is_not_good_yet_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let now = door.forge.now();
    let values =
        [json!(now + 3600), json!(now + 60), json!(now.to_string()), json!(null), json!(1.5), json!([now])];
    door.refuses_claims("nbf", values).await;
    door.refuses_claim_texts("nbf", &["9223372036854775807", "9223372036854775808", "1e400"]).await;
}

/// T035
#[both]
async fn a_token_with_an_impossible_beginning_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let now = door.forge.now();
    door.refuses_without("iat").await;
    let values =
        [json!(null), json!(now.to_string()), json!(1.5), json!([now]), json!(-1), json!(now + 3600)];
    door.refuses_claims("iat", values).await;
    for (what, iat, exp) in [
        ("exp before iat", now, now - 1),
        ("exp is iat", now, now),
        ("made in the future", now + 3600, now + 4500),
        ("an hour and a second", now, now + 3601),
        ("a day", now - 3600, now + 82_800),
        ("from the beginning of time", 0, now + 900),
    ] {
        let claims = door.forge.claims().with("iat", json!(iat)).with("exp", json!(exp));
        door.refuses(what, door.forge.with_claims(claims)).await;
    }
}

#[both]
async fn a_token_that_is_over_says_so(stack: TestStack) {
    let door = Door::of(&stack).await;
    let now = door.forge.now();
    let claims = door.forge.claims().with("iat", json!(now - 900)).with("exp", json!(now - 60));
    door.show(door.forge.with_claims(claims)).await.assert_problem(401, "token_expired");
}

#[both]
async fn a_token_that_was_believed_is_over_when_its_time_is(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.list_recipes(&session, "").await.assert_status(200);
    stack.clock.advance(std::time::Duration::from_secs(15 * 60 + 31)).await;
    stack.list_recipes(&session, "").await.assert_problem(401, "token_expired");
    let refreshed = stack.refresh(&session.refresh_token).await.assert_ok().json();
    let Value::String(token) = &refreshed["access_token"] else { panic!("no token: {refreshed}") };
    stack.list_recipes(token, "").await.assert_status(200);
}
