//! What is deployed around the services, with the very files that are deployed: gateways, dashboards and alerts,
//! and what the documents say of them.

mod book;
mod compose;
mod documents;
mod gateway;
mod image;
mod observability;
mod opaque;

/// A file of the repository.
fn file(path: &str) -> String {
    let path = format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
