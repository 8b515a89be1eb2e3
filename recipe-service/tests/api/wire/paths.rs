use testkit::{TestStack, both};

use super::{private_recipe, request};

/// T208: what is for operators is on their listener, and nothing is served from a disk.
#[both]
async fn the_public_listener_has_nothing_for_operators(stack: TestStack) {
    let session = stack.logged_in().await;
    for path in [
        "/",
        "/metrics",
        "/livez",
        "/readyz",
        "/internal/revocations",
        "/internal/people",
        "/debug",
        "/debug/pprof",
        "/openapi",
        "/swagger",
        "/admin",
        "/v1/admin/users",
        "/.git/HEAD",
        "/.env",
        "/.well-known/security.txt",
        "/favicon.ico",
        "/v1",
        "/v1/",
        "/v2/recipes",
        "/v1/recipe",
        "/v1/users",
        "/v1/me",
        "/v1/sessions",
        "/v1/households",
        "/v1/people",
        "/recipes",
        "/actuator",
        "/graphql",
        "/server-status",
        "/index.html",
        "/docs/../etc/passwd",
        "/problems/nothing",
        "/problems/",
    ] {
        stack.recipes.get(path).send().await.assert_problem(404, "not_found");
        stack.recipes.get(path).bearer(&session).send().await.assert_problem(404, "not_found");
    }
}

/// T209: a path that is written in another way is the same path, or none.
#[both]
async fn no_spelling_of_a_path_passes_a_refusal(stack: TestStack) {
    let (author, recipe) = private_recipe(&stack).await;
    let stranger = stack.logged_in().await;
    let id = &recipe.id;
    let spellings = [
        format!("//v1/recipes/{id}"),
        format!("/v1//recipes/{id}"),
        format!("/./v1/recipes/{id}"),
        format!("/v1/./recipes/{id}"),
        format!("/v1/x/../recipes/{id}"),
        format!("/v1/%2e%2e/v1/recipes/{id}"),
        format!("/v1/recipes/{id}/"),
        format!("/v1/recipes/{id};x=1"),
        format!("/v1/recipes/{id}%00"),
        format!("/v1/recipes/{id}%2f"),
        format!("/v1/recipes/{id}#x"),
        format!("/V1/recipes/{id}"),
        format!("/v1/Recipes/{id}"),
        format!("/%76%31/recipes/{id}"),
        format!("/v1%2frecipes%2f{id}"),
        format!("/v1\\recipes\\{id}"),
        format!("/v1/recipes/{id}/publish/../"),
        format!("/v1/recipes/{id}%09"),
        format!("/v1/recipes/%30{}", &id[1..]),
        format!("/healthz/../v1/recipes/{id}"),
        format!("/docs/../v1/recipes/{id}"),
    ];
    for path in &spellings {
        for (method, fields) in
            [("GET", ""), ("DELETE", "If-Match: *\r\n"), ("PUT", "If-Match: *\r\nContent-Length: 0\r\n")]
        {
            let fields = format!("{fields}Authorization: Bearer {}\r\n", stranger.access_token);
            let answer = stack.recipes.raw(request(&format!("{method} {path}"), &fields));
            if let Some(answer) = answer {
                assert!([400, 404, 405, 415].contains(&answer.status), "{answer}");
            }
        }
    }
    recipe.again(&stack, &author).await;
}
