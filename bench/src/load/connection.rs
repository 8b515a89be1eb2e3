use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::Answer;

/// A keep-alive connection that is asked one thing at a time.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The longest answer that is read, in bytes.
const LONGEST: usize = 1 << 20;

impl Connection {
    /// Opens one.
    ///
    /// # Errors
    /// Nobody listens there.
    pub async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await.with_context(|| format!("cannot connect to {to}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 1 << 14] })
    }

    /// Answers the body.
    ///
    /// # Errors
    /// Any answer but a 2xx.
    pub async fn call(&mut self, request: &[u8]) -> Result<&[u8]> {
        let answer = self.ask(request).await?;
        self.body(&answer)
    }

    /// Answers the body, or what it is refused with.
    ///
    /// # Errors
    /// There is no whole answer.
    pub async fn answer(&mut self, request: &[u8]) -> Result<Result<String, String>> {
        let answer = self.ask(request).await?;
        let body = String::from_utf8_lossy(&self.buffer[answer.head..answer.end()]).into_owned();
        Ok(if (200..300).contains(&answer.status) { Ok(body) } else { Err(body) })
    }

    /// Answers the status, whatever it is.
    ///
    /// # Errors
    /// There is no whole answer.
    pub async fn status(&mut self, request: &[u8]) -> Result<u16> {
        Ok(self.ask(request).await?.status)
    }

    async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            let more = self.stream.read(&mut self.buffer[filled..]).await?;
            ensure!(more > 0, "the server closed the connection");
            filled += more;
            if let Some(answer) = Answer::parse(&self.buffer[..filled])? {
                if filled >= answer.end() {
                    ensure!(filled == answer.end(), "more was answered than asked");
                    return Ok(answer);
                }
                self.make_room(answer.end())?;
            } else {
                self.make_room(filled + 1)?;
            }
        }
    }

    fn body(&self, answer: &Answer) -> Result<&[u8]> {
        let body = &self.buffer[answer.head..answer.end()];
        if !(200..300).contains(&answer.status) {
            bail!("answered {}: {}", answer.status, String::from_utf8_lossy(body));
        }
        Ok(body)
    }

    fn make_room(&mut self, wanted: usize) -> Result<()> {
        ensure!(wanted <= LONGEST, "an answer of more than {LONGEST} bytes");
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted.next_power_of_two(), 0);
        }
        Ok(())
    }
}
