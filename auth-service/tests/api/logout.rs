//! POST /v1/logout.

use std::time::Duration;

use serde_json::json;
use testkit::forge::{Key, Token};
use testkit::{Session, TestStack, both, everywhere};

use crate::answers::{access_token, assert_invalid, assert_revoked, claims, refresh_token};
use crate::database::Database;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Two sessions of one person, and one of somebody else.
async fn sessions(stack: &TestStack) -> (Session, Session, Session) {
    let one = stack.logged_in().await;
    let two = stack.logged_in_again(&one.person()).await;
    (one, two, stack.logged_in().await)
}

async fn assert_over(stack: &TestStack, session: &Session) {
    for copy in 0..stack.copies() {
        stack.auth(copy).refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
    }
    assert_revoked(stack, &session.access_token).await;
}

async fn assert_lives(stack: &TestStack, session: &Session) {
    for copy in 0..stack.copies() {
        stack.auth(copy).me(session).await.assert_status(200);
        stack.recipes(copy).list_recipes(session, "").await.assert_status(200);
        stack.auth(copy).refresh(&session.refresh_token).await.assert_status(200);
    }
}

/// T076, T078-T080: both tokens die with the session, by whichever of them it is ended, and no other session does.
#[everywhere]
async fn a_session_is_ended_by_either_of_its_tokens(stack: TestStack) {
    for by_refresh_token in [false, true] {
        let (one, two, somebody) = sessions(&stack).await;
        let token = if by_refresh_token { &one.refresh_token } else { &one.access_token };
        let answer = stack.auth(stack.copies() - 1).logout(token).await;
        answer.assert_status(204);
        assert!(answer.body.is_empty());
        assert_over(&stack, &one).await;
        assert_lives(&stack, &two).await;
        assert_lives(&stack, &somebody).await;
    }
}

#[both]
async fn a_refresh_token_may_come_in_the_body(stack: TestStack) {
    let session = stack.logged_in().await;
    let body = json!({ "refresh_token": session.refresh_token });
    stack.auth.post("/v1/logout").json(&body).send().await.assert_status(204);
    assert_over(&stack, &session).await;
}

/// T077
#[both]
async fn logging_out_again_is_the_same(stack: TestStack) {
    let session = stack.logged_in().await;
    for token in
        [&session.access_token, &session.access_token, &session.refresh_token, &session.refresh_token]
    {
        stack.logout(token).await.assert_status(204);
    }
    let database = Database::of(&stack);
    assert_eq!(database.count("revocations").await, 1);
    assert_eq!(database.number("SELECT count(*) AS value FROM audit WHERE event = 'logged_out'").await, 1);
}

#[both]
async fn a_spent_refresh_token_ends_its_session_too(stack: TestStack) {
    let session = stack.logged_in().await;
    let next = refresh_token(&stack.refresh(&session.refresh_token).await);
    stack.logout(&session.refresh_token).await.assert_status(204);
    stack.refresh(&next).await.assert_problem(401, "session_ended");
}

/// T081
#[everywhere]
async fn all_sessions_of_a_person_end_at_once(stack: TestStack) {
    for by_refresh_token in [false, true] {
        let (one, two, somebody) = sessions(&stack).await;
        let token = if by_refresh_token { &one.refresh_token } else { &one.access_token };
        stack.auth(stack.copies() - 1).logout_of("all", token).await.assert_status(204);
        assert_over(&stack, &one).await;
        assert_over(&stack, &two).await;
        assert_lives(&stack, &somebody).await;
        let again = stack.logged_in_again(&one.person()).await;
        assert_lives(&stack, &again).await;
    }
}

