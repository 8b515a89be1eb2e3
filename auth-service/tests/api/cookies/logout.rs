//! How a session leaves the browser, and what takes its place.

use std::time::Duration;

use serde_json::json;
use testkit::client::Jar;
use testkit::stack::Options;
use testkit::{TestStack, both, eventually, everywhere};

use super::{APP, FOREIGN, Page, assert_takes_cookies_back, by_cookie, soup, with_an_app};
use crate::answers::{members, text};
use crate::database::Database;

const NEW: &str = "kongnamul guk 71";

/// T076, T078: both tokens die with the session, and the browser has neither any more.
#[everywhere]
async fn logging_out_ends_the_session_and_takes_its_cookies_back(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let answer = page.logout(stack.auth(stack.copies() - 1), "").await;
    answer.assert_status(204);
    assert_takes_cookies_back(&answer);
    page.assert_logged_out(&stack).await;
    for copy in 0..stack.copies() {
        eventually("recipe-service has heard of it", async || {
            let answer = page.get(&stack.recipes(copy).recipes, "/v1/recipes").send().await;
            (answer.status == 401).then_some(())
        })
        .await;
    }
    // T077: again is the same.
    let again = page.logout(&stack, "").await;
    again.assert_status(204);
    assert_takes_cookies_back(&again);
    assert_eq!(Database::of(&stack).count("revocations").await, 1);
}

/// T207: nobody is logged out by another page.
#[both]
async fn a_page_of_another_origin_logs_nobody_out(options: Options) {
    let stack = with_an_app(options).await;
    let page = Page::opened(&stack).await;
    for scope in ["", "?scope=others", "?scope=all"] {
        let post = || stack.auth.post(&format!("/v1/logout{scope}")).cookies(&page.jar);
        let mut requests: Vec<_> = FOREIGN.map(|origin| post().header("origin", origin)).into();
        requests.push(post());
        requests.push(post().header("x-csrf-token", &page.csrf_token));
        for request in requests {
            let answer = request.send().await;
            answer.assert_problem(403, "csrf_failed");
            assert_eq!(answer.cookies(), []);
        }
    }
    page.assert_logged_in(&stack).await;
    let listed = stack.auth.post("/v1/logout").cookies(&page.jar).header("origin", APP);
    listed.send().await.assert_status(204);
}

/// Whoever logs others out stays, with the cookies; whoever logs everybody out goes.
#[both]
async fn other_sessions_end_by_cookie_too(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let other = stack.logged_in_again(&page.person).await;
    let answer = page.logout(&stack, "?scope=others").await;
    answer.assert_status(204);
    assert_eq!(answer.cookies(), []);
    stack.me(&other).await.assert_problem(401, "token_revoked");
    page.assert_logged_in(&stack).await;

    let other = stack.logged_in_again(&page.person).await;
    let answer = page.logout(&stack, "?scope=all").await;
    answer.assert_status(204);
    assert_takes_cookies_back(&answer);
    stack.me(&other).await.assert_problem(401, "token_revoked");
    page.assert_logged_out(&stack).await;
}

/// T082: who comes back after days, when the access token is long over, still logs out; so does who lost one cookie.
#[both]
async fn whichever_cookie_is_left_logs_out(stack: TestStack) {
    let page = Page::opened(&stack).await;
    stack.clock.advance(Duration::from_secs(20 * 24 * 3600)).await;
    page.logout(&stack, "").await.assert_status(204);
    page.refresh(&stack).await.assert_problem(401, "session_ended");

    let page = Page::opened(&stack).await;
    let access = format!("access={}", page.jar.value("access"));
    let request = stack.auth.post("/v1/logout").header("cookie", &access).header("origin", super::OWN);
    let answer = request.send().await;
    answer.assert_status(204);
    assert_takes_cookies_back(&answer);
    page.assert_logged_out(&stack).await;
}

/// Cookies that are good for nothing go as well: that is what the browser asked for.
#[both]
async fn whoever_logs_out_of_nothing_is_rid_of_the_cookies(stack: TestStack) {
    for cookies in ["refresh=nonsense; access=nonsense", "refresh=jrt1_; access=nonsense", "access=nonsense"]
    {
        let request = stack.auth.post("/v1/logout").header("cookie", cookies).header("origin", super::OWN);
        let answer = request.send().await;
        answer.assert_status(401);
        assert_takes_cookies_back(&answer);
    }
    let nobody = stack.auth.post("/v1/logout").header("origin", super::OWN).send().await;
    nobody.assert_problem(401, "missing_token");
    assert_eq!(nobody.cookies(), []);
}

/// What was kept from scripts is not shown to them because the session is another one.
#[both]
async fn another_session_takes_the_way_of_the_one_before(stack: TestStack) {
    let mut page = Page::opened(&stack).await;
    let known = [
        "csrf_token",
        "expires_in",
        "refresh_expires_at",
        "scope",
        "session_expires_at",
        "session_id",
        "user",
    ];
    for (path, body) in [
        ("/v1/reauthenticate", json!({ "password": page.person.password })),
        ("/v1/me/password", json!({ "current_password": page.person.password, "new_password": NEW })),
    ] {
        let old =
            Page { person: page.person.clone(), jar: page.jar.clone(), csrf_token: page.csrf_token.clone() };
        let answer = page.call(&stack.auth, "POST", path).json(&body).send().await;
        answer.assert_status(200);
        assert_eq!(members(&answer.json()), known);
        page.jar.keep(&answer);
        page.csrf_token = text(&answer, "csrf_token");
        old.assert_logged_out(&stack).await;
        page.assert_logged_in(&stack).await;
        let post = page.call(&stack.recipes, "POST", "/v1/recipes").json(&soup());
        post.send().await.assert_status(201);
        // A tab of before, with the CSRF token of a session that is over.
        let post =
            stack.recipes.post("/v1/recipes").cookies(&page.jar).header("x-csrf-token", old.csrf_token);
        post.json(&soup()).send().await.assert_problem(403, "csrf_failed");
        assert_eq!(text(&page.refresh(&stack).await, "csrf_token"), page.csrf_token);
        let answer = page.refresh(&stack).await;
        page.jar.keep(&answer);
    }
}

#[both]
async fn who_deletes_the_account_has_no_cookies_of_it(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let answer = page.call(&stack.auth, "DELETE", "/v1/me").send().await;
    answer.assert_status(204);
    assert_takes_cookies_back(&answer);
    page.assert_logged_out(&stack).await;
}

/// Each session of a browser that is used by several people has its own.
#[both]
async fn the_next_person_at_a_browser_has_the_next_cookies(stack: TestStack) {
    let first = Page::opened(&stack).await;
    let person = stack.logged_in().await.person();
    let login =
        stack.auth.post("/v1/login?transport=cookie").cookies(&first.jar).header("origin", super::OWN);
    let answer = login.json(&person.credentials()).send().await;
    let mut jar: Jar = first.jar.clone();
    jar.keep(&answer);
    let me = stack.auth.get("/v1/me").cookies(&jar).send().await;
    assert_eq!(me.json()["email"], person.email);
    let again = by_cookie(&stack, "/v1/login", &person.credentials()).await;
    assert_ne!(text(&again, "csrf_token"), text(&answer, "csrf_token"));
}
