use serde_json::json;

use crate::harness::{Answer, Kitchen, client};

#[actix_rt::test]
async fn a_repeated_key_fills_a_list() {
    let kitchen = Kitchen::open();
    for (query, tags) in
        [("tag=a&tag=b%20c", json!(["a", "b c"])), ("tag=%EA%B5%AD", json!(["국"])), ("", json!([]))]
    {
        let answer = kitchen.get(&format!("/dishes?limit=1&{query}")).await;
        assert_eq!(answer.json()["items"][0]["tags"], tags);
    }
}

#[actix_rt::test]
async fn an_unknown_parameter_is_named() {
    let kitchen = Kitchen::open();
    let id = "/dishes/0190b6a0-0000-7000-8000-000000000000";
    for path in
        ["/dishes?colour=red", "/dishes?limit=5&colour", &format!("{id}?colour=red"), "/whoami?colour=red"]
    {
        let problem = kitchen.get(path).await.assert_problem(400, "unknown_parameter");
        assert!(problem["detail"].as_str().unwrap().contains("colour"), "{path}");
    }
}

#[actix_rt::test]
async fn a_bad_value_is_named() {
    let kitchen = Kitchen::open();
    let bad = [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=5&limit=5", "limit"),
        ("language=ko&language=en", "language"),
        ("language=%00", "language"),
        ("language=%ff", "language"),
        ("language=%zz", "language"),
        ("language=%4", "language"),
        ("tag=a&tag=%00", "tag"),
    ];
    for (query, name) in bad {
        let problem = kitchen.get(&format!("/dishes?{query}")).await.assert_problem(400, "invalid_parameter");
        assert!(problem["detail"].as_str().unwrap().contains(name), "{query}: {problem}");
    }
}

#[actix_rt::test]
async fn a_missing_credential_is_told_before_an_unknown_parameter() {
    let kitchen = Kitchen::open();
    kitchen.get("/private?access_token=good").await.assert_problem(401, "missing_token");
    let request =
        client().get(kitchen.url("/private?access_token=good")).header("authorization", "Bearer good");
    Answer::of(request).await.assert_problem(400, "unknown_parameter");
}

#[actix_rt::test]
async fn a_malformed_id_is_not_found() {
    let kitchen = Kitchen::open();
    for id in ["1", "%00", "0190b6a0-0000-7000-8000-00000000000g", "..%2f", "국"] {
        kitchen.get(&format!("/dishes/{id}")).await.assert_problem(404, "not_found");
    }
}

#[actix_rt::test]
async fn pages_follow_each_other_to_the_end() {
    let kitchen = Kitchen::open();
    let first = kitchen.get("/dishes?tag=a%26b").await;
    assert_eq!(first.json()["items"].as_array().unwrap().len(), 20);
    let link =
        first.header("link").strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned();

    let last = kitchen.get(&format!("/dishes{link}")).await;

    assert_eq!(
        (last.json()["items"][0]["n"].as_u64(), last.json()["items"][0]["tags"][0].as_str()),
        (Some(20), Some("a&b"))
    );
    assert_eq!((last.json()["next_cursor"].is_null(), last.header("link")), (true, ""));
}
