//! How many pages somebody may have fetched.

use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use serde_json::json;
use testkit::stack::Options;
use testkit::{both, eventually};

use super::fetched::import;
use super::site::{Book, OUTSIDE, Reply, Site, answer, html};
use super::{imported, page, stew};

const URL: &str = "http://site.test/stew";

fn stew_page() -> String {
    page(URL, &stew("국"))
}

#[both]
async fn a_person_has_no_more_pages_fetched_than_the_limit(options: Options) {
    let site = Site::start(OUTSIDE, |_| html(stew_page())).await;
    let book = Book::new().name("site.test", &[&[site.addr]]);
    let stack = options.web(book.web()).set("RECIPES_LIMIT_FETCHES", "3/5m").start().await;
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    imported(&import(&stack, &session, "", URL).await, 201);
    // A page is fetched for whatever comes of it.
    imported(&import(&stack, &session, "?dry_run=true&on_duplicate=copy", URL).await, 200);
    import(&stack, &session, "", URL).await.assert_problem(409, "duplicate_source");

    let refused = import(&stack, &session, "?dry_run=true", URL).await;

    refused.assert_problem(429, "rate_limited");
    let wait: u64 = refused.header("retry-after").parse().expect("it says for how long");
    assert!((1..=300).contains(&wait), "{refused}");
    assert_eq!(refused.header("ratelimit-policy"), "\"fetches\";q=3;w=300");
    assert_eq!(refused.header("ratelimit"), format!("\"fetches\";r=0;t={wait}"));
    assert_eq!((book.asked("site.test"), site.heads().len()), (3, 3));
    // What is posted needs no web, and others have fetched nothing.
    let posted = stack.import_recipe(&session, "?on_duplicate=copy", "text/html", stew_page()).await;
    imported(&posted, 201);
    imported(&import(&stack, &other, "", URL).await, 201);
    stack.clock.advance(Duration::from_secs(wait)).await;
    imported(&import(&stack, &session, "?dry_run=true&on_duplicate=copy", URL).await, 200);
}

#[both]
async fn who_waits_for_slow_pages_leaves_turns_to_others(options: Options) {
    let site = Site::start(OUTSIDE, |path| match path {
        "/slow" => Reply::Drip(answer("200 OK", "Content-Type: text/html\r\n", b"<p>")),
        _ => html(stew_page()),
    });
    let site = site.await;
    let book = Book::new().name("site.test", &[&[site.addr]]);
    let stack = options.web(book.web()).start().await;
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let slow = join_all((0..4).map(|_| import(&stack, &session, "", "http://site.test/slow")));
    let meanwhile = async {
        eventually("four pages are being fetched", async || (site.heads().len() == 4).then_some(())).await;

        let fifth = import(&stack, &session, "", URL).await;

        fifth.assert_problem(503, "busy");
        assert!(!fifth.header("retry-after").is_empty(), "{fifth}");
        imported(&import(&stack, &other, "", URL).await, 201);
        let posted = stack.import_recipe(&session, "", "text/html", stew_page()).await;
        assert_eq!(imported(&posted, 201)["outcome"], json!("created"));
    };
    match select(Box::pin(slow), Box::pin(meanwhile)).await {
        Either::Left(_) => panic!("a page without an end has come to one"),
        Either::Right(_) => {}
    }
}
