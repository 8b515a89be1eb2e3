//! Ingredient lines against labels, which are read by a rule of their own: a number, then the rest is its unit.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use common::clock::Clock;
use ingredients::{Rational, parse};
use serde_json::Value;

use super::lines::text;

/// What a line says: an amount in a unit, or words.
enum Label {
    Amount { quantity: String, unit: String },
    Words(String),
}

/// Lines of one kind, and how many were read right.
struct Share {
    name: &'static str,
    at_least: f64,
    right: usize,
    lines: usize,
}

/// Prints the shares.
pub fn measure(folder: &Path, english: Option<&Path>) -> Result<ExitCode> {
    let korean = korean(&text(&folder.join("korean.jsonl.gz"))?)?;
    let mut shares = vec![
        share("Korean, number and unit", 0.99, &korean, "ko", |label| matches!(label, Label::Amount { .. })),
        share("Korean, vague words", 1.0, &korean, "ko", |label| matches!(label, Label::Words(_))),
    ];
    if let Some(path) = english {
        let english = labelled(&text(path)?);
        shares.push(share("English", 0.9, &english, "en", |_| true));
    }
    println!("| lines | read as labelled | of | share | at least | |\n|---|---:|---:|---:|---:|---|");
    for Share { name, at_least, right, lines } in &shares {
        let verdict = if holds(*right, *lines, *at_least) { "pass" } else { "**fail**" };
        let percent = 100.0 * *right as f64 / *lines as f64;
        println!("| {name} | {right} | {lines} | {percent:.2} % | {:.0} % | {verdict} |", 100.0 * at_least);
    }
    println!("\n{:.2} µs a line", micros_a_line(&korean));
    let all_hold = shares.iter().all(|share| holds(share.right, share.lines, share.at_least));
    Ok(if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn holds(right: usize, lines: usize, at_least: f64) -> bool {
    right as f64 >= at_least * lines as f64
}

fn share(
    name: &'static str,
    at_least: f64,
    lines: &[(String, Label)],
    language: &str,
    is_of_it: impl Fn(&Label) -> bool,
) -> Share {
    let of_it = lines.iter().filter(|(_, label)| is_of_it(label));
    let outcomes: Vec<bool> = of_it.map(|(line, label)| is_right(line, label, language)).collect();
    Share { name, at_least, right: outcomes.iter().filter(|right| **right).count(), lines: outcomes.len() }
}

fn is_right(line: &str, label: &Label, language: &str) -> bool {
    let read = parse(line, Some(language));
    let quantity = read.quantity.map(|quantity| match quantity.max {
        Some(max) => format!("{}-{max}", quantity.min),
        None => quantity.min.to_string(),
    });
    match label {
        Label::Amount { quantity: labelled, unit } => {
            quantity.unwrap_or_default() == *labelled && read.unit.unwrap_or_default() == *unit
        }
        Label::Words(words) => quantity.is_none() && read.note.is_some_and(|note| note.contains(words)),
    }
}

/// The lines of recipes whose ingredients are labelled, in both orders of words.
fn korean(recipes: &str) -> Result<Vec<(String, Label)>> {
    let mut lines = Vec::new();
    for recipe in recipes.lines() {
        let recipe: Value = serde_json::from_str(recipe).context("a recipe is no JSON")?;
        for item in recipe["ingredients_structured"].as_array().into_iter().flatten() {
            let (Some(name), Some(amount)) = (item["name"].as_str(), item["amount"].as_str()) else {
                continue;
            };
            for line in [format!("{name} {amount}"), format!("{amount} {name}")] {
                lines.extend(korean_label(amount).map(|label| (line, label)));
            }
        }
    }
    Ok(lines)
}

/// None for what is neither a number and a unit nor words alone: nothing here says what it would be.
fn korean_label(amount: &str) -> Option<Label> {
    let digits = amount.find(|c: char| !c.is_ascii_digit() && !"./~-".contains(c)).unwrap_or(amount.len());
    let (number, unit) = amount.split_at(digits);
    let unit = unit.trim();
    if number.is_empty() {
        let is_number_word =
            amount.contains(['반', '한', '½', '¼']) || amount.contains(|c: char| c.is_ascii_digit());
        return (!is_number_word).then(|| Label::Words(amount.to_owned()));
    }
    if unit.is_empty() || unit.contains(|c: char| !c.is_alphabetic()) || unit.starts_with(['과', '와']) {
        return None;
    }
    let ends: Option<Vec<String>> = number.split(['~', '-']).map(reduced).collect();
    Some(Label::Amount { quantity: ends?.join("-"), unit: code(unit.trim_end_matches("씩")).to_owned() })
}

fn reduced(number: &str) -> Option<String> {
    let exact = match number.split_once('.') {
        Some((whole, decimals)) => {
            let below = 10_u64.pow(decimals.len().try_into().ok()?);
            Rational::new(format!("{whole}{decimals}").parse().ok()?, below)
        }
        None => Rational::parse(number),
    };
    exact.map(|number| number.to_string())
}

fn code(unit: &str) -> &str {
    match unit {
        "큰술" | "T" | "Ts" => "tbsp",
        "작은술" | "t" => "tsp",
        "개" => "piece",
        "컵" | "C" | "CUP" => "cup_kr",
        "캔" => "can",
        "cc" => "ml",
        "L" => "l",
        own_word => own_word,
    }
}

/// `line`, amount and unit code between tabs.
fn labelled(lines: &str) -> Vec<(String, Label)> {
    let label = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let (line, quantity, unit) = (parts.next()?, parts.next()?, parts.next()?);
        Some((line, Label::Amount { quantity, unit }))
    };
    lines.lines().filter_map(label).collect()
}

/// How long one line takes, in the middle of nine rounds.
fn micros_a_line(lines: &[(String, Label)]) -> f64 {
    let clock = Clock::system();
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let started = clock.boot();
            for (line, _) in lines {
                std::hint::black_box(parse(line, Some("ko")));
            }
            (clock.boot() - started).as_secs_f64() * 1e6 / lines.len() as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[4]
}
