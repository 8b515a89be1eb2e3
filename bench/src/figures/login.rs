use std::time::Duration;

use anyhow::Result;
use common::clock::Clock;

use crate::load::{Load, Measured, Repeated};
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

/// How many at once for each thread that hashes, so that it never waits for work. With more, those on a slow machine would
/// be sent away: who cannot be served within two seconds is.
const FOR_EACH_THREAD: usize = 2;

/// The cost that auth-service hashes with.
const COST: u32 = 12;

/// As long as what auth-service hashes.
const PASSWORD: [u8; 64] = [b'p'; 64];

/// People log in. The limit is what the hashing threads could do if a login were nothing but its bcrypt.
pub fn login(stack: &Stack, rounds: usize) -> Result<Comparison> {
    let threads = std::thread::available_parallelism()?.get();
    let at_once = FOR_EACH_THREAD * threads;
    take_turns(rounds, || log_in(stack, at_once), || Ok(threads as f64 / one_bcrypt()?.as_secs_f64()))
}

fn log_in(stack: &Stack, at_once: usize) -> Result<Measured> {
    Ok(Load::lasting(10, stack.auth.addr).run(vec![Repeated(Stack::login_request()); at_once])?.0)
}

/// How long one takes, on the mean of some.
fn one_bcrypt() -> Result<Duration> {
    const TIMES: u32 = 8;
    let clock = Clock::system();
    let started = clock.boot();
    for _ in 0..TIMES {
        bcrypt::hash(PASSWORD, COST)?;
    }
    Ok((clock.boot() - started) / TIMES)
}
