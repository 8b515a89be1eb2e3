//! What the machine says of itself.

use std::process::Command;

use anyhow::{Context, Result};

/// On how many cores programs run.
pub fn cores() -> Result<usize> {
    Ok(std::thread::available_parallelism()?.get())
}

/// What a process has in memory, in bytes.
pub fn resident_bytes(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let status = std::fs::read_to_string(&path).with_context(|| format!("this machine has no {path}"))?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("it says nothing of memory")?;
    Ok(1024.0 * line.trim_end_matches("kB").trim().parse::<f64>()?)
}

/// Cores, processor, kernel, Postgres, and the day.
pub fn words() -> Result<String> {
    let cores = cores()?;
    let (kernel, day) =
        (said(Command::new("uname").arg("-sr"))?, said(Command::new("date").args(["-u", "+%F"]))?);
    let postgres = said(Command::new(throwaway::find("postgres")?).arg("--version"))?;
    Ok(format!("{day}, {cores} cores of {}, {kernel}, {postgres}", processor()?))
}

fn processor() -> Result<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").context("this machine has no /proc/cpuinfo")?;
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let model = lines.find(|(name, _)| name.trim() == "model name").map(|(_, value)| value.trim().to_owned());
    Ok(model.unwrap_or_else(|| "an unnamed processor".to_owned()))
}

fn said(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
