//! The gateways of `deploy/` in front of real services: the programs that are deployed, with the files that are deployed.

mod behind;
mod envoy;
mod guide;
mod nginx;

use std::process::Command;

use testkit::stack::Options;
use testkit::{Gateway, TestStack};

/// A stack whose services take a gateway's word on addresses.
async fn behind_a_proxy(options: Options) -> TestStack {
    let options =
        options.set("AUTH_TRUSTED_PROXIES", "127.0.0.1").set("RECIPES_TRUSTED_PROXIES", "127.0.0.1");
    options.start().await
}

/// Runs `deploy/smoke.sh` through a gateway, as people do. The services have threads of their own.
fn smoke(gateway: &Gateway) -> String {
    let mut command = Command::new("bash");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/smoke.sh"));
    command.args(["/auth", "/recipes"].map(|path| format!("{}{path}", gateway.url())));
    command.env("CURL_CA_BUNDLE", gateway.process().certificate());
    let output = command.output().expect("bash does not run");
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).join("\n");
    assert!(output.status.success(), "{said}\n{}", gateway.process().log());
    said
}
