use serde_json::Value;
use testkit::{TestStack, both};

use super::Counter;

/// A recipe with one more member, written as it is.
fn with(member: &str) -> String {
    format!("{{\"title\":\"국\",{member}}}")
}

/// T194: a member of another type than its own is refused by its place.
#[both]
async fn a_wrong_type_is_named(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let item =
        |member: &str| format!("\"ingredient_groups\":[{{\"items\":[\"x\",{{\"raw\":\"물\",{member}}}]}}]");
    let step = |member: &str| format!("\"step_groups\":[{{\"items\":[{{\"text\":\"x\",{member}}}]}}]");
    let mut cases: Vec<(String, String)> = [
        ("\"description\":1", "/description"),
        ("\"description\":[\"x\"]", "/description"),
        ("\"language\":{}", "/language"),
        ("\"yield\":\"2인분\"", "/yield"),
        ("\"yield\":{\"raw\":2}", "/yield/raw"),
        ("\"yield\":{\"raw\":\"2\",\"unit\":true}", "/yield/unit"),
        ("\"times\":60", "/times"),
        ("\"times\":{\"prep\":\"60\"}", "/times/prep"),
        ("\"times\":{\"prep\":true}", "/times/prep"),
        ("\"ingredient_groups\":{}", "/ingredient_groups"),
        ("\"ingredient_groups\":[\"물\"]", "/ingredient_groups/0"),
        ("\"ingredient_groups\":[{\"title\":1}]", "/ingredient_groups/0/title"),
        ("\"ingredient_groups\":[{\"items\":\"물\"}]", "/ingredient_groups/0/items"),
        ("\"ingredient_groups\":[{\"items\":[1]}]", "/ingredient_groups/0/items/0"),
        ("\"ingredient_groups\":[{\"items\":[[\"물\"]]}]", "/ingredient_groups/0/items/0"),
        ("\"ingredient_groups\":[{\"items\":[null]}]", "/ingredient_groups/0/items/0"),
        ("\"step_groups\":[{\"items\":[1]}]", "/step_groups/0/items/0"),
        ("\"nutrition\":[]", "/nutrition"),
        ("\"tags\":\"찌개\"", "/tags"),
        ("\"tags\":[\"찌개\",1]", "/tags/1"),
        ("\"tags\":[null]", "/tags/0"),
        ("\"cuisines\":{}", "/cuisines"),
        ("\"source\":\"https://example.com\"", "/source"),
        ("\"source\":{\"url\":1}", "/source/url"),
        ("\"visibility\":\"secret\"", "/visibility"),
        ("\"visibility\":\"Public\"", "/visibility"),
        ("\"visibility\":1", "/visibility"),
        ("\"extras\":\"x\"", "/extras"),
    ]
    .map(|(member, pointer)| (member.to_owned(), pointer.to_owned()))
    .into();
    for (member, pointer) in [
        ("\"id\":1", "id"),
        ("\"quantity\":\"3/2\"", "quantity"),
        ("\"quantity\":{\"min\":1}", "quantity/min"),
        ("\"optional\":\"yes\"", "optional"),
        ("\"scaling\":\"quadratic\"", "scaling"),
        ("\"note\":[]", "note"),
    ] {
        cases.push((item(member), format!("/ingredient_groups/0/items/1/{pointer}")));
    }
    for (member, pointer) in [
        ("\"duration\":\"5m\"", "duration"),
        ("\"ingredient_ids\":\"x\"", "ingredient_ids"),
        ("\"ingredient_ids\":[1]", "ingredient_ids/0"),
        ("\"name\":{}", "name"),
    ] {
        cases.push((step(member), format!("/step_groups/0/items/0/{pointer}")));
    }
    for (member, pointer) in cases {
        for answer in counter.send(with(&member).as_bytes()).await {
            assert_eq!(
                pointers(&answer.assert_problem(422, "validation_failed")),
                [pointer.as_str()],
                "{answer}"
            );
        }
    }
    for answer in counter.send(b"{\"title\":1}").await {
        assert_eq!(pointers(&answer.assert_problem(422, "validation_failed")), ["/title"], "{answer}");
    }
    counter.assert_nothing_kept().await;
}

fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().expect("no errors are told");
    errors.iter().map(|error| error["pointer"].as_str().expect("an error has no place")).collect()
}

/// T195
#[both]
async fn an_unknown_member_is_named_wherever_it_is(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for (member, pointer) in [
        ("\"Title\":\"x\"", "/Title"),
        ("\"titel\":\"x\"", "/titel"),
        ("\"__proto__\":{\"visibility\":\"public\"}", "/__proto__"),
        ("\"constructor\":1", "/constructor"),
        ("\"\":1", "/"),
        ("\"a/b~c\":1", "/a~1b~0c"),
        ("\"사진\":1", "/사진"),
        ("\"yield\":{\"raw\":\"x\",\"servings\":2}", "/yield/servings"),
        ("\"times\":{\"idle\":1}", "/times/idle"),
        ("\"source\":{\"urls\":[]}", "/source/urls"),
        ("\"ingredient_groups\":[{\"name\":\"x\"}]", "/ingredient_groups/0/name"),
        (
            "\"ingredient_groups\":[{},{\"items\":[{\"raw\":\"x\",\"amount\":1}]}]",
            "/ingredient_groups/1/items/0/amount",
        ),
        (
            "\"ingredient_groups\":[{\"items\":[{\"raw\":\"x\",\"quantity\":{\"min\":\"1\",\"average\":\"1\"}}]}]",
            "/ingredient_groups/0/items/0/quantity/average",
        ),
        (
            "\"step_groups\":[{\"items\":[{\"text\":\"x\",\"picture\":null}]}]",
            "/step_groups/0/items/0/picture",
        ),
    ] {
        for answer in counter.send(with(member).as_bytes()).await {
            assert_eq!(pointers(&answer.assert_problem(422, "validation_failed")), [pointer], "{answer}");
        }
    }
    counter.assert_nothing_kept().await;
}

