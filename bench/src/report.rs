//! The table, on the terminal and in BENCHMARKS.md.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::bound::Bound;
use crate::figures::Figure;
use crate::rounds::Comparison;

/// What one run came to.
pub struct Report {
    machine: String,
    cores: usize,
    /// Without a comparison where measuring failed.
    rows: Vec<(Figure, Option<Comparison>)>,
}

const HEAD: &str = "\
# Benchmarks

What the program exists for, each figure beside what bounds it, measured in turns in one run on one machine. Absolute
figures are the machine's; what counts is the ratio: `≥ 0.85` asks for that share of the limit's rate, `≤ 1.15×` for no
more than that many times its time. `cargo xtask bench --write` measures again and writes this page.

";

const HOW: &str = "
- 16 keep-alive connections (two for each core for logins) from one driver on the same cores; medians over all rounds; any answer but a
  2xx leaves a figure out. The services log every request to a file, as they do by default, and run without rate limits.
- P1: a server built on `common` with two routes that answer the same JSON, one behind `Auth`, with the token's signature
  in the cache of verified tokens, as nearly always; the other route gets no token.
- P2: `Verifier::verify` in the process of the driver, on one thread, with the allocator that the services have. Cold:
  10 000 tokens that it has not seen, each once, beside `aws-lc` checking the signatures of the same tokens by a key that it
  parsed before. Cached: 1 000 tokens that it has seen, in turn, beside their SHA-256.
- P3, P4: `pgbench -M prepared -c 16 -j 2` runs the text of the service's own statement for one, taken from `pg_stat_activity`, on
  the same server, on rows like those of the service, which may have as many connections. Postgres is as durable as it is
  installed: commits wait for the disk. With `--no-fsync` they do not, on either side.
- P5: `bcrypt` of cost 12 is measured in the process of the driver, on as many threads at once as hash: those that share a
  core take longer than one alone.
- P6: 16 connections read `/v1/me` of auth-service, which asks the database for the session and for the person, while 64 others log in to the same process,
  each again as soon as it is answered, or a second after a 503 (`Retry-After`). What is measured is the p99 of the reads
  beside their p99 without the log-ins; the rates are those of the reads.
- P7: services of its own with hashes of cost 10, two recipe-services, Redis. Each session is logged out of on one connection;
  then both recipe-services are asked, each on a connection of its own, until they refuse: measured is from when the answer to
  the log-out was read until both refusals were. The limit is a `PING` of Redis and its answer.
- P8: verification as in P2, cold, with a copy of a million live revocations beside an empty one; the memory that the
  process has more for them; and how long a recipe-service takes from its start until it is ready, on services of their own
  without Redis, beside `COPY` of the same rows by `psql`.
- P11: another copy of each service starts beside one that runs, on the same Postgres and Redis: from the start of the process
  until `/readyz` says so, asked every 5 ms, beside the same program printing its version. Memory is what is resident of a copy
  that was ready for five seconds and asked for nothing else. How large an image is `.ci/run` says, and holds against 40 MiB.
- P13: reads of one recipe through nginx as `deploy/nginx` has it, but without TLS, of which the driver knows nothing. Each
  recipe-service has one worker, so that two can be faster than one; driver, nginx, Postgres and both of them need some eight
  cores then, and on fewer the figure says how they share them and nothing of the services.
";

impl Report {
    pub fn new(machine: String, cores: usize) -> Self {
        Self { machine, cores, rows: Vec::new() }
    }

    pub fn add(&mut self, figure: Figure, comparison: Option<Comparison>) {
        self.rows.push((figure, comparison));
    }

    /// True when every figure kept its bound, if this machine has the cores for it.
    pub fn all_hold(&self) -> bool {
        self.rows.iter().all(|(figure, comparison)| {
            comparison.as_ref().is_some_and(|comparison| self.verdict(*figure, comparison) != FAILED)
        })
    }

    fn verdict(&self, figure: Figure, comparison: &Comparison) -> &'static str {
        let bound = figure.bound();
        match bound.holds(comparison) {
            true => "pass",
            false if self.cores < bound.cores() => "not held to it: too few cores",
            false => FAILED,
        }
    }

    /// Renews BENCHMARKS.md.
    pub fn write(&self) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../BENCHMARKS.md");
        std::fs::write(&path, format!("{HEAD}{self}{HOW}"))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.machine)?;
        writeln!(f, "| figure | ours /s | limit | limit /s | measured | bound | | p50 ms | p99 ms |")?;
        writeln!(f, "|---|---:|---|---:|---:|---:|---|---:|---:|")?;
        self.rows.iter().try_for_each(|(figure, comparison)| match comparison {
            Some(comparison) => write_row(f, *figure, comparison, self.verdict(*figure, comparison)),
            None => write_failure(f, *figure),
        })?;
        let details = self.rows.iter().filter_map(|(_, comparison)| Some(&comparison.as_ref()?.details));
        details.filter(|details| !details.is_empty()).try_for_each(|details| write!(f, "\n{details}"))
    }
}

const FAILED: &str = "**fail**";

fn write_row(
    f: &mut fmt::Formatter<'_>,
    figure: Figure,
    comparison: &Comparison,
    verdict: &str,
) -> fmt::Result {
    let Comparison { ours, limit, p50, p99, .. } = comparison;
    let (title, against, bound) = (figure.title(), figure.limit(), figure.bound());
    let measured = bound.measured(comparison);
    let digits = if *limit < 100.0 { 2 } else { 0 };
    let rate = |rate: f64| if rate.is_finite() { format!("{rate:.digits$}") } else { "–".to_owned() };
    let ours = if matches!(bound, Bound::Bytes(_)) { "–".to_owned() } else { rate(*ours) };
    let limit = rate(*limit);
    let (p50, p99) = (milliseconds(*p50), milliseconds(*p99));
    writeln!(
        f,
        "| {title} | {ours} | {against} | {limit} | {measured} | {bound} | {verdict} | {p50} | {p99} |"
    )
}

fn write_failure(f: &mut fmt::Formatter<'_>, figure: Figure) -> fmt::Result {
    let (title, against, bound) = (figure.title(), figure.limit(), figure.bound());
    writeln!(f, "| {title} | – | {against} | – | – | {bound} | **no figure** | – | – |")
}

fn milliseconds(latency: Option<Duration>) -> String {
    latency.map_or_else(|| "–".to_owned(), |latency| format!("{:.2}", latency.as_secs_f64() * 1e3))
}
