use crate::harness::{Answer, Kitchen, client};

#[actix_rt::test]
async fn a_good_body_is_read() {
    let kitchen = Kitchen::open();
    for content_type in
        ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
    {
        assert_eq!(kitchen.post("/dishes", content_type, r#"{"title":"국"}"#).await.status, 200);
    }
}

#[actix_rt::test]
async fn another_media_type_is_refused_naming_the_right_one() {
    let kitchen = Kitchen::open();
    let others = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/ld+json",
        "",
    ];
    for content_type in others {
        let answer = kitchen.post("/dishes", content_type, r#"{"title":"soup"}"#).await;
        answer.assert_problem(415, "unsupported_media_type");
        assert_eq!(answer.header("accept-post"), "application/json", "{content_type}");
    }
    Answer::of(client().post(kitchen.url("/dishes")).body("{}"))
        .await
        .assert_problem(415, "unsupported_media_type");
}

#[actix_rt::test]
async fn a_merge_patch_has_two_media_types() {
    let kitchen = Kitchen::open();
    let url = kitchen.url("/dishes/0190b6a0-0000-7000-8000-000000000000");
    for content_type in ["application/merge-patch+json", "application/json"] {
        let request = client().patch(&url).header("content-type", content_type).body(r#"{"title":"soup"}"#);
        assert_eq!(Answer::of(request).await.status, 200);
    }

    let answer = Answer::of(client().patch(&url).header("content-type", "text/plain").body("{}")).await;

    answer.assert_problem(415, "unsupported_media_type");
    assert_eq!(answer.header("accept-patch"), "application/merge-patch+json, application/json");
}

#[actix_rt::test]
async fn a_compressed_body_is_refused() {
    let kitchen = Kitchen::open();
    for coding in ["gzip", "deflate", "br", "identity, gzip"] {
        let request = client().post(kitchen.url("/dishes")).header("content-type", "application/json");
        let answer = Answer::of(request.header("content-encoding", coding).body("{}")).await;
        answer.assert_problem(415, "unsupported_media_type");
    }
    let request = client().post(kitchen.url("/dishes")).header("content-type", "application/json");
    let request = request.header("content-encoding", "identity").body(r#"{"title":"soup"}"#);
    assert_eq!(Answer::of(request).await.status, 200);
}

#[actix_rt::test]
async fn a_list_is_no_object_though_its_values_are_in_order() {
    let kitchen = Kitchen::open();
    kitchen.cook(r#"["soup",null,[],null,null]"#).await.assert_invalid(&[("", "wrong_type")]);
    kitchen
        .cook(r#"{"title":"soup","steps":[["stir"]]}"#)
        .await
        .assert_invalid(&[("/steps/0", "wrong_type")]);
    let good = kitchen.cook(r#"{"title":"soup","steps":[{"text":"stir"}],"taste":"salty"}"#).await;
    assert_eq!(good.status, 200);
}

#[actix_rt::test]
async fn what_is_not_json_is_malformed_wherever_it_goes_wrong() {
    let kitchen = Kitchen::open();
    let deep = format!(r#"{{"title":"x","extras":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let not_json: &[&[u8]] = &[
        b"",
        b"{",
        b"{\"title\":\"soup\"} x",
        b"{\"title\":\"soup\"}{}",
        b"\xef\xbb\xbf{\"title\":\"soup\"}",
        b"{\"title\":\"\xff\"}",
        b"{\"title\":\"soup\",\"extras\":\"\xff\"}",
        br#"{"title":"\ud800"}"#,
        br#"{"title":"soup","extras":{"x":"\udc00"}}"#,
        // A wrong type comes first, and still this is not JSON.
        br#"{"title":5,"servings":}"#,
        b"{\"title\":\"a\nb\"}",
        b"NaN",
        deep.as_bytes(),
    ];
    for body in not_json {
        let problem = kitchen.cook(body.to_vec()).await.assert_problem(400, "malformed_json");
        assert!(problem.get("errors").is_none(), "{}", String::from_utf8_lossy(body));
    }
}

#[actix_rt::test]
async fn a_place_is_named_where_a_type_or_a_member_is_wrong() {
    let kitchen = Kitchen::open();
    let cases = [
        (r#"[]"#, "", "wrong_type"),
        (r#"{"title":5}"#, "/title", "wrong_type"),
        (r#"{"title":"soup","servings":256}"#, "/servings", "invalid_value"),
        (r#"{"title":"soup","servings":1.5}"#, "/servings", "wrong_type"),
        (r#"{"title":"soup","taste":"bitter"}"#, "/taste", "invalid_value"),
        (r#"{"title":"soup","steps":[{"text":"a"},{"text":null}]}"#, "/steps/1/text", "wrong_type"),
        (r#"{}"#, "/title", "missing_member"),
        (r#"{"title":"soup","steps":[{}]}"#, "/steps/0/text", "missing_member"),
        (r#"{"title":"soup","price":5}"#, "/price", "unknown_member"),
        (r#"{"title":"soup","steps":[{"text":"a","steps":1}]}"#, "/steps/0/steps", "unknown_member"),
        (r#"{"title":"soup","a/b~c":5}"#, "/a~1b~0c", "unknown_member"),
        (r#"{"title":"soup","a`, b":5}"#, "/a`, b", "unknown_member"),
        (r#"{"title":"soup","title":"soup"}"#, "/title", "duplicate_member"),
        (r#"{"title":"soup","extras":{"a":1,"a":2}}"#, "/extras/a", "duplicate_member"),
        (r#"{"title":"so\u0000up"}"#, "/title", "nul"),
        (r#"{"title":"soup","extras":["x",{"y":"\u0000"}]}"#, "/extras/1/y", "nul"),
    ];
    for (body, pointer, code) in cases {
        kitchen.cook(body).await.assert_invalid(&[(pointer, code)]);
    }
}

#[actix_rt::test]
async fn rules_are_reported_all_at_once() {
    let kitchen = Kitchen::open();
    let answer = kitchen.cook(r#"{"title":"","steps":[{"text":"fine"},{"text":"much too long"}]}"#).await;
    answer.assert_invalid(&[("/title", "too_short"), ("/steps/1/text", "too_long")]);
}

#[actix_rt::test]
async fn nothing_of_the_program_is_told() {
    let kitchen = Kitchen::open();
    for body in [r#"{"title":5}"#, r#"{"title":"soup","steps":7}"#, r#"{"price":1}"#, "{"] {
        let text = kitchen.cook(body).await.text;
        for word in ["expected", "struct", "Dish", "serde", "line", "column"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}

#[actix_rt::test]
async fn an_optional_body_may_be_absent() {
    let kitchen = Kitchen::open();
    let none = Answer::of(client().post(kitchen.url("/optional"))).await;
    assert_eq!((none.status, none.json()["dish"].is_null()), (200, true));
    assert_eq!(kitchen.post("/optional", "application/json", "").await.status, 200);
    let some = kitchen.post("/optional", "application/json", r#"{"title":"soup"}"#).await;
    assert_eq!(some.json()["dish"]["title"], "soup");
    kitchen.post("/optional", "text/plain", "x").await.assert_problem(415, "unsupported_media_type");
    kitchen.post("/optional", "application/json", "{}").await.assert_invalid(&[("/title", "missing_member")]);
}

#[actix_rt::test]
async fn a_body_may_have_as_many_bytes_as_its_limit_and_no_more() {
    let kitchen = Kitchen::open();
    let of_size = |bytes: usize| format!(r#"{{"title":"soup"{}}}"#, " ".repeat(bytes - 16));
    assert_eq!(of_size(1024).len(), 1024);

    assert_eq!(kitchen.cook(of_size(1023)).await.status, 200);
    assert_eq!(kitchen.cook(of_size(1024)).await.status, 200);
    kitchen.cook(of_size(1025)).await.assert_problem(413, "too_large");
}

#[test]
fn chunks_are_counted_as_they_come() {
    let kitchen = Kitchen::open();
    let chunked = |path: &str, count: usize| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
        );
        let chunks = format!("64\r\n{}\r\n", " ".repeat(100)).repeat(count);
        kitchen.raw(format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n").as_bytes())
    };
    assert!(chunked("/dishes", 10).contains("\"malformed_json\""));
    assert!(chunked("/dishes", 11).contains("\"too_large\""));
    assert!(chunked("/raw", 1000).ends_with("{\"length\":100000}"));
    assert!(chunked("/raw", 1001).contains("\"too_large\""));
}
