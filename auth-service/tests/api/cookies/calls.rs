//! What a cookie opens, and what it takes besides.

use serde_json::{Value, json};
use testkit::client::Request;
use testkit::stack::Options;
use testkit::{TestStack, both, everywhere};

use super::{Page, soup};
use crate::answers::{claims, text};
use crate::database::Database;

#[everywhere]
async fn a_cookie_opens_what_a_header_does_at_every_service(stack: TestStack) {
    let page = Page::opened(&stack).await;
    page.assert_logged_in(&stack).await;
    for copy in 0..stack.copies() {
        let post = page.call(&stack.recipes(copy).recipes, "POST", "/v1/recipes");
        post.json(&soup()).send().await.assert_status(201);
        let patch = page.call(&stack.auth(copy).auth, "PATCH", "/v1/me");
        patch.merge_patch(&json!({ "name": "Cheolsu" })).send().await.assert_status(200);
    }
}

/// Calls that change something, as another page of the browser can make them.
fn forged(page: &Page, stack: &TestStack) -> Vec<Request> {
    let call = |service: &testkit::client::Listener, method: &str, path: &str| {
        service.request(method.parse().unwrap(), path).cookies(&page.jar)
    };
    vec![
        call(&stack.auth, "PATCH", "/v1/me").merge_patch(&json!({ "name": "Mallory" })),
        call(&stack.auth, "DELETE", "/v1/me"),
        call(&stack.auth, "POST", "/v1/me/password")
            .json(&json!({ "current_password": page.person.password, "new_password": "kongnamul guk 71" })),
        call(&stack.auth, "POST", "/v1/reauthenticate").json(&json!({ "password": page.person.password })),
        call(&stack.recipes, "POST", "/v1/recipes").json(&soup()),
        call(&stack.recipes, "POST", "/v1/ingredients/parse").json(&json!({ "lines": ["물 1컵"] })),
    ]
}

/// A browser sends its cookies along whoever makes it call. What changes something must show that the session's own page
/// meant it.
#[both]
async fn a_call_that_changes_something_needs_the_sessions_csrf_token(stack: TestStack) {
    let (page, other) = (Page::opened(&stack).await, Page::opened(&stack).await);
    let before = page.get(&stack.auth, "/v1/me").send().await.json();
    let claim = claims(page.jar.value("access"))["csrf"].as_str().unwrap().to_owned();
    let wrong = ["", "x", &other.csrf_token, &claim, &page.csrf_token.to_uppercase(), &page.csrf_token[1..]];
    for request in forged(&page, &stack) {
        request.send().await.assert_problem(403, "csrf_failed");
    }
    for token in wrong {
        for request in forged(&page, &stack) {
            request.header("x-csrf-token", token).send().await.assert_problem(403, "csrf_failed");
        }
    }
    for request in forged(&page, &stack) {
        let twice =
            request.header("x-csrf-token", &page.csrf_token).header("x-csrf-token", &other.csrf_token);
        twice.send().await.assert_problem(403, "csrf_failed");
    }
    assert_eq!(page.get(&stack.auth, "/v1/me").send().await.json(), before);
    let list = page.get(&stack.recipes, "/v1/recipes").send().await.json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(Database::of(&stack).count("sessions").await, 2);
}

/// What the claim says is what any verifier can compute of the token, in any language.
#[both]
async fn the_access_token_names_its_csrf_token(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let said = claims(page.jar.value("access"));
    assert_eq!(said["csrf"], common::token::csrf_claim(&page.csrf_token));
    assert_eq!(page.csrf_token.len(), 22);
    assert_eq!(claims(&stack.logged_in().await.access_token)["csrf"], Value::Null);
}

/// A token that was not given out for cookies has no CSRF token: in a cookie it opens nothing that changes something.
#[both]
async fn a_token_that_was_meant_for_a_header_changes_nothing_as_a_cookie(stack: TestStack) {
    let (page, session) = (Page::opened(&stack).await, stack.logged_in().await);
    for token in ["", "x", &page.csrf_token] {
        let cookie =
            stack.recipes.post("/v1/recipes").header("cookie", format!("access={}", session.access_token));
        let answer = cookie.header("x-csrf-token", token).json(&soup()).send().await;
        answer.assert_problem(403, "csrf_failed");
    }
}

/// Whoever says who is calling means that, whatever the browser adds.
#[both]
async fn a_header_beats_a_cookie(stack: TestStack) {
    let (page, session) = (Page::opened(&stack).await, stack.logged_in().await);
    let me = page.get(&stack.auth, "/v1/me").bearer(&session).send().await;
    assert_eq!(me.json()["id"], session.user_id);
    // No page of another origin can write the header, so nothing else is asked.
    let post = stack.recipes.post("/v1/recipes").cookies(&page.jar).bearer(&session);
    let recipe = post.json(&soup()).send().await;
    recipe.assert_status(201);
    assert_eq!(recipe.json()["owner"]["id"], session.user_id);

    for (service, path) in [(&stack.auth, "/v1/me"), (&stack.recipes, "/v1/recipes")] {
        page.get(service, path).bearer("nonsense").send().await.assert_invalid_token();
    }
    for scheme in ["Basic a2ltOmE=", "Negotiate abc"] {
        let answer = page.get(&stack.auth, "/v1/me").header("authorization", scheme).send().await;
        answer.assert_problem(401, "missing_token");
    }
    let refreshed =
        stack.auth.post("/v1/refresh").cookies(&page.jar).bearer(&session.refresh_token).send().await;
    assert_eq!(text(&refreshed, "session_id"), session.session_id);
    assert_eq!(refreshed.cookies(), []);
    page.assert_logged_in(&stack).await;
}

