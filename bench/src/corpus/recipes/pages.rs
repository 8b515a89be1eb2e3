use std::time::Duration;

use anyhow::{Context, Result};
use common::clock::Clock;
use serde_json::Value;

use super::sent::Sent;
use super::words::{commonest, encoded, encoded_all, languages, of_titles, tags};
use crate::load::{Connection, Measured, get, runtime};
use crate::stack::Stack;

/// How long pages took.
pub struct Paged {
    rows: Vec<Row>,
    /// The last page of one's own list against its first.
    last_to_first: f64,
}

struct Row {
    name: &'static str,
    measured: Measured,
    /// Counts over all that match take their time, and are bounded by nothing here.
    is_bounded: bool,
}

/// P10: so long at most, for 95 of 100; and the last page so many times the first.
const P95: Duration = Duration::from_millis(20);
const LAST_TO_FIRST: f64 = 1.5;

/// How often the same page is asked for.
const REPEATED: usize = 300;
const TITLES: usize = 500;
const COMMON_WORDS: usize = 20;

const SORTS: [&str; 10] =
    ["updated", "-updated", "created", "-created", "title", "-title", "time", "-time", "rating", "-rating"];

impl Paged {
    /// Asks for pages, one after another on one connection.
    pub fn measure(stack: &Stack, token: &str, recipes: &[Sent]) -> Result<Self> {
        let (to, clock) = (stack.recipes.addr, Clock::system());
        runtime()?.block_on(async {
            let mut asker = Asker { connection: Connection::open(to).await?, clock };
            let token = Some(token);
            let (every_page, last) = asker.walk("every page", token, "limit=20").await?;
            let mut rows = Vec::new();
            for (name, path) in [("first page", "/v1/recipes?limit=20".to_owned()), ("last page", last)] {
                rows.push(asker.row(name, &vec![(path, token); REPEATED]).await?);
            }
            let p95 = |row: &Row| row.measured.quantile(0.95).unwrap_or_default().as_secs_f64();
            let last_to_first = p95(&rows[1]) / p95(&rows[0]);
            rows.push(every_page);
            let anonymous = vec![("/v1/recipes".to_owned(), None); REPEATED];
            rows.push(asker.row("first page, anonymous", &anonymous).await?);
            let sorts = SORTS.iter().cycle().take(REPEATED);
            let sorts: Vec<_> = sorts.map(|sort| (format!("/v1/recipes?sort={sort}"), token)).collect();
            rows.push(asker.row("first page by each sort", &sorts).await?);
            rows.extend(asker.searches(token, recipes).await?);
            rows.extend(asker.filters(token, recipes).await?);
            rows.extend(asker.counts(token, recipes).await?);
            Ok(Self { rows, last_to_first })
        })
    }

    /// Prints the table; whether all of it holds.
    pub fn report(&self, database: &str) -> bool {
        println!(
            "| P10 {database} | pages | p50 ms | p95 ms | max ms | p95 at most | |\n|---|---:|---:|---:|---:|---:|---|"
        );
        let mut all_hold = self.last_to_first <= LAST_TO_FIRST;
        for Row { name, measured, is_bounded } in &self.rows {
            let at = |share| measured.quantile(share).unwrap_or_default();
            let ms = |share| at(share).as_secs_f64() * 1e3;
            let (count, most) = (measured.count(), P95.as_millis());
            let holds = at(0.95) <= P95;
            let bound = match is_bounded {
                true => format!("{most} ms | {}", verdict(holds)),
                false => "– | –".to_owned(),
            };
            all_hold &= holds || !is_bounded;
            println!("| {name} | {count} | {:.2} | {:.2} | {:.2} | {bound} |", ms(0.5), ms(0.95), ms(1.0));
        }
        let holds = verdict(self.last_to_first <= LAST_TO_FIRST);
        println!(
            "| last page against first | | | {:.2}× | | {LAST_TO_FIRST}× | {holds} |\n",
            self.last_to_first
        );
        all_hold
    }
}

fn verdict(holds: bool) -> &'static str {
    if holds { "pass" } else { "**fail**" }
}

/// A page, and who asks for it.
type Asked<'a> = (String, Option<&'a str>);

struct Asker {
    connection: Connection,
    clock: Clock,
}

impl Asker {
    async fn searches(&mut self, token: Option<&str>, recipes: &[Sent]) -> Result<Vec<Row>> {
        let (titles, common) = (of_titles(recipes, TITLES), commonest(recipes, COMMON_WORDS));
        let pairs: Vec<String> =
            common.iter().zip(common.iter().skip(1)).map(|(one, other)| format!("{one} {other}")).collect();
        let mut rows = Vec::new();
        for (name, words, parameters, token) in [
            ("search by two words of a title", &titles, "q=", token),
            ("the same, anonymous", &titles, "q=", None),
            ("search by a very common word", &common, "q=", token),
            ("the same, anonymous", &common, "q=", None),
            ("the same by -updated", &common, "sort=-updated&q=", token),
            ("the same by title", &common, "sort=title&q=", token),
            ("by a very common ingredient", &common, "ingredient=", token),
            ("search by two very common words", &pairs, "q=", token),
        ] {
            let path = |words: &String| (format!("/v1/recipes?{parameters}{}", encoded(words)), token);
            let count = words.len().max(REPEATED);
            rows.push(self.row(name, &words.iter().map(path).cycle().take(count).collect::<Vec<_>>()).await?);
        }
        let commonest = common.first().context("there are no words")?;
        let query = format!("limit=100&q={}", encoded(commonest));
        rows.push(self.walk("every page of the commonest word", token, &query).await?.0);
        Ok(rows)
    }

