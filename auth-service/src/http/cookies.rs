//! The sessions of browsers: tokens in cookies that no script reads (API.md §2, docs/browsers.md).

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::ORIGIN;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use common::web::auth::{
    Auth as Caller, Carrier, Denial, access_cookie, cookie, is_over_tls, refresh_cookie,
};
use common::web::{Origins, Problem};
use serde::Deserialize;
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::credential;
use crate::config::Settings;
use crate::domain::Transport;
use crate::domain::session::Client;
use crate::service::sessions::Granted;

/// How cookies are set and read, as the address allows that the world reaches this service at.
pub struct Cookies {
    /// Whose scripts may use them: the service's own pages, and those of the listed origins.
    origins: Origins,
    is_secure: bool,
    access: &'static str,
    refresh: &'static str,
    device: &'static str,
    /// Where a browser sends the refresh token: to the two calls that take it.
    refresh_paths: [String; 2],
}

/// How the session is to be answered.
#[derive(Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// `cookie`: the tokens come as cookies that no script reads, and in the body is a `csrf_token` instead. For pages of
    /// this service's own origin and of the listed ones.
    #[param(inline, required = false, nullable = false)]
    transport: Option<TransportParam>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TransportParam {
    Cookie,
}

/// Who asks for a session, and how it is to reach them.
pub struct Asker {
    pub client: Client,
    /// What the device says that it logged in before by.
    pub device: Option<String>,
    pub transport: Transport,
}

/// For how long a device is known that does not come back: as long as browsers keep anything.
const DEVICE_LASTS: Duration = Duration::days(400);

impl Cookies {
    pub fn of(settings: &Settings) -> Self {
        let public_url = &settings.public_url;
        let is_secure = is_over_tls(public_url);
        let path = Url::parse(public_url).map(|url| url.path().trim_end_matches('/').to_owned());
        let path = path.unwrap_or_default();
        Self {
            origins: settings.edge.cors_origins.clone().with_origin_of(public_url),
            is_secure,
            access: access_cookie(public_url),
            refresh: refresh_cookie(public_url),
            device: if is_secure { "__Host-device" } else { "device" },
            refresh_paths: ["refresh", "logout"].map(|call| format!("{path}/v1/{call}")),
        }
    }

    /// Who asks, where what they showed came in this way, and whether they may have cookies.
    ///
    /// # Errors
    /// 403 `csrf_failed`: the page of a strange origin could log its visitors in as somebody else.
    pub fn asker(&self, request: &HttpRequest, how: How, carrier: Carrier) -> Result<Asker, Denial> {
        let transport = match how.transport {
            Some(TransportParam::Cookie) => Transport::Cookies,
            None => transport_of(carrier),
        };
        if transport == Transport::Cookies {
            self.check_origin(request)?;
        }
        Ok(Asker { client: credential::client(request), device: self.device(request), transport })
    }

    /// Who asks for another session in the place of the one that their token is of.
    pub fn asker_again(&self, request: &HttpRequest, caller: &Caller) -> Asker {
        let transport = transport_of(caller.carrier());
        Asker { client: credential::client(request), device: self.device(request), transport }
    }

    /// The refresh token of the cookie.
    pub fn refresh_token(&self, request: &HttpRequest) -> Result<Option<String>, Denial> {
        Ok(cookie(request, self.refresh)?.map(str::to_owned))
    }

    /// The token that ends a session: the refresh token, which lives longer, or else the access token.
    pub fn any_token(&self, request: &HttpRequest) -> Result<Option<String>, Denial> {
        match self.refresh_token(request)? {
            Some(token) => Ok(Some(token)),
            None => Ok(cookie(request, self.access)?.map(str::to_owned)),
        }
    }

    /// Checks that a page called which may use the cookies. Browsers say which one did, and `null` is none.
    ///
    /// # Errors
    /// 403 `csrf_failed`
    pub fn check_origin(&self, request: &HttpRequest) -> Result<(), Denial> {
        let mut origins = request.headers().get_all(ORIGIN);
        match (origins.next(), origins.next()) {
            (Some(origin), None) if self.origins.contains(origin.as_bytes()) => Ok(()),
            _ => Err(Denial::ForeignOrigin),
        }
    }

    /// Gives a browser the tokens of a session. Both cookies last as long as the session does without a refresh: were the
    /// access token's gone with it, a call would be taken for a stranger's instead of being told to refresh.
    pub fn set_tokens(&self, response: &mut HttpResponse, granted: &Granted) {
        let lasts = Duration::seconds(granted.refresh_expires_in);
        self.set(response, self.access, &granted.access_token, "/", lasts);
        for path in &self.refresh_paths {
            self.set(response, self.refresh, &granted.refresh_token, path, lasts);
        }
    }

    /// Takes the tokens of a session from a browser.
    pub fn clear_tokens(&self, mut response: HttpResponse) -> HttpResponse {
        self.set(&mut response, self.access, "", "/", Duration::ZERO);
        for path in &self.refresh_paths {
            self.set(&mut response, self.refresh, "", path, Duration::ZERO);
        }
        response
    }

    /// Answers who has no session any more.
    pub fn part(&self, caller: &Caller, response: HttpResponse) -> HttpResponse {
        match caller.carrier() {
            Carrier::Header => response,
            Carrier::Cookie => self.clear_tokens(response),
        }
    }

    /// Refuses a token for good. Where it was a cookie that is taken back: no script could, and every call would be refused
    /// for it, those too that need no token.
    pub fn refuse(&self, carrier: Carrier, problem: Problem) -> Result<HttpResponse, Problem> {
        if carrier == Carrier::Cookie && problem.status() == StatusCode::UNAUTHORIZED {
            return Ok(self.clear_tokens(problem.error_response()));
        }
        Err(problem)
    }

    pub fn set_device(&self, response: &mut HttpResponse, token: &str) {
        self.set(response, self.device, token, "/", DEVICE_LASTS);
    }

    /// What a device that logged in before knows itself by: the header, or the cookie.
    pub fn device(&self, request: &HttpRequest) -> Option<String> {
        let in_header = request.headers().get(credential::DEVICE_HEADER);
        let token = match in_header {
            Some(token) => token.to_str().ok(),
            // Of two, neither helps; and nobody is refused for it.
            None => cookie(request, self.device).unwrap_or_default(),
        };
        token.map(str::to_owned)
    }

    fn set(&self, response: &mut HttpResponse, name: &str, value: &str, path: &str, lasts: Duration) {
        let cookie = Cookie::build(name, value)
            .path(path)
            .http_only(true)
            .secure(self.is_secure)
            .same_site(SameSite::Strict)
            .max_age(lasts);
        response.add_cookie(&cookie.finish()).expect("BUG: a token is no value of a cookie");
    }
}

/// A session goes back the way that its token came: what was kept from scripts is not shown to them by another call.
fn transport_of(carrier: Carrier) -> Transport {
    match carrier {
        Carrier::Header => Transport::Body,
        Carrier::Cookie => Transport::Cookies,
    }
}
