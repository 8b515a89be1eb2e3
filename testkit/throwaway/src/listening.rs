use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// A program that listens on a free port of 127.0.0.1 and prints which on its first line. It is killed when this is dropped.
pub struct Listening {
    process: Child,
    addr: SocketAddr,
}

impl Listening {
    /// Starts it, and waits for that line.
    ///
    /// # Errors
    /// It cannot be run, or ends or says something else first.
    pub fn start(command: &mut Command) -> Result<Self> {
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut process = started.with_context(|| format!("cannot run {command:?}"))?;
        let mut line = String::new();
        let mut said = BufReader::new(process.stdout.take().expect("BUG: standard output is piped"));
        said.read_line(&mut line)?;
        let port: u16 =
            line.trim().parse().with_context(|| format!("{command:?} says no port but {line:?}"))?;
        Ok(Self { process, addr: (Ipv4Addr::LOCALHOST, port).into() })
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
