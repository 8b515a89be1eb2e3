use testkit::{TestStack, both};

use super::Counter;

/// T190, T195: what is not JSON (RFC 8259) is told so, and no more.
#[both]
async fn what_is_not_json_is_refused(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let deep = |depth: usize| {
        format!("{{\"title\":\"국\",\"extras\":{{\"x\":{}{}}}}}", "[".repeat(depth), "]".repeat(depth))
    };
    let too_deep = deep(200);
    let very_deep = deep(100_000);
    for body in [
        &b""[..],
        b" ",
        b"\xef\xbb\xbf{\"title\":\"x\"}",
        b"{",
        b"{}}",
        b"{\"title\":\"x\"} x",
        b"{\"title\":\"x\"},",
        b"{\"title\":\"x\"}{\"title\":\"y\"}",
        b"{'title':'x'}",
        b"{title:\"x\"}",
        b"{\"title\":\"x\",}",
        b"{\"title\":\"x\"/* c */}",
        b"// c\n{\"title\":\"x\"}",
        b"{\"title\":undefined}",
        b"{\"title\":NaN}",
        b"{\"title\":\"x\",\"extras\":{\"n\":Infinity}}",
        b"{\"title\":\"x\",\"extras\":{\"n\":01}}",
        b"{\"title\":\"x\",\"extras\":{\"n\":1.}}",
        b"{\"title\":\"x\",\"extras\":{\"n\":.5}}",
        b"{\"title\":\"x\",\"extras\":{\"n\":+1}}",
        b"{\"title\":\"x\",\"extras\":{\"n\":0x1}}",
        b"{\"title\":\"\n\"}",
        b"{\"title\":\"\\x\"}",
        b"{\"title\":\"\\u12\"}",
        b"{\"title\":True}",
        b"title=x",
        b"<title>x</title>",
        b"\x00",
        // Lone surrogates, as values, as names, the wrong way round, and where a member is ignored.
        b"{\"title\":\"\\ud800\"}",
        b"{\"title\":\"\\udc00\"}",
        b"{\"title\":\"\\ud800x\"}",
        b"{\"title\":\"\\udf72\\ud83c\"}",
        b"{\"title\":\"x\",\"extras\":{\"\\ud800\":1}}",
        b"{\"title\":\"x\",\"id\":\"\\ud800\"}",
        b"{\"title\":\"x\",\"tags\":[\"\\ud83c\\u0041\"]}",
        // Not UTF-8: alone, cut short, too long, a surrogate, and UTF-16.
        b"{\"title\":\"\xff\"}",
        b"{\"title\":\"\xec\xb0\"}",
        b"{\"title\":\"\xc0\x80\"}",
        b"{\"title\":\"\xed\xa0\x80\"}",
        b"\xff\xfe{\x00}\x00",
        too_deep.as_bytes(),
        very_deep.as_bytes(),
    ] {
        for answer in counter.send(body).await {
            let problem = answer.assert_problem(400, "malformed_json");
            assert_eq!(problem.get("errors"), None, "{answer}");
        }
    }
    counter.assert_nothing_kept().await;
}

#[both]
async fn another_value_than_an_object_is_refused(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for body in ["null", "[]", "\"title\"", "1", "true", "[{\"title\":\"x\"}]"] {
        for answer in counter.send(body.as_bytes()).await {
            let problem = answer.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["pointer"], "", "{answer}");
        }
    }
    counter.assert_nothing_kept().await;
}

#[both]
async fn json_may_be_written_in_any_way_that_json_allows(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let body = b" \r\n\t{ \"\\u0074itle\" : \"\\uae40\\ud83c\\udf72\\/\\u005c\" ,\n\"extras\":{\"\":{}} } \n";
    let (recipes, session) = (&stack.recipes, &counter.session);
    let answer =
        recipes.post("/v1/recipes").bearer(session).body("application/json", body.to_vec()).send().await;
    assert_eq!(answer.assert_status(201).json()["title"], "김🍲/\\");
}
