//! What both services do alike on the wire: problems, strict bodies and queries, request ids, the access log, health,
//! and the process around actix-web.
//!
//! A service lists its routes with `#[utoipa::path]` in a [`Site`] and runs it on a [`Server`]. From the list come the
//! OpenAPI document, the header `Allow`, and the refusal of query parameters that no route declares.

pub mod auth;
mod body;
pub mod codes;
mod connection;
mod cursor;
mod edge;
pub mod etag;
mod health;
mod legacy;
mod limited;
pub mod logging;
mod metrics;
mod openapi;
mod operations;
mod ops;
pub mod page;
mod path;
mod problem;
mod problem_page;
mod process;
mod query;
mod routes;
mod site;
mod surround;
mod validate;

pub use body::{DigestedJson, Json, MergePatch, OptionalJson, media_type, read_body, refuse_coding};
pub use codes::Code;
pub use cursor::CursorSealer;
pub use edge::{Edge, Limits, Origins, Proxies, address_group, client_address};
pub use health::{Check, Health};
pub use limited::rate_limited;
pub use openapi::document;
pub use operations::Operations;
pub use page::{Limit, Page};
pub use path::IdPath;
pub use problem::{FieldError, Problem, ProblemBody};
pub use process::{Address, BindError, Server, Shutdown, Unhealthy, healthcheck, run_program};
pub use query::{NoQuery, Query};
pub use site::{About, ListRoutes, Site};
pub(crate) use surround::{acts, behalf};
pub use surround::{request_id, traceparent};
pub use validate::{Invalid, Validate};
