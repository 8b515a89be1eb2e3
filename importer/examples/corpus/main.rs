//! Imports pages that others labelled, and says how many fields are read as labelled: `cargo xtask bench import FOLDER`.
//!
//! The pages are no part of the project. Each is a line of JSON: `{page, html, expected}`, in which `expected` has what
//! recipe-scrapers' tests know of the page.

mod labels;
mod pages;
mod speed;

use std::path::PathBuf;
use std::process::ExitCode;

use importer::{Format, import};

use self::labels::{Counts, FIELDS};
use self::pages::Pages;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("name the folder that holds pages.jsonl.gz; --misses FIELD shows what is read otherwise");
        return ExitCode::from(2);
    };
    let misses = arguments.skip_while(|argument| argument != "--misses").nth(1);
    let path = PathBuf::from(folder).join("pages.jsonl.gz");
    let (mut counts, mut speed) = (Counts::default(), speed::Speed::default());
    for page in Pages::open(&path).expect("the pages cannot be read") {
        let read = speed.measure(&page.name, &page.html, |html| import(html, Format::Html, None));
        counts.add(&page, read.as_ref().ok().map(|imported| &imported.recipe), misses.as_deref());
    }
    println!("| field | read as labelled | of | share | at least | |\n|---|---:|---:|---:|---:|---|");
    let mut all_hold = true;
    for field in FIELDS {
        let (right, of) = counts.of(field.name);
        let (share, at_least) = (right as f64 / of.max(1) as f64, field.at_least());
        let holds = share >= at_least;
        all_hold &= holds;
        let verdict = if holds { "pass" } else { "**fail**" };
        println!(
            "| {} | {right} | {of} | {:.1} % | {:.1} % | {verdict} |",
            field.name,
            100.0 * share,
            100.0 * at_least
        );
    }
    println!();
    all_hold &= speed.report();
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
