use std::fmt;
use std::net::SocketAddr;
use std::ops::AddAssign;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::CONNECTIONS;
use crate::load::{Connection, Load, Measured, Repeated, get, runtime};
use crate::rounds::{Comparison, compare_tails};
use crate::stack::Stack;

/// People who log in at once.
const PEOPLE: usize = 64;

/// What is waited after a 503: as long as its `Retry-After` says.
const PUT_OFF_FOR: Duration = Duration::from_secs(1);

/// Somebody's page asks the service that hashes the passwords, while 64 others log in to it. The limit is the same at rest.
/// Any answer but a 2xx to a GET leaves the figure out, and any but 200 and 503 to a log-in.
pub fn storm(stack: &Stack, rounds: usize) -> Result<Comparison> {
    let request = get("/v1/me", Some(&stack.logged_in("access_token")?));
    let load = Load::lasting(5, stack.auth.addr);
    let read = || anyhow::Ok(load.run(vec![Repeated(request.clone()); CONNECTIONS])?.0);
    let mut logins = Logins::default();
    let stormed = || {
        let (measured, more) = during(stack.auth.addr, read)?;
        logins += more;
        Ok(measured)
    };
    let compared = compare_tails(rounds, stormed, read)?;
    Ok(Comparison { details: format!("P6, {rounds} storms: {logins}.\n"), ..compared })
}

/// What became of log-ins.
#[derive(Clone, Copy, Debug, Default)]
struct Logins {
    let_in: usize,
    put_off: usize,
}

/// Measures while people log in.
fn during(to: SocketAddr, measure: impl FnOnce() -> Result<Measured>) -> Result<(Measured, Logins)> {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let storm = threads.spawn(|| runtime()?.block_on(log_in(to, &is_over)));
        let measured = measure();
        is_over.store(true, Ordering::Relaxed);
        let logins = storm.join().map_err(|_| anyhow::anyhow!("the storm panicked"))?;
        Ok((measured?, logins.context("POST /v1/login")?))
    })
}

/// Everybody logs in again and again, until it is over.
async fn log_in(to: SocketAddr, is_over: &AtomicBool) -> Result<Logins> {
    let mut logins = Logins::default();
    let people = (0..PEOPLE).map(|_| one_of_them(to, is_over));
    for person in futures_util::future::try_join_all(people).await? {
        logins += person;
    }
    Ok(logins)
}

async fn one_of_them(to: SocketAddr, is_over: &AtomicBool) -> Result<Logins> {
    let (mut connection, request) = (Connection::open(to).await?, Stack::login_request());
    let mut logins = Logins::default();
    while !is_over.load(Ordering::Relaxed) {
        match connection.status(&request).await? {
            200 => logins.let_in += 1,
            503 => {
                logins.put_off += 1;
                tokio::time::sleep(PUT_OFF_FOR).await;
            }
            status => bail!("answered {status}"),
        }
    }
    Ok(logins)
}

impl AddAssign for Logins {
    fn add_assign(&mut self, other: Self) {
        self.let_in += other.let_in;
        self.put_off += other.put_off;
    }
}

impl fmt::Display for Logins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} log-ins let in, {} put off by 503", self.let_in, self.put_off)
    }
}
