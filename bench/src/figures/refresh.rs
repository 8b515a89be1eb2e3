use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

use super::CONNECTIONS;
use crate::load::{Conversation, Load, member, post};
use crate::postgres::Script;
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

/// Sixteen sessions are refreshed, each time with the token that the last answer gave. The limit is pgbench rotating
/// sixteen other sessions of the same table by the service's own statement, each alone.
pub fn refresh(stack: &Stack, rounds: usize) -> Result<Comparison> {
    let chains = (0..CONNECTIONS).map(|_| Chain::new(&stack.logged_in("refresh_token")?));
    let mut chains: Vec<Chain> = chains.collect::<Result<_>>()?;
    let load = Load::lasting(5, stack.auth.addr);
    let script = rotation_of_one(stack, &load, &mut chains)?;
    copy_sessions(stack)?;
    take_turns(
        rounds,
        || {
            let (measured, after) = load.run(std::mem::take(&mut chains))?;
            chains = after;
            Ok(measured)
        },
        || rotate(stack, &script),
    )
}

/// The refreshes of one session.
struct Chain {
    request: Vec<u8>,
    token: String,
}

impl Chain {
    fn new(token: &str) -> Result<Self> {
        let request = post("/v1/refresh", None, &format!(r#"{{"refresh_token":"{token}"}}"#));
        Ok(Self { request, token: token.to_owned() })
    }
}

impl Conversation for Chain {
    fn request(&self) -> &[u8] {
        &self.request
    }

    fn answered(&mut self, body: &[u8]) -> Result<()> {
        let token = member(std::str::from_utf8(body)?, "refresh_token").context("no refresh token")?;
        ensure!(token.len() == self.token.len() && token != self.token, "not the next refresh token");
        self.token.replace_range(.., token);
        // Refresh tokens are all of one length, so the next one goes where the last one was: before `"}`.
        let end = self.request.len() - 2;
        self.request[end - token.len()..end].copy_from_slice(token.as_bytes());
        Ok(())
    }
}

/// What tells the sessions of pgbench from those of the driver.
const MARK: &str = "pgbench";

/// The statement of somebody who refreshes alone. What else the service asks may come behind it on the same connection: then
/// it is looked for again.
fn rotation_of_one(stack: &Stack, load: &Load, chains: &mut Vec<Chain>) -> Result<Script> {
    const TRIES: usize = 50;
    let little = Load { warm_up: Duration::ZERO, measured: Duration::from_millis(100), ..*load };
    let mut alone = vec![chains.pop().context("there is no session")?];
    let mut script = Err(anyhow!("nobody refreshed"));
    for _ in 0..TRIES {
        alone = little.run(alone)?.1;
        script = rotation(stack);
        if script.is_ok() {
            break;
        }
    }
    chains.extend(alone);
    script
}

/// The service's statement. Each client takes a session of its own at first and then counts its generations; presented
/// and successor are one, so that the next rotation presents what this one stored.
fn rotation(stack: &Stack) -> Result<Script> {
    Ok(Script {
        before: "\\if :generation < 0\n\
                 SELECT id, generation, secret_hash::text AS secret, client_id AS client FROM sessions \
                 WHERE user_agent = 'pgbench' ORDER BY id LIMIT 1 OFFSET :client_id \\gset\n\
                 \\endif\n",
        statement: stack.postgres.last_statement("auth", "UPDATE sessions SET generation")?,
        binds: &[
            "secret",
            "key",
            "zero",
            "zero",
            "idle",
            "id",
            "generation",
            "secret",
            "client",
            "zero",
            "zero",
        ],
        after: "\\set generation :generation + 1\n",
        variables: [("generation", "-1"), ("key", "1"), ("zero", "0"), ("idle", "2592000000000")]
            .map(|(name, value)| (name, value.to_owned()))
            .to_vec(),
    })
}

fn copy_sessions(stack: &Stack) -> Result<()> {
    let copy = format!(
        "CREATE TEMPORARY TABLE copies AS SELECT * FROM sessions ORDER BY id DESC LIMIT {CONNECTIONS}; \
         UPDATE copies SET id = gen_random_uuid(), user_agent = '{MARK}'; INSERT INTO sessions SELECT * FROM copies"
    );
    stack.postgres.query("auth", &copy).map(drop)
}

/// Answers rotations a second, after making sure that each of them changed its row.
fn rotate(stack: &Stack, script: &Script) -> Result<f64> {
    let took = Duration::from_secs(5);
    let before = generations(stack)?;
    let rate = stack.postgres.bench("auth", script, CONNECTIONS, took)?;
    let (rotated, said) = ((generations(stack)? - before) as f64, rate * took.as_secs_f64());
    ensure!(rotated > 0.98 * said, "pgbench says {said} transactions, of which {rotated} changed a row");
    Ok(rate)
}

fn generations(stack: &Stack) -> Result<i64> {
    let sum = format!("SELECT sum(generation)::bigint FROM sessions WHERE user_agent = '{MARK}'");
    Ok(stack.postgres.query("auth", &sum)?.parse()?)
}
