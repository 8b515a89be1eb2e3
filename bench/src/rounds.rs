//! Taking turns.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::Measured;

/// A figure beside its limit: medians over all rounds.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// A second.
    pub ours: f64,
    /// A second.
    pub limit: f64,
    pub ratio: f64,
    /// Of ours, as its callers see it; none where they only counted.
    pub p50: Option<Duration>,
    pub p99: Option<Duration>,
    /// The longest of all.
    pub max: Option<Duration>,
    /// What the table has no room for: Markdown, empty where there is nothing.
    pub details: String,
}

impl Comparison {
    /// Of rates that were measured once each.
    pub fn once(ours: f64, limit: f64) -> Self {
        let ratio = ours / limit;
        Self { ours, limit, ratio, p50: None, p99: None, max: None, details: String::new() }
    }

    /// How many times as long as its limit ours takes.
    pub fn times(&self) -> f64 {
        1.0 / self.ratio
    }

    /// How long one of ours takes, where one follows the other.
    pub fn one(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.ours)
    }
}

/// Measures ours and its limit (a second) in turns, and compares them round by round.
///
/// # Errors
/// Those of what is measured.
pub fn take_turns(
    rounds: usize,
    mut ours: impl FnMut() -> Result<Measured>,
    mut limit: impl FnMut() -> Result<f64>,
) -> Result<Comparison> {
    let mut measured = Vec::new();
    for round in 1..=rounds.max(1) {
        let (ours, limit) = (ours()?, limit()?);
        println!("  round {round}: {:.1}/s of {limit:.1}/s = {:.3}", ours.rate(), ours.rate() / limit);
        measured.push((ours, limit));
    }
    Ok(summed_up(&measured))
}

/// The medians of rounds, each ours and its limit a second.
fn summed_up(measured: &[(Measured, f64)]) -> Comparison {
    let of = |value: fn(&(Measured, f64)) -> f64| median(measured.iter().map(value).collect());
    Comparison {
        ours: of(|(ours, _)| ours.rate()),
        limit: of(|(_, limit)| *limit),
        ratio: of(|(ours, limit)| ours.rate() / limit),
        p50: latency(measured, 0.50),
        p99: latency(measured, 0.99),
        max: measured.iter().filter_map(|(ours, _)| ours.quantile(1.0)).max(),
        details: String::new(),
    }
}

/// Measures ours and its limit in turns, and compares how long the slowest of a hundred answers take: a ratio of a half is
/// twice as long.
///
/// # Errors
/// Those of what is measured.
pub fn compare_tails(
    rounds: usize,
    mut ours: impl FnMut() -> Result<Measured>,
    mut limit: impl FnMut() -> Result<Measured>,
) -> Result<Comparison> {
    let (mut measured, mut ratios) = (Vec::new(), Vec::new());
    for round in 1..=rounds.max(1) {
        let (limit, ours) = (limit()?, ours()?);
        let tail = |of: &Measured| of.quantile(0.99).context("nothing was answered");
        let (tail_of_limit, tail_of_ours) = (tail(&limit)?, tail(&ours)?);
        println!("  round {round}: p99 {tail_of_ours:?} beside {tail_of_limit:?}");
        ratios.push(tail_of_limit.as_secs_f64() / tail_of_ours.as_secs_f64());
        measured.push((ours, limit.rate()));
    }
    Ok(Comparison { ratio: median(ratios), ..summed_up(&measured) })
}

fn latency(measured: &[(Measured, f64)], share: f64) -> Option<Duration> {
    let seconds = measured.iter().map(|(ours, _)| Some(ours.quantile(share)?.as_secs_f64()));
    Some(Duration::from_secs_f64(median(seconds.collect::<Option<_>>()?)))
}

/// The middle one, or the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_what_half_of_the_values_do_not_exceed() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn tails_are_compared_by_how_long_they_are() {
        let of = |micros| move || Ok(Measured::of(Duration::from_secs(1), vec![micros; 100]));
        let compared = compare_tails(3, of(500), of(250)).unwrap();
        assert_eq!((compared.times(), compared.ours, compared.limit), (2.0, 100.0, 100.0));
        assert_eq!(compared.p99, Some(Duration::from_micros(500)));
        let nothing = || Ok(Measured::of(Duration::from_secs(1), Vec::new()));
        assert!(compare_tails(1, of(500), nothing).is_err());
    }
}
