use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::folder::folder;
use crate::program::find;
use crate::supervised::Supervised;

/// A Redis server that writes nothing to disk.
pub struct Redis(Supervised);

impl Redis {
    /// Starts a server in a temporary folder.
    ///
    /// Fails where `redis-server` is not installed, naming what to run.
    pub fn start() -> Result<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with more arguments, such as `["--maxmemory-policy", "allkeys-lru"]`.
    pub fn start_with(arguments: &[&str]) -> Result<Self> {
        let folder = folder("jipbap-redis-")?;
        let server = find("redis-server")?.display().to_string();
        let data = folder.path().display().to_string();
        let command = |port: u16| {
            let port = port.to_string();
            let place =
                ["--bind", "127.0.0.1", "--port", &port, "--dir", &data, "--unixsocket", &socket(&data)];
            let keeping = ["--save", "", "--appendonly", "no"];
            let all = place.into_iter().chain(keeping).chain(arguments.iter().copied());
            Ok(std::iter::once(server.clone()).chain(all.map(String::from)).collect())
        };
        let supervised = Supervised::start(folder.path(), "TERM", command, answers)?;
        // From here on the supervisor removes it.
        let _ = folder.keep();
        Ok(Self(supervised))
    }

    /// The address of the server: `redis://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.0.port())
    }

    /// Kills the server with SIGKILL; what it held is lost.
    pub fn kill(&self) -> Result<()> {
        self.0.signal("KILL")
    }

    /// Stops the server in its tracks: connections stay open and nothing answers.
    pub fn pause(&self) -> Result<()> {
        self.0.signal("STOP")
    }

    /// Lets a paused server go on.
    pub fn resume(&self) -> Result<()> {
        self.0.signal("CONT")
    }

    /// Starts a killed server again, on the same port and empty.
    pub fn start_again(&self) -> Result<()> {
        self.0.start_again(answers)
    }
}

fn socket(folder: &str) -> String {
    format!("{folder}/redis.sock")
}

fn answers(folder: &Path, _port: u16) -> bool {
    ping(&socket(&folder.display().to_string())).is_ok_and(|answer| answer == *b"+PONG")
}

fn ping(socket: &str) -> std::io::Result<[u8; 5]> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}