/// T009, T166: a cookie by another name is none; without TLS, that of TLS is another.
#[both]
async fn a_cookie_of_another_name_is_nobodys(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let (access, refresh) = (page.jar.value("access"), page.jar.value("refresh"));
    for name in
        ["token", "access_token", "Access", "ACCESS", "__Host-access", "xaccess", "access-token", "session"]
    {
        let cookie = stack.auth.get("/v1/me").header("cookie", format!("{name}={access}"));
        cookie.send().await.assert_problem(401, "missing_token");
    }
    for name in ["token", "refresh_token", "Refresh", "__Secure-refresh", "__Host-refresh", "access"] {
        let cookie = stack.auth.post("/v1/refresh").header("cookie", format!("{name}={refresh}"));
        let answer = cookie.header("origin", super::OWN).send().await;
        answer.assert_problem(401, "missing_token");
    }
    // T026: the other token in its place.
    let swapped = stack.auth.get("/v1/me").header("cookie", format!("access={refresh}"));
    swapped.send().await.assert_invalid_token();
    let swapped = stack.auth.post("/v1/refresh").header("cookie", format!("refresh={access}"));
    swapped.header("origin", super::OWN).send().await.assert_problem(401, "refresh_token_invalid");
    page.assert_logged_in(&stack).await;
}

/// Behind TLS, a neighbour without it cannot plant a session.
#[both]
async fn behind_tls_a_cookie_without_its_prefix_is_nobodys(options: Options) {
    let stack = options.set("RECIPES_PUBLIC_URL", "https://recipes.example.org").start().await;
    let token = stack.logged_in().await.access_token;
    let with = |name: &str| stack.recipes.get("/v1/recipes").header("cookie", format!("{name}={token}"));
    let planted = with("access").send().await;
    // Taken for nobody's: what everybody may see.
    assert_eq!((planted.status, planted.header("cache-control")), (200, "public, max-age=60"));
    let own = with("__Host-access").send().await;
    assert_eq!((own.status, own.header("cache-control")), (200, "private, no-cache"));
}

/// One of two was planted by somebody, and nobody can tell which.
#[both]
async fn two_cookies_of_one_name_are_too_many(stack: TestStack) {
    let (page, other) = (Page::opened(&stack).await, Page::opened(&stack).await);
    let (one, two) = (page.jar.value("access"), other.jar.value("access"));
    let twice = stack.auth.get("/v1/me").header("cookie", format!("access={one}; a=b; access={two}"));
    twice.send().await.assert_problem(400, "multiple_credentials");
    let lines = stack.auth.get("/v1/me").header("cookie", format!("access={one}"));
    lines.header("cookie", format!("access={two}")).send().await.assert_problem(400, "multiple_credentials");
    let (one, two) = (page.jar.value("refresh"), other.jar.value("refresh"));
    for path in ["/v1/refresh", "/v1/logout"] {
        let twice = stack.auth.post(path).header("cookie", format!("refresh={one}; refresh={two}"));
        twice.header("origin", super::OWN).send().await.assert_problem(400, "multiple_credentials");
    }
    page.assert_logged_in(&stack).await;
}

/// A host has cookies of others, too, whatever they look like.
#[both]
async fn cookies_of_others_are_not_looked_at(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let access = page.jar.value("access");
    for cookies in [
        format!("a=1;access={access}; b=\"2, 3\""),
        format!("=; ; ;access={access}"),
        format!("theme=\u{c5b4}\u{b460}; access={access}; accessx=1"),
        format!("a=access=1; access={access}"),
    ] {
        stack.auth.get("/v1/me").header("cookie", &cookies).send().await.assert_status(200);
    }
    let encoded = access.replace('.', "%2E");
    let answer = stack.auth.get("/v1/me").header("cookie", format!("access={encoded}")).send().await;
    answer.assert_invalid_token();
}

/// What a browser is shown of public recipes depends on its cookie: a cache is told so.
#[both]
async fn an_answer_to_a_cookie_is_for_its_owner_alone(stack: TestStack) {
    let page = Page::opened(&stack).await;
    let mine = page.call(&stack.recipes, "POST", "/v1/recipes").json(&soup()).send().await;
    let path = format!("/v1/recipes/{}", text(&mine, "id"));
    for path in ["/v1/recipes", &path] {
        let answer = page.get(&stack.recipes, path).send().await;
        assert_eq!(answer.header("cache-control"), "private, no-cache", "{answer}");
        assert!(answer.header("vary").contains("Cookie"), "{answer}");
    }
    let public = stack.recipes.get("/v1/recipes").send().await;
    assert_eq!(public.header("cache-control"), "public, max-age=60");
    assert!(public.header("vary").contains("Cookie"), "{public}");
}

/// The cookie outlives the token: what it opens no more says so, and is not taken for a stranger's call.
#[both]
async fn an_expired_cookie_is_told_to_refresh(stack: TestStack) {
    let page = Page::opened(&stack).await;
    stack.clock.advance(std::time::Duration::from_secs(16 * 60)).await;
    for (service, path) in [(&stack.auth, "/v1/me"), (&stack.recipes, "/v1/recipes")] {
        page.get(service, path).send().await.assert_problem(401, "token_expired");
    }
    page.call(&stack.recipes, "POST", "/v1/recipes")
        .json(&soup())
        .send()
        .await
        .assert_problem(401, "token_expired");
}
