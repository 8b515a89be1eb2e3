//! What the OpenAPI document says of who may call what, and whether it is so.

use serde_json::{Value, json};
use testkit::{TestStack, both};

/// The operations that no token must be shown to, as method and path.
const ANONYMOUS: &[(&str, &str)] = &[
    ("get", "/.well-known/jwks.json"),
    ("get", "/.well-known/oauth-authorization-server"),
    ("get", "/healthz"),
    ("post", "/oauth2/introspect"),
    ("post", "/oauth2/revoke"),
    ("post", "/oauth2/token"),
    ("post", "/v1/email/verify"),
    ("post", "/v1/login"),
    ("post", "/v1/logout"),
    ("post", "/v1/password/forgot"),
    ("post", "/v1/password/reset"),
    ("post", "/v1/refresh"),
    ("post", "/v1/signup"),
];

struct Operation {
    method: String,
    path: String,
    /// The alternatives by which one may call.
    security: Vec<Value>,
}

impl Operation {
    fn is_anonymous(&self) -> bool {
        self.security.contains(&json!({}))
    }

    fn takes(&self, scheme: &str) -> bool {
        self.security.iter().any(|alternative| alternative.get(scheme).is_some())
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("no paths").iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().expect("no operations").iter().map(move |(method, operation)| Operation {
            method: method.clone(),
            path: path.clone(),
            security: operation["security"].as_array().cloned().unwrap_or_else(|| {
                panic!("{method} {path} does not say who may call it");
            }),
        })
    });
    all.collect()
}

async fn document(stack: &TestStack) -> Value {
    stack.auth.get("/openapi.json").send().await.assert_ok().json()
}

/// T182
#[both]
async fn every_operation_says_who_may_call_it(stack: TestStack) {
    let document = document(&stack).await;
    let operations = operations(&document);
    let mut anonymous: Vec<_> = operations.iter().filter(|operation| operation.is_anonymous()).collect();
    anonymous.sort_by_key(|operation| &operation.path);
    let anonymous: Vec<_> = anonymous.iter().map(|it| (it.method.as_str(), it.path.as_str())).collect();
    assert_eq!(anonymous, ANONYMOUS);

    for operation in operations.iter().filter(|operation| !operation.is_anonymous()) {
        assert!(operation.takes("bearerAuth") && operation.takes("cookieAuth"), "{}", operation.path);
        let roles = &operation.security[0]["bearerAuth"];
        let expected = if operation.path.starts_with("/v1/admin/") { json!(["admin"]) } else { json!([]) };
        assert_eq!(roles, &expected, "{}", operation.path);
    }
    let by = |scheme| -> Vec<&str> {
        operations.iter().filter(|it| it.takes(scheme)).map(|it| it.path.as_str()).collect()
    };
    assert_eq!(by("basicAuth"), ["/oauth2/introspect", "/oauth2/revoke", "/oauth2/token", "/v1/login"]);
    assert_eq!(by("refreshCookie"), ["/v1/logout", "/v1/refresh"]);
}

#[both]
async fn every_scheme_is_explained(stack: TestStack) {
    let schemes = document(&stack).await["components"]["securitySchemes"].clone();
    let form = |name: &str| {
        let scheme = &schemes[name];
        let of = |member: &str| scheme[member].as_str().unwrap_or_default().to_owned();
        [of("type"), of("scheme"), of("in"), of("name")]
    };
    assert_eq!(form("bearerAuth"), ["http", "bearer", "", ""]);
    assert_eq!(form("basicAuth"), ["http", "basic", "", ""]);
    assert_eq!(form("cookieAuth"), ["apiKey", "", "cookie", "access"]);
    assert_eq!(form("refreshCookie"), ["apiKey", "", "cookie", "refresh"]);
    assert_eq!(schemes.as_object().unwrap().len(), 4);
}
