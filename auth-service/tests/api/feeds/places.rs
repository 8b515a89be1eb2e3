use testkit::{Backend, TestStack, both, everywhere};

use super::Reader;
use crate::database::Database;

/// Many events at once, as if as many sessions had been ended.
pub async fn fill(stack: &TestStack, first: i64, last: i64) {
    let numbers = match stack.backend() {
        Backend::Sqlite => {
            format!(
                "WITH RECURSIVE n (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM n WHERE n < {last}) SELECT n, \
                printf('%016x', n), 'session', 'filled-' || n, NULL, (unixepoch('now') + 4000) * 1000000 FROM n"
            )
        }
        Backend::PostgresRedis => {
            format!(
                "SELECT n, lpad(to_hex(n), 16, '0'), 'session', 'filled-' || n, NULL, now() + interval '1 hour' \
                FROM generate_series({first}, {last}) n"
            )
        }
    };
    let database = Database::of(stack);
    database
        .change(format!("INSERT INTO revocations (seq, tag, kind, target, min_uv, until) {numbers}"))
        .await;
    let tag = format!("{last:016x}");
    database
        .change(format!("UPDATE feeds SET head = {last}, tag = '{tag}' WHERE name = 'revocations'"))
        .await;
}

#[both]
async fn a_long_feed_comes_in_pages(stack: TestStack) {
    fill(&stack, 1, 10_000).await;
    let reader = Reader::of_revocations(&stack);
    let (mut page, mut seqs) = (reader.read(&stack, "").await, Vec::new());
    assert!(page.more);
    loop {
        assert_eq!(page.head, 10_000);
        assert!(page.events.len() <= 4000);
        seqs.extend(page.seqs());
        if !page.more {
            break;
        }
        page = reader.read(&stack, &format!("{}&wait=1s", page.next())).await;
    }
    assert_eq!(seqs, (1..=10_000).collect::<Vec<_>>());
    assert!(page.cursor.starts_with("10000."));
    assert_eq!(reader.after(&stack, &page).await.events.len(), 0);
}

#[everywhere]
async fn a_place_is_known_to_every_copy(stack: TestStack) {
    fill(&stack, 1, 30).await;
    let reader = Reader::of_revocations(&stack);
    let page = reader.read(&stack, "").await;
    fill(&stack, 31, 40).await;
    let after = reader.after(stack.auth(stack.copies() - 1), &page).await;
    assert_eq!(after.seqs(), (31..=40).collect::<Vec<_>>());
}

/// A place in another life of the database, or one that was never given out, is not a place in this one.
#[both]
async fn a_place_that_is_not_in_this_feed_is_unknown(stack: TestStack) {
    fill(&stack, 1, 30).await;
    for reader in [Reader::of_revocations(&stack), Reader::of_people(&stack)] {
        let here = reader.read(&stack, "").await;
        let other_epoch = uuid::Uuid::now_v7();
        let tag = here.cursor.split_once('.').unwrap().1;
        let places = [
            format!("epoch={other_epoch}&after={}", here.cursor),
            format!("epoch={}&after=31.{tag}", here.epoch),
            format!("epoch={}&after=9223372036854775807.{tag}", here.epoch),
            format!("epoch={}&after=29.{tag}", here.epoch),
            format!("epoch={}&after=30.0000000000000000", here.epoch),
            format!("epoch={}&after=-1.{tag}", here.epoch),
            format!("epoch={}&after=0.{tag}x", here.epoch),
            format!("epoch={}&after=30", here.epoch),
            format!("epoch={}&after=.", here.epoch),
            format!("epoch={}&after=", here.epoch),
            format!("epoch={}&after=9223372036854775808.{tag}", here.epoch),
            format!("epoch={}&after=x.{tag}", here.epoch),
        ];
        for place in places {
            for wait in ["", "&wait=1s"] {
                let answer = reader.ask(&stack, &format!("?{place}{wait}")).await;
                answer.assert_problem(409, "cursor_unknown");
            }
        }
        reader.after(&stack, &here).await;
    }
}

/// Expired events are deleted; who was away for so long loads again, who was not reads on.
#[both]
async fn who_was_away_for_longer_than_events_are_kept_loads_again(stack: TestStack) {
    fill(&stack, 1, 10).await;
    let reader = Reader::of_revocations(&stack);
    let early = reader.read(&stack, "").await;
    fill(&stack, 11, 20).await;
    let late = reader.read(&stack, "").await;
    Database::of(&stack).change("DELETE FROM revocations WHERE seq < 20").await;
    fill(&stack, 21, 25).await;

    let away = reader.ask(&stack, &early.next()).await;
    away.assert_problem(409, "cursor_unknown");
    assert_eq!(reader.after(&stack, &late).await.seqs(), (21..=25).collect::<Vec<_>>());
    assert_eq!(reader.read(&stack, "").await.seqs(), (20..=25).collect::<Vec<_>>());
}

/// The head goes on being a place when every event is gone.
#[both]
async fn a_feed_without_events_has_an_end(stack: TestStack) {
    fill(&stack, 1, 10).await;
    let reader = Reader::of_revocations(&stack);
    Database::of(&stack).change("DELETE FROM revocations").await;
    let page = reader.read(&stack, "").await;
    assert_eq!((page.head, page.events.len(), page.more), (10, 0, false));
    assert_eq!(reader.after(&stack, &page).await.cursor, page.cursor);
}
