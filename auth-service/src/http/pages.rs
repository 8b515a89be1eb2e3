//! The two pages that links in mails lead to. They are for people and in no OpenAPI document; what they send is.
//!
//! Opening one spends nothing: the token is behind the `#`, which no browser sends, and goes out when the button is pressed.

use actix_web::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap,
    REFERRER_POLICY, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::Language;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                   base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page in each language.
#[derive(Clone, Copy)]
struct Page {
    english: &'static str,
    korean: &'static str,
}

const VERIFY: Page = Page {
    english: include_str!("../../pages/en/verify.html"),
    korean: include_str!("../../pages/ko/verify.html"),
};

const RESET: Page = Page {
    english: include_str!("../../pages/en/reset.html"),
    korean: include_str!("../../pages/ko/reset.html"),
};

const STYLE: &str = include_str!("../../pages/page.css");
const SCRIPT: &str = include_str!("../../pages/page.js");

/// Lists the pages, and what they are made of.
pub fn routes(config: &mut web::ServiceConfig) {
    for (path, page) in [("/verify", VERIFY), ("/reset", RESET)] {
        let shown = move |request: HttpRequest| async move { page.shown(&request) };
        config.service(web::resource(path).route(web::get().to(shown)));
    }
    for (path, media_type, body) in [
        ("/pages/page.css", "text/css; charset=utf-8", STYLE),
        ("/pages/page.js", "text/javascript; charset=utf-8", SCRIPT),
    ] {
        let answered = move || async move { answer(media_type).body(body) };
        config.service(web::resource(path).route(web::get().to(answered)));
    }
}

impl Page {
    fn shown(self, request: &HttpRequest) -> HttpResponse {
        let language = preferred(request.headers());
        let body = match language {
            Language::English => self.english,
            Language::Korean => self.korean,
        };
        answer("text/html; charset=utf-8")
            .insert_header((CONTENT_LANGUAGE, language.tag()))
            .insert_header((VARY, "Accept-Language"))
            .body(body)
    }
}

fn answer(media_type: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, CSP))
        .insert_header((REFERRER_POLICY, "no-referrer"));
    response
}

/// Which of the languages that there are somebody would rather read (RFC 9110 §12.5.4); English where they name neither.
fn preferred(headers: &HeaderMap) -> Language {
    let lines = headers.get_all(ACCEPT_LANGUAGE).filter_map(|line| line.to_str().ok());
    let ranges = lines.flat_map(|line| line.split(',')).filter_map(|range| {
        let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
        let weight = match weight.trim().strip_prefix("q=") {
            Some(weight) => weight.trim().parse::<f32>().ok().filter(|weight| *weight > 0.0)?,
            None => 1.0,
        };
        let language = Language::of_locale(tag.trim());
        let is_known = Language::ALL.iter().any(|known| {
            tag.trim().split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(known.tag()))
        });
        is_known.then_some((language, weight))
    });
    // The first of those that weigh most.
    let best = ranges.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(Language::English, |(language, _)| language)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_page_is_in_the_language_that_somebody_would_rather_read() {
        for (accepted, language) in [
            ("", Language::English),
            ("ko-KR,ko;q=0.9,en;q=0.8", Language::Korean),
            ("en-US,en;q=0.9,ko;q=0.8", Language::English),
            ("de, ko;q=0.3, en;q=0.2", Language::Korean),
            ("ko;q=0", Language::English),
            ("de", Language::English),
            ("en;q=0.5, ko;q=0.5", Language::English),
            ("ko;q=nonsense", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            assert_eq!(preferred(&headers), language, "{accepted}");
        }
    }
}
