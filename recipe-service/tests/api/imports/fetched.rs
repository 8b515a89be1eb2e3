//! Pages that are fetched because someone named their address.

use std::io::Write;

use serde_json::{Value, json};
use testkit::client::Session;
use testkit::stack::Options;
use testkit::{Answer, TestStack, both};

use super::site::{Book, OUTSIDE, Reply, Site, answer, html, redirect};
use super::{imported, page, stew};
use crate::shelf::Shelf;

/// Asks to import the page at this address.
pub async fn import(stack: &TestStack, session: &Session, query: &str, url: &str) -> Answer {
    let call = stack.recipes.post(&format!("/v1/imports{query}")).bearer(session);
    call.json(&json!({ "url": url })).send().await
}

/// A stack whose web is this site, by the name `site.test`.
async fn with(options: Options, site: &Site) -> (TestStack, Book, Session) {
    let book = Book::new().name("site.test", &[&[site.addr]]);
    let stack = options.web(book.web()).start().await;
    let session = stack.logged_in().await;
    (stack, book, session)
}

fn stew_page() -> String {
    page("https://elsewhere.test/another", &stew("김치찌개"))
}

#[both]
async fn a_page_is_fetched_by_its_address_and_imported(options: Options) {
    let site = Site::start(OUTSIDE, |_| html(stew_page())).await;
    let (stack, book, session) = with(options, &site).await;

    let answer = import(&stack, &session, "", "http://site.test/stew?page=2#top").await;

    let body = imported(&answer, 201);
    let recipe = &body["recipe"];
    assert_eq!((&body["outcome"], &recipe["title"]), (&json!("created"), &json!("김치찌개")));
    assert_eq!(recipe["source"]["url"], "http://site.test/stew?page=2");
    assert_eq!(book.asked("site.test"), 1);
    let kept = stack.recipe(&session, recipe["id"].as_str().unwrap()).await.json();
    assert_eq!((&kept["title"], &kept["source"]), (&recipe["title"], &recipe["source"]));
}

/// A site hears who asks, and nothing of whom it is asked for.
#[both]
async fn a_site_is_told_who_asks_and_nothing_more(options: Options) {
    let site = Site::start(OUTSIDE, |path| match path {
        "/" => Reply::Whole(answer("302 Found", "Location: /stew\r\nSet-Cookie: a=b\r\n", b"")),
        _ => html(stew_page()),
    });
    let site = site.await;
    let (stack, _, session) = with(options, &site).await;

    imported(&import(&stack, &session, "", "http://site.test/").await, 201);

    let heads = site.heads();
    assert_eq!(heads.len(), 2);
    for head in heads {
        let mut names: Vec<&str> =
            head.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"], "{head}");
        assert!(head.contains("user-agent: jipbap/"), "{head}");
    }
}

#[both]
async fn a_page_that_was_fetched_before_is_a_duplicate(options: Options) {
    let site = Site::start(OUTSIDE, |_| html(stew_page())).await;
    let (stack, _, session) = with(options, &site).await;
    let rehearsed = imported(&import(&stack, &session, "?dry_run=true", "http://site.test/stew").await, 200);
    assert_eq!(rehearsed["outcome"], "created");
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 0);
    let first = imported(&import(&stack, &session, "", "http://site.test/stew").await, 201);

    let again = import(&stack, &session, "", "http://site.test/stew/?utm_source=x").await;

    assert_eq!(again.assert_problem(409, "duplicate_source")["id"], first["recipe"]["id"]);
    let same =
        imported(&import(&stack, &session, "?on_duplicate=update", "http://site.test/stew").await, 200);
    assert_eq!(same["outcome"], "unchanged");
}

#[both]
async fn redirects_are_followed_and_where_they_end_is_the_source(options: Options) {
    let site = Site::start(OUTSIDE, |path| match path {
        "/5" => html(stew_page()),
        path => redirect(&format!("http://site.test/{}", path[1..].parse::<u8>().unwrap() + 1)),
    });
    let site = site.await;
    let (stack, _, session) = with(options, &site).await;

    let body = imported(&import(&stack, &session, "", "http://site.test/0").await, 201);

    assert_eq!(body["recipe"]["source"]["url"], "http://site.test/5");
    let own = import(&stack, &session, "?source_url=https://own.test/", "http://site.test/0").await;
    assert_eq!(imported(&own, 201)["recipe"]["source"]["url"], "https://own.test/");
}

