use std::io::Read;

use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;
use importer::Format;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};

use super::{NotFetched, Place};

/// A page as it was sent.
pub struct Page {
    /// Where it was in the end.
    pub place: Place,
    pub format: Format,
    charset: Option<String>,
    is_packed: bool,
    bytes: Vec<u8>,
}

/// As it is sent, and once more unpacked.
const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Where a page says its charset, if it does (HTML, prescan a byte stream).
const PRESCAN: usize = 1024;

const FORMATS: [(&str, Format); 5] = [
    ("text/html", Format::Html),
    ("application/xhtml+xml", Format::Html),
    ("application/ld+json", Format::JsonLd),
    ("text/markdown", Format::Markdown),
    ("text/plain", Format::Text),
];

impl Page {
    /// Takes an answer in, no further than it may go.
    pub(super) async fn read(place: Place, mut answer: Response) -> Result<Self, NotFetched> {
        if answer.status() != StatusCode::OK {
            return Err(NotFetched::Refused);
        }
        let (format, charset) = kind(answer.headers()).ok_or(NotFetched::NotAPage)?;
        let is_packed = is_packed(answer.headers()).ok_or(NotFetched::NotAPage)?;
        if answer.content_length().is_some_and(|announced| announced > MAX_BYTES as u64) {
            return Err(NotFetched::TooLarge);
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|_| NotFetched::NotReached)? {
            if bytes.len() + piece.len() > MAX_BYTES {
                return Err(NotFetched::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Self { place, format, charset, is_packed, bytes })
    }

    /// Its text. It takes time, which no worker has.
    pub fn text(self) -> Result<String, NotFetched> {
        let bytes = if self.is_packed { unpacked(&self.bytes)? } else { self.bytes };
        let named = self.charset.and_then(|charset| Encoding::for_label(charset.as_bytes()));
        let charset = named.or_else(|| said_within(&bytes)).unwrap_or(UTF_8);
        Ok(charset.decode(&bytes).0.into_owned())
    }
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, NotFetched> {
    let mut bytes = Vec::new();
    let mut rest = MultiGzDecoder::new(packed).take(MAX_BYTES as u64 + 1);
    rest.read_to_end(&mut bytes).map_err(|_| NotFetched::NotAPage)?;
    if bytes.len() > MAX_BYTES { Err(NotFetched::TooLarge) } else { Ok(bytes) }
}

/// What it is, and in which charset, if that is said.
fn kind(headers: &HeaderMap) -> Option<(Format, Option<String>)> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let (_, format) = FORMATS.iter().find(|(known, _)| essence.eq_ignore_ascii_case(known))?;
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    Some((*format, charset.map(|(_, value)| value.trim_matches('"').to_owned())))
}

/// Whether it is packed; none where it is in a way that was not asked for.
fn is_packed(headers: &HeaderMap) -> Option<bool> {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => Some(false),
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"identity") => Some(false),
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"gzip") => Some(true),
        _ => None,
    }
}

/// The charset that a page names in its head.
fn said_within(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((by_mark, _)) = Encoding::for_bom(bytes) {
        return Some(by_mark);
    }
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let name = b"charset=";
    let begin = head.windows(name.len()).position(|window| window == name)? + name.len();
    let label = head[begin..].iter().copied().skip_while(|byte| matches!(byte, b'"' | b'\''));
    let label: Vec<u8> =
        label.take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).collect();
    Encoding::for_label(&label)
}
