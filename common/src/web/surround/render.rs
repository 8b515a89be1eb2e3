//! Writes problems into answers: ours, those of actix itself, and those of panics.

use std::fmt;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{Error, HttpResponse, ResponseError};

use super::Surroundings;
use super::context::X_REQUEST_ID;
use super::cors::Readers;
use crate::web::codes::{self, Code};
use crate::web::legacy;
use crate::web::problem::Problem;

/// Gives an answer that is a problem, or an error of actix, its body.
pub(super) fn render(
    mut response: ServiceResponse,
    around: &Surroundings,
    id: &HeaderValue,
) -> ServiceResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let stored = response.response().extensions().get::<Problem>().cloned();
    let Some(problem) = stored.or_else(|| foreign(response.response())) else {
        return response;
    };
    log_failure(&problem);
    let written = Written::of(&problem, around, id);
    *response.response_mut().status_mut() = written.status;
    written.write_headers(&problem, response.headers_mut());
    response.response_mut().extensions_mut().insert(problem);
    response.map_body(|_, _| BoxBody::new(written.body))
}

/// Which problem was answered, after [`render`], [`failed`] or [`panicked`]. None where it was none of ours.
pub(super) fn code_of(answered: &Result<ServiceResponse, Error>) -> Option<&'static Code> {
    match answered {
        Ok(response) => response.response().extensions().get::<Problem>().map(Problem::code),
        Err(error) => error.as_error::<Rendered>().map(|rendered| rendered.code),
    }
}

/// An error of actix (its text is not for strangers), or an answer without a body. Other answers mean what they say.
fn foreign(response: &HttpResponse) -> Option<Problem> {
    let is_empty = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    let error = response.error();
    if error.is_none() && !is_empty {
        return None;
    }
    let problem = Problem::new(code_for(response.status()));
    Some(match error {
        Some(error) => problem.cause(error),
        None => problem,
    })
}

fn problem_of(error: &Error) -> Problem {
    match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => Problem::new(code_for(error.as_response_error().status_code())).cause(error),
    }
}

/// What a request that panicked is answered; the panic hook has logged why.
pub(super) fn panicked(around: &Surroundings, id: HeaderValue, readers: &Readers) -> Error {
    without_request(&Problem::new(&codes::INTERNAL), around, id, readers)
}

/// What an error is answered that an inner middleware let through.
pub(super) fn failed(error: &Error, around: &Surroundings, id: HeaderValue, readers: &Readers) -> Error {
    let problem = problem_of(error);
    log_failure(&problem);
    without_request(&problem, around, id, readers)
}

/// An answer where there is no request any more to answer to.
fn without_request(problem: &Problem, around: &Surroundings, id: HeaderValue, readers: &Readers) -> Error {
    let mut headers = HeaderMap::new();
    let written = Written::of(problem, around, &id);
    written.write_headers(problem, &mut headers);
    headers.insert(X_REQUEST_ID.clone(), id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    readers.write(&mut headers);
    Rendered { code: problem.code(), status: written.status, headers, body: written.body }.into()
}

/// Failures are logged here, once; refusals are the caller's and only in the access log.
fn log_failure(problem: &Problem) {
    let code = problem.code();
    // Where nothing more is known, whoever found out has logged it.
    let cause = problem.logged_cause().unwrap_or(code.title);
    match code.status {
        503 => log::warn!(code = code.name; "answered {}: {cause}", code.name),
        500.. => log::error!(code = code.name; "answered {}: {cause}", code.name),
        _ => {}
    }
}

/// A problem in the form in which it is sent.
struct Written {
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
}

impl Written {
    fn of(problem: &Problem, around: &Surroundings, id: &HeaderValue) -> Self {
        let id = id.to_str().unwrap_or_default();
        match legacy::answer(problem).filter(|_| around.legacy_errors) {
            Some(answer) => Self {
                status: StatusCode::from_u16(answer.status).expect("BUG: a status that is none"),
                content_type: "application/json",
                body: serde_json::json!({ "msg": answer.msg }).to_string().into_bytes(),
            },
            None if around.legacy_errors => {
                Self::standard(&problem.clone().member("msg", problem.said()), around, id)
            }
            None => Self::standard(problem, around, id),
        }
    }

    fn standard(problem: &Problem, around: &Surroundings, id: &str) -> Self {
        let body = problem.body(&around.public_url, id);
        Self {
            status: problem.status(),
            content_type: "application/problem+json",
            body: serde_json::to_vec(&body).expect("BUG: a problem is not JSON"),
        }
    }

    fn write_headers(&self, problem: &Problem, headers: &mut HeaderMap) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in problem.headers() {
            headers.insert(name.clone(), value.clone());
        }
        // RFC 9110 §15.5.2: a 401 challenges, and what is one in the old shape alone brings nothing to do it with.
        if self.status == StatusCode::UNAUTHORIZED && problem.status() != self.status {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"jipbap\""));
        }
    }
}

fn code_for(status: StatusCode) -> &'static Code {
    match status.as_u16() {
        401 => &codes::INVALID_TOKEN,
        403 => &codes::FORBIDDEN,
        404 => &codes::NOT_FOUND,
        405 => &codes::METHOD_NOT_ALLOWED,
        406 => &codes::NOT_ACCEPTABLE,
        408 => &codes::REQUEST_TIMEOUT,
        413 => &codes::TOO_LARGE,
        414 => &codes::URI_TOO_LONG,
        415 => &codes::UNSUPPORTED_MEDIA_TYPE,
        431 => &codes::HEAD_TOO_LARGE,
        422 => &codes::VALIDATION_FAILED,
        429 => &codes::RATE_LIMITED,
        503 => &codes::BUSY,
        400..500 => &codes::INVALID_PARAMETER,
        _ => &codes::INTERNAL,
    }
}

/// An answer that needs no request, for actix to send as an error.
#[derive(Debug)]
struct Rendered {
    code: &'static Code,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "answered {}", self.status)
    }
}

impl ResponseError for Rendered {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status);
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response.set_body(BoxBody::new(self.body.clone()))
    }
}
