//! POST /v1/refresh by cookie.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Jar;
use testkit::stack::Options;
use testkit::{TestStack, both, everywhere};

use super::{APP, FOREIGN, OWN, Page, assert_takes_cookies_back, by_cookie, soup, with_an_app};
use crate::answers::{members, text};
use crate::database::Database;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// T150: what was kept from scripts at the log-in stays so.
#[everywhere]
async fn a_refresh_by_cookie_is_answered_by_cookies(stack: TestStack) {
    let mut page = Page::opened(&stack).await;
    for (round, query) in ["", "?transport=cookie", ""].iter().enumerate() {
        let (old_access, old_refresh) =
            (page.jar.value("access").to_owned(), page.jar.value("refresh").to_owned());
        let client = stack.auth(round % stack.copies());
        let request = client.auth.post(&format!("/v1/refresh{query}")).cookies(&page.jar);
        let answer = request.header("origin", OWN).send().await;
        answer.assert_status(200);
        let body = answer.json();
        let known =
            ["csrf_token", "expires_in", "refresh_expires_at", "scope", "session_expires_at", "session_id"];
        assert_eq!(members(&body), known);
        page.jar.keep(&answer);
        let (access, refresh) = (page.jar.value("access"), page.jar.value("refresh"));
        assert!(access != old_access && refresh != old_refresh);
        assert!(!answer.text().contains(access) && !answer.text().contains(refresh), "{answer}");
        page.assert_logged_in(&stack).await;
    }
}

/// The refresh token goes to the two calls that take it: what else logs or leaks a request does not have it.
#[both]
async fn the_refresh_cookie_is_sent_where_it_is_taken(stack: TestStack) {
    let page = Page::opened(&stack).await;
    for path in ["/v1/refresh", "/v1/logout"] {
        assert_eq!(page.jar.names_for(path), ["access", "refresh", "device"], "{path}");
    }
    for path in ["/", "/v1/me", "/v1/login", "/v1/recipes", "/v1/refreshing", "/v1"] {
        assert_eq!(page.jar.names_for(path), ["access", "device"], "{path}");
    }
}

/// T207: the access cookie may have expired, so that there is nothing to compare a CSRF token with. The origin decides, and
/// a call of a page that may not changes nothing.
#[both]
async fn a_page_of_another_origin_refreshes_nothing(options: Options) {
    let stack = with_an_app(options).await;
    let mut page = Page::opened(&stack).await;
    let post = |page: &Page| stack.auth.post("/v1/refresh").cookies(&page.jar);
    let mut requests: Vec<_> = FOREIGN.map(|origin| post(&page).header("origin", origin)).into();
    requests.push(post(&page));
    requests.push(post(&page).header("origin", OWN).header("origin", "https://evil.example"));
    requests.push(post(&page).header("x-csrf-token", &page.csrf_token));
    for request in requests {
        let answer = request.send().await;
        answer.assert_problem(403, "csrf_failed");
        assert_eq!(answer.cookies(), []);
    }
    assert_eq!(Database::of(&stack).number("SELECT generation AS value FROM sessions").await, 0);
    for origin in [OWN, APP] {
        let answer = post(&page).header("origin", origin).send().await;
        answer.assert_status(200);
        page.jar.keep(&answer);
    }
}

/// Two tabs wake up at once, with one jar between them: whichever answer's cookies stay, both can go on.
#[everywhere]
async fn tabs_that_refresh_at_once_go_on_with_one_session(stack: TestStack) {
    let page = Page::opened(&stack).await;
    for _ in 0..5 {
        let refreshes = (0..8).map(|tab| page.refresh(stack.auth(tab % stack.copies())));
        let answers = join_all(refreshes).await;
        let jars: Vec<Jar> = answers
            .iter()
            .map(|answer| {
                answer.assert_status(200);
                let mut jar = Jar::default();
                jar.keep(answer);
                jar
            })
            .collect();
        let csrf_tokens: Vec<String> = answers.iter().map(|answer| text(answer, "csrf_token")).collect();
        for jar in &jars {
            assert_eq!(jar.value("refresh"), jars[0].value("refresh"));
        }
        // The last answer's cookies are what all tabs have now, each with the CSRF token that it was told.
        for jar in [&jars[0], &jars[7]] {
            for csrf_token in &csrf_tokens {
                let post = stack.recipes.post("/v1/recipes").cookies(jar).header("x-csrf-token", csrf_token);
                post.json(&soup()).send().await.assert_status(201);
            }
        }
    }
    page.assert_logged_in(&stack).await;
}

