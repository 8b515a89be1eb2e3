use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

const ATTEMPTS: u32 = 5;
const POLL: Duration = Duration::from_millis(10);
const POLLS_TO_START: u32 = 3_000;

/// A server that runs under `supervisor.sh`, and its folder. Both are gone after the drop, or after the end of this process.
pub(crate) struct Supervised {
    supervisor: Child,
    pipes: Mutex<Option<Pipes>>,
    folder: PathBuf,
    port: u16,
}

struct Pipes {
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Supervised {
    /// Starts a server on a free port and waits until `ready` says that it answers.
    ///
    /// Between the choice of the port and the server's `bind` another program may take it: the server then ends, and
    /// another port is tried. `ready` asks over a socket in the server's own folder, so that a stranger cannot answer.
    pub fn start(
        folder: &Path,
        quit: &str,
        command: impl Fn(u16) -> Result<Vec<String>>,
        ready: impl Fn(&Path, u16) -> bool,
    ) -> Result<Self> {
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            let server = Self::spawn(folder, quit, &command(port)?, port)?;
            if server.wait_until(|| ready(folder, port))? {
                return Ok(server);
            }
            server.abandon()?;
        }
        bail!("the server ended before it answered, {ATTEMPTS} times:\n{}", tail_of_log(folder))
    }

    fn spawn(folder: &Path, quit: &str, command: &[String], port: u16) -> Result<Self> {
        let mut supervisor = Command::new("sh")
            .args(["-c", include_str!("supervisor.sh"), "supervisor"])
            .arg(folder)
            .arg(quit)
            .args(command)
            // Ctrl-C in a terminal goes to the whole group: the supervisor must outlive it to clean up.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run sh")?;
        let orders = supervisor.stdin.take().expect("BUG: standard input is piped");
        let answers = BufReader::new(supervisor.stdout.take().expect("BUG: standard output is piped"));
        let pipes = Mutex::new(Some(Pipes { orders, answers }));
        Ok(Self { supervisor, pipes, folder: folder.to_owned(), port })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sends a signal (`KILL`, `STOP`, `CONT`) to the server and its children. After `KILL` the server is gone.
    pub fn signal(&self, name: &str) -> Result<()> {
        self.order(name).map(drop)
    }

    /// Starts the server again on its old port and folder, and waits until `ready`.
    pub fn start_again(&self, ready: impl Fn(&Path, u16) -> bool) -> Result<()> {
        self.order("start")?;
        let is_ready = self.wait_until(|| ready(&self.folder, self.port))?;
        ensure!(is_ready, "the server did not start again:\n{}", tail_of_log(&self.folder));
        Ok(())
    }

    /// Waits until the server is ready (true) or has ended (false).
    fn wait_until(&self, ready: impl Fn() -> bool) -> Result<bool> {
        for _ in 0..POLLS_TO_START {
            if ready() {
                return Ok(true);
            }
            if self.order("alive")? == "dead" {
                return Ok(false);
            }
            pause();
        }
        bail!("the server does not answer after half a minute:\n{}", tail_of_log(&self.folder))
    }

    fn order(&self, order: &str) -> Result<String> {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let pipes = pipes.as_mut().context("the supervisor was stopped")?;
        writeln!(pipes.orders, "{order}").context("the supervisor is gone")?;
        let mut answer = String::new();
        pipes.answers.read_line(&mut answer).context("the supervisor is gone")?;
        Ok(answer.trim_end().to_owned())
    }

    /// Ends the supervisor without its cleaning up: the folder is wanted for the next attempt.
    fn abandon(mut self) -> Result<()> {
        self.supervisor.kill()?;
        Ok(())
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.pipes.lock().unwrap_or_else(PoisonError::into_inner).take();
        // It fails only when somebody else has waited for it already; then it is gone, which is what is wanted.
        let _ = self.supervisor.wait();
    }
}

fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("no port is free on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

#[expect(
    clippy::disallowed_methods,
    reason = "nothing tells when a server of another make has started but asking it"
)]
fn pause() {
    std::thread::sleep(POLL);
}

fn tail_of_log(folder: &Path) -> String {
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