/// T195: of two members of one name nobody can say which counts, also where none counts.
#[both]
async fn a_member_that_is_there_twice_is_named(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for (member, pointer) in [
        ("\"title\":\"b\"", "/title"),
        ("\"\\u0074itle\":\"b\"", "/title"),
        ("\"visibility\":\"private\",\"visibility\":\"public\"", "/visibility"),
        ("\"id\":1,\"id\":1", "/id"),
        ("\"times\":{\"prep\":1,\"prep\":1}", "/times/prep"),
        ("\"extras\":{\"x\":{\"y\":1,\"y\":1}}", "/extras/x/y"),
        ("\"extras\":{\"x\":[{},{\"y\":1,\"y\":1}]}", "/extras/x/1/y"),
        ("\"owner\":{\"id\":1,\"id\":2}", "/owner/id"),
        ("\"step_groups\":[{\"items\":[{\"text\":\"a\",\"text\":\"b\"}]}]", "/step_groups/0/items/0/text"),
    ] {
        for answer in counter.send(with(member).as_bytes()).await {
            let problem = answer.assert_problem(422, "validation_failed");
            assert_eq!(pointers(&problem), [pointer], "{answer}");
            assert_eq!(problem["errors"][0]["code"], "duplicate_member", "{answer}");
        }
    }
    counter.assert_nothing_kept().await;
}

/// T190: Postgres keeps no NUL, so nobody does; also not where it would be ignored.
#[both]
async fn a_nul_is_named_wherever_it_is(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    for (member, pointer) in [
        ("\"description\":\"a\\u0000b\"", "/description"),
        ("\"language\":\"ko\\u0000\"", "/language"),
        ("\"tags\":[\"a\",\"\\u0000\"]", "/tags/1"),
        ("\"ingredient_groups\":[{\"items\":[\"\\u0000\"]}]", "/ingredient_groups/0/items/0"),
        ("\"ingredient_groups\":[{\"items\":[{\"raw\":\"\\u0000\"}]}]", "/ingredient_groups/0/items/0/raw"),
        ("\"extras\":{\"x\":[\"\\u0000\"]}", "/extras/x/0"),
        ("\"nutrition\":{\"x\":{\"y\":\"\\u0000\"}}", "/nutrition/x/y"),
        ("\"id\":\"\\u0000\"", "/id"),
        ("\"source\":{\"url\":\"https://example.com/\\u0000\"}", "/source/url"),
    ] {
        for answer in counter.send(with(member).as_bytes()).await {
            let problem = answer.assert_problem(422, "validation_failed");
            assert_eq!(pointers(&problem), [pointer], "{answer}");
            assert_eq!(problem["errors"][0]["code"], "nul", "{answer}");
        }
    }
    for answer in counter.send(b"{\"title\":\"\\u0000\",\"extras\":{\"a\\u0000b\":1}}").await {
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(pointers(&problem), ["/title", "/extras/a\0b"], "{answer}");
    }
    counter.assert_nothing_kept().await;
}

#[both]
async fn values_out_of_their_form_are_named(stack: TestStack) {
    let counter = Counter::of(&stack).await;
    let mut cases = Vec::new();
    for tag in ["", "k", "-", "ko-", "ko_KR", "한국어", "en-abcdefghi", "x", "en--US", "ko\\n", " ko"] {
        cases.push((format!("\"language\":\"{tag}\""), "/language", "not_a_language"));
    }
    for url in [
        "",
        "example.com",
        "/recipes/1",
        "//example.com",
        "ftp://example.com",
        "data:text/html,x",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\\tscript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "https:",
        "http:///",
        "http://[::1",
        "mailto:a@b.kr",
    ] {
        cases.push((format!("\"source\":{{\"url\":\"{url}\"}}"), "/source/url", "not_a_web_address"));
    }
    for id in ["", "1", "0192f0c12d3e7abc8def0123456789ab", "{0192f0c1-2d3e-7abc-8def-0123456789ab}", "x"] {
        cases.push((
            format!("\"step_groups\":[{{\"items\":[{{\"text\":\"x\",\"id\":\"{id}\"}}]}}]"),
            "/step_groups/0/items/0/id",
            "not_an_id",
        ));
    }
    for word in ["", " ", "\\u3000", "\\n"] {
        cases.push((format!("\"tags\":[\"{word}\"]"), "/tags/0", "too_short"));
        cases.push((format!("\"tools\":[\"x\",\"{word}\"]"), "/tools/1", "too_short"));
    }
    for (member, pointer, code) in cases {
        for answer in counter.send(with(&member).as_bytes()).await {
            let problem = answer.assert_problem(422, "validation_failed");
            assert_eq!(pointers(&problem), [pointer], "{answer}");
            assert_eq!(problem["errors"][0]["code"], code, "{answer}");
        }
    }
    counter.assert_nothing_kept().await;
}
