//! What happens while the database or Redis is away, and after.

mod postgres;
mod redis;
mod sqlite;
mod storms;

use testkit::{Answer, TestStack, eventually};

/// Refreshes until it works; until then nothing but our own trouble is the answer.
async fn refreshed_at_last(stack: &TestStack, token: &str) -> Answer {
    eventually("the database answers again", async || {
        let answer = stack.refresh(token).await;
        if answer.status == 503 {
            answer.assert_problem(503, "database_unavailable");
            return None;
        }
        answer.assert_status(200);
        Some(answer)
    })
    .await
}
