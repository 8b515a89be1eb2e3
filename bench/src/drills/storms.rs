use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use common::clock::Clock;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::load::{Connection, Load, Repeated, get, post, runtime};
use crate::processes::Service;
use crate::stack::Stack;

/// How long each storm lasts.
const LASTS: Duration = Duration::from_secs(20);

/// Connections that a storm comes on.
const CONNECTIONS: usize = 16;

/// After a storm everything is as before within this time.
const RECOVERS: Duration = Duration::from_secs(10);

/// What remains of memory after the storms, and what readers wait in one, at most as many times as before.
const MOST_MEMORY: f64 = 1.2;
const MOST_WAITING: f64 = 3.0;

/// A flood of one kind of request.
struct Storm {
    title: &'static str,
    /// Requests a second, if they were answered at once.
    rate: u32,
    to: SocketAddr,
    request: fn(u64) -> Vec<u8>,
    /// What may be answered.
    statuses: &'static [u16],
}

/// T225, T226, T227, T234: floods of log-ins, of refresh tokens that are none and of tokens with wrong signatures, while
/// others read; and what is left of it afterwards.
pub fn run() -> Result<bool> {
    let stack = Stack::start(false)?;
    let token = stack.logged_in("access_token")?;
    let reads = Repeated(get("/v1/recipes", Some(&token)));
    let (auth, recipes) = (stack.auth.addr, stack.recipes.addr);
    // The first figures are of a service that is still growing into its caches.
    let quiet = readers(recipes, &reads)?;
    let before = [Left::of(&stack.auth)?, Left::of(&stack.recipes)?];
    println!("quiet: readers wait {} µs (99 of 100)", quiet.as_micros());
    let storms = [
        Storm {
            title: "T227 tokens with wrong signatures",
            rate: 5000,
            to: recipes,
            request: forged,
            statuses: &[401],
        },
        Storm {
            title: "T226 refresh tokens that are none",
            rate: 500,
            to: auth,
            request: refresh,
            statuses: &[401],
        },
        Storm { title: "T225 log-ins", rate: 50, to: auth, request: login, statuses: &[401, 503] },
    ];
    let mut holds = true;
    for storm in &storms {
        let outcome = storm.break_loose(recipes, &reads)?;
        println!("{}: {outcome}", storm.title);
        holds &=
            outcome.unexpected == 0 && outcome.readers.as_secs_f64() <= MOST_WAITING * quiet.as_secs_f64();
    }
    let recovered = recovery(&stack)?;
    println!("a log-in succeeds {} ms after the last storm", recovered.as_millis());
    let after = [Left::of(&stack.auth)?, Left::of(&stack.recipes)?];
    for (name, (before, after)) in ["auth-service", "recipe-service"].iter().zip(before.iter().zip(&after)) {
        println!("{name}: {before} before, {after} after");
        holds &= after.memory <= MOST_MEMORY * before.memory && after.files <= before.files + 4;
    }
    Ok(holds && recovered <= RECOVERS)
}

struct Outcome {
    answers: BTreeMap<u16, u64>,
    unexpected: u64,
    readers: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = LASTS.as_secs_f64();
        for (status, count) in &self.answers {
            write!(f, "{status}: {:.0}/s, ", *count as f64 / seconds)?;
        }
        write!(f, "{} not as expected; readers wait {} µs", self.unexpected, self.readers.as_micros())
    }
}

impl Storm {
    /// Lets it loose while somebody reads.
    fn break_loose(&self, recipes: SocketAddr, reads: &Repeated) -> Result<Outcome> {
        let (to, rate, request) = (self.to, self.rate, self.request);
        let storm = std::thread::spawn(move || runtime()?.block_on(flood(to, rate, request)));
        let readers = readers(recipes, reads);
        let answers = storm.join().expect("BUG: the storm panicked")?;
        let unexpected = answers.iter().filter(|(status, _)| !self.statuses.contains(status));
        let unexpected = unexpected.map(|(_, count)| count).sum();
        Ok(Outcome { answers, unexpected, readers: readers? })
    }
}

/// Sends so many a second, unless answers hold it up, and counts answers by status.
async fn flood(to: SocketAddr, rate: u32, request: fn(u64) -> Vec<u8>) -> Result<BTreeMap<u16, u64>> {
    let mut connections = JoinSet::new();
    for number in 0..CONNECTIONS as u64 {
        connections.spawn(async move {
            let until = Clock::system().boot() + LASTS;
            let mut pace = interval(Duration::from_secs(1) * CONNECTIONS as u32 / rate);
            pace.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let (mut connection, mut answers) = (Connection::open(to).await?, BTreeMap::new());
            let mut sent = number << 32;
            while Clock::system().boot() < until {
                pace.tick().await;
                sent += 1;
                let status = connection.status(&request(sent)).await?;
                *answers.entry(status).or_insert(0) += 1;
            }
            anyhow::Ok(answers)
        });
    }
    let mut all = BTreeMap::new();
    while let Some(answers) = connections.join_next().await {
        for (status, count) in answers.context("a connection panicked")?? {
            *all.entry(status).or_insert(0) += count;
        }
    }
    Ok(all)
}

/// How long a reader waits, 99 times of 100, for as long as a storm lasts.
fn readers(recipes: SocketAddr, reads: &Repeated) -> Result<Duration> {
    let (measured, _) = Load::lasting(LASTS.as_secs() - 2, recipes).run(vec![reads.clone(); 2])?;
    measured.quantile(0.99).context("nobody read")
}

/// How long after the storms a log-in succeeds.
fn recovery(stack: &Stack) -> Result<Duration> {
    let clock = Clock::system();
    let over = clock.boot();
    runtime()?.block_on(async {
        let mut connection = Connection::open(stack.auth.addr).await?;
        while connection.status(&Stack::login_request()).await? != 200 && clock.boot() < over + 2 * RECOVERS {
            sleep(Duration::from_millis(50)).await;
        }
        Ok(clock.boot() - over)
    })
}

fn forged(number: u64) -> Vec<u8> {
    // A header that names no key of ours would be refused sooner: this is what a thief makes of a token.
    let claims =
        base64(&format!("{{\"sub\":\"{number}\",\"iss\":\"http://localhost:8081\",\"aud\":[\"recipes\"]}}"));
    let header = base64("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"forged\"}");
    get("/v1/recipes", Some(&format!("{header}.{claims}.{}", "A".repeat(86))))
}

fn refresh(number: u64) -> Vec<u8> {
    let token = format!("jrt1_{number:0>71}");
    post("/v1/refresh", None, &format!("{{\"refresh_token\":\"{token}\"}}"))
}

fn login(number: u64) -> Vec<u8> {
    post(
        "/v1/login",
        None,
        &format!("{{\"email\":\"nobody-{number}@example.com\",\"password\":\"boil the rice {number}\"}}"),
    )
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

/// What a process holds on to.
struct Left {
    /// Resident, in MiB.
    memory: f64,
    /// Open files, connections among them.
    files: usize,
}

impl Left {
    fn of(service: &Service) -> Result<Self> {
        let folder = format!("/proc/{}", service.pid());
        let status = std::fs::read_to_string(format!("{folder}/status"))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
        let kib: f64 = kib.context("the system says nothing of its memory")?;
        let files = std::fs::read_dir(format!("{folder}/fd"))?.count();
        Ok(Self { memory: kib / 1024.0, files })
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} MiB and {} files", self.memory, self.files)
    }
}
