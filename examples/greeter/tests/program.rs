//! The example does what its README says.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use testkit::stack::Options;
use testkit::{TestStack, both, eventually};

struct Greeter {
    child: Child,
    url: String,
    ops_url: String,
}

impl Greeter {
    fn start(stack: &TestStack) -> Self {
        let auth = stack.auth(0).auth.url("/");
        let mut child = Command::new(env!("CARGO_BIN_EXE_greeter"))
            .env("ISSUER", "http://auth.test")
            .env("JWKS_URL", format!("{}/.well-known/jwks.json", auth.trim_end_matches('/')))
            .env("FEED_URL", stack.auth(0).auth_ops.url("/"))
            .env("SECRETS_DIR", stack.secrets_dir())
            .env("LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        Self { child, url: format!("{}/hello", words[1]), ops_url: format!("{}/readyz", words[3]) }
    }

    async fn hello(&self, token: &str) -> (u16, String) {
        let answer = reqwest::Client::new().get(&self.url).bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn is_ready(&self) {
        eventually("the greeter is ready", async || {
            let status = reqwest::get(&self.ops_url).await.ok()?.status();
            status.is_success().then_some(())
        })
        .await;
    }
}

impl Drop for Greeter {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[both]
async fn a_third_service_greets_until_the_log_out(options: Options) {
    let stack = options.set("AUTH_AUDIENCES", "auth,recipes,greeter").start().await;
    let greeter = Greeter::start(&stack);
    greeter.is_ready().await;
    let session = stack.logged_in().await;
    assert_eq!(greeter.hello(&session.access_token).await, (200, format!("Hello, {}!\n", session.user_id)));

    stack.logout(&session.access_token).await.assert_status(204);

    eventually("the greeter refuses it", async || {
        (greeter.hello(&session.access_token).await.0 == 401).then_some(())
    })
    .await;
}

#[both]
async fn a_token_for_others_is_refused(stack: TestStack) {
    let greeter = Greeter::start(&stack);
    greeter.is_ready().await;
    let session = stack.logged_in().await;

    let (status, body) = greeter.hello(&session.access_token).await;

    assert_eq!(status, 401);
    assert!(body.contains("invalid_token"), "{body}");
}
