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

/// The examples of a language in a document.
fn examples(document: &str, language: &str) -> Vec<String> {
    let path = format!("{}/../../{document}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// What the documents show is the program that is tried here.
#[test]
fn the_ten_lines_are_those_of_the_program() {
    let program = include_str!("../src/main.rs");
    let unindented: String =
        program.lines().map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect();
    for document in ["README.md", "README.ko.md", "examples/greeter/README.md"] {
        for example in examples(document, "rust") {
            assert!(program.contains(&example) || unindented.contains(&example), "{document}: {example}");
        }
    }
    let lines = examples("examples/greeter/README.md", "rust")[0].lines().count();
    assert!(lines <= 10, "{lines} lines");
}

#[both]
async fn what_the_readme_says_of_ten_lines_is_so(options: Options) {
    let stack = options.set("AUTH_AUDIENCES", "auth,greeter").start().await;
    let greeter = Greeter::start(&stack);
    greeter.is_ready().await;
    for (document, language) in [("README.md", "sh"), ("README.ko.md", "console")] {
        let example = examples(document, language).into_iter().find(|example| example.contains("/hello"));
        let script = example
            .expect("it greets nobody")
            .replace("http://localhost:8081", stack.auth.url("/").trim_end_matches('/'))
            .replace("http://localhost:8083", greeter.url.trim_end_matches("/hello"));
        let output = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{document}: {output:?}");
        assert!(said.starts_with("Hello, ") && said.contains("token_revoked"), "{document}: {said}");
    }
}
