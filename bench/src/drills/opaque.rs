use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use common::clock::Clock;
use throwaway::{Gateway, Listening, Python, find};

use crate::load::{Connection, Load, Measured, Repeated, call, get, member, runtime};
use crate::rounds::median;
use crate::stack::Stack;

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
const SECONDS: u64 = 3;

/// For how long a token is watched after its log-out. `examples/opaque/nginx.conf` keeps an answer for five seconds.
const WATCHED: Duration = Duration::from_secs(7);

/// A way to know whose a request is.
struct Way {
    title: &'static str,
    addr: SocketAddr,
    path: &'static str,
    measured: Vec<Measured>,
    asked: f64,
}

/// The same ten-line service in Python behind the same nginx, which asks about every token, about none, or seldom.
pub fn run() -> Result<bool> {
    let stack = Stack::start_with(false, &[])?;
    let behind = Behind::start(&stack)?;
    let token = stack.logged_in("access_token")?;
    let mut ways = behind.ways();
    for round in 1..=ROUNDS {
        println!("round {round} of {ROUNDS}");
        for way in &mut ways {
            way.measure(&stack, &token)?;
        }
    }
    println!("\n| | requests/s | p50 ms | p99 ms | asked of auth-service, each | a log-out is refused |");
    println!("|---|---:|---:|---:|---:|---|");
    let known = ways.iter().map(|way| way.until_refused(&stack)).collect::<Result<Vec<_>>>()?;
    for (way, known) in ways.iter().zip(&known) {
        println!("{}", way.row(*known));
    }
    // Whoever asks each time knows at once; whoever asks seldom, once the answer is old.
    Ok(known[2].is_some_and(|known| known < Duration::from_millis(100)) && known[3].is_some())
}

/// What stands in front of auth-service's tokens.
struct Behind {
    asking: Gateway,
    reading: Gateway,
    _programs: [Listening; 3],
}

impl Behind {
    fn start(stack: &Stack) -> Result<Self> {
        let created = stack.auth.run(&[
            "clients",
            "create",
            "desk",
            "--scope",
            "tokens:introspect",
            "--audience",
            "auth",
            "--json",
        ])?;
        let said = |name| member(&created, name).with_context(|| format!("a client without {name}"));
        let mut desk = Command::new(find("python3")?);
        desk.arg(folder().join("desk.py")).arg("0");
        desk.env("AUTH_URL", format!("http://{}", stack.auth.addr));
        desk.env("CLIENT_ID", said("client_id")?).env("CLIENT_SECRET", said("client_secret")?);
        let desk = Listening::start(&mut desk)?;
        let service =
            Listening::start(Command::new(find("python3")?).arg(folder().join("service.py")).arg("0"))?;
        let mut stateless = python()?.command();
        stateless.arg(folder().join("stateless.py")).arg("0").env("ISSUER", "http://localhost:8081");
        stateless.env("JWKS_URL", format!("http://{}/.well-known/jwks.json", stack.auth.addr));
        let stateless = Listening::start(&mut stateless)?;
        let nginx = |service: &Listening| {
            let changes = [
                ("listen 127.0.0.1:8090", "listen 127.0.0.1:{port}".to_owned()),
                ("127.0.0.1:5001", desk.addr().to_string()),
                ("127.0.0.1:5000", service.addr().to_string()),
            ];
            Gateway::nginx_with(&folder(), &changes)
        };
        let (asking, reading) = (nginx(&service)?, nginx(&stateless)?);
        Ok(Self { asking, reading, _programs: [desk, service, stateless] })
    }

    fn ways(&self) -> [Way; 4] {
        let at = |gateway: &Gateway| SocketAddr::from(([127, 0, 0, 1], gateway.port()));
        let way = |title, addr, path| Way { title, addr, path, measured: Vec::new(), asked: 0.0 };
        [
            way("nobody asks", at(&self.asking), "/itself/"),
            way("the service reads tokens (PyJWT)", at(&self.reading), "/itself/"),
            way("nginx asks about every token", at(&self.asking), "/"),
            way("nginx asks once in 5 s", at(&self.asking), "/cached/"),
        ]
    }
}

impl Way {
    fn measure(&mut self, stack: &Stack, token: &str) -> Result<()> {
        let request = Repeated(get(self.path, Some(token)));
        let before = introspections(stack)?;
        let load = Load::lasting(SECONDS, self.addr);
        let (measured, _) = load.run(vec![request; CONNECTIONS]).context(self.title)?;
        let asked = introspections(stack)? - before;
        // The second of warming up asks too.
        self.asked = asked / (measured.rate() * (SECONDS + 1) as f64);
        self.measured.push(measured);
        Ok(())
    }

    /// How long a token is still let in after its log-out; none where it was until we stopped looking.
    fn until_refused(&self, stack: &Stack) -> Result<Option<Duration>> {
        let token = stack.logged_in("access_token")?;
        let request = get(self.path, Some(&token));
        call(self.addr, &request).context(self.title)?;
        let clock = Clock::system();
        let logout = format!(
            "POST /v1/logout HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-length: 0\r\n\r\n"
        );
        call(stack.auth.addr, logout.as_bytes())?;
        let ended = clock.boot();
        runtime()?.block_on(async {
            while clock.boot() < ended + WATCHED {
                if Connection::open(self.addr).await?.status(&request).await? == 401 {
                    return Ok(Some(clock.boot() - ended));
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(None)
        })
    }

    fn row(&self, known: Option<Duration>) -> String {
        let of = |figure: fn(&Measured) -> f64| median(self.measured.iter().map(figure).collect());
        let (rate, half, most) = (of(Measured::rate), of(|m| millis(m, 0.5)), of(|m| millis(m, 0.99)));
        let known = known
            .map_or("not before it expires".to_owned(), |known| format!("after {} ms", known.as_millis()));
        format!("| {} | {rate:.0} | {half:.2} | {most:.2} | {:.2} | {known} |", self.title, self.asked)
    }
}

fn millis(measured: &Measured, share: f64) -> f64 {
    measured.quantile(share).unwrap_or_default().as_secs_f64() * 1e3
}

/// How often auth-service was asked about a token so far.
fn introspections(stack: &Stack) -> Result<f64> {
    let told = call(stack.auth.ops_addr, &get("/metrics", None))?;
    let count = told.lines().find(|line| {
        line.starts_with("http_request_duration_seconds_count{") && line.contains("/oauth2/introspect")
    });
    Ok(count.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/opaque")
}

/// The Python that tests use, with PyJWT.
fn python() -> Result<Python> {
    let target = std::env::current_exe()?.ancestors().nth(2).context("a program is in a folder")?.to_owned();
    Python::with(include_str!("../../../testkit/python/requirements.txt"), &target)
}
