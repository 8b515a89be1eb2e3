use anyhow::{Context, Result};

/// What the driver wants to know of the head of an answer (RFC 9112 §4).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub status: u16,
    /// How long head and body are, in bytes.
    pub head: usize,
    body: usize,
}

impl Answer {
    /// Reads a head; `None` where it is not whole yet.
    ///
    /// # Errors
    /// It is no answer, or one whose length is not said.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let (mut at, mut length) = (0, None);
        while let Some(end) = bytes[at..].iter().position(|byte| *byte == b'\n') {
            let line = &bytes[at..at + end];
            at += end + 1;
            if line.len() <= 1 {
                let status = status(bytes).context("the answer has no status")?;
                // No content, no length (RFC 9110 §8.6).
                let body = if status == 204 { Some(0) } else { length };
                return Ok(Some(Self { status, head: at, body: body.context("the answer has no length")? }));
            }
            length = length.or_else(|| content_length(line));
        }
        Ok(None)
    }

    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.head + self.body
    }
}

fn status(bytes: &[u8]) -> Option<u16> {
    std::str::from_utf8(bytes.strip_prefix(b"HTTP/1.1 ")?.get(..3)?).ok()?.parse().ok()
}

fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let (name, value) = line.split_at_checked(NAME.len())?;
    if !name.eq_ignore_ascii_case(NAME) {
        return None;
    }
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\netag: \"1\"\r\n\r\n{}";
        for cut in 0..answer.len() - 2 {
            assert_eq!(Answer::parse(&answer[..cut]).unwrap(), None);
        }
        let whole = Answer::parse(answer).unwrap().unwrap();
        assert_eq!((whole.status, whole.end()), (201, answer.len()));
    }

    #[test]
    fn no_content_has_no_length_and_others_must() {
        assert_eq!(Answer::parse(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap().end(), 27);
        assert!(Answer::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(Answer::parse(b"SMTP\r\n\r\n").is_err());
    }
}
