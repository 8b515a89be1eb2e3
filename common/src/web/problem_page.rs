//! `GET /problems/{code}`: what the `type` of a problem leads to.

use actix_web::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue, VARY,
};
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::codes::{self, Code};
use super::problem::Problem;
use super::site::Pages;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/problems/{code}").route(web::get().to(page)));
}

async fn page(request: HttpRequest, pages: Data<Pages>) -> Result<HttpResponse, Problem> {
    let name = request.match_info().query("code");
    let mut known = codes::SHARED.iter().chain(pages.codes);
    let code = known.find(|code| code.name == name).ok_or_else(|| Problem::new(&codes::NOT_FOUND))?;
    let (media_type, body) = if wants_text(request.headers()) {
        ("text/plain; charset=utf-8", text(code))
    } else {
        ("text/html; charset=utf-8", html(code))
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((VARY, "Accept"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .body(body))
}

/// A browser asks for HTML, and gets it; so does everyone who does not ask for text.
fn wants_text(headers: &HeaderMap) -> bool {
    let accepts = |media_type: &str| {
        let mut lines = headers.get_all(ACCEPT).filter_map(|line: &HeaderValue| line.to_str().ok());
        lines.any(|line| line.contains(media_type))
    };
    accepts("text/plain") && !accepts("text/html")
}

fn text(code: &Code) -> String {
    format!("{} {}\n\n{}\n\n{}\n", code.status, code.name, code.title, code.help)
}

fn html(code: &Code) -> String {
    let (name, status, title, help) = (code.name, code.status, escape(code.title), escape(code.help));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{name}</title>\n\
         <style>body{{font:1rem/1.6 sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}}</style>\n\
         <h1>{title}</h1>\n<p>{help}</p>\n<p>Status <code>{status}</code>, code <code>{name}</code>.</p>\n</html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
