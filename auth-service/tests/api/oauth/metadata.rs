use testkit::{TestStack, both};

use super::Service;
use crate::answers::claims;

/// T214
#[both]
async fn the_metadata_name_the_issuer_of_the_tokens_and_where_everything_is(stack: TestStack) {
    let answer = stack.auth.get("/.well-known/oauth-authorization-server").send().await;
    answer.assert_status(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let metadata = answer.json();
    let (service, session) = (Service::new(&stack).await, stack.logged_in().await);
    for token in [&service.token(&stack).await, &session.access_token] {
        assert_eq!(metadata["issuer"], claims(token)["iss"]);
    }
    let base = &stack.auth.public_url;
    let keys = metadata["jwks_uri"].as_str().unwrap().strip_prefix(base.as_str()).unwrap();
    assert!(!stack.auth.get(keys).send().await.assert_ok().json()["keys"].as_array().unwrap().is_empty());
    for name in ["token_endpoint", "introspection_endpoint", "revocation_endpoint"] {
        let path = metadata[name].as_str().unwrap().strip_prefix(base.as_str()).unwrap();
        stack.auth.get(path).send().await.assert_problem(405, "method_not_allowed");
    }
    for (name, value) in metadata.as_object().unwrap() {
        let methods = value.as_array().into_iter().flatten();
        assert!(methods.into_iter().all(|method| method != "none"), "{name}");
    }
}
