use std::time::Duration;

use common::clock::Clock;
use futures_util::future::join_all;
use serde_json::json;
use testkit::{TestStack, both, everywhere};

use super::{Page, Reader};
use crate::answers::{members, refresh_token};

/// For how long a verifier is to remember an event: the longest life of an access token and ten minutes.
const KEPT_US: i64 = 70 * 60 * 1_000_000;

#[both]
async fn an_answer_of_the_feed_has_its_form(stack: TestStack) {
    let reader = Reader::of_revocations(&stack);
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);

    let answer = reader.ask(&stack, "").await;
    answer.assert_status(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(members(&body), ["cursor", "epoch", "events", "head", "more", "now", "version"]);
    assert_eq!(body["version"], 1);
    assert_eq!(body["epoch"], stack.jwks().await.json()["epoch"]);
    let page = Page::of(&answer);
    assert_eq!((page.head, page.more), (1, false));
    let (seq, tag) = page.cursor.split_once('.').expect("a number and a tag");
    assert_eq!((seq, tag.len()), ("1", 16));
    let now = stack.clock.now().as_micros();
    assert!((page.now - now).abs() < 30_000_000, "{} is not {now} in µs", page.now);

    assert_eq!(members(&page.events[0]), ["id", "kind", "seq", "until"]);
    assert_eq!(
        (&page.events[0]["kind"], &page.events[0]["id"]),
        (&json!("session"), &json!(session.session_id))
    );
    let until = page.events[0]["until"].as_i64().unwrap();
    assert!((until - page.now - KEPT_US).abs() < 30_000_000, "{until} is not 70 minutes after {}", page.now);
}

#[everywhere]
async fn whatever_ends_something_is_on_the_feed(stack: TestStack) {
    let reader = Reader::of_revocations(&stack);
    let ended = stack.logged_in().await;
    let one = stack.logged_in_again(&ended.person()).await;
    let two = stack.logged_in_again(&ended.person()).await;
    stack.auth(stack.copies() - 1).end_session(&one, &ended.session_id).await.assert_status(204);
    stack.logout_of("others", &one).await.assert_status(204);
    stack.logout_of("all", &one).await.assert_status(204);
    let reused = stack.logged_in().await;
    let next = refresh_token(&stack.refresh(&reused.refresh_token).await);
    stack.refresh(&next).await.assert_status(200);
    stack.refresh(&reused.refresh_token).await.assert_status(401);
    stack.disable(&reused.user_id).await;

    let page = reader.read(stack.auth(stack.copies() - 1), "").await;
    let said: Vec<_> =
        page.events.iter().map(|event| (&event["kind"], &event["id"], &event["min_uv"])).collect();
    let none = json!(null);
    let expected = [
        (&json!("session"), &json!(ended.session_id), &none),
        (&json!("session"), &json!(two.session_id), &none),
        (&json!("subject"), &json!(one.user_id), &json!(1)),
        (&json!("session"), &json!(reused.session_id), &none),
        (&json!("subject"), &json!(reused.user_id), &json!(1)),
    ];
    assert_eq!(said, expected);
    assert_eq!(page.seqs(), [1, 2, 3, 4, 5]);
}

/// What was acknowledged before a reader asks is in the answer, whichever copy is asked.
#[everywhere]
async fn what_was_acknowledged_is_in_the_next_answer(stack: TestStack) {
    let reader = Reader::of_revocations(&stack);
    let mut page = reader.read(&stack, "").await;
    for round in 0..40 {
        let session = stack.logged_in().await;
        stack.auth(round % stack.copies()).logout(&session).await.assert_status(204);
        page = reader.after(stack.auth((round + 1) % stack.copies()), &page).await;
        assert_eq!(page.ids(), [&*session.session_id], "round {round}");
    }
}

/// Who waits hears of it at once; who has nothing to hear, within a second.
#[everywhere]
async fn whoever_waits_is_answered_when_there_is_something(stack: TestStack) {
    let reader = Reader::of_revocations(&stack);
    let start = reader.read(&stack, "").await;
    let (clock, wait) = (Clock::system(), format!("{}&wait=1s", start.next()));

    let asked = clock.boot();
    let nothing = reader.read(&stack, &wait).await;
    let waited = clock.boot() - asked;
    assert_eq!((nothing.events.len(), &nothing.cursor), (0, &start.cursor));
    assert!(waited > Duration::from_millis(500), "it was answered after {waited:?}, with nothing to say");
    assert!(nothing.now - start.now > 500_000, "the time is not of the answer");

    let session = stack.logged_in().await;
    let asked = clock.boot();
    let waiting = join_all((0..60).map(|n| reader.read(stack.auth(n % stack.copies()), &wait)));
    let (pages, logout) = tokio::join!(waiting, stack.logout(&session));
    logout.assert_status(204);
    for page in pages {
        assert_eq!(page.ids(), [&*session.session_id]);
    }
    assert!(clock.boot() - asked < Duration::from_millis(900), "after {:?}", clock.boot() - asked);
}

#[both]
async fn nobody_waits_for_longer_than_a_second(stack: TestStack) {
    let reader = Reader::of_revocations(&stack);
    let start = reader.read(&stack, "").await;
    let (clock, asked) = (Clock::system(), Clock::system().boot());
    reader.read(&stack, &format!("{}&wait=1h", start.next())).await;
    assert!(clock.boot() - asked < Duration::from_secs(10));
    // Without a wait, and from the start, there is nothing to wait for.
    let asked = clock.boot();
    for query in [start.next(), String::new(), "?wait=1s".to_owned(), format!("{}&wait=0s", start.next())] {
        reader.read(&stack, &query).await;
    }
    assert!(clock.boot() - asked < Duration::from_millis(900), "after {:?}", clock.boot() - asked);
}
