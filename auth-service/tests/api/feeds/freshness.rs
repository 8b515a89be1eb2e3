use std::net::SocketAddr;
use std::time::Duration;
use std::{iter, thread};

use common::issuer::{Issuer, IssuerSettings};
use common::revocations::Freshness;
use common::secrets::SecretFolder;
use common::token::{Refusal, Verifier};
use testkit::{TestStack, both, eventually};
use tokio::sync::oneshot;

use super::places::fill;
use super::relay::Relay;

const STALE_AFTER: Duration = Duration::from_secs(5);

/// T099: an answer is as old as its question: what was ended while it was on its way is not in it.
#[both]
async fn freshness_counts_from_when_the_question_was_sent(stack: TestStack) {
    let relay = Relay::to(stack.auth_ops.addr).await;
    let issuer = follow(&stack, relay.addr);
    let (copy, clock) = (issuer.revocations(), stack.clock.clock());
    eventually("the copy is loaded", async || {
        (copy.freshness(clock.boot()) == Freshness::Live).then_some(())
    })
    .await;

    let held = relay.hold_the_next_answer().await;
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);
    stack.clock.advance_unheard(STALE_AFTER + Duration::from_secs(1));
    relay.let_through(held).await;

    assert_eq!(copy.len(), 0, "the answer is not older than the log-out");
    assert_ne!(copy.freshness(clock.boot()), Freshness::Live);

    // The next answer has it, and is as young as its question.
    relay.let_all_through();
    eventually("the log-out is heard of", async || (copy.len() == 1).then_some(())).await;
    eventually("the copy is live", async || (copy.freshness(clock.boot()) == Freshness::Live).then_some(()))
        .await;
}

/// T091: what ends while the pages are on their way is in one of them, and nothing is believed before the last.
#[both]
async fn what_ends_while_a_verifier_loads_is_not_missed(stack: TestStack) {
    const PAGES: usize = 3;
    fill(&stack, 1, 10_000).await;
    let relay = Relay::to(stack.auth_ops.addr).await;
    relay.hold_all();
    let issuer = follow(&stack, relay.addr);
    let (copy, clock) = (issuer.revocations(), stack.clock.clock());

    relay.until_answered(1).await;
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);
    for page in 1..=PAGES {
        relay.until_answered(page).await;
        assert_eq!(copy.freshness(clock.boot()), Freshness::Blind, "before page {page}");
        relay.let_through(page).await;
    }
    assert_eq!((copy.len(), copy.freshness(clock.boot())), (10_001, Freshness::Live));
}

/// Whoever asks while the last page is being taken in finds that nothing is known yet, or all of it.
#[both]
async fn nobody_is_let_in_while_a_page_is_taken_in(stack: TestStack) {
    fill(&stack, 1, 3_000).await;
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);
    let issuer = follow(&stack, stack.auth_ops.addr);
    let verifier = Verifier::builder()
        .issuer(&stack.auth.public_url)
        .audience("recipes")
        .keys(issuer.keys())
        .revocations(issuer.revocations())
        .clock(stack.clock.clock())
        .build();
    let (said, answer) = oneshot::channel();
    thread::spawn(move || {
        let mut answers = iter::repeat_with(|| verifier.verify(&session.access_token).map(drop));
        said.send(answers.find(|answer| !answer.is_err_and(Refusal::is_ours)))
    });
    assert_eq!(answer.await.expect("it panicked"), Some(Err(Refusal::Revoked)));
}

/// Follows auth-service as any verifier does, with its feed behind a relay.
fn follow(stack: &TestStack, feed: SocketAddr) -> Issuer {
    let url = |text: String| text.parse().expect("no URL");
    let folder = SecretFolder::open(&stack.secrets_dir().join("feed")).expect("no folder");
    Issuer::follow(IssuerSettings {
        jwks_url: url(stack.auth.url("/.well-known/jwks.json")),
        feed_urls: vec![url(format!("http://{feed}"))],
        feed_secret: folder.read("feed").expect("no secret"),
        stale_after: STALE_AFTER,
        blind_after: Duration::from_secs(30),
        clock: stack.clock.clock(),
        lane: None,
    })
}
