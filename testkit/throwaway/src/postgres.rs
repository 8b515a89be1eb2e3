use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::folder::folder;
use crate::program::find;
use crate::supervised::Supervised;

const PREFIX: &str = "jipbap-postgres-";

/// A Postgres server with one superuser, `postgres`, who needs no password.
pub struct Postgres(Supervised);

impl Postgres {
    /// Makes a cluster in a temporary folder and starts it.
    ///
    /// Fails where the programs of Postgres are not installed, naming what to run.
    pub fn start() -> Result<Self> {
        Self::start_in(folder(PREFIX)?, &[])
    }

    /// Starts one whose files are on a disk, in the folder for temporary files, with settings that win over those that
    /// make it fast: `["fsync=on"]`.
    pub fn start_on_disk(more: &[&str]) -> Result<Self> {
        Self::start_in(tempfile::Builder::new().prefix(PREFIX).tempdir()?, more)
    }

    fn start_in(folder: TempDir, more: &[&str]) -> Result<Self> {
        let owner = Owner::of(folder.path())?;
        make_cluster(owner, folder.path())?;
        let server = find("postgres")?.display().to_string();
        let data = folder.path().display().to_string();
        let command = |port: u16| {
            let mut command = owner.prefix();
            command.extend([server.clone(), "-D".into(), data.clone(), "-k".into(), data.clone()]);
            let settings = settings(port).into_iter().chain(more.iter().copied().map(String::from));
            command.extend(settings.flat_map(|setting| ["-c".into(), setting]));
            Ok(command)
        };
        // SIGQUIT: no checkpoint, but it takes its shared memory along, which SIGKILL would leave behind.
        let supervised = Supervised::start(folder.path(), "QUIT", command, answers)?;
        // From here on the supervisor removes it.
        let _ = folder.keep();
        Ok(Self(supervised))
    }

    /// The address of the database `postgres`: `postgres://postgres@127.0.0.1:PORT/postgres`.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The address of a database of this server.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.0.port())
    }

    /// Kills the server and its backends with SIGKILL.
    pub fn kill(&self) -> Result<()> {
        self.0.signal("KILL")
    }

    /// Stops the server and its backends in their tracks: connections stay open and nothing answers.
    pub fn pause(&self) -> Result<()> {
        self.0.signal("STOP")
    }

    /// Lets a paused server go on.
    pub fn resume(&self) -> Result<()> {
        self.0.signal("CONT")
    }

    /// Starts a killed server again, on the same port and data.
    pub fn start_again(&self) -> Result<()> {
        self.0.start_again(answers)
    }
}

/// Who runs Postgres, which refuses to run as root.
#[derive(Clone, Copy, PartialEq)]
enum Owner {
    Ourselves,
    PostgresUser,
}

impl Owner {
    /// A folder that we just made shows who we are.
    fn of(folder: &Path) -> Result<Self> {
        Ok(if folder.metadata()?.uid() == 0 { Self::PostgresUser } else { Self::Ourselves })
    }

    fn prefix(self) -> Vec<String> {
        match self {
            Self::Ourselves => Vec::new(),
            Self::PostgresUser => ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
                .map(String::from)
                .to_vec(),
        }
    }
}

fn make_cluster(owner: Owner, folder: &Path) -> Result<()> {
    if owner == Owner::PostgresUser {
        run(Command::new("chown").arg("postgres:").arg(folder))?;
    }
    let mut command = owner.prefix();
    command.push(find("initdb")?.display().to_string());
    command.extend(["--no-sync", "--auth=trust", "--username=postgres"].map(String::from));
    // The locale C sorts by bytes, as SQLite does, and is on every machine.
    command.extend(["--encoding=UTF8", "--locale=C", "--pgdata"].map(String::from));
    run(Command::new(&command[0]).args(&command[1..]).arg(folder).current_dir("/"))
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Fast rather than safe against power loss; a crash of the server alone loses nothing that was committed.
fn settings(port: u16) -> Vec<String> {
    let listen = [format!("port={port}"), "listen_addresses=127.0.0.1".into(), "max_connections=500".into()];
    let fast = ["fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "jit=off"];
    // Autovacuum would hold a template that is to be copied; the memory of the other kind outlives a SIGKILL.
    let tidy = ["autovacuum=off", "dynamic_shared_memory_type=mmap", "timezone=UTC", "log_timezone=UTC"];
    // The longest statements are read back whole from pg_stat_activity.
    let open = ["track_activity_query_size=8192"];
    listen.into_iter().chain(fast.into_iter().chain(tidy).chain(open).map(String::from)).collect()
}

fn answers(folder: &Path, port: u16) -> bool {
    let Ok(program) = find("pg_isready") else { return false };
    let asked =
        Command::new(program).arg("-q").arg("-h").arg(folder).args(["-p", &port.to_string()]).status();
    asked.is_ok_and(|status| status.success())
}
