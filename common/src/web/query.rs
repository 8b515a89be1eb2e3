//! Strict query strings: nothing unknown, nothing twice that is single, nothing that does not parse.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde_path_to_error::Segment;
use url::form_urlencoded;

use super::codes;
use super::problem::Problem;

/// The parameters of the query, as the fields of a struct. A `Vec` takes a repeated key (`tag=a&tag=b`).
///
/// The struct's own field list says what is known, so `#[serde(flatten)]` cannot be used in it.
/// Refuses with 400 `unknown_parameter` or `invalid_parameter`, naming the parameter.
pub struct Query<T>(pub T);

/// No parameters at all.
pub struct NoQuery;

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Query))
    }
}

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match form_urlencoded::parse(request.query_string().as_bytes()).next() {
            Some((name, _)) => Err(unknown(&name)),
            None => Ok(Self),
        })
    }
}

/// Parses a query string.
pub(super) fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    check_text(query)?;
    let mut unknown_name = None;
    let strict = Strict { query, unknown: &mut unknown_name };
    serde_path_to_error::deserialize(strict).map_err(|error| match unknown_name {
        Some(name) => unknown(&name),
        None => explain(&error),
    })
}

/// A parameter that the resource does not know.
pub(super) fn unknown(name: &str) -> Problem {
    Problem::new(&codes::UNKNOWN_PARAMETER)
        .detail(format!("The parameter {:?} is not known here.", shortened(name)))
}

/// A parameter whose value cannot be used.
pub(super) fn invalid(name: &str) -> Problem {
    let detail =
        format!("The parameter {:?} has a value that cannot be used, or is given twice.", shortened(name));
    Problem::new(&codes::INVALID_PARAMETER).detail(detail)
}

fn explain(error: &serde_path_to_error::Error<serde_html_form::de::Error>) -> Problem {
    let named = error.path().iter().find_map(|segment| match segment {
        Segment::Map { key } => Some(key.as_str()),
        _ => None,
    });
    match named {
        Some(name) => invalid(name),
        // serde says of a parameter that is not there only in its text.
        None => match error.inner().to_string().strip_prefix("missing field `") {
            Some(quoted) => needed(quoted.split('`').next().unwrap_or_default()),
            None => Problem::new(&codes::INVALID_PARAMETER),
        },
    }
}

fn needed(name: &str) -> Problem {
    Problem::new(&codes::INVALID_PARAMETER).detail(format!("The parameter {name:?} is needed."))
}

/// Percent signs that encode nothing, bytes that are not UTF-8, and NULs, all of which a lenient parser lets through.
fn check_text(query: &str) -> Result<(), Problem> {
    for pair in query.split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        if !is_clean(pair) {
            return Err(invalid(&form_urlencoded::parse(name.as_bytes()).next().unwrap_or_default().0));
        }
    }
    Ok(())
}

fn is_clean(pair: &str) -> bool {
    let mut decoded = Vec::with_capacity(pair.len());
    let mut bytes = pair.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => match (bytes.next().and_then(hex), bytes.next().and_then(hex)) {
                (Some(high), Some(low)) => decoded.push(high << 4 | low),
                _ => return false,
            },
            other => decoded.push(other),
        }
    }
    !decoded.contains(&0) && std::str::from_utf8(&decoded).is_ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// What a caller sent, as much of it as fits into a sentence.
fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

/// Passes on to serde_html_form, but looks first whether the struct has a field for every parameter.
struct Strict<'q, 'u> {
    query: &'q str,
    unknown: &'u mut Option<String>,
}

impl<'q> Strict<'q, '_> {
    fn inner(&self) -> serde_html_form::Deserializer<'q> {
        serde_html_form::Deserializer::from_bytes(self.query.as_bytes())
    }
}

impl<'q> Deserializer<'q> for Strict<'q, '_> {
    type Error = serde_html_form::de::Error;

    fn deserialize_struct<V: Visitor<'q>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let names = form_urlencoded::parse(self.query.as_bytes()).map(|(name, _)| name);
        if let Some(stranger) = names.into_iter().find(|name| !fields.contains(&name.as_ref())) {
            *self.unknown = Some(stranger.into_owned());
            return Err(Self::Error::custom("unknown parameter"));
        }
        self.inner().deserialize_struct(name, fields, visitor)
    }

    fn deserialize_any<V: Visitor<'q>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.inner().deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        <V: Visitor<'q>>
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
