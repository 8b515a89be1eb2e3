//! The operations of a service: each worker serves them, and the document describes them.

use actix_web::dev::HttpServiceFactory;
use actix_web::web::ServiceConfig;
use utoipa::openapi::{ComponentsBuilder, OpenApi, OpenApiBuilder, Paths, RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

/// Takes the operations of a service, which are handlers with `#[utoipa::path]`.
pub struct Operations<'a>(For<'a>);

enum For<'a> {
    /// Only serves them, so that they are not described once for each worker.
    Worker(&'a mut ServiceConfig),
    Document(&'a mut Described),
}

struct Described {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl<'a> Operations<'a> {
    pub(super) fn served_by(worker: &'a mut ServiceConfig) -> Self {
        Self(For::Worker(worker))
    }

    /// The description of all that are listed.
    pub(super) fn described(list: impl FnOnce(&mut Operations<'_>)) -> OpenApi {
        let mut described = Described { paths: Paths::new(), schemas: Vec::new() };
        list(&mut Operations(For::Document(&mut described)));
        let components = ComponentsBuilder::new().schemas_from_iter(described.schemas).build();
        OpenApiBuilder::new().paths(described.paths).components(Some(components)).build()
    }

    pub fn service(&mut self, operation: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        match &mut self.0 {
            For::Worker(worker) => {
                worker.service(operation);
            }
            For::Document(described) => {
                described.paths.merge(operation.paths());
                operation.schemas(&mut described.schemas);
            }
        }
        self
    }
}
