//! Imports pages that others labelled, and says how many fields are read as labelled: `cargo xtask bench import FOLDER`.
//!
//! The pages are no part of the project. Each is a line of JSON: `{page, html, expected}`, in which `expected` has what
//! recipe-scrapers' tests know of the page. Of some only the scripts of JSON-LD are left. Those that have a recipe in them are
//! a table of their own, without groups, for which the page is needed; of the others nobody could read anything.

mod labels;
mod pages;
mod speed;

use std::path::PathBuf;
use std::process::ExitCode;

use importer::{Format, import};

use self::labels::{Counts, FIELDS, Field};
use self::pages::Pages;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("name the folder that holds pages.jsonl.gz; --misses FIELD shows what is read otherwise");
        return ExitCode::from(2);
    };
    let misses = arguments.skip_while(|argument| argument != "--misses").nth(1);
    let path = PathBuf::from(folder).join("pages.jsonl.gz");
    let (mut whole, mut scripts, mut speed) = (Counts::default(), Counts::default(), speed::Speed::default());
    let mut bare = 0;
    for page in Pages::open(&path).expect("the pages cannot be read") {
        let read = speed.measure(&page.name, &page.html, |html| import(html, Format::Html, None));
        let recipe = read.as_ref().ok().map(|imported| &imported.recipe);
        if page.is_whole() {
            whole.add(&page, recipe, misses.as_deref());
        } else if page.names_a_recipe() {
            scripts.add(&page, recipe, misses.as_deref());
        } else {
            bare += 1;
        }
    }
    let mut all_hold = report("whole pages", &whole, &FIELDS);
    let but_groups = &FIELDS[..FIELDS.len() - 1];
    all_hold &= report("JSON-LD alone", &scripts, but_groups);
    println!("{bare} pages of which nothing is left that names a recipe are not counted.\n");
    all_hold &= speed.report();
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a table; whether all of it holds.
fn report(name: &str, counts: &Counts, fields: &[Field]) -> bool {
    println!("| {name} | read as labelled | of | share | at least | |\n|---|---:|---:|---:|---:|---|");
    let mut all_hold = true;
    for field in fields {
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
    all_hold
}
