use serde_json::json;
use testkit::client::Anonymous;
use testkit::{Answer, TestStack, both};

use super::private_recipe;

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
