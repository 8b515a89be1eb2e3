use std::collections::HashSet;

use futures_util::future::join_all;
use testkit::everywhere;
use testkit::stack::Options;

use super::Reader;

/// The numbers are dense and in the order of commits: who reads on from a head misses nothing.
#[everywhere]
async fn a_reader_who_follows_misses_no_log_out(options: Options) {
    let stack = options.set("AUTH_WORKERS", "2").set("AUTH_DATABASE_POOL", "8").start().await;
    let reader = Reader::of_revocations(&stack);
    let sessions = join_all((0..80).map(|n| stack.auth(n % stack.copies()).logged_in())).await;

    let log_outs = join_all(sessions.iter().enumerate().map(async |(n, session)| {
        let client = stack.auth(n % stack.copies());
        let scope = if n % 4 == 0 { "all" } else { "local" };
        client.logout_of(scope, session).await.assert_status(204);
    }));
    let follow = async {
        let (mut page, mut seen) = (reader.read(&stack, "").await, Vec::new());
        let mut turn = 0;
        loop {
            seen.extend(page.events.clone());
            if seen.len() >= sessions.len() {
                return seen;
            }
            turn += 1;
            page = reader.after(stack.auth(turn % stack.copies()), &page).await;
        }
    };
    let (_, seen) = tokio::join!(log_outs, follow);

    let seqs: Vec<i64> = seen.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=sessions.len() as i64).collect::<Vec<_>>());
    let ended: HashSet<&str> = seen.iter().map(|event| event["id"].as_str().unwrap()).collect();
    for (n, session) in sessions.iter().enumerate() {
        let id = if n % 4 == 0 { &session.user_id } else { &session.session_id };
        assert!(ended.contains(&**id));
    }
}
