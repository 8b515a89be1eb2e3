use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};

use anyhow::{Context, Result};

use super::CONNECTIONS;
use crate::load::{Load, Measured, Repeated, get};
use crate::processes::program;
use crate::rounds::{Comparison, take_turns};

/// An authenticated GET without database: token verification, revocation check, JSON. Its limit is the other route of
/// the same server.
pub fn verification(rounds: usize) -> Result<Comparison> {
    let server = BenchServer::start()?;
    let guarded = get("/guarded", Some(&server.token));
    let open = get("/open", None);
    take_turns(rounds, || load(server.addr, &guarded), || Ok(load(server.addr, &open)?.rate()))
}

fn load(to: SocketAddr, request: &[u8]) -> Result<Measured> {
    Ok(Load::lasting(4, to).run(vec![Repeated(request.to_owned()); CONNECTIONS])?.0)
}

/// `bench-server`, which ends with the pipe that is held here.
struct BenchServer {
    process: Child,
    addr: SocketAddr,
    token: String,
}

impl BenchServer {
    fn start() -> Result<Self> {
        let mut process = program("bench-server")?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Its log is written, as anywhere, and read by nobody.
            .stderr(std::fs::File::create("/dev/null")?)
            .spawn()
            .context("cannot run bench-server")?;
        let output = BufReader::new(process.stdout.take().expect("BUG: standard output is piped"));
        let mut lines = output.lines();
        let mut line = || lines.next().context("bench-server ended")?.context("bench-server says nothing");
        let (addr, token) = (line()?.parse()?, line()?);
        Ok(Self { process, addr, token })
    }
}

impl Drop for BenchServer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It fails only when it was waited for already.
        let _ = self.process.wait();
    }
}
