//! What examples/greeter/README.md says of gateways in front of a service of one's own.

use std::net::SocketAddr;
use std::process::Command;

use testkit::client::Anonymous;
use testkit::gateway::envoy;
use testkit::{TestStack, both};
use throwaway::Gateway;

use crate::file;

/// The example in a language.
fn example(language: &str) -> String {
    let guide = file("examples/greeter/README.md");
    let (_, rest) = guide.split_once(&format!("```{language}\n")).expect("there is none");
    rest.split("```").next().unwrap().to_owned()
}

#[both]
async fn nginx_asks_as_the_guide_for_others_says(stack: TestStack) {
    let folder = tempfile::tempdir().unwrap();
    let conf = format!(
        "pid /tmp/nginx.pid; error_log stderr crit; events {{}}\nhttp {{ access_log off;\n\
         client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; \
         scgi_temp_path /tmp/e;\nserver {{ listen 127.0.0.1:8090;\n{} }} }}\n",
        example("nginx")
    );
    std::fs::write(folder.path().join("nginx.conf"), conf).unwrap();
    let changes = [
        ("listen 127.0.0.1:8090", "listen 127.0.0.1:{port}".to_owned()),
        ("http://greeter:8083", format!("http://{}", stack.recipes.addr)),
        ("http://auth-service:8081", format!("http://{}", stack.auth.addr)),
    ];
    let nginx = Gateway::nginx_with(folder.path(), &changes).expect("no nginx");
    let gateway = stack.auth.elsewhere(SocketAddr::from(([127, 0, 0, 1], nginx.port())));
    let session = stack.logged_in().await;
    let list = async || gateway.get("/v1/recipes").bearer(&session).send().await;

    list().await.assert_status(200);
    gateway.get("/v1/recipes").bearer(Anonymous).send().await.assert_status(401);
    stack.logout(&session).await.assert_status(204);
    list().await.assert_status(401);
}

#[test]
fn envoy_takes_the_filter_of_the_guide_for_others() {
    let indented =
        |text: &str| text.lines().map(|line| format!("              {line}\n")).collect::<String>();
    let config = format!(
        "static_resources:\n  listeners:\n  - name: door\n    \
         address: {{ socket_address: {{ address: 127.0.0.1, port_value: 0 }} }}\n    filter_chains:\n    - filters:\n      \
         - name: envoy.filters.network.http_connection_manager\n        typed_config:\n          \
           \"@type\": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager\n          \
           stat_prefix: door\n          route_config: {{ virtual_hosts: [] }}\n          http_filters:\n{}              \
         - name: envoy.filters.http.router\n                typed_config:\n                  \
           \"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router\n  \
         clusters:\n  - name: auth-service\n    load_assignment: {{ cluster_name: auth-service }}\n",
        indented(&example("yaml"))
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("envoy.yaml");
    std::fs::write(&path, &config).unwrap();
    let output = Command::new(envoy()).args(["--mode", "validate", "-c"]).arg(&path).output().unwrap();
    assert!(output.status.success(), "{config}\n{}", String::from_utf8_lossy(&output.stderr));
}
