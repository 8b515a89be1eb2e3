//! Installs the programs that tests need, where it knows how.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::{output_of, run};

/// How other systems than Debian install them; the first whose program is here is shown.
const ELSEWHERE: [(&str, &str); 5] = [
    ("dnf", "sudo dnf install postgresql-server redis nginx openssl slowhttptest python3 chromium"),
    ("pacman", "sudo pacman -S postgresql redis nginx openssl python chromium"),
    ("apk", "sudo apk add postgresql redis nginx openssl python3 chromium"),
    ("zypper", "sudo zypper install postgresql-server redis nginx openssl python3 chromium"),
    (
        "brew",
        "brew install postgresql redis nginx openssl slowhttptest python && brew install --cask chromium",
    ),
];

/// Makes sure that the servers, Python, a browser and whatever else tests need are installed. (Envoy comes from PyPI when a
/// test asks.)
///
/// On Debian and its kin it installs what is missing, as root or through sudo, and says so. Elsewhere it fails with the
/// command to run.
pub fn what_is_missing() -> Result<()> {
    let missing = throwaway::is_missing();
    if missing.is_empty() {
        return Ok(());
    }
    println!("The tests need {}, which this machine does not have.", missing.join(" and "));
    if !is_here("apt-get") {
        bail!(
            "install PostgreSQL 15, Redis 7, nginx 1.22, OpenSSL 3, slowhttptest 1.8, Python 3.11 (or newer) and Chromium, then run this again:\n    {}",
            elsewhere()
        );
    }
    let packages: Vec<&str> = missing.into_iter().map(package).collect();
    let prefix = becoming_root(&packages)?;
    apt_get(prefix, &["update", "-qq"])?;
    apt_get(prefix, &[&["install", "-y", "-qq", "--no-install-recommends"], &packages[..]].concat())
}

fn package(program: &str) -> &str {
    match program {
        "postgres" => "postgresql",
        "python3" => "python3-venv",
        _ => program,
    }
}

/// The command that comes before `apt-get` to run it as root.
fn becoming_root(packages: &[&str]) -> Result<&'static [&'static str]> {
    if output_of(Command::new("id").arg("-u"))?.trim() == "0" {
        return Ok(&[]);
    }
    if is_here("sudo") {
        return Ok(&["sudo"]);
    }
    bail!("run this as root, then this command again:\n    apt-get install {}", packages.join(" "))
}

fn apt_get(prefix: &[&str], arguments: &[&str]) -> Result<()> {
    let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
    println!("Running: {}", words.join(" "));
    run(Command::new(words[0]).args(&words[1..]))
}

fn elsewhere() -> &'static str {
    let known = ELSEWHERE.iter().find(|(program, _)| is_here(program));
    known.map_or("(with the packages of your system)", |(_, command)| command)
}

fn is_here(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", "command -v \"$1\" >/dev/null", "sh", program]).status();
    found.is_ok_and(|status| status.success())
}