    async fn filters(&mut self, token: Option<&str>, recipes: &[Sent]) -> Result<Vec<Row>> {
        let (common, tags) = (commonest(recipes, COMMON_WORDS), tags(recipes));
        let (usual, rare) = (&tags[..COMMON_WORDS], &tags[tags.len() - COMMON_WORDS..]);
        let letters: Vec<String> = ('a'..='z').map(String::from).collect();
        let both: Vec<String> = common
            .iter()
            .zip(usual)
            .map(|(word, tag)| format!("{}&tag={}", encoded(word), encoded(tag)))
            .collect();
        let mut rows = Vec::new();
        for (name, path, values) in [
            ("with a tag that many have", "/v1/recipes?tag=", encoded_all(usual)),
            ("with a tag that few have", "/v1/recipes?tag=", encoded_all(rare)),
            ("by a very common word with a tag", "/v1/recipes?q=", both),
            ("in a language", "/v1/recipes?language=", languages(recipes)),
            ("numbered pages", "/v1/recipes?page=", numbers(recipes.len())),
            ("suggestions for a letter", "/v1/suggest?q=", letters),
        ] {
            let paths = values.iter().map(|value| (format!("{path}{value}"), token));
            rows.push(self.row(name, &paths.cycle().take(REPEATED).collect::<Vec<_>>()).await?);
        }
        Ok(rows)
    }

    async fn counts(&mut self, token: Option<&str>, recipes: &[Sent]) -> Result<Vec<Row>> {
        const FACETS: &str = "/v1/recipes?facets=tag,ingredient";
        let common = encoded_all(&commonest(recipes, COMMON_WORDS));
        let mut rows = Vec::new();
        for (name, paths) in [
            ("facets of everything", vec![FACETS.to_owned()]),
            (
                "facets of a very common word",
                common.iter().map(|word| format!("{FACETS}&q={word}")).collect(),
            ),
            (
                "numbered pages of a very common word",
                common.iter().map(|word| format!("/v1/recipes?page=2&q={word}")).collect(),
            ),
        ] {
            let asked: Vec<_> =
                paths.into_iter().cycle().take(3 * COMMON_WORDS).map(|path| (path, token)).collect();
            rows.push(Row { is_bounded: false, ..self.row(name, &asked).await? });
        }
        Ok(rows)
    }

    /// Asks for each page once before it is measured: connections and caches are as they are in the midst of a day.
    async fn row(&mut self, name: &'static str, asked: &[Asked<'_>]) -> Result<Row> {
        for (path, token) in asked.iter().take(COMMON_WORDS) {
            self.ask(path, *token).await?;
        }
        let mut latencies = Vec::new();
        for (path, token) in asked {
            latencies.push(self.ask(path, *token).await?.1);
        }
        Ok(Row { name, measured: measured(latencies), is_bounded: true })
    }

    /// From the first page to the last; and the last of them that is full.
    async fn walk(&mut self, name: &'static str, token: Option<&str>, query: &str) -> Result<(Row, String)> {
        let first = format!("/v1/recipes?{query}");
        let (mut latencies, mut path, mut full) = (Vec::new(), first.clone(), first.clone());
        loop {
            let (next, took) = self.ask(&path, token).await?;
            latencies.push(took);
            let Some(cursor) = next else {
                return Ok((Row { name, measured: measured(latencies), is_bounded: true }, full));
            };
            full = std::mem::replace(&mut path, format!("{first}&cursor={cursor}"));
        }
    }

    /// The cursor of the next page, and how long this one took.
    async fn ask(&mut self, path: &str, token: Option<&str>) -> Result<(Option<String>, Duration)> {
        let request = get(path, token);
        let sent = self.clock.boot();
        let body = self.connection.call(&request).await.with_context(|| format!("GET {path}"))?;
        let took = self.clock.boot() - sent;
        let page: Value = serde_json::from_slice(body)?;
        Ok((page["next_cursor"].as_str().map(str::to_owned), took))
    }
}

/// Numbers of pages from the first to the last but one that has a number, evenly taken.
fn numbers(recipes: usize) -> Vec<String> {
    const PER_PAGE: usize = 20;
    /// Those that come after so many recipes have none.
    const NUMBERED: usize = 10_000;
    let pages = recipes.min(NUMBERED) / PER_PAGE;
    (0..COMMON_WORDS).map(|part| (1 + part * (pages - 1) / COMMON_WORDS).to_string()).collect()
}

fn measured(latencies: Vec<Duration>) -> Measured {
    let took = latencies.iter().sum();
    Measured::of(took, latencies.into_iter().map(|latency| latency.as_micros() as u32).collect())
}
