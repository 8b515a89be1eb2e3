use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::HeaderName;
use futures_util::future::LocalBoxFuture;

use super::cookie::{OVER_TLS, access_cookie};
use super::credential::access_token;
use super::{Carrier, Credential, Denial};
use crate::clock::Clock;
use crate::revocations::Freshness;
use crate::token::{LegacyPerson, LegacyVerifier, Refusal, Verified, Verifier};
use crate::web::Problem;

/// Where a service's callers are let through or not. Put one into the app's data (`Data<Door>`) for the extractors.
pub struct Door {
    verifier: Verifier,
    clock: Clock,
    confirm: Option<Arc<dyn Confirm>>,
    legacy_header: bool,
    cookie: &'static str,
    legacy: Option<Legacy>,
    refuse: fn(Denial) -> actix_web::Error,
}

/// A last question about a token that was believed: for the issuer, which asks its own database.
pub trait Confirm: Send + Sync {
    fn confirm(&self, verified: Arc<Verified>) -> LocalBoxFuture<'static, Result<(), Problem>>;
}

/// Another issuer's old tokens, and whom they mean.
pub struct Legacy {
    pub verifier: LegacyVerifier,
    pub people: Arc<dyn Resolve>,
}

/// Knows whom another issuer means by the `sub` of its tokens.
pub trait Resolve: Send + Sync {
    /// The person; none where nobody is known by this.
    fn resolve(&self, external_id: String) -> LocalBoxFuture<'static, Result<Option<LegacyPerson>, Problem>>;
}

impl Door {
    pub fn new(verifier: Verifier, clock: Clock) -> Self {
        Self {
            verifier,
            clock,
            confirm: None,
            legacy_header: false,
            cookie: OVER_TLS,
            legacy: None,
            refuse: |denial| Problem::from(denial).into(),
        }
    }

    /// Asks this about every token that was believed.
    pub fn confirmed_by(self, confirm: Arc<dyn Confirm>) -> Self {
        Self { confirm: Some(confirm), ..self }
    }

    /// Takes tokens from `x-access-token`, too.
    pub fn legacy_header(self, accepted: bool) -> Self {
        Self { legacy_header: accepted, ..self }
    }

    /// Where the world reaches the service, which decides the name of the cookie: behind TLS, unless said.
    pub fn public_url(self, address: &str) -> Self {
        Self { cookie: access_cookie(address), ..self }
    }

    /// Takes another issuer's old tokens, too, where there are any.
    pub fn legacy(self, legacy: Option<Legacy>) -> Self {
        Self { legacy, ..self }
    }

    /// Says what a refusal looks like, instead of the problem that it is here.
    pub fn refusing_with(self, refuse: fn(Denial) -> actix_web::Error) -> Self {
        Self { refuse, ..self }
    }

    pub(super) fn refuse(&self, denial: Denial) -> actix_web::Error {
        (self.refuse)(denial)
    }

    /// The seconds since 1970, by the clock that tokens are checked with.
    pub(super) fn now(&self) -> i64 {
        self.verifier.now()
    }

    /// True when the copy of the revocations is too old for what writes or is sensitive.
    pub(super) fn is_stale(&self) -> bool {
        self.verifier.revocations().freshness(self.clock.boot()) != Freshness::Live
    }

    /// True when the request does not try to say who is calling, by whatever scheme.
    pub(super) fn is_anonymous(&self, request: &HttpRequest) -> bool {
        matches!(Credential::of(request), Ok(None)) && matches!(self.presented(request), Ok(None))
    }

    /// Believes the token of a request at once, where nobody must be asked: the way nearly all requests take.
    pub(super) fn admit_at_once(&self, request: &HttpRequest) -> Option<Result<Admitted, Denial>> {
        if self.confirm.is_some() {
            return None;
        }
        let token = self.token(request);
        if matches!(token, Ok((token, _)) if self.legacy_for(token).is_some()) {
            return None;
        }
        let answer = token.and_then(|(token, carrier)| {
            let verified = self.verifier.verify(token)?;
            Ok(Admitted { verified, carrier })
        });
        match answer {
            Err(Denial::Refused(Refusal::UnknownKey)) => None,
            answer => Some(self.check(request, answer)),
        }
    }

    /// Believes the token of a request, asking for the newest keys, the database or whom an old token means where needed.
    pub(super) async fn admit(&self, request: &HttpRequest) -> Result<Admitted, actix_web::Error> {
        let answer = match self.token(request) {
            Ok((token, carrier)) => {
                let verified = match self.legacy_for(token) {
                    Some(legacy) => legacy.authenticate(token).await?,
                    None => self.verifier.authenticate(token).await,
                };
                verified.map(|verified| Admitted { verified, carrier }).map_err(Denial::from)
            }
            Err(denial) => Err(denial),
        };
        let admitted = self.check(request, answer).map_err(|denial| self.refuse(denial))?;
        if let Some(confirm) = &self.confirm {
            confirm.confirm(admitted.verified.clone()).await?;
        }
        Ok(admitted)
    }

    /// Who verifies this token, if it can only be another issuer's.
    fn legacy_for(&self, token: &str) -> Option<&Legacy> {
        self.legacy.as_ref().filter(|_| LegacyVerifier::is_for(token))
    }

    fn token<'a>(&self, request: &'a HttpRequest) -> Result<(&'a str, Carrier), Denial> {
        self.presented(request)?.ok_or(Denial::Missing)
    }

    fn presented<'a>(&self, request: &'a HttpRequest) -> Result<Option<(&'a str, Carrier)>, Denial> {
        access_token(request, self.legacy_header, self.cookie)
    }

    /// What is asked beside the token: of a call that changes something, where it comes from and how old the copy is.
    fn check(&self, request: &HttpRequest, answer: Result<Admitted, Denial>) -> Result<Admitted, Denial> {
        if let Err(Denial::Refused(refusal)) = &answer {
            log::info!(reason:% = refusal; "a token was refused");
        }
        let admitted = answer?;
        if is_safe(request.method()) {
            return Ok(admitted);
        }
        if admitted.carrier == Carrier::Cookie && !brings_csrf_token(request, &admitted.verified) {
            log::info!("a call with a cookie was refused: its CSRF token is not that of the access token");
            return Err(Denial::NoCsrfToken);
        }
        if self.is_stale() { Err(Denial::Stale) } else { Ok(admitted) }
    }
}

/// A token that was believed, and what brought it.
#[derive(Clone, Debug)]
pub(super) struct Admitted {
    pub verified: Arc<Verified>,
    pub carrier: Carrier,
}

static X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// True when the request brings the CSRF token that the access token was given out with: no page of another origin
/// can know it, or write the header.
fn brings_csrf_token(request: &HttpRequest, verified: &Verified) -> bool {
    let mut tokens = request.headers().get_all(&X_CSRF_TOKEN).map(|token| token.to_str());
    let (Some(Ok(token)), None) = (tokens.next(), tokens.next()) else { return false };
    verified.claims.person.as_ref().is_some_and(|person| person.has_csrf_token(token))
}

impl Legacy {
    async fn authenticate(&self, token: &str) -> Result<Result<Arc<Verified>, Refusal>, Problem> {
        let token = match self.verifier.verify(token) {
            Ok(token) => token,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let person = self.people.resolve(token.external_id.clone()).await?;
        Ok(person
            .ok_or(Refusal::Invalid("nobody is known by its sub"))
            .and_then(|person| self.verifier.admit(token, person))
            .map(Arc::new))
    }
}

/// RFC 9110 §9.2.1.
fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}
