//! `x-access-token`, where that is allowed.

use serde_json::json;
use testkit::both;
use testkit::stack::Options;

#[both]
async fn the_old_header_carries_a_token_to_either_service(options: Options) {
    let options = options.set("AUTH_LEGACY_TOKEN_HEADER", "true").set("RECIPES_LEGACY_TOKEN_HEADER", "true");
    let stack = options.start().await;
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    for get in [stack.auth.get("/v1/me"), stack.recipes.get("/v1/recipes")] {
        get.header("x-access-token", &session.access_token).send().await.assert_status(200);
    }
    for (path, method) in [("/v1/me", "GET"), ("/v1/logout", "POST"), ("/v1/refresh", "POST")] {
        let request = || stack.auth.request(method.parse().unwrap(), path);
        for second in [&session.access_token, &session.refresh_token, &other.access_token] {
            let two = request().header("x-access-token", &session.access_token).bearer(second);
            two.send().await.assert_problem(400, "multiple_credentials");
            let two = request().header("x-access-token", second).header("x-access-token", second);
            two.send().await.assert_problem(400, "multiple_credentials");
        }
    }
    // Whatever the other header is.
    for other in ["Basic dXNlcjpwYXNzd29yZA==", "Bearer", "Token x"] {
        for get in [stack.auth.get("/v1/me"), stack.recipes.get("/v1/recipes"), stack.auth.post("/v1/logout")]
        {
            let two = get.header("x-access-token", &session.access_token).header("authorization", other);
            two.send().await.assert_problem(400, "multiple_credentials");
        }
    }
    let in_body = stack.auth.post("/v1/logout").header("x-access-token", &session.access_token);
    let in_body = in_body.json(&json!({ "refresh_token": other.refresh_token }));
    in_body.send().await.assert_problem(400, "multiple_credentials");
    stack.me(&session).await.assert_status(200);

    let out = stack.auth.post("/v1/logout").header("x-access-token", &session.access_token);
    out.send().await.assert_status(204);
    let get = stack.auth.get("/v1/me").header("x-access-token", &session.access_token);
    get.send().await.assert_problem(401, "token_revoked");
    stack.me(&other).await.assert_status(200);
}

#[both]
async fn the_old_header_is_nothing_where_it_is_not_allowed(stack: testkit::TestStack) {
    let session = stack.logged_in().await;
    for path in ["/v1/me", "/v1/logout", "/v1/refresh"] {
        let method = if path == "/v1/me" { "GET" } else { "POST" };
        let request = stack.auth.request(method.parse().unwrap(), path);
        let request = request.header("x-access-token", &session.access_token);
        request.send().await.assert_problem(401, "missing_token");
    }
    let beside = stack.auth.get("/v1/me").header("x-access-token", "bad").bearer(&session);
    beside.send().await.assert_status(200);
}
