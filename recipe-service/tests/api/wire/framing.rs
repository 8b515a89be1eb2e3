use testkit::{TestStack, both};

use super::private_recipe;

/// T203: where a request ends is beyond doubt, or the connection ends.
#[both]
async fn what_is_behind_an_ambiguous_request_is_not_answered(stack: TestStack) {
    let (session, recipe) = private_recipe(&stack).await;
    let delete = format!(
        "DELETE /v1/recipes/{} HTTP/1.1\r\nHost: test\r\nIf-Match: *\r\nAuthorization: Bearer {}\r\n\r\n",
        recipe.id, session.access_token
    );
    for framing in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: -4\r\n",
        "Content-Length: 4 4\r\n",
        "Content-Length: 4,4\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-Folded: a\r\n b\r\n",
        "X-Nul: a\0b\r\n",
        "Content-Length\r\n: 4\r\n",
    ] {
        let first = format!(
            "POST /v1/recipes HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n{framing}\r\n"
        );
        let answer = stack.recipes.raw(format!("{first}0\r\n\r\n{delete}"));
        if let Some(answer) = answer {
            assert_eq!(answer.status, 400, "{framing:?}: {answer}");
            assert_eq!(answer.text().matches("HTTP/1.1").count(), 0, "{framing:?}: {answer}");
        }
    }
    recipe.again(&stack, &session).await;
}

/// T204
#[both]
async fn a_head_without_measure_is_refused(stack: TestStack) {
    let many: String = (0..200).map(|number| format!("X-{number}: 1\r\n")).collect();
    for fields in
        [many, format!("X-Long: {}\r\n", "x".repeat(200_000)), format!("{}: 1\r\n", "x".repeat(200_000))]
    {
        let answer = stack.recipes.raw(super::request("GET /v1/recipes", &fields));
        assert!(answer.as_ref().is_none_or(|answer| [400, 413, 431].contains(&answer.status)), "{answer:?}");
    }
    let long = stack.recipes.raw(super::request(&format!("GET /v1/recipes?{}", "x".repeat(16_000)), ""));
    long.expect("no answer").assert_problem(414, "uri_too_long");
}
