use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use common::clock::Clock;
use tokio::task::JoinSet;

use crate::load::{Connection, get, member, post, runtime};
use crate::stack::Stack;

const LASTS: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(5);

/// For how long a key is published before it signs.
const LEAD: &str = "2s";

/// People who refresh and read, one request after another each.
const PEOPLE: usize = 8;

/// Set once the minute is over.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Keys follow one another every five seconds for a minute, each two seconds after it was published, while people refresh
/// and read at both services with what they were given. Nobody may notice.
pub fn run() -> Result<bool> {
    let stack = Stack::start_with(false, &[("KEY_LEAD", LEAD)])?;
    let tokens = (0..PEOPLE).map(|_| stack.logged_in("refresh_token")).collect::<Result<Vec<_>>>()?;
    let (auth, recipes) = (stack.auth.addr, stack.recipes.addr);
    let load = std::thread::spawn(move || load(auth, recipes, tokens));
    let rotations = rotate(&stack);
    IS_OVER.store(true, Ordering::Relaxed);
    let counts = load.join().expect("BUG: the load panicked")?;
    let rotations = rotations?;
    println!("{rotations} rotations in {} s; {counts}", LASTS.as_secs());
    // Whoever always has work to do sees every key sign.
    Ok(counts.failures.is_empty() && counts.signers.len() > rotations)
}

/// Rotates as an operator does, and answers how often.
fn rotate(stack: &Stack) -> Result<usize> {
    let (clock, started) = (Clock::system(), Clock::system().boot());
    let mut rotations = 0;
    runtime()?.block_on(async {
        loop {
            let due = started + EVERY * (rotations as u32 + 1);
            tokio::time::sleep(due.saturating_sub(clock.boot())).await;
            if due >= started + LASTS {
                return Ok(rotations);
            }
            stack.auth.run(&["keys", "rotate"])?;
            rotations += 1;
        }
    })
}

/// What people saw.
#[derive(Default)]
struct Counts {
    refreshes: usize,
    reads: usize,
    /// The headers of the tokens that they were given: one for each key.
    signers: BTreeSet<String>,
    /// Whatever was not a 2xx.
    failures: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { refreshes, reads, signers, failures } = self;
        let (keys, failed) = (signers.len(), failures.len());
        write!(
            f,
            "{refreshes} refreshes, {reads} reads, signed by {keys} keys: {failed} were not answered 2xx"
        )?;
        failures.iter().take(10).try_for_each(|failure| write!(f, "\n  {failure}"))
    }
}

fn load(auth: SocketAddr, recipes: SocketAddr, tokens: Vec<String>) -> Result<Counts> {
    runtime()?.block_on(async {
        let mut people = JoinSet::new();
        for token in tokens {
            people.spawn(go_on(auth, recipes, token));
        }
        let mut all = Counts::default();
        while let Some(counts) = people.join_next().await {
            let Counts { refreshes, reads, signers, failures } = counts.context("a client panicked")?;
            all.refreshes += refreshes;
            all.reads += reads;
            all.signers.extend(signers);
            all.failures.extend(failures);
        }
        Ok(all)
    })
}

/// Refreshes and reads until it is over or something fails: a session has one token to go on with.
async fn go_on(auth: SocketAddr, recipes: SocketAddr, mut token: String) -> Counts {
    let mut counts = Counts::default();
    while !IS_OVER.load(Ordering::Relaxed) {
        if let Err(error) = turn(auth, recipes, &mut token, &mut counts).await {
            counts.failures.push(format!("{error:#}"));
            return counts;
        }
    }
    counts
}

/// On connections of its own, so that no answer is one of a connection that was kept alive.
async fn turn(auth: SocketAddr, recipes: SocketAddr, token: &mut String, counts: &mut Counts) -> Result<()> {
    let (mut auth, mut recipes) = (Connection::open(auth).await?, Connection::open(recipes).await?);
    for _ in 0..100 {
        let refresh = post("/v1/refresh", None, &format!(r#"{{"refresh_token":"{token}"}}"#));
        let body = auth.call(&refresh).await.context("POST /v1/refresh")?;
        let body = std::str::from_utf8(body)?;
        let access = member(body, "access_token").context("no access token")?.to_owned();
        *token = member(body, "refresh_token").context("no refresh token")?.to_owned();
        counts.refreshes += 1;
        counts.signers.extend(access.split_once('.').map(|(header, _)| header.to_owned()));
        recipes.call(&get("/v1/recipes", Some(&access))).await.context("GET /v1/recipes")?;
        auth.call(&get("/v1/me", Some(&access))).await.context("GET /v1/me")?;
        counts.reads += 2;
    }
    Ok(())
}
