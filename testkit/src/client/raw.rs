use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use super::{Answer, Listener};

/// A server that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(30);

impl Listener {
    /// Sends bytes as they are, for what no client would send, and reads until the server closes the connection: ask
    /// for that with `Connection: close`. None where it closes without an answer.
    ///
    /// Blocks the test's thread; the services have threads of their own.
    pub fn raw(&self, bytes: impl AsRef<[u8]>) -> Option<Answer> {
        let bytes = bytes.as_ref();
        let answer = exchange(self, bytes).unwrap_or_else(|error| panic!("{}: {error}", title(bytes)));
        (!answer.is_empty()).then(|| self.read_answer(bytes, &answer))
    }

    /// Sends a GET with the value of `Authorization` as it is.
    pub fn raw_authorization(&self, path: &str, value: impl AsRef<[u8]>) -> Option<Answer> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: ");
        self.raw([head.as_bytes(), value.as_ref(), b"\r\n\r\n"].concat())
    }

    fn read_answer(&self, asked: &[u8], answer: &[u8]) -> Answer {
        let end = find(answer, b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {}", String::from_utf8_lossy(answer)));
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let (line, fields) = head.split_once("\r\n").unwrap_or((&head, ""));
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        Answer {
            title: title(asked),
            public_url: self.public_url.clone(),
            status: status.unwrap_or_else(|| panic!("no status: {head}")),
            headers: fields.split("\r\n").filter_map(field).collect(),
            body: answer[end + 4..].to_vec(),
        }
    }
}

fn exchange(listener: &Listener, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(listener.addr)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // Who refuses early may close while we still write; the answer is there all the same.
    let _ = stream.write_all(bytes);
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut part) {
            Ok(0) => return Ok(answer),
            Ok(read) => answer.extend_from_slice(&part[..read]),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(answer),
            Err(error) => return Err(error),
        }
    }
}

fn field(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    Some((name.parse().ok()?, value.trim().parse().ok()?))
}

fn title(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(200).collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
