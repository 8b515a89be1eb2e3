//! Measures what the program exists for beside what bounds it, side by side in one run on one machine.
//!
//! Absolute figures say little: the machine drifts while it is measured. So each figure is measured in turns with its
//! limit, and what is held against a bound is the median of their ratios.

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

use self::figures::Figure;
use self::report::Report;
use self::stack::Stack;

#[derive(Parser)]
#[command(name = "bench", about = "Measures figures beside their limits")]
struct Arguments {
    /// Which figures; all of them unless some are named
    #[arg(value_enum, ignore_case = true)]
    figures: Vec<Figure>,
    /// Renew BENCHMARKS.md
    #[arg(long)]
    write: bool,
    /// How often each figure is measured in turns with its limit
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let figures = if arguments.figures.is_empty() { Figure::ALL.to_vec() } else { arguments.figures };
    let mut stack = None;
    let mut report = Report::new(machine::words()?);
    for figure in figures {
        println!("measuring {}", figure.title());
        report.add(figure, measure(figure, &mut stack, arguments.rounds)?);
    }
    println!("\n{report}");
    if arguments.write {
        report.write()?;
    }
    Ok(if report.all_hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The services start with the first figure that needs them.
fn measure(figure: Figure, stack: &mut Option<Stack>, rounds: usize) -> Result<rounds::Comparison> {
    if figure == Figure::P1 {
        return figures::verification(rounds);
    }
    let stack = match stack {
        Some(stack) => stack,
        None => stack.insert(Stack::start()?),
    };
    match figure {
        Figure::P1 => unreachable!("BUG: it was measured above"),
        Figure::P3 => figures::recipe_read(stack, rounds),
        Figure::P4 => figures::refresh(stack, rounds),
        Figure::P5 => figures::login(stack, rounds),
    }
}
