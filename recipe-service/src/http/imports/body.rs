use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use common::web::{Json, Problem, Validate, codes, media_type, read_body};
use importer::{Format, MAX_BYTES};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::egress::Place;
use crate::service::imports::{Body, Imports};

/// What is to be imported: it was posted, or is to be fetched.
pub struct Import(pub Body);

/// Where a page is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageToImport {
    /// Of the web, at port 80 or 443, without a name or a password in it.
    #[schema(value_type = String, max_length = 2048, example = "https://example.org/kimchi-stew")]
    url: WebPlace,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct WebPlace(Place);

const FORMATS: [(&str, Format); 5] = [
    ("text/html", Format::Html),
    ("application/ld+json", Format::JsonLd),
    ("text/plain", Format::Text),
    ("text/markdown", Format::Markdown),
    ("text/x-cooklang", Format::Cooklang),
];
const ADDRESS: &str = "application/json";

impl FromRequest for Import {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let Some(format) = format(&request)? else {
                let page: Json<PageToImport> = Json::from_request(&request, &mut payload).await?;
                return Ok(Self(Body::Page(page.0.url.0)));
            };
            let bytes = read_body(&request, payload, MAX_BYTES).await?;
            let text = String::from_utf8(bytes.into()).map_err(|_| not_utf_8())?;
            Ok(Self(Body::Text { text, format }))
        })
    }
}

/// What the body is a recipe in; none where it names a page.
fn format(request: &HttpRequest) -> Result<Option<Format>, Problem> {
    let imports = request.app_data::<Data<Imports>>();
    let mut known: Vec<&str> = FORMATS.iter().map(|(media_type, _)| *media_type).collect();
    known.extend(imports.is_some_and(|imports| imports.fetches_pages()).then_some(ADDRESS));
    let given = media_type(request, &known)?;
    Ok(FORMATS.into_iter().find(|(media_type, _)| *media_type == given).map(|(_, format)| format))
}

fn not_utf_8() -> Problem {
    Problem::new(&codes::UNSUPPORTED_MEDIA_TYPE).detail("The body is not in UTF-8.")
}

impl Validate for PageToImport {}

impl TryFrom<String> for WebPlace {
    type Error = &'static str;

    fn try_from(address: String) -> Result<Self, Self::Error> {
        Place::parse(&address).map(Self).ok_or("not a place of the web")
    }
}
