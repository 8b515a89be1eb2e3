use std::time::Duration;

use common::clock::Clock;
use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Anonymous;
use testkit::stack::Options;
use testkit::{both, eventually};

/// Enough work for each hash that a few hundred of them keep two threads busy for seconds.
const SLOW: &str = "9";

/// T119, T225: who cannot be served in time is sent away at once, everything else goes on, and afterwards all is as it
/// was before.
#[both]
async fn a_storm_of_logins_is_served_or_sent_away(options: Options) {
    let stack = options.set("AUTH_BCRYPT_COST", SLOW).start().await;
    let session = stack.logged_in().await;
    let body = json!({ "email": session.email, "password": "wrong" });

    let clock = Clock::system();
    let login = async || {
        let sent = clock.boot();
        let answer = stack.login(body.clone()).await;
        (answer, clock.boot() - sent)
    };
    let storm = join_all((0..200).map(|_| login()));
    let others = async {
        for _ in 0..20 {
            stack.auth.get("/healthz").send().await.assert_status(200);
            stack.jwks().await.assert_status(200);
            stack.list_recipes(&session, "").await.assert_status(200);
            stack.list_recipes(Anonymous, "").await.assert_status(200);
            stack.me(&session).await.assert_status(200);
        }
    };
    let (answers, ()) = tokio::join!(storm, others);

    let slowest = |status| {
        let of_status = answers.iter().filter(|(answer, _)| answer.status == status);
        of_status.map(|(_, took)| *took).max()
    };
    for (answer, _) in &answers {
        match answer.status {
            401 => answer.assert_problem(401, "invalid_credentials"),
            _ => answer.assert_problem(503, "busy"),
        };
    }
    let (served, refused) = (slowest(401).expect("nobody was served"), slowest(503));
    assert!(served < Duration::from_secs(5), "served after {served:?}");
    assert!(
        refused.is_none_or(|refused| refused < 2 * served),
        "refused after {refused:?}, served after {served:?}"
    );
    // And it is over when it is over.
    stack.login(session.person().credentials()).await.assert_status(200);
}

/// T120: a hash that nobody waits for any more is not made.
#[both]
async fn callers_who_hang_up_leave_no_work_behind(options: Options) {
    let stack = options.set("AUTH_BCRYPT_COST", SLOW).start().await;
    let session = stack.logged_in().await;
    let body = json!({ "email": session.email, "password": "wrong" }).to_string();
    let request = format!(
        "POST /v1/login HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..200 {
        let mut stream = std::net::TcpStream::connect(stack.auth.addr).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    }
    eventually("somebody is served again", async || {
        let answer = stack.login(session.person().credentials()).await;
        (answer.status == 200).then_some(())
    })
    .await;
}
