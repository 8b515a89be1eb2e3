use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use common::clock::Clock;

use crate::load::get;
use crate::stack::Stack;

/// All of one's recipes, taken along at once.
pub struct Exported {
    bytes: u64,
    took: Duration,
    /// How much more memory the service has needed at its most than it had before.
    more_memory: u64,
}

/// In bytes: far less than there is to be sent.
const MORE_MEMORY: u64 = 64 << 20;

impl Exported {
    pub fn of(stack: &Stack, token: &str) -> Result<Self> {
        let pid = stack.recipes.pid();
        // From here on it counts anew what it needs at its most (proc(5)).
        std::fs::write(format!("/proc/{pid}/clear_refs"), "5")
            .context("cannot reset the peak of its memory")?;
        let (before, clock) = (memory(pid, "VmRSS:")?, Clock::system());
        let began = clock.boot();
        let bytes = download(stack, token)?;
        let (took, most) = (clock.boot() - began, memory(pid, "VmHWM:")?);
        Ok(Self { bytes, took, more_memory: most.saturating_sub(before) })
    }

    pub fn report(&self, database: &str) -> bool {
        let holds = self.more_memory <= MORE_MEMORY;
        let verdict = if holds { "pass" } else { "**fail**" };
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        println!(
            "| {database} | sent MiB | s | more memory MiB | at most MiB | |\n|---|---:|---:|---:|---:|---|"
        );
        println!(
            "| export of all | {:.0} | {:.1} | {:.1} | {:.0} | {verdict} |\n",
            mib(self.bytes),
            self.took.as_secs_f64(),
            mib(self.more_memory),
            mib(MORE_MEMORY)
        );
        holds
    }
}

/// How many bytes come, with the heads of their pieces.
fn download(stack: &Stack, token: &str) -> Result<u64> {
    const END: &[u8] = b"0\r\n\r\n";
    let mut stream = TcpStream::connect(stack.recipes.addr)?;
    let request = String::from_utf8(get("/v1/exports", Some(token)))?;
    stream.write_all(request.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes())?;
    let (mut piece, mut tail, mut bytes) = (vec![0; 1 << 16], Vec::new(), 0);
    loop {
        match stream.read(&mut piece)? {
            0 => break,
            some => {
                bytes += some as u64;
                tail.extend_from_slice(&piece[..some]);
                tail.drain(..tail.len().saturating_sub(END.len()));
            }
        }
    }
    ensure!(tail == END, "the export was cut off after {bytes} bytes");
    Ok(bytes)
}

/// A line of a process's status, in bytes.
fn memory(pid: u32, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).context("the system does not say")?;
    Ok(kib.trim().parse::<u64>()? * 1024)
}
