//! The programs that were built with this one, and how they are run.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::load;

/// A program of the workspace, from the folder that this one is in: built in the same way.
pub fn program(name: &str) -> Result<Command> {
    let folder = std::env::current_exe()?.parent().context("a program is in a folder")?.to_owned();
    let path = folder.join(name);
    ensure!(path.is_file(), "{} is not built: run `cargo xtask bench`", path.display());
    Ok(Command::new(path))
}

/// A service that runs until this is dropped. Its log goes to a file, as it would in production.
pub struct Service {
    process: Child,
    pub addr: SocketAddr,
    pub ops_addr: SocketAddr,
    log: PathBuf,
    name: &'static str,
    variables: Vec<(String, String)>,
}

const POLL: Duration = Duration::from_millis(5);
const POLLS_TO_START: usize = 6000;

impl Service {
    /// Starts a service on free ports and waits until it is ready. Its variables begin with `prefix`, such as `AUTH_`.
    pub fn start(
        name: &'static str,
        prefix: &str,
        folder: &Path,
        variables: &[(&str, String)],
    ) -> Result<Self> {
        let (addr, ops_addr) = (free_address()?, free_address()?);
        let log = folder.join(format!("{name}-{}.log", addr.port()));
        let places = [("LISTEN", addr.to_string()), ("OPS_LISTEN", ops_addr.to_string())];
        let variables = variables.iter().chain(&places);
        let variables: Vec<_> =
            variables.map(|(variable, value)| (format!("{prefix}{variable}"), value.clone())).collect();
        let mut command = program(name)?;
        command.env_remove("RUST_LOG").stderr(File::create(&log)?).envs(variables.clone());
        let process = command.spawn().with_context(|| format!("cannot run {name}"))?;
        let mut service = Self { process, addr, ops_addr, log, name, variables };
        service
            .wait_until_ready()
            .with_context(|| format!("{name} did not start:\n{}", service.log_tail()))?;
        Ok(service)
    }

    /// The process, as the system names it.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Runs a command of its program beside it, and answers what that printed.
    ///
    /// # Errors
    /// It fails.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut command = program(self.name)?;
        let command = command.args(arguments).envs(self.variables.clone()).env("RUST_LOG", "warn");
        let output = command.output().with_context(|| format!("cannot run {}", self.name))?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{} {arguments:?} failed: {said}", self.name);
        Ok(String::from_utf8(output.stdout)?)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "nothing tells when another process is ready but asking it"
    )]
    fn wait_until_ready(&mut self) -> Result<()> {
        for _ in 0..POLLS_TO_START {
            if load::call(self.ops_addr, &load::get("/readyz", None)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("it ended with {status}");
            }
            std::thread::sleep(POLL);
        }
        bail!("it is not ready after half a minute")
    }

    /// The last lines of its log.
    fn log_tail(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Both fail only when it has ended already. Its database is thrown away: nothing needs a graceful end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
