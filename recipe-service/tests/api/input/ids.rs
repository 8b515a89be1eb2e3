use testkit::client::Anonymous;
use testkit::{TestStack, both};

use super::Counter;

/// T186: a text that is no id of ours names nothing.
#[both]
async fn a_malformed_id_names_nothing(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let (session, id) = (&counter.session, &counter.recipe.id);
    let simple = id.replace('-', "");
    let mut ids: Vec<String> = [
        "-1",
        "0",
        "1",
        "2147483648",
        "9223372036854775808",
        "18446744073709551616",
        "1e3",
        "+1",
        "0x1",
        "%201",
        "null",
        "undefined",
        "me",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%27%20OR%201=1--",
        "*",
        "%25",
        "_",
        "김치",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "%ff",
        "%",
        "0192f0c1-2d3e-7abc-8def-0123456789ag",
    ]
    .map(str::to_owned)
    .into();
    ids.extend([
        simple,
        format!("%7B{id}%7D"),
        format!("urn:uuid:{id}"),
        format!("{id}%00"),
        format!("{id}%20"),
        format!("%20{id}"),
    ]);
    ids.extend([
        format!("{id}x"),
        format!("{id}.json"),
        id[1..].to_owned(),
        id.replace('-', "_"),
        "x".repeat(7_000),
    ]);
    for id in &ids {
        let path = format!("/v1/recipes/{id}");
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let call =
                stack.recipes.request(method.parse().unwrap(), &path).bearer(session).header("if-match", "*");
            let answer = call.body("application/json", "{\"title\":\"x\"}").send().await;
            answer.assert_problem(404, "not_found");
        }
        for method in ["PUT", "DELETE"] {
            let call = stack.recipes.request(method.parse().unwrap(), &format!("{path}/publish"));
            call.bearer(session).send().await.assert_problem(404, "not_found");
        }
        for (method, behind) in [
            ("GET", "/revisions"),
            ("GET", "/revisions/1"),
            ("POST", "/revisions/1/restore"),
            ("GET", "/me"),
            ("DELETE", "/me"),
            ("POST", "/undelete"),
            ("GET", "/shares"),
            ("POST", "/shares"),
        ] {
            let call = stack.recipes.request(method.parse().unwrap(), &format!("{path}{behind}"));
            call.bearer(session).send().await.assert_problem(404, "not_found");
        }
        let of_revisions = format!("{}/revisions/{id}", counter.recipe.path());
        if id != "1" {
            stack.recipes.get(&of_revisions).bearer(session).send().await.assert_problem(404, "not_found");
        }
        let of_shares = format!("{}/shares/{id}", counter.recipe.path());
        stack.recipes.delete(&of_shares).bearer(session).send().await.assert_problem(404, "not_found");
        stack
            .recipes
            .delete(&format!("/v1/trash/{id}"))
            .bearer(session)
            .send()
            .await
            .assert_problem(404, "not_found");
        stack.recipes.get(&format!("/v1/shared/{id}")).send().await.assert_problem(404, "not_found");
        stack.recipe(Anonymous, id).await.assert_problem(404, "not_found");
    }
    counter.assert_nothing_kept().await;
}

/// T186, T204: an address of ten kilobytes.
#[both]
async fn a_very_long_id_is_refused_unread(stack: TestStack) {
    let session = stack.logged_in().await;
    for length in [8_200, 10_240, 60_000] {
        let answer = stack.recipe(&session, &"x".repeat(length)).await;
        answer.assert_problem(414, "uri_too_long");
    }
}

#[both]
async fn an_id_may_be_written_in_capitals(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let answer = stack.recipe(&counter.session, &counter.recipe.id.to_uppercase()).await;
    assert_eq!(answer.assert_status(200).json()["id"], counter.recipe.id);
}
