//! Measures what the program exists for beside what bounds it, side by side in one run on one machine.
//!
//! Absolute figures say little: the machine drifts while it is measured. So each figure is measured in turns with its
//! limit, and what is held against a bound is the median over all turns.

mod bound;
mod corpus;
mod drills;
mod figures;
mod load;
mod machine;
mod postgres;
mod processes;
mod report;
mod rounds;
mod stack;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use self::corpus::Corpus;
use self::drills::Drill;
use self::figures::Figure;
use self::report::Report;
use self::rounds::Comparison;
use self::stack::Stack;

/// The services' own: verification is measured in this process, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(
    name = "bench",
    about = "Measures figures beside their limits",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    corpus: Option<Corpus>,
    /// Which figures; all of them unless some are named
    #[arg(value_enum, ignore_case = true)]
    figures: Vec<Figure>,
    /// Renew BENCHMARKS.md
    #[arg(long)]
    write: bool,
    /// How often each figure is measured in turns with its limit
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many sessions are logged out of for P7
    #[arg(long, default_value_t = 10_000)]
    logouts: usize,
    /// Run a Postgres whose commits do not wait for the disk, on both sides
    #[arg(long)]
    no_fsync: bool,
    /// Carry out a drill instead of measuring
    #[arg(long, value_enum)]
    drill: Option<Drill>,
}

fn main() -> Result<ExitCode> {
    common::install_crypto();
    let arguments = Arguments::parse();
    if let Some(corpus) = arguments.corpus {
        return corpus.measure();
    }
    if let Some(drill) = arguments.drill {
        return Ok(verdict(drill.run()?));
    }
    let Arguments { rounds, logouts, no_fsync, .. } = arguments;
    let mut bench = Bench { stack: None, rounds, logouts, durable: !no_fsync };
    let mut figures = if arguments.figures.is_empty() { Figure::ALL.to_vec() } else { arguments.figures };
    figures.sort();
    let mut report = Report::new(machine::words()?, machine::cores()?);
    for figure in figures {
        println!("measuring {}", figure.title());
        // One that fails keeps nobody from learning the others.
        let measured = bench.measure(figure).inspect_err(|error| eprintln!("  no figure: {error:#}"));
        report.add(figure, measured.ok());
    }
    println!("\n{report}");
    if arguments.write {
        report.write()?;
    }
    Ok(verdict(report.all_hold()))
}

fn verdict(holds: bool) -> ExitCode {
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Bench {
    stack: Option<Stack>,
    rounds: usize,
    logouts: usize,
    durable: bool,
}

impl Bench {
    fn measure(&mut self, figure: Figure) -> Result<Comparison> {
        let rounds = self.rounds;
        match figure {
            Figure::P1 => figures::verification(rounds),
            Figure::P2Cold => figures::cold_verification(rounds),
            Figure::P2Cached => figures::cached_verification(rounds),
            Figure::P3 => figures::recipe_read(self.stack()?, rounds),
            Figure::P4 => figures::refresh(self.stack()?, rounds),
            Figure::P5 => figures::login(self.stack()?, rounds),
            Figure::P6 => figures::storm(self.stack()?, rounds),
            Figure::P7 => figures::lag(self.logouts),
            Figure::P8Verification => figures::loaded_verification(rounds),
            Figure::P8Memory => figures::memory(),
            Figure::P8Loading => figures::loading(rounds),
            Figure::P11Start => figures::start(self.stack()?, rounds),
            Figure::P11Memory => figures::idle_memory(self.stack()?),
            Figure::P13 => figures::two_copies(rounds),
        }
    }

    /// The services start with the first figure that needs them.
    fn stack(&mut self) -> Result<&Stack> {
        if self.stack.is_none() {
            self.stack = Some(Stack::start(self.durable)?);
        }
        Ok(self.stack.as_ref().expect("BUG: it was started above"))
    }
}
