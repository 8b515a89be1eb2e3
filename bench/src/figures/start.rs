use std::time::Duration;

use anyhow::{Result, ensure};
use common::clock::Clock;

use crate::bound::MIB;
use crate::load::Measured;
use crate::machine::resident_bytes;
use crate::processes::{Service, program};
use crate::rounds::{Comparison, take_turns};
use crate::stack::Stack;

/// Another copy of each service starts beside what it needs: how long until it is ready. The limit is the same program
/// saying its version, which is what the system takes to start it.
pub fn start(stack: &Stack, rounds: usize) -> Result<Comparison> {
    let auth = start_of("auth-service", rounds, || stack.another_auth())?;
    let recipes = start_of("recipe-service", rounds, || stack.another_recipes())?;
    let details =
        format!("P11, start: auth-service {:.0?}, recipe-service {:.0?}.\n", auth.one(), recipes.one());
    let slower = if auth.one() > recipes.one() { auth } else { recipes };
    Ok(Comparison { details, ..slower })
}

fn start_of(name: &str, rounds: usize, another: impl Fn() -> Result<Service>) -> Result<Comparison> {
    let clock = Clock::system();
    take_turns(
        rounds,
        || {
            let started = clock.boot();
            let service = another()?;
            let took = clock.boot() - started;
            drop(service);
            Ok(Measured::counted(took, 1))
        },
        || {
            let started = clock.boot();
            let status = program(name)?.arg("--version").stdout(std::process::Stdio::null()).status()?;
            ensure!(status.success(), "{name} does not say its version");
            Ok(Measured::counted(clock.boot() - started, 1).rate())
        },
    )
}

/// What a service has in memory that is ready and asked for nothing.
pub fn idle_memory(stack: &Stack) -> Result<Comparison> {
    let idle = |service: Service| {
        settle();
        resident_bytes(service.pid())
    };
    let (auth, recipes) = (idle(stack.another_auth()?)?, idle(stack.another_recipes()?)?);
    let details = format!(
        "P11, memory: auth-service {:.1} MiB, recipe-service {:.1} MiB.\n",
        auth / MIB,
        recipes / MIB
    );
    Ok(Comparison { details, ..Comparison::once(auth.max(recipes), f64::INFINITY) })
}

#[expect(clippy::disallowed_methods, reason = "a service is idle once it had time to be")]
fn settle() {
    std::thread::sleep(Duration::from_secs(5));
}
