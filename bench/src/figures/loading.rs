use anyhow::Result;
use common::clock::Clock;

use crate::load::Measured;
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

/// As if as many sessions had been ended within the hour.
const FILL: &str = "INSERT INTO revocations (seq, tag, kind, target, min_uv, until) \
     SELECT n, lpad(to_hex(n), 16, '0'), 'session', gen_random_uuid()::text, NULL, now() + interval '1 hour' \
     FROM generate_series(1, 1000000) n; \
     UPDATE feeds SET head = 1000000, tag = lpad(to_hex(1000000), 16, '0') WHERE name = 'revocations'";

const COPY: &str = "COPY (SELECT seq, tag, kind, target, min_uv, until FROM revocations) TO STDOUT";

/// A recipe-service starts beside a million live revocations: how long until it is ready. The limit is `psql` reading
/// the rows. Nobody has to carry them to Redis meanwhile, where they are already when a service starts again.
pub fn loading(rounds: usize) -> Result<Comparison> {
    let stack = Stack::start_with(false, &[("REDIS_URL", "")])?;
    stack.postgres.query("auth", FILL)?;
    let clock = Clock::system();
    let timed = |act: &dyn Fn() -> Result<()>| -> Result<Measured> {
        let started = clock.boot();
        act()?;
        Ok(Measured::counted(clock.boot() - started, 1))
    };
    take_turns(
        rounds,
        || timed(&|| stack.another_recipes().map(drop)),
        || Ok(timed(&|| stack.postgres.query("auth", COPY).map(drop))?.rate()),
    )
}
