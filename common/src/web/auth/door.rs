use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::Method;
use futures_util::future::LocalBoxFuture;

use super::{Credential, Denial, bearer};
use crate::clock::Clock;
use crate::revocations::Freshness;
use crate::token::{Refusal, Verified, Verifier};
use crate::web::Problem;

/// Where a service's callers are let through or not. Put one into the app's data (`Data<Door>`) for the extractors.
pub struct Door {
    verifier: Verifier,
    clock: Clock,
    confirm: Option<Arc<dyn Confirm>>,
    legacy_header: bool,
    refuse: fn(Denial) -> actix_web::Error,
}

/// A last question about a token that was believed: for the issuer, which asks its own database.
pub trait Confirm: Send + Sync {
    fn confirm(&self, verified: Arc<Verified>) -> LocalBoxFuture<'static, Result<(), Problem>>;
}

impl Door {
    pub fn new(verifier: Verifier, clock: Clock) -> Self {
        Self {
            verifier,
            clock,
            confirm: None,
            legacy_header: false,
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
        matches!(Credential::of(request), Ok(None)) && matches!(bearer(request, self.legacy_header), Ok(None))
    }

    /// Believes the token of a request at once, where nobody must be asked: the way nearly all requests take.
    pub(super) fn admit_at_once(&self, request: &HttpRequest) -> Option<Result<Arc<Verified>, Denial>> {
        if self.confirm.is_some() {
            return None;
        }
        let answer = self.token(request).and_then(|token| self.verifier.verify(token).map_err(Denial::from));
        match answer {
            Err(Denial::Refused(Refusal::UnknownKey)) => None,
            answer => Some(self.check_staleness(request, answer)),
        }
    }

    /// Believes the token of a request, asking for the newest keys or the database where needed.
    pub(super) async fn admit(&self, request: &HttpRequest) -> Result<Arc<Verified>, actix_web::Error> {
        let answer = match self.token(request) {
            Ok(token) => self.verifier.authenticate(token).await.map_err(Denial::from),
            Err(denial) => Err(denial),
        };
        let verified = self.check_staleness(request, answer).map_err(|denial| self.refuse(denial))?;
        if let Some(confirm) = &self.confirm {
            confirm.confirm(verified.clone()).await?;
        }
        Ok(verified)
    }

    fn token<'a>(&self, request: &'a HttpRequest) -> Result<&'a str, Denial> {
        bearer(request, self.legacy_header)?.ok_or(Denial::Missing)
    }

    fn check_staleness(
        &self,
        request: &HttpRequest,
        answer: Result<Arc<Verified>, Denial>,
    ) -> Result<Arc<Verified>, Denial> {
        if let Err(Denial::Refused(refusal)) = &answer {
            log::info!(reason:% = refusal; "a token was refused");
        }
        if answer.is_ok() && !is_safe(request.method()) && self.is_stale() {
            return Err(Denial::Stale);
        }
        answer
    }
}

/// RFC 9110 §9.2.1.
fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}
