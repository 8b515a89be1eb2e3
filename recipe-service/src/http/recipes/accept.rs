use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use common::web::{Problem, codes};

use super::form::Form;

/// The caller takes JSON, which is the form that lists are answered in. Refuses with 406.
pub struct AcceptsJson;

/// The form of a recipe that the caller would like best. Refuses with 406.
pub struct Wanted(pub Form);

impl FromRequest for AcceptsJson {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(best(request.headers(), &[Form::Json]).map(|_| Self))
    }
}

impl FromRequest for Wanted {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(best(request.headers(), &Form::ALL).map(Self))
    }
}

/// RFC 9110 §12.5.1: of each form the most specific range that matches decides, and a weight of zero excludes it. Of forms
/// that are wanted alike the first is answered.
fn best(headers: &HeaderMap, forms: &[Form]) -> Result<Form, Problem> {
    let lines: Vec<&str> = headers.get_all(ACCEPT).filter_map(|line| line.to_str().ok()).collect();
    if lines.is_empty() {
        return Ok(forms[0]);
    }
    let ranges: Vec<(&str, f32)> = lines.iter().flat_map(|line| line.split(',')).map(range).collect();
    let mut best = None;
    for form in forms {
        let weight = weight(&ranges, form.media_type());
        if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((*form, weight));
        }
    }
    best.map(|(form, _)| form).ok_or_else(|| Problem::new(&codes::NOT_ACCEPTABLE))
}

fn weight(ranges: &[(&str, f32)], media_type: &str) -> f32 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let by_specificity = [media_type, &format!("{kind}/*"), "*/*"];
    let decisive = by_specificity.iter().find_map(|form| {
        ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(form)).map(|(_, weight)| *weight)
    });
    decisive.unwrap_or(0.0)
}

/// A media range, and how much it is wanted: from 0 to 1.
fn range(text: &str) -> (&str, f32) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
    (range, if (0.0..=1.0).contains(&weight) { weight } else { 0.0 })
}
