//! What is promised of every answer, and what is refused of HTTP itself.

use serde_json::json;
use testkit::client::{Anonymous, Session};
use testkit::{Answer, TestStack, both};

use crate::written::Written;

/// A request as it goes over the wire.
fn request(line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{fields}\r\n")
}

async fn private_recipe(stack: &TestStack) -> (Session, Written) {
    let session = stack.logged_in().await;
    let recipe = Written::by(stack, &session, json!({ "title": "국" })).await;
    (session, recipe)
}

/// T199, T200: the method is the request line's, whatever else a request says.
#[both]
async fn no_header_or_parameter_changes_the_method(stack: TestStack) {
    let (session, recipe) = private_recipe(&stack).await;
    for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let call = stack.recipes.get(&recipe.path()).bearer(&session).header(header, "DELETE");
        call.header("if-match", "*").send().await.assert_status(200);
        let call = stack.recipes.post(&recipe.path()).bearer(&session).header(header, "DELETE");
        call.header("if-match", "*").json(&json!({})).send().await.assert_problem(405, "method_not_allowed");
    }
    let call = stack.recipes.get(&format!("{}?_method=DELETE", recipe.path())).bearer(&session);
    call.send().await.assert_problem(400, "unknown_parameter");
    recipe.again(&stack, &session).await;
}

/// T199
#[both]
async fn options_names_the_methods_of_a_path(stack: TestStack) {
    let (_, recipe) = private_recipe(&stack).await;
    for (path, allow) in [
        ("/v1/recipes".to_owned(), "GET, HEAD, OPTIONS, POST"),
        (recipe.path(), "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"),
        (format!("{}/publish", recipe.path()), "DELETE, OPTIONS, PUT"),
        ("/healthz".to_owned(), "GET, HEAD, OPTIONS"),
    ] {
        let answer = stack.recipes.request("OPTIONS".parse().unwrap(), &path).send().await;
        answer.assert_status(204);
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
}

/// T199
#[both]
async fn a_proxys_methods_are_refused(stack: TestStack) {
    for line in [
        "TRACE /v1/recipes",
        "TRACK /v1/recipes",
        "CONNECT example.com:443",
        "DEBUG /v1/recipes",
        "get /v1/recipes",
    ] {
        let answer = stack.recipes.raw(request(line, "")).expect("no answer");
        assert!([400, 404, 405].contains(&answer.status), "{answer}");
    }
}

/// T206
#[both]
async fn every_answer_is_guarded_against_guessing(stack: TestStack) {
    let (session, recipe) = private_recipe(&stack).await;
    let answers = [
        stack.recipe(&session, &recipe.id).await,
        stack.list_recipes(Anonymous, "").await,
        stack.recipe(Anonymous, &recipe.id).await,
        stack.create_recipe(Anonymous, json!({})).await,
        stack.recipes.get("/healthz").send().await,
        stack.recipes.get("/openapi.json").send().await,
        stack.recipes.get("/problems/not_found").send().await,
        stack.recipes.get("/docs/").send().await,
        stack.recipes.get("/nothing").send().await,
        stack.recipes.request("OPTIONS".parse().unwrap(), "/v1/recipes").send().await,
        stack.delete_recipe(&session, &recipe.id, "*").await,
    ];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
        assert!(!answer.header("x-request-id").is_empty(), "{answer}");
        assert_eq!((answer.header("server"), answer.header("x-powered-by")), ("", ""), "{answer}");
        assert!(answer.headers.get("set-cookie").is_none(), "{answer}");
        if answer.status >= 400 {
            assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        }
    }
}

/// T207
#[both]
async fn no_foreign_origin_is_let_in(stack: TestStack) {
    let (session, recipe) = private_recipe(&stack).await;
    for origin in
        ["https://evil.example", "null", "http://recipes.test.evil.example", "file://", "http://recipes.test"]
    {
        let get = stack.recipes.get(&recipe.path()).bearer(&session).header("origin", origin).send().await;
        let preflight = stack.recipes.request("OPTIONS".parse().unwrap(), &recipe.path());
        let preflight = preflight.header("origin", origin).header("access-control-request-method", "DELETE");
        for answer in [get, preflight.send().await] {
            let names = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(names.count(), 0, "{answer}");
        }
    }
}

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

/// T210: where the service is comes from its settings.
#[both]
async fn a_host_is_not_reflected(stack: TestStack) {
    for host in ["evil.example", "evil.example:1", "localhost", "x y", "\"><script>", "[::1", "a,b", "-"] {
        let text = format!(
            "GET /v1/recipes/x HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {host}\r\nConnection: close\r\n\r\n"
        );
        let Some(answer) = stack.recipes.raw(text) else { continue };
        assert!([400, 404].contains(&answer.status), "{answer}");
        if answer.status == 404 {
            answer.assert_problem(404, "not_found");
        }
        assert!(!answer.text().contains(host) || host == "-", "{answer}");
    }
    let absolute = stack
        .recipes
        .raw("GET http://evil.example/v1/recipes HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    let absolute: Answer = absolute.expect("no answer");
    assert!([200, 400, 404].contains(&absolute.status) && !absolute.text().contains("evil"), "{absolute}");
    let old = stack.recipes.raw("GET /v1/recipes HTTP/1.0\r\n\r\n").expect("no answer");
    assert!([200, 400].contains(&old.status), "{old}");
}

/// T212
#[both]
async fn an_id_of_a_request_is_echoed_when_it_is_one(stack: TestStack) {
    let ask = async |id: &[u8]| stack.recipes.get("/v1/recipes/x").header("x-request-id", id).send().await;
    for id in ["a", "A-z_0.9", &"x".repeat(64)] {
        let answer = ask(id.as_bytes()).await;
        assert_eq!(answer.header("x-request-id"), id);
        assert_eq!(answer.assert_problem(404, "not_found")["request_id"], id);
    }
    for id in [
        &b""[..],
        b" ",
        b"a b",
        b"a;b",
        b"<script>",
        b"\x1b[31m",
        b"\xff",
        &[b'x'; 65],
        &[b'x'; 10_000],
        "가".as_bytes(),
        b"../x",
    ] {
        // A byte that no header may have is not sent by any client.
        if id.contains(&0x1b) {
            continue;
        }
        let answer = ask(id).await;
        answer.assert_problem(404, "not_found");
        assert_ne!(answer.header("x-request-id").as_bytes(), id);
    }
}

/// T198: the page that a problem's type leads to is there.
#[both]
async fn every_type_of_problem_has_a_page(stack: TestStack) {
    let document = stack.recipes.get("/openapi.json").send().await.json();
    let codes = document.pointer("/components/schemas/Problem/properties/code/enum").unwrap();
    for code in codes.as_array().unwrap() {
        let code = code.as_str().unwrap();
        let page = stack.recipes.get(&format!("/problems/{code}")).send().await;
        assert!(page.assert_status(200).text().contains(code), "{page}");
    }
}
