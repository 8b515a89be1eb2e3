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
    take_turns(rounds, || log_in(stack, at_once), || bcrypts_a_second(threads))
}

fn log_in(stack: &Stack, at_once: usize) -> Result<Measured> {
    Ok(Load::lasting(10, stack.auth.addr).run(vec![Repeated(Stack::login_request()); at_once])?.0)
}

/// What these threads do together: two that share a core each take longer than one that has it alone.
fn bcrypts_a_second(threads: usize) -> Result<f64> {
    const EACH: usize = 12;
    let clock = Clock::system();
    let started = clock.boot();
    std::thread::scope(|scope| {
        let hashing: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| (0..EACH).try_for_each(|_| bcrypt::hash(PASSWORD, COST).map(drop))))
            .collect();
        hashing.into_iter().try_for_each(|thread| thread.join().expect("BUG: bcrypt does not panic"))
    })?;
    Ok((threads * EACH) as f64 / (clock.boot() - started).as_secs_f64())
}
