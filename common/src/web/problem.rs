//! Problems as RFC 9457 has them.
//!
//! A [`Problem`] says what happened; the address of its page and the request id are known only to the outermost
//! middleware (`Surround`), which writes the body.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use serde::Serialize;
use serde_json::Value;

use super::codes::Code;

/// A refusal or a failure, on its way to being answered.
///
/// A service's own error type becomes one in a single table, and answers it: `Problem::from(self).error_response()`.
#[derive(Clone)]
pub struct Problem(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    code: &'static Code,
    detail: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    members: Vec<(&'static str, Value)>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

/// One place of the body that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Where, as a JSON Pointer (RFC 6901) into the body; empty for the body itself.
    #[schema(example = "/ingredient_groups/0/title")]
    pub pointer: String,
    /// Which rule.
    #[schema(value_type = String, example = "too_long")]
    pub code: &'static str,
    /// The rule in a sentence, for people.
    #[schema(value_type = String, example = "May have at most 200 characters.")]
    pub detail: Cow<'static, str>,
    /// How to do better, for a weak password.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub suggestions: Vec<String>,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into(), suggestions: Vec::new() }
    }

    pub fn suggestions(mut self, suggestions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.suggestions.extend(suggestions.into_iter().map(Into::into));
        self
    }
}

impl Problem {
    /// A problem of this kind. One of status 503 asks to come back in a second unless told otherwise.
    pub fn new(code: &'static Code) -> Self {
        let problem = Self(Arc::new(Parts {
            code,
            detail: None,
            errors: Vec::new(),
            members: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }));
        if code.status == 503 { problem.retry_after(Duration::from_secs(1)) } else { problem }
    }

    /// Our own failure. The cause is logged once, with the request id, and never sent.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(&super::codes::INTERNAL).cause(cause)
    }

    /// What happened this time, in a sentence for people. Never library text, SQL, a path or a secret.
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.parts().detail = Some(detail.into());
        self
    }

    /// Adds a place of the body.
    pub fn error(mut self, error: FieldError) -> Self {
        self.parts().errors.push(error);
        self
    }

    /// Adds places of the body.
    pub fn errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.parts().errors.extend(errors);
        self
    }

    /// Adds an extension member (RFC 9457 §3.2) beside the standard ones.
    pub fn member(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.parts().members.push((name, value.into()));
        self
    }

    /// Sets a header of the answer, in place of one of that name.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        let headers = &mut self.parts().headers;
        headers.retain(|(present, _)| *present != name);
        headers.push((name, value));
        self
    }

    /// Asks the caller to wait, in whole seconds: rounded up, at least one.
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.header(RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// What is logged, once, where the problem is answered. It is never sent.
    pub fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.parts().cause = Some(cause.to_string());
        self
    }

    pub fn code(&self) -> &'static Code {
        self.0.code
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status).expect("BUG: a code has a status that is none")
    }

    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// What happened, in a sentence for people.
    pub(super) fn said(&self) -> &str {
        self.0.detail.as_deref().unwrap_or(self.0.code.title)
    }

    fn parts(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }

    pub(super) fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    pub(super) fn logged_cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The body, now that the base of its type and the request are known.
    pub(super) fn body<'a>(&'a self, public_url: &'a str, request_id: &'a str) -> Body<'a> {
        let code = self.0.code;
        Body {
            kind: format!("{public_url}/problems/{}", code.name),
            title: code.title,
            status: code.status,
            detail: self.said(),
            code: code.name,
            request_id,
            errors: &self.0.errors,
            members: self.0.members.iter().map(|(name, value)| (*name, value)).collect(),
        }
    }
}

impl From<&'static Code> for Problem {
    fn from(code: &'static Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.0.code.name)
            .field("errors", &self.0.errors)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.name)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// The head alone, with the problem beside it, where the middleware finds it and writes the body.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(flatten)]
    members: std::collections::BTreeMap<&'static str, &'a Value>,
}

/// The body of every refusal and failure (RFC 9457).
#[derive(utoipa::ToSchema)]
#[schema(as = Problem)]
#[allow(dead_code, reason = "it describes to the OpenAPI document what `Body` writes")]
pub struct ProblemBody {
    /// The address of a page that explains the code.
    r#type: String,
    /// The kind of problem in a line.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened this time.
    detail: String,
    /// The kind of problem, for programs.
    code: String,
    /// The id of the request, also in the header `X-Request-Id` and in our log.
    request_id: String,
    /// Each place of the body that breaks a rule.
    #[schema(required = false)]
    errors: Vec<FieldError>,
}
