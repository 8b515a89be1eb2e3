//! Mails, as whoever gets them reads them.

use std::path::{Path, PathBuf};

use mail_parser::{HeaderName, MessageParser};

use crate::{TestStack, eventually};

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// As it came, undecoded.
    pub raw: String,
}

impl Mail {
    /// Reads a message (RFC 5322) with its parts (RFC 2045).
    pub fn parse(raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw).expect("that is no mail");
        let address = |name: HeaderName| {
            let list = message.header(name).and_then(|value| value.as_address());
            let first = list.and_then(|list| list.first()).and_then(|address| address.address.as_deref());
            first.unwrap_or_default().to_owned()
        };
        Self {
            from: address(HeaderName::From),
            to: address(HeaderName::To),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }

    /// The mails in a folder of files `*.eml`, the oldest first; none where there is no folder.
    pub fn all_in(folder: &Path) -> Vec<Self> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("no entry").path()).collect();
        files.retain(|file| file.extension().is_some_and(|is| is == "eml"));
        files.sort();
        let read = |file: &PathBuf| Self::parse(&std::fs::read(file).expect("the mail cannot be read"));
        files.iter().map(read).collect()
    }

    /// The value of a header as it came.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(self.raw.as_bytes())?;
        message.header_raw(name).map(|value| value.trim().to_owned())
    }

    /// The link that it carries: it stands alone on its line.
    pub fn link(&self) -> Option<&str> {
        self.text.lines().map(str::trim).find(|line| line.contains("#token="))
    }

    /// The token of its link, if it leads to this page.
    pub fn token_for(&self, page: &str) -> Option<String> {
        let (address, token) = self.link()?.split_once("#token=")?;
        address.ends_with(&format!("/{page}")).then(|| token.to_owned())
    }
}

impl TestStack {
    /// The mails that were written for an address, the oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        Mail::all_in(&self.mail_dir()).into_iter().filter(|mail| mail.to == address).collect()
    }

    /// Waits for so many mails to an address.
    pub async fn all_mails_to(&self, address: &str, count: usize) -> Vec<Mail> {
        eventually("the mails were written", async || {
            let mails = self.mails_to(address);
            (mails.len() >= count).then_some(mails)
        })
        .await
    }

    /// The token of the newest link to this page that an address was sent, once there are so many.
    pub async fn nth_token_to(&self, address: &str, page: &str, count: usize) -> String {
        eventually("a link was sent", async || {
            let mails = self.mails_to(address);
            let tokens: Vec<String> = mails.iter().filter_map(|mail| mail.token_for(page)).collect();
            (tokens.len() >= count).then(|| tokens.last().cloned()).flatten()
        })
        .await
    }

    /// The token of the link to this page that an address was sent.
    pub async fn token_to(&self, address: &str, page: &str) -> String {
        self.nth_token_to(address, page, 1).await
    }
}
