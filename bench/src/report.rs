//! The table, on the terminal and in BENCHMARKS.md.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

use crate::figures::Figure;
use crate::rounds::Comparison;

/// What one run came to.
pub struct Report {
    machine: String,
    rows: Vec<(Figure, Comparison)>,
}

const HEAD: &str = "\
# Benchmarks

What the program exists for, each figure beside what bounds it, measured in turns in one run on one machine. Absolute
figures are the machine's; what counts is the ratio. `cargo xtask bench --write` measures again and writes this page.

";

const HOW: &str = "
- 16 keep-alive connections (8 for logins) from one driver on the same cores; medians over all rounds; any answer but a
  2xx fails the run. The services log every request to a file, as they do by default, and run without rate limits.
- P1: a server built on `common` with two routes that answer the same JSON, one behind `Auth`, with the token's signature
  in the cache of verified tokens, as nearly always; the other route gets no token.
- P3, P4: `pgbench -M prepared -c 16 -j 2` runs the text of the service's own statement, taken from `pg_stat_activity`, on
  the same server, on rows like those of the service. Postgres is as durable as it is installed: commits wait for the
  disk. With `--no-fsync` they do not, on either side.
- P5: `bcrypt` of cost 12 is measured in the process of the driver, one at a time.
";

impl Report {
    pub fn new(machine: String) -> Self {
        Self { machine, rows: Vec::new() }
    }

    pub fn add(&mut self, figure: Figure, comparison: Comparison) {
        self.rows.push((figure, comparison));
    }

    /// True when every figure reached its share of its limit.
    pub fn all_hold(&self) -> bool {
        self.rows.iter().all(|(figure, comparison)| holds(*figure, comparison))
    }

    /// Renews BENCHMARKS.md.
    pub fn write(&self) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../BENCHMARKS.md");
        std::fs::write(&path, format!("{HEAD}{self}{HOW}"))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

fn holds(figure: Figure, comparison: &Comparison) -> bool {
    comparison.ratio >= figure.at_least()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.machine)?;
        writeln!(f, "| figure | ours /s | limit | limit /s | ratio | at least | | p50 ms | p99 ms |")?;
        writeln!(f, "|---|---:|---|---:|---:|---:|---|---:|---:|")?;
        for (figure, comparison) in &self.rows {
            let Comparison { ours, limit, ratio, p50, p99 } = comparison;
            let verdict = if holds(*figure, comparison) { "pass" } else { "**fail**" };
            let (title, against, least) = (figure.title(), figure.limit(), figure.at_least());
            let digits = if *limit < 100.0 { 2 } else { 0 };
            let (p50, p99) = (p50.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3);
            writeln!(
                f,
                "| {title} | {ours:.digits$} | {against} | {limit:.digits$} | {ratio:.3} | {least:.2} | {verdict} \
                 | {p50:.2} | {p99:.2} |"
            )?;
        }
        Ok(())
    }
}
