//! P12: a page is imported in at most one and a half times what the HTML crate takes to parse it.

#![expect(clippy::disallowed_methods, reason = "it measures; no service's time is meant")]

use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Default)]
pub struct Speed {
    import: Duration,
    parse: Duration,
    slowest: (Duration, String),
    ratios: Vec<f64>,
}

/// At most so many times as long as parsing alone.
const LIMIT: f64 = 1.5;
/// No page takes longer.
const LONGEST: Duration = Duration::from_secs(1);
/// Scripts alone are no page.
const SMALLEST_PAGE: usize = 20_000;

impl Speed {
    /// Imports a page, twice, in turns with parsing it: who comes first warms the memory for the other.
    pub fn measure<T>(&mut self, name: &str, html: &str, import: impl Fn(&str) -> T) -> T {
        let (first, _) = timed(|| import(html));
        if html.len() < SMALLEST_PAGE {
            return first;
        }
        let (_, parse) = timed(|| scraper::Html::parse_document(black_box(html)).tree.nodes().count());
        let (_, took) = timed(|| import(black_box(html)));
        self.import += took;
        self.parse += parse;
        self.ratios.push(took.as_secs_f64() / parse.as_secs_f64());
        if took > self.slowest.0 {
            self.slowest = (took, name.to_owned());
        }
        first
    }

    /// Prints the figure; whether it holds.
    pub fn report(mut self) -> bool {
        if self.ratios.is_empty() {
            return true;
        }
        self.ratios.sort_by(f64::total_cmp);
        let of_all = self.import.as_secs_f64() / self.parse.as_secs_f64();
        let at = |share: f64| self.ratios[((self.ratios.len() - 1) as f64 * share) as usize];
        let holds = of_all <= LIMIT && self.slowest.0 < LONGEST;
        println!("| P12 import of a page | against parsing it alone | at most | |\n|---|---|---|---|");
        println!(
            "| {:.0} µs, the slowest {:.1} ms ({}) | {of_all:.2}× (median of the pages {:.2}×, 95 % below {:.2}×) | {LIMIT}× | {} |",
            self.import.as_secs_f64() * 1e6 / self.ratios.len() as f64,
            self.slowest.0.as_secs_f64() * 1e3,
            self.slowest.1,
            at(0.5),
            at(0.95),
            if holds { "pass" } else { "**fail**" }
        );
        holds
    }
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = act();
    (done, began.elapsed())
}
