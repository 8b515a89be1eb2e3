use serde_json::json;
use testkit::{TestStack, both};

use super::{private_recipe, request};

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