#[both]
async fn pages_are_read_as_they_are_packed_and_written(options: Options) {
    let site = Site::start(OUTSIDE, |path| {
        let text = stew_page();
        let (euc_kr, _, _) = encoding_rs::EUC_KR.encode(&text);
        Reply::Whole(match path {
            "/packed" => answer(
                "200 OK",
                "Content-Type: text/html\r\nContent-Encoding: gzip\r\n",
                &packed(text.as_bytes()),
            ),
            "/header" => answer("200 OK", "Content-Type: text/html; charset=\"euc-kr\"\r\n", &euc_kr),
            "/meta" => {
                let head = [b"<meta charset='EUC-KR'>".as_slice(), &euc_kr].concat();
                answer("200 OK", "Content-Type: TEXT/HTML\r\n", &head)
            }
            "/json" => answer(
                "200 OK",
                "Content-Type: application/ld+json\r\n",
                stew("김치찌개").to_string().as_bytes(),
            ),
            "/markdown" => answer(
                "200 OK",
                "Content-Type: text/markdown\r\n",
                "# 김치찌개\n## 재료\n- 물 1컵\n".as_bytes(),
            ),
            _ => answer(
                "200 OK",
                "Content-Type: text/plain\r\n",
                "김치찌개\n재료\n물 1컵\n만드는 법\n1. 끓인다".as_bytes(),
            ),
        })
    });
    let site = site.await;
    let (stack, _, session) = with(options, &site).await;

    for path in ["packed", "header", "meta", "json", "markdown", "text"] {
        let body = imported(&import(&stack, &session, "", &format!("http://site.test/{path}")).await, 201);
        assert_eq!(body["recipe"]["title"], "김치찌개", "{path}");
    }
}

pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[both]
async fn a_page_without_a_recipe_is_refused_with_what_was_there(options: Options) {
    let site = Site::start(OUTSIDE, |_| html("<p>Welcome</p>")).await;
    let (stack, _, session) = with(options, &site).await;

    let refused = import(&stack, &session, "", "http://site.test/").await;

    let problem = refused.assert_problem(422, "no_recipe_found");
    assert!(problem["report"].is_object());
}

/// What the address itself says is wrong is said of it, before anyone is asked.
#[both]
async fn an_address_that_is_no_place_of_the_web_is_refused(options: Options) {
    let site = Site::start(OUTSIDE, |_| html(stew_page())).await;
    let (stack, book, session) = with(options, &site).await;
    for url in [
        "",
        "stew",
        "ftp://site.test/",
        "file:///etc/passwd",
        "gopher://site.test/_x",
        "http://site.test:22/",
        "https://site.test:8443/",
        "http://me@site.test/",
        "http://me:secret@site.test/",
    ] {
        let problem =
            import(&stack, &session, "", url).await.assert_problem(422, "validation_failed").clone();
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{url}");
    }
    for body in
        [json!({}), json!({ "url": 1 }), json!({ "url": "http://site.test/", "headers": {} }), json!([])]
    {
        let call = stack.recipes.post("/v1/imports").bearer(&session).json(&body);
        call.send().await.assert_problem(422, "validation_failed");
    }
    assert_eq!(book.asked("site.test"), 0);
    assert_eq!(stack.recipes.post("/v1/imports").json(&Value::Null).send().await.status, 401);
}

/// Where it is off, which it is unless an operator says otherwise, an address is a body like any other that is not read.
#[both]
async fn nothing_is_fetched_unless_the_service_is_set_to(stack: TestStack) {
    let session = stack.logged_in().await;
    let refused = import(&stack, &session, "", "http://site.test/").await;
    refused.assert_problem(415, "unsupported_media_type");
    assert!(!refused.header("accept-post").contains("application/json"));
}
