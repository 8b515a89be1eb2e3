use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use common::web::{Problem, codes, media_type, read_body};
use importer::{Format, MAX_BYTES};

/// What was posted, and what it is.
pub struct Text {
    pub text: String,
    pub format: Format,
}

const FORMATS: [(&str, Format); 5] = [
    ("text/html", Format::Html),
    ("application/ld+json", Format::JsonLd),
    ("text/plain", Format::Text),
    ("text/markdown", Format::Markdown),
    ("text/x-cooklang", Format::Cooklang),
];

impl FromRequest for Text {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let format = format(&request)?;
            let bytes = read_body(&request, payload, MAX_BYTES).await?;
            let text = String::from_utf8(bytes.into()).map_err(|_| not_utf_8())?;
            Ok(Self { text, format })
        })
    }
}

fn format(request: &HttpRequest) -> Result<Format, Problem> {
    let known = media_type(request, &FORMATS.map(|(media_type, _)| media_type))?;
    let found = FORMATS.into_iter().find(|(media_type, _)| *media_type == known);
    Ok(found.expect("BUG: a media type was accepted that is none of these").1)
}

fn not_utf_8() -> Problem {
    Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE).detail("The body is not in UTF-8.")
}
