//! `examples/opaque`: nginx asks auth-service about every token, for a service in Python that knows nothing of tokens.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use testkit::client::{Bearer, Listener};
use testkit::stack::Options;
use testkit::{Answer, TestStack, both};
use throwaway::{Gateway, Listening, find};

/// nginx, the desk that asks, and the service behind. They end with this.
struct Opaque {
    _nginx: Gateway,
    _desk: Listening,
    service: Listening,
    listener: Listener,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/opaque")
}

fn python(program: &str) -> Command {
    let mut command = Command::new(find("python3").expect("no Python"));
    command.arg(folder().join(program)).arg("0");
    command
}

impl Opaque {
    async fn before(stack: &TestStack) -> Self {
        let (id, secret) = stack.client("tokens:introspect", "auth").await;
        let mut desk = python("desk.py");
        desk.env("AUTH_URL", format!("http://{}", stack.auth.addr));
        desk.env("CLIENT_ID", id.to_string()).env("CLIENT_SECRET", secret);
        let desk = Listening::start(&mut desk).expect("no desk");
        let service = Listening::start(&mut python("service.py")).expect("no service");
        let changes = [
            ("listen 127.0.0.1:8090", "listen 127.0.0.1:{port}".to_owned()),
            ("127.0.0.1:5001", desk.addr().to_string()),
            ("127.0.0.1:5000", service.addr().to_string()),
        ];
        let nginx = Gateway::nginx_with(&folder(), &changes).expect("no nginx");
        let addr = SocketAddr::from(([127, 0, 0, 1], nginx.port()));
        let listener = stack.auth.elsewhere(addr);
        Self { _nginx: nginx, _desk: desk, service, listener }
    }

    async fn hello<'a>(&self, path: &str, token: impl Into<Bearer<'a>>) -> Answer {
        self.listener.get(path).bearer(token).header("x-subject", "somebody else").send().await
    }
}

#[both]
async fn the_service_behind_is_told_who_asks(options: Options) {
    // Sealed, so that nobody but auth-service could read it.
    let stack = options.set("AUTH_SEAL_TOKENS", "true").set("RECIPES_SEAL_TOKENS", "true").start().await;
    let opaque = Opaque::before(&stack).await;
    let session = stack.logged_in().await;
    for path in ["/", "/cached/"] {
        let answer = opaque.hello(path, &session).await;
        let expected = format!("Hello {}! You may recipes:read recipes:write.\n", session.user_id);
        assert_eq!(answer.assert_ok().text(), expected);
    }
}

#[both]
async fn whoever_has_no_good_token_does_not_reach_it(options: Options) {
    let stack = options.start().await;
    let opaque = Opaque::before(&stack).await;
    let (session, forge) = (stack.logged_in().await, stack.forge().await);
    let expired = forge.claims().with("exp", json!(forge.now() - 60)).with("iat", json!(forge.now() - 120));
    let expired = forge.with_claims(expired).to_string();
    for path in ["/", "/cached/"] {
        let none = opaque.listener.get(path).send().await;
        assert_eq!(
            (none.status, none.header("www-authenticate")),
            (401, "Bearer realm=\"jipbap\""),
            "{none}"
        );
        for token in [expired.as_str(), "no.token.really", &session.refresh_token] {
            let answer = opaque.hello(path, token).await;
            let challenge = "Bearer realm=\"jipbap\", error=\"invalid_token\"";
            assert_eq!((answer.status, answer.header("www-authenticate")), (401, challenge), "{answer}");
        }
    }
}

/// What is asked each time is known at once: nothing has to be heard first.
#[both]
async fn a_logged_out_token_is_refused_by_the_next_request(options: Options) {
    let stack = options.start().await;
    let opaque = Opaque::before(&stack).await;
    let session = stack.logged_in().await;
    opaque.hello("/", &session).await.assert_ok();
    stack.logout(&session).await.assert_status(204);
    opaque.hello("/", &session).await.assert_status(401);
}

/// I7: whoever is away, no good token is answered 401. What was asked lately is still known.
#[both]
async fn an_issuer_that_is_away_is_a_503(options: Options) {
    let mut stack = options.start().await;
    let opaque = Opaque::before(&stack).await;
    let session = stack.logged_in().await;
    opaque.hello("/", &session).await.assert_ok();
    opaque.hello("/cached/", &session).await.assert_ok();
    stack.stop_auth(0);

    let answer = opaque.hello("/", &session).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{answer}");
    opaque.hello("/cached/", &session).await.assert_ok();
}

/// Only nginx may reach it: it believes what it is told.
#[both]
async fn the_service_itself_believes_anybody(options: Options) {
    let stack = options.start().await;
    let opaque = Opaque::before(&stack).await;
    let direct = stack.auth.elsewhere(opaque.service.addr());
    let answer = direct.get("/").header("x-subject", "anybody").send().await;
    assert_eq!(answer.text(), "Hello anybody! You may nothing.\n");
}
