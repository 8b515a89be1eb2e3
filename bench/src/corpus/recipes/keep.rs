use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use common::clock::Clock;
use futures_util::future::try_join_all;
use serde_json::Value;

use super::sent::Sent;
use crate::load::{Connection, get, post, runtime};
use crate::stack::Stack;

/// What became of all recipes.
pub struct Kept {
    /// For each that was not kept or came back otherwise: which one, and what is otherwise.
    misses: Vec<(usize, String)>,
    kept: usize,
    keeping: Duration,
    reading: Duration,
}

const CONNECTIONS: usize = 8;

/// What was answered when a recipe was kept.
type Answered = Result<String, String>;

impl Kept {
    /// Keeps them all, and then reads them all.
    pub fn of(stack: &Stack, token: &str, recipes: &[Sent]) -> Result<Self> {
        let (to, clock) = (stack.recipes.addr, Clock::system());
        let began = clock.boot();
        let kept = on_all(to, recipes.len(), async |connection, number| {
            let request = post("/v1/recipes", Some(token), &recipes[number].body(number));
            connection.answer(&request).await
        })?;
        let stored = clock.boot();
        let misses = on_all(to, recipes.len(), async |connection, number| {
            read_back(connection, token, &recipes[number], &kept[number]).await
        })?;
        let misses: Vec<_> =
            misses.into_iter().enumerate().filter_map(|(number, miss)| Some((number, miss?))).collect();
        let kept = kept.iter().filter(|answered| answered.is_ok()).count();
        Ok(Self { misses, kept, keeping: stored - began, reading: clock.boot() - stored })
    }

    /// Prints it; whether all came back as they were sent.
    pub fn report(&self, database: &str, recipes: &[Sent], shown: usize) -> bool {
        let (all, missed) = (recipes.len(), self.misses.len());
        let rate = |took: Duration| all as f64 / took.as_secs_f64();
        let verdict = if missed == 0 { "pass" } else { "**fail**" };
        println!(
            "| {database} | recipes | kept | read back equal | kept /s | read /s | |\n|---|---:|---:|---:|---:|---:|---|"
        );
        println!(
            "| round trip | {all} | {} | {} | {:.0} | {:.0} | {verdict} |\n",
            self.kept,
            all - missed,
            rate(self.keeping),
            rate(self.reading)
        );
        for (number, miss) in self.misses.iter().take(shown) {
            println!("{number} {:?}: {miss}", recipes[*number].title());
        }
        missed == 0
    }
}

/// What is otherwise than it was sent, or than the answer to it said.
async fn read_back(
    connection: &mut Connection,
    token: &str,
    sent: &Sent,
    kept: &Answered,
) -> Result<Option<String>> {
    let kept = match kept {
        Ok(kept) => kept,
        Err(refusal) => return Ok(Some(refusal.clone())),
    };
    let said: Value = serde_json::from_str(kept)?;
    let id = said["id"].as_str().context("a recipe without an id")?;
    let read = connection.answer(&get(&format!("/v1/recipes/{id}"), Some(token))).await?;
    Ok(match read {
        Err(refusal) => Some(refusal),
        Ok(read) if read != *kept => Some("what is read is not what was answered".to_owned()),
        Ok(_) => sent.differs_from(&said).map(|member| format!("{member} is not as it was sent")),
    })
}

/// Does something for each number below `count`, on several connections at once, and answers in their order.
fn on_all<T>(
    to: SocketAddr,
    count: usize,
    act: impl AsyncFn(&mut Connection, usize) -> Result<T>,
) -> Result<Vec<T>> {
    let act = &act;
    let lanes = (0..CONNECTIONS).map(|lane| async move {
        let mut connection = Connection::open(to).await?;
        let mut done = Vec::new();
        for number in (lane..count).step_by(CONNECTIONS) {
            done.push((number, act(&mut connection, number).await?));
        }
        anyhow::Ok(done)
    });
    let mut done: Vec<_> = runtime()?.block_on(try_join_all(lanes))?.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}
