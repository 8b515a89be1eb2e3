//! What the OpenAPI document says about paths, asked while serving: which methods a path knows (utoipa-actix-web's
//! services answer 404 to any other), and which query parameters an operation declares.

use actix_web::http::Method;
use serde_json::Value;
use utoipa::openapi::OpenApi;

/// The paths of a service.
#[derive(Debug, Default)]
pub(super) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    segments: Vec<Segment>,
    operations: Vec<Operation>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter,
}

#[derive(Debug)]
struct Operation {
    method: Method,
    query: Vec<String>,
    needs_credentials: bool,
}

impl Routes {
    pub(super) fn of(document: &OpenApi) -> Self {
        let document = serde_json::to_value(document).expect("BUG: the OpenAPI document is not JSON");
        let paths = document["paths"].as_object().into_iter().flatten();
        Self(paths.map(|(path, item)| Route::of(path, item)).collect())
    }

    /// The value of `Allow` for a path, or none where nothing is.
    pub(super) fn allow(&self, path: &str) -> Option<String> {
        let mut methods: Vec<&str> = Vec::new();
        for operation in self.matching(path).flat_map(|route| &route.operations) {
            methods.push(operation.method.as_str());
            if operation.method == Method::GET {
                methods.push("HEAD");
            }
        }
        if methods.is_empty() {
            return None;
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        methods.dedup();
        Some(methods.join(", "))
    }

    /// The first parameter of `query` that the operation does not declare.
    ///
    /// An operation that needs credentials which the request does not carry is left to refuse that first.
    pub(super) fn undeclared(
        &self,
        method: &Method,
        path: &str,
        query: &str,
        credentials: bool,
    ) -> Option<String> {
        let route = self.matching(path).max_by_key(|route| route.literals())?;
        let operation = route.operations.iter().find(|operation| operation.method == *method)?;
        if operation.needs_credentials && !credentials {
            return None;
        }
        let names = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
        names.into_iter().find(|name| !operation.query.iter().any(|known| known == name)).map(Into::into)
    }

    fn matching<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Route> {
        self.0.iter().filter(move |route| route.matches(path))
    }
}

impl Route {
    fn of(path: &str, item: &Value) -> Self {
        let segments = path.split('/').map(|segment| {
            if segment.starts_with('{') { Segment::Parameter } else { Segment::Literal(segment.to_owned()) }
        });
        let operations = item.as_object().into_iter().flatten();
        Self {
            segments: segments.collect(),
            operations: operations
                .filter_map(|(method, operation)| Operation::of(method, operation))
                .collect(),
        }
    }

    fn matches(&self, path: &str) -> bool {
        let mut given = path.split('/');
        let known = self.segments.iter().all(|segment| match (segment, given.next()) {
            (Segment::Literal(name), Some(given)) => name == given,
            (Segment::Parameter, Some(given)) => !given.is_empty(),
            (_, None) => false,
        });
        known && given.next().is_none()
    }

    fn literals(&self) -> usize {
        self.segments.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count()
    }
}

impl Operation {
    /// None for a member of a path item that is not a method.
    fn of(method: &str, operation: &Value) -> Option<Self> {
        let known = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        let method = known.contains(&method).then(|| method.to_ascii_uppercase())?;
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        let security = operation["security"].as_array();
        Some(Self {
            method: Method::from_bytes(method.as_bytes()).ok()?,
            query: query.filter_map(|parameter| Some(parameter["name"].as_str()?.to_owned())).collect(),
            // An empty requirement means that anonymous calls are welcome too (OpenAPI 3.1 §4.8.30).
            needs_credentials: security.is_some_and(|any| {
                !any.is_empty()
                    && any.iter().all(|one| one.as_object().is_some_and(|names| !names.is_empty()))
            }),
        })
    }
}
