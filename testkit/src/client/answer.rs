use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// What came back.
///
/// What is asserted of it is status, code and shape; a failure shows the whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) title: String,
    pub(super) public_url: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("(not text)"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON. Panics where it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {self}"))
    }

    /// Checks for any 2xx.
    #[track_caller]
    pub fn assert_ok(&self) -> &Self {
        assert!((200..300).contains(&self.status), "not a success: {self}");
        self
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Checks that it is this problem, whole and well-formed as API.md §1 has it, and returns its body.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "not {status} {code}: {self}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        let body = self.json();
        assert_eq!(body["code"], code, "{self}");
        assert_eq!(body["status"], status, "{self}");
        assert_eq!(body["type"], format!("{}/problems/{code}", self.public_url), "{self}");
        for member in ["title", "detail"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "no {member}: {self}");
        }
        self.assert_request_id(&body);
        self.assert_field_errors(&body);
        self.assert_headers_of_a_problem(code);
        body
    }

    /// Checks for `invalid_token`, the one answer to every token that is not believed, and its challenge (RFC 6750 §3.1).
    #[track_caller]
    pub fn assert_invalid_token(&self) -> &Self {
        self.assert_problem(401, "invalid_token");
        self
    }

    #[track_caller]
    fn assert_request_id(&self, body: &Value) {
        let id = self.header("x-request-id");
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        assert!((1..=64).contains(&id.len()) && id.bytes().all(fits), "no X-Request-Id: {self}");
        assert_eq!(body["request_id"], id, "{self}");
    }

    #[track_caller]
    fn assert_field_errors(&self, body: &Value) {
        let Some(errors) = body.get("errors") else { return };
        let errors = errors.as_array().unwrap_or_else(|| panic!("errors is no list: {self}"));
        assert!(!errors.is_empty(), "errors is empty: {self}");
        for error in errors {
            let pointer = error["pointer"].as_str();
            assert!(pointer.is_some_and(|at| at.is_empty() || at.starts_with('/')), "no pointer: {self}");
            assert!(error["code"].is_string() && error["detail"].is_string(), "no code or detail: {self}");
        }
    }

    /// What API.md §1 promises beside the body.
    #[track_caller]
    fn assert_headers_of_a_problem(&self, code: &str) {
        assert_eq!(self.header("x-content-type-options"), "nosniff", "{self}");
        if [429, 503].contains(&self.status) {
            assert!(self.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0), "no Retry-After: {self}");
        }
        if self.status == 405 {
            assert!(!self.header("allow").is_empty(), "no Allow: {self}");
        }
        if let Some(challenge) = challenge_of(code) {
            assert_eq!(self.header("www-authenticate"), challenge, "{self}");
        }
    }
}

/// The challenge that always comes with a code; none where it depends.
fn challenge_of(code: &str) -> Option<&'static str> {
    const REFUSED: &str = "Bearer realm=\"jipbap\", error=\"invalid_token\"";
    match code {
        "missing_token" => Some("Bearer realm=\"jipbap\""),
        "invalid_token" | "token_expired" | "token_revoked" => Some(REFUSED),
        "refresh_token_invalid" | "refresh_token_expired" | "refresh_token_reused" | "session_ended" => {
            Some(REFUSED)
        }
        _ => None,
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} was answered {}", self.title, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "  {name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        write!(f, "  {}", self.text())
    }
}