/// A tab that has not refreshed for long, and knows nothing of it, calls with the cookies that another tab brought.
#[both]
async fn a_tab_that_slept_calls_with_what_another_brought(stack: TestStack) {
    let mut page = Page::opened(&stack).await;
    for _ in 0..3 {
        stack.clock.advance(16 * MINUTE).await;
        let answer = page.refresh(&stack).await;
        page.jar.keep(&answer);
    }
    let post = page.call(&stack.recipes, "POST", "/v1/recipes").json(&soup());
    post.send().await.assert_status(201);
}

/// A session can be taken into cookies by the page that has its refresh token.
#[both]
async fn a_session_of_the_body_can_move_into_cookies(stack: TestStack) {
    let session = stack.logged_in().await;
    let body = json!({ "refresh_token": session.refresh_token });
    let stranger = stack.auth.post("/v1/refresh?transport=cookie").header("origin", "https://evil.example");
    stranger.json(&body).send().await.assert_problem(403, "csrf_failed");
    let answer = by_cookie(&stack, "/v1/refresh", &body).await;
    answer.assert_status(200);
    Page::of(&answer, session.person()).assert_logged_in(&stack).await;
}

#[both]
async fn less_may_be_asked_for_by_cookie(stack: TestStack) {
    let mut page = Page::opened(&stack).await;
    let request = stack.auth.post("/v1/refresh").cookies(&page.jar).header("origin", OWN);
    let answer = request.json(&json!({ "scope": "recipes:read" })).send().await;
    assert_eq!(text(&answer, "scope"), "recipes:read");
    page.jar.keep(&answer);
    let post = page.call(&stack.recipes, "POST", "/v1/recipes").json(&soup());
    post.send().await.assert_problem(403, "insufficient_scope");
}

/// A cookie that is refused for good is taken back: no script could throw it away, and with it no call would be answered,
/// not even those that need no token.
#[both]
async fn a_refused_refresh_takes_the_cookies_back(stack: TestStack) {
    let page = Page::opened(&stack).await;
    page.refresh(&stack).await.assert_status(200);
    stack.clock.advance(MINUTE).await;
    let reused = page.refresh(&stack).await;
    reused.assert_problem(401, "refresh_token_reused");
    let ended = page.refresh(&stack).await;
    ended.assert_problem(401, "session_ended");
    let nonsense = stack.auth.post("/v1/refresh").header("cookie", "refresh=nonsense").header("origin", OWN);
    let nonsense = nonsense.send().await;
    nonsense.assert_problem(401, "refresh_token_invalid");
    let slept = Page::opened(&stack).await;
    stack.clock.advance(31 * DAY).await;
    let expired = slept.refresh(&stack).await;
    expired.assert_problem(401, "refresh_token_expired");
    for answer in [reused, ended, nonsense, expired] {
        assert_takes_cookies_back(&answer);
    }
    // Not where it came in the body, which is no browser's doing.
    let body = stack.auth.post("/v1/refresh").cookies(&page.jar).json(&json!({ "refresh_token": "jrt1_" }));
    let answer = body.send().await;
    answer.assert_problem(401, "refresh_token_invalid");
    assert_eq!(answer.cookies(), []);
}

/// What passes leaves the browser its session.
#[both]
async fn a_refusal_for_now_leaves_the_cookies(options: Options) {
    let stack = options.set("AUTH_RATE_LIMITS", "on").set("AUTH_LIMIT_REFRESH", "1/1m").start().await;
    let mut page = Page::opened(&stack).await;
    let answer = page.refresh(&stack).await;
    page.jar.keep(&answer);
    let limited = page.refresh(&stack).await;
    limited.assert_problem(429, "rate_limited");
    assert_eq!(limited.cookies(), []);
    page.assert_logged_in(&stack).await;
}
