//! What one service shows: its own routes, and around them what every service has.

use std::sync::{Arc, LazyLock};

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, get, http::header};
use serde::Serialize;
use utoipa::openapi::OpenApi;

use super::codes::{self, Code};
use super::edge::Edge;
use super::health::Health;
use super::operations::Operations;
use super::problem::Problem;
use super::routes::Routes;
use super::surround::{Surround, Surroundings};
use super::{metrics, openapi, ops, problem_page};
use crate::clock::Clock;

/// Who the service is.
#[derive(Clone, Debug)]
pub struct About {
    /// As in `auth-service`; the label of its metrics.
    pub name: &'static str,
    /// The title of its OpenAPI document.
    pub title: &'static str,
    pub version: &'static str,
    /// Where the world reaches it, without a slash at the end.
    pub public_url: String,
    /// The codes of problems that are its own, beside [`codes::SHARED`].
    pub codes: &'static [&'static Code],
}

/// Lists the operations of a service.
pub type ListRoutes = fn(&mut Operations<'_>);

type Configure = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// Made of the OpenAPI document when it is first asked for: the document takes as long as all else of a start.
pub(super) type OfDocument<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

/// What a service serves on its two listeners. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    routes: ListRoutes,
    state: Configure,
    ops: Configure,
    health: Health,
    public: Arc<Surroundings>,
    internal: Arc<Surroundings>,
    pages: Data<Pages>,
}

/// Which listener.
#[derive(Clone, Copy, Debug)]
pub(super) enum Face {
    Public,
    Ops,
}

/// What is the same for everyone.
pub(super) struct Pages {
    pub(super) codes: &'static [&'static Code],
    pub(super) document: OfDocument<openapi::Rendered>,
    version: &'static str,
}

impl Site {
    pub fn new(about: About, routes: ListRoutes, health: Health, clock: Clock) -> Self {
        let public_url = about.public_url.trim_end_matches('/').to_owned();
        let around = |routes, access_level| {
            let (service, public_url, clock) = (about.name, public_url.clone(), clock.clone());
            let (edge, legacy_errors) = (Edge::default(), false);
            Arc::new(Surroundings { service, public_url, routes, clock, access_level, edge, legacy_errors })
        };
        Self {
            routes,
            state: Arc::new(|_| {}),
            ops: Arc::new(|_| {}),
            health,
            public: around(of_document(&about, routes, Routes::of), log::Level::Info),
            internal: around(LazyLock::new(Box::new(Routes::default)), log::Level::Debug),
            pages: Data::new(Pages {
                codes: about.codes,
                document: of_document(&about, routes, openapi::Rendered::of),
                version: about.version,
            }),
        }
    }

    /// Adds what the handlers ask for by `Data<…>`; called once a worker.
    pub fn state(mut self, configure: impl Fn(&mut web::ServiceConfig) + Send + Sync + 'static) -> Self {
        self.state = Arc::new(configure);
        self
    }

    /// Adds routes and their state to the ops listener, such as internal feeds; called for its one worker.
    pub fn ops(mut self, configure: impl Fn(&mut web::ServiceConfig) + Send + Sync + 'static) -> Self {
        self.ops = Arc::new(configure);
        self
    }

    /// How the service meets its clients, where that is not [`Edge::default`]. On the ops listener only the limits count.
    ///
    /// # Panics
    /// After the site was cloned.
    pub fn edge(mut self, edge: Edge) -> Self {
        let of_ops = Edge { limits: edge.limits, ..Edge::default() };
        for (around, edge) in [(&mut self.public, edge), (&mut self.internal, of_ops)] {
            Arc::get_mut(around).expect("BUG: the edge of a site comes before its clones").edge = edge;
        }
        self
    }

    /// Whether errors are answered to everyone as Flask-JWT-Extended does.
    ///
    /// # Panics
    /// After the site was cloned.
    pub fn legacy_errors(mut self, legacy_errors: bool) -> Self {
        let around =
            Arc::get_mut(&mut self.public).expect("BUG: the errors of a site come before its clones");
        around.legacy_errors = legacy_errors;
        self
    }

    pub(super) fn health(&self) -> &Health {
        &self.health
    }

    /// Says in the metrics which version runs, and which problems it may answer.
    pub(super) fn tell_build(&self) {
        let labels = [("service", self.public.service), ("version", self.pages.version)];
        ::metrics::gauge!("build_info", &labels).set(1.0);
        let codes = codes::SHARED.iter().chain(self.pages.codes).copied();
        metrics::announce_problems(self.public.service, codes);
    }

    /// As in `auth-service`, for logs.
    pub(super) fn name(&self, face: Face) -> String {
        let name = self.public.service;
        match face {
            Face::Public => name.to_owned(),
            Face::Ops => format!("{name}-ops"),
        }
    }

    pub(super) fn around(&self, face: Face) -> Arc<Surroundings> {
        Arc::clone(match face {
            Face::Public => &self.public,
            Face::Ops => &self.internal,
        })
    }

    pub(super) fn surround(&self, face: Face) -> Surround {
        Surround(self.around(face))
    }

    pub(super) fn configure(&self, face: Face, config: &mut web::ServiceConfig) {
        match face {
            Face::Public => self.configure_public(config),
            Face::Ops => self.configure_ops(config),
        }
    }

    fn configure_public(&self, config: &mut web::ServiceConfig) {
        (self.state)(config);
        config.app_data(self.pages.clone()).app_data(Data::from(Arc::clone(&self.public)));
        (self.routes)(&mut Operations::served_by(config));
        config.service(healthz).configure(problem_page::routes).configure(openapi::routes);
        config.default_service(web::to(nothing_here));
    }

    fn configure_ops(&self, config: &mut web::ServiceConfig) {
        (self.ops)(config);
        ops::routes(config, self.health.clone());
        config.app_data(Data::from(Arc::clone(&self.internal))).default_service(web::to(nothing_here));
    }
}

fn of_document<T: 'static>(about: &About, routes: ListRoutes, make: fn(&OpenApi) -> T) -> OfDocument<T> {
    let about = about.clone();
    LazyLock::new(Box::new(move || make(&openapi::document(&about, routes))))
}

/// Answers what no route took: the path is unknown, or knows other methods. OPTIONS is answered for every known path.
async fn nothing_here(request: HttpRequest, around: Data<Surroundings>) -> Result<HttpResponse, Problem> {
    let Some(allow) = around.routes.allow(request.match_info().as_str()) else {
        return Err(Problem::new(&codes::NOT_FOUND));
    };
    if request.method() == actix_web::http::Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    let allow = header::HeaderValue::try_from(allow).expect("BUG: a method is not a header value");
    Err(Problem::new(&codes::METHOD_NOT_ALLOWED).header(header::ALLOW, allow))
}

#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Alive {
    #[schema(example = "ok")]
    status: &'static str,
    version: &'static str,
}

/// Says that the process serves, and which version it is.
#[utoipa::path(tag = "service", security(()), responses((status = 200, body = Alive)))]
#[get("/healthz")]
pub(super) async fn healthz(pages: Data<Pages>) -> web::Json<Alive> {
    web::Json(Alive { status: "ok", version: pages.version })
}