#[everywhere]
async fn the_other_sessions_of_a_person_end_and_this_one_stays(stack: TestStack) {
    for by_refresh_token in [false, true] {
        let (one, two, somebody) = sessions(&stack).await;
        let three = stack.logged_in_again(&one.person()).await;
        let token = if by_refresh_token { &one.refresh_token } else { &one.access_token };
        stack.auth(stack.copies() - 1).logout_of("others", token).await.assert_status(204);
        assert_over(&stack, &two).await;
        assert_over(&stack, &three).await;
        assert_lives(&stack, &one).await;
        assert_lives(&stack, &somebody).await;
    }
}

#[both]
async fn where_there_are_no_others_nothing_ends(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.logout_of("others", &session).await.assert_status(204);
    assert_lives(&stack, &session).await;
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
}

/// T082: who comes back after days logs out, of that session alone.
#[both]
async fn a_token_that_has_expired_lately_ends_its_own_session(stack: TestStack) {
    let session = stack.logged_in().await;
    let token = Token::parse(&session.access_token);
    stack.clock.advance(7 * DAY).await;
    for scope in ["others", "all"] {
        stack.logout_of(scope, &session).await.assert_problem(401, "token_expired");
    }
    stack.me(&session).await.assert_problem(401, "token_expired");
    stack.logout(&token.to_string()).await.assert_status(204);
    stack.refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
}

/// T082
#[both]
async fn a_token_that_expired_more_than_a_week_ago_ends_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.clock.advance(7 * DAY + Duration::from_secs(16 * 60)).await;
    stack.logout(&session).await.assert_problem(401, "token_expired");
    stack.refresh(&session.refresh_token).await.assert_status(200);
}

/// T082: within the leeway a token that is over is as good as one that is not.
#[both]
async fn a_token_within_the_leeway_ends_all_sessions(stack: TestStack) {
    let (one, two, _) = sessions(&stack).await;
    stack.clock.advance(Duration::from_secs(15 * 60 + 5)).await;
    stack.logout_of("all", &one).await.assert_status(204);
    stack.refresh(&two.refresh_token).await.assert_problem(401, "session_ended");
}

/// T085: what is not ours ends nothing, and leaves nothing behind.
#[both]
async fn a_forged_token_ends_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let forge = stack.forge().await;
    let stranger = forge.with_key(Key::es256());
    let claims = stranger.claims().with("sub", json!(session.user_id)).with("sid", json!(session.session_id));
    let forged = [
        stranger.with_claims(claims.clone()).to_string(),
        stranger.sign(stranger.header().with("kid", json!(forge.key.kid())), claims.clone()).to_string(),
        stranger
            .sign(stranger.header().with("alg", json!("none")), claims.clone())
            .signed_with([])
            .to_string(),
        forge.with_claims(claims.with("iss", json!("http://evil.test"))).to_string(),
        "not.a.token".to_owned(),
        "jrt1_".to_owned(),
        String::new(),
    ];
    for scope in ["local", "others", "all"] {
        for token in &forged {
            let answer = stack.logout_of(scope, token).await;
            let code = if token.starts_with("jrt1_") { "refresh_token_invalid" } else { "invalid_token" };
            answer.assert_problem(401, code);
        }
    }
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
    assert_lives(&stack, &session).await;
}

/// T086: nothing in a request but its own token says whose session it ends.
#[both]
async fn nobody_ends_the_session_of_somebody_else(stack: TestStack) {
    let (mine, theirs) = (stack.logged_in().await, stack.logged_in().await);
    for member in ["session_id", "sid", "jti", "sub", "user_id", "token"] {
        let body = json!({ (member): theirs.session_id });
        let answer = stack.auth.post("/v1/logout").bearer(&mine).json(&body).send().await;
        assert_invalid(&answer, &[(&format!("/{member}"), "unknown_member")]);
    }
    let both =
        stack.auth.post("/v1/logout").bearer(&mine).json(&json!({ "refresh_token": theirs.refresh_token }));
    both.send().await.assert_problem(400, "multiple_credentials");
    assert_lives(&stack, &theirs).await;
    assert_lives(&stack, &mine).await;
}

