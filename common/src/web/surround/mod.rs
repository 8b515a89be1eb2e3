//! The outermost middleware: what every request and every answer has, whatever happens inside.
//!
//! It is on the path of each request, so it allocates little and looks nothing up that is not needed.

mod access;
pub(super) mod context;
mod cors;
mod render;

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use self::context::{Context, RequestIds, X_REQUEST_ID};
pub(crate) use self::context::{acts, behalf};
pub use self::context::{request_id, traceparent};
use self::cors::Readers;
use super::auth::Auth;
use super::codes;
use super::connection::Pace;
use super::edge::{Edge, address};
use super::metrics::{self, RequestMetrics};
use super::problem::Problem;
use super::query;
use super::routes::Routes;
use super::site::OfDocument;
use crate::clock::Clock;

/// The longest target of a request that is looked at, in bytes. actix itself would take 128 KiB.
const LONGEST_TARGET: usize = 8 * 1024;

/// Wraps everything that a listener serves.
pub(super) struct Surround(pub(super) Arc<Surroundings>);

/// What the middleware knows of the service that it stands around.
pub(super) struct Surroundings {
    pub(super) service: &'static str,
    pub(super) public_url: String,
    pub(super) routes: OfDocument<Routes>,
    pub(super) clock: Clock,
    /// At which level answered requests are logged: probes of the ops listener would drown the others.
    pub(super) access_level: log::Level,
    pub(super) edge: Edge,
    /// Whether errors are answered as Flask-JWT-Extended does.
    pub(super) legacy_errors: bool,
}

impl Surroundings {
    /// Notes what was refused before it became a request.
    pub(super) fn log_refused(&self, peer: Option<SocketAddr>, status: u16) {
        access::log_refused(self.access_level, peer.map(|peer| peer.ip()), status);
    }
}

impl<S> Transform<S, ServiceRequest> for Surround
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = Surrounded<S>;
    type InitError = ();
    type Future = std::future::Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        std::future::ready(Ok(Surrounded(Rc::new(Worker {
            service,
            around: Arc::clone(&self.0),
            ids: RequestIds::new(),
            metrics: RequestMetrics::new(self.0.service),
        }))))
    }
}

pub(super) struct Surrounded<S>(Rc<Worker<S>>);

/// What one worker keeps between requests.
struct Worker<S> {
    service: S,
    around: Arc<Surroundings>,
    ids: RequestIds,
    metrics: RequestMetrics,
}

impl<S> Service<ServiceRequest> for Surrounded<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Error>>;

    fn poll_ready(&self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
        self.0.service.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let worker = Rc::clone(&self.0);
        let proxies = &worker.around.edge.trusted_proxies;
        let peer = request.peer_addr().map(|peer| peer.ip());
        let client = peer.map(|peer| address::of(peer, request.headers(), proxies));
        let context = Context::of(request.headers(), &worker.ids, client);
        let pace = request.conn_data::<Rc<Pace>>().cloned();
        Box::pin(context::scope(context, async move {
            if let Some(pace) = &pace {
                pace.answering();
            }
            let answered = worker.answer(request).await;
            if let Some(pace) = &pace {
                pace.answered(answered.as_ref().is_ok_and(streams));
            }
            answered
        }))
    }
}

impl<S> Worker<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    async fn answer(&self, mut request: ServiceRequest) -> Result<ServiceResponse, Error> {
        let asked = access::Asked::at(&request, self.around.clock.boot(), context::client());
        let readers = Readers::of(&request, &self.around);
        // A HEAD is a GET whose body the codec, which remembers the method, does not send (RFC 9110 §9.3.2).
        if *request.method() == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        let outcome = match self.answer_early(&request, &readers) {
            Some(response) => Ok(Ok(request.into_response(response))),
            None => AssertUnwindSafe(async { self.service.call(request).await }).catch_unwind().await,
        };
        let id = context::header_value();
        let answered = match outcome {
            Ok(Ok(response)) => Ok(self.finish(response, id, &readers)),
            Ok(Err(error)) => Err(render::failed(&error, &self.around, id, &readers)),
            Err(_) => Err(render::panicked(&self.around, id, &readers)),
        };
        self.note(&asked, &answered);
        answered
    }

    /// What is answered without asking the router.
    fn answer_early(&self, request: &ServiceRequest, readers: &Readers) -> Option<HttpResponse> {
        let refusal = self.refuse(request).map(|problem| problem.error_response());
        refusal.or_else(|| readers.preflight(request, &self.around))
    }

    /// What is refused before the router is asked.
    fn refuse(&self, request: &ServiceRequest) -> Option<Problem> {
        let target = request.uri().path_and_query()?;
        if target.as_str().len() > LONGEST_TARGET {
            return Some(Problem::new(&codes::URI_TOO_LONG));
        }
        let query = target.query().filter(|query| !query.is_empty())?;
        let path = request.match_info().as_str();
        let credentials = carries_credentials(request.headers());
        let name = self.around.routes.undeclared(request.method(), path, query, credentials)?;
        Some(query::unknown(&name))
    }

    fn finish(&self, response: ServiceResponse, id: HeaderValue, readers: &Readers) -> ServiceResponse {
        let mut response = render::render(response, &self.around, &id);
        let headers = response.headers_mut();
        headers.insert(X_REQUEST_ID.clone(), id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        readers.write(headers);
        response
    }

    fn note(&self, asked: &access::Asked, answered: &Result<ServiceResponse, Error>) {
        let took = self.around.clock.boot().saturating_sub(asked.at);
        let (status, route) = match answered {
            Ok(response) => (response.status().as_u16(), response.request().match_pattern()),
            Err(error) => (error.as_response_error().status_code().as_u16(), None),
        };
        let route = route.unwrap_or_default();
        let code = render::code_of(answered);
        let actor = actor(answered).unwrap_or_default();
        access::log(self.around.access_level, asked, &route, &actor, status, code, took);
        if let Some(code) = code {
            metrics::count_problem(self.around.service, code);
        }
        self.metrics.record(&asked.method, route, status, took);
    }
}

/// Who made the request, as far as it is known: whoever was believed, or said so by a password or a refresh token.
fn actor(answered: &Result<ServiceResponse, Error>) -> Option<String> {
    let of_token = |response: &ServiceResponse| {
        response.request().extensions().get::<Auth>().map(|auth| auth.subject().to_owned())
    };
    context::actor().or_else(|| answered.as_ref().ok().and_then(of_token))
}

/// True for a body that comes in parts, each when it is there.
fn streams(response: &ServiceResponse) -> bool {
    response.response().body().size() == BodySize::Stream
}

fn carries_credentials(headers: &HeaderMap) -> bool {
    headers.contains_key(AUTHORIZATION)
        || headers.contains_key(COOKIE)
        || headers.contains_key("x-access-token")
}
