use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use common::clock::Clock;
use tokio::task::JoinSet;

use crate::load::{Connection, Measured, get, member, post, runtime};
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

/// Sessions are opened so many at once, and then logged out of one by one: opening them takes the processor.
const BATCH: usize = 1_000;

/// Connections that log in.
const LOGINS: usize = 4;

/// Requests to Redis that are timed for each batch.
const PINGS: usize = 1_000;

/// The bounds of the histogram, in µs.
const BUCKETS: [u32; 9] = [500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000];

/// Sessions are logged out of; measured is from the answer until both of two recipe-services refused a token of it. The
/// limit is a round trip to Redis.
pub fn lag(logouts: usize) -> Result<Comparison> {
    let stack = Stack::start_with(false, &[("BCRYPT_COST", "10")])?;
    let other = stack.another_recipes()?;
    let redis = stack.redis.url().trim_start_matches("redis://").parse()?;
    let verifiers = [stack.recipes.addr, other.addr];
    let mut all = Vec::new();
    let batch = || {
        let lags = runtime()?.block_on(batch(stack.auth.addr, verifiers))?;
        all.extend(&lags);
        let took = lags.iter().map(|micros| Duration::from_micros((*micros).into())).sum();
        Ok(Measured::of(took, lags))
    };
    let compared = take_turns(logouts.div_ceil(BATCH), batch, || pings(redis))?;
    let everything = Measured::of(Duration::ZERO, all.clone());
    Ok(Comparison { p99: everything.quantile(0.99), details: histogram(&all), ..compared })
}

/// Opens sessions and ends them, and answers how long each was let in, in µs.
async fn batch(auth: SocketAddr, verifiers: [SocketAddr; 2]) -> Result<Vec<u32>> {
    let tokens = log_in(auth).await?;
    let mut auth = Connection::open(auth).await?;
    let [mut one, mut other] = [Connection::open(verifiers[0]).await?, Connection::open(verifiers[1]).await?];
    let (clock, mut lags) = (Clock::system(), Vec::with_capacity(tokens.len()));
    for token in tokens {
        let list = get("/v1/recipes", Some(&token));
        for verifier in [&mut one, &mut other] {
            verifier.call(&list).await.context("it is not let in to begin with")?;
        }
        auth.call(&post("/v1/logout", Some(&token), "{}")).await.context("POST /v1/logout")?;
        let answered = clock.boot();
        tokio::try_join!(until_refused(&mut one, &list), until_refused(&mut other, &list))?;
        lags.push((clock.boot() - answered).as_micros() as u32);
    }
    Ok(lags)
}

async fn until_refused(verifier: &mut Connection, request: &[u8]) -> Result<()> {
    loop {
        match verifier.status(request).await? {
            200 => {}
            401 => return Ok(()),
            status => anyhow::bail!("an ended token was answered {status}"),
        }
    }
}

/// The access tokens of as many sessions as a batch has.
async fn log_in(auth: SocketAddr) -> Result<Vec<String>> {
    let mut logins = JoinSet::new();
    for _ in 0..LOGINS {
        logins.spawn(async move {
            let (mut connection, request) = (Connection::open(auth).await?, Stack::login_request());
            let mut tokens = Vec::new();
            for _ in 0..BATCH / LOGINS {
                let body = std::str::from_utf8(connection.call(&request).await?)?;
                tokens.push(member(body, "access_token").context("no access token")?.to_owned());
            }
            anyhow::Ok(tokens)
        });
    }
    let mut tokens = Vec::new();
    while let Some(more) = logins.join_next().await {
        tokens.extend(more.context("a connection of the driver panicked")??);
    }
    Ok(tokens)
}

/// Answers round trips a second.
fn pings(redis: SocketAddr) -> Result<f64> {
    let mut stream = TcpStream::connect(redis)?;
    stream.set_nodelay(true)?;
    let (clock, mut answer) = (Clock::system(), [0; 7]);
    let started = clock.boot();
    for _ in 0..PINGS {
        stream.write_all(b"PING\r\n")?;
        stream.read_exact(&mut answer)?;
        ensure!(answer == *b"+PONG\r\n", "Redis does not answer");
    }
    Ok(PINGS as f64 / (clock.boot() - started).as_secs_f64())
}

/// How many took how long.
fn histogram(lags: &[u32]) -> String {
    let mut table =
        format!("P7, {} log-outs:\n\n| refused within | log-outs | of all |\n|---:|---:|---:|\n", lags.len());
    for bucket in BUCKETS {
        let within = lags.iter().filter(|micros| **micros <= bucket).count();
        let (millis, share) = (f64::from(bucket) / 1e3, 100.0 * within as f64 / lags.len() as f64);
        let _ = writeln!(table, "| {millis} ms | {within} | {share:.2} % |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_what_took_no_longer() {
        let table = histogram(&[400, 500, 501, 90_000]);
        assert!(table.contains("| 0.5 ms | 2 | 50.00 % |") && table.contains("| 100 ms | 4 | 100.00 % |"));
    }
}