#[both]
async fn the_token_of_a_service_has_no_session_to_end(stack: TestStack) {
    let forge = stack.forge().await;
    let token = forge.with_claims(forge.service_claims()).to_string();
    for scope in ["local", "others", "all"] {
        stack.logout_of(scope, &token).await.assert_problem(403, "forbidden");
    }
}

#[both]
async fn without_a_token_nothing_ends(stack: TestStack) {
    stack.auth.post("/v1/logout").send().await.assert_problem(401, "missing_token");
    stack.auth.post("/v1/logout").json(&json!({})).send().await.assert_problem(401, "missing_token");
    let basic = stack.auth.post("/v1/logout").header("authorization", "Basic a2ltOmE=");
    basic.send().await.assert_problem(401, "missing_token");
}

#[both]
async fn a_scope_that_is_none_is_refused_by_name(stack: TestStack) {
    let session = stack.logged_in().await;
    for scope in ["", "everywhere", "LOCAL", "local&scope=all", "all%00"] {
        let answer = stack.logout_of(scope, &session).await;
        let problem = answer.assert_problem(400, "invalid_parameter");
        assert!(problem["detail"].as_str().unwrap().contains("scope"), "{answer}");
    }
    let answer = stack.auth.post("/v1/logout?session=all").bearer(&session).send().await;
    answer.assert_problem(400, "unknown_parameter");
    assert_lives(&stack, &session).await;
}

/// T079: more than its own session ends only by a refresh token that would still be exchanged.
#[both]
async fn a_spent_refresh_token_ends_no_other_session(stack: TestStack) {
    let (one, two, _) = sessions(&stack).await;
    let next = refresh_token(&stack.refresh(&one.refresh_token).await);
    for scope in ["others", "all"] {
        stack.logout_of(scope, &one.refresh_token).await.assert_problem(401, "refresh_token_invalid");
    }
    assert_lives(&stack, &two).await;
    stack.logout(&next).await.assert_status(204);
    for scope in ["others", "all"] {
        stack.logout_of(scope, &next).await.assert_problem(401, "session_ended");
        stack.logout_of(scope, &one).await.assert_problem(401, "token_revoked");
    }
    assert_lives(&stack, &two).await;
}

#[both]
async fn an_expired_session_ends_no_other_one(stack: TestStack) {
    let old = stack.logged_in().await;
    stack.clock.advance(31 * DAY).await;
    let new = stack.logged_in_again(&old.person()).await;
    stack.logout_of("all", &old.refresh_token).await.assert_problem(401, "session_ended");
    assert_lives(&stack, &new).await;
    stack.logout(&old.refresh_token).await.assert_status(204);
}

/// T087: what is ended is a session, not a text: another token of it is over as well.
#[both]
async fn every_token_of_a_session_dies_with_it(stack: TestStack) {
    let session = stack.logged_in().await;
    let forge = stack.forge().await;
    let own = claims(&session.access_token);
    let mut twin = forge.claims();
    for (name, value) in own.as_object().unwrap() {
        twin = twin.with(name, value.clone());
    }
    // The same claims written in another order and signed anew.
    let reordered = forge.sign(forge.header(), twin.followed_by("\"more\":1")).to_string();
    let other = access_token(&stack.refresh(&session.refresh_token).await);
    stack.list_recipes(&reordered, "").await.assert_status(200);

    stack.logout(&session).await.assert_status(204);
    for token in [&session.access_token, &reordered, &other] {
        assert_revoked(&stack, token).await;
    }
}

/// T098: nothing of a log-out needs a verifier to listen, nor Redis to be there.
#[both]
async fn logging_out_works_while_nobody_reads_the_feed(options: testkit::stack::Options) {
    let nowhere = "redis://127.0.0.1:1/";
    let stack = options.set("AUTH_REDIS_URL", nowhere).set("RECIPES_REDIS_URL", nowhere).start().await;
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);
    assert_over(&stack, &session).await;
}
