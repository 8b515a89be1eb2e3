//! The outermost middleware: what every request and every answer has, whatever happens inside.
//!
//! It is on the path of each request, so it allocates little and looks nothing up that is not needed.

mod access;
pub(super) mod context;
mod render;

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use self::context::{Context, RequestIds, X_REQUEST_ID};
pub use self::context::{request_id, traceparent};
use super::codes;
use super::metrics::RequestMetrics;
use super::problem::Problem;
use super::query;
use super::routes::Routes;
use crate::clock::Clock;

/// The longest target of a request that is looked at, in bytes. actix itself would take 128 KiB.
const LONGEST_TARGET: usize = 8 * 1024;

/// Wraps everything that a listener serves.
pub(super) struct Surround(pub(super) Arc<Surroundings>);

/// What the middleware knows of the service that it stands around.
pub(super) struct Surroundings {
    pub(super) service: &'static str,
    pub(super) public_url: String,
    pub(super) routes: Routes,
    pub(super) clock: Clock,
    /// At which level answered requests are logged: probes of the ops listener would drown the others.
    pub(super) access_level: log::Level,
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
        let context = Context::of(request.headers(), &worker.ids);
        Box::pin(context::scope(context, async move { worker.answer(request).await }))
    }
}

impl<S> Worker<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    async fn answer(&self, mut request: ServiceRequest) -> Result<ServiceResponse, Error> {
        let asked = access::Asked::at(&request, self.around.clock.boot());
        // A HEAD is a GET whose body the codec, which remembers the method, does not send (RFC 9110 §9.3.2).
        if *request.method() == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        let outcome = match self.refuse(&request) {
            Some(problem) => Ok(Ok(request.error_response(problem))),
            None => AssertUnwindSafe(async { self.service.call(request).await }).catch_unwind().await,
        };
        let id = context::header_value();
        let answered = match outcome {
            Ok(Ok(response)) => Ok(self.finish(response, id)),
            Ok(Err(error)) => Err(render::failed(&error, &self.around.public_url, id)),
            Err(_) => Err(render::panicked(&self.around.public_url, id)),
        };
        self.note(&asked, &answered);
        answered
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

    fn finish(&self, response: ServiceResponse, id: HeaderValue) -> ServiceResponse {
        let mut response = render::render(response, &self.around.public_url, &id);
        let headers = response.headers_mut();
        headers.insert(X_REQUEST_ID.clone(), id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }

    fn note(&self, asked: &access::Asked, answered: &Result<ServiceResponse, Error>) {
        let took = self.around.clock.boot().saturating_sub(asked.at);
        let (status, route) = match answered {
            Ok(response) => (response.status().as_u16(), response.request().match_pattern()),
            Err(error) => (error.as_response_error().status_code().as_u16(), None),
        };
        let route = route.unwrap_or_default();
        access::log(self.around.access_level, asked, &route, status, took);
        self.metrics.record(&asked.method, route, status, took);
    }
}

fn carries_credentials(headers: &HeaderMap) -> bool {
    headers.contains_key(AUTHORIZATION)
        || headers.contains_key(COOKIE)
        || headers.contains_key("x-access-token")
}
