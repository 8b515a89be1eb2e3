//! Sessions that browsers keep in cookies: `?transport=cookie`.

mod calls;
mod given;
mod logout;
mod refresh;

use serde_json::{Value, json};
use testkit::client::{Client, Jar, Listener, Person, Request};
use testkit::stack::Options;
use testkit::{Answer, TestStack};

use crate::answers::text;

/// The service's own origin, where no other is said.
const OWN: &str = "http://auth.test";
/// An origin that is listed.
const APP: &str = "https://app.example.org";
/// Origins that may do nothing with cookies, whatever they look like.
const FOREIGN: [&str; 9] = [
    "https://evil.example",
    "null",
    "https://auth.test",
    "http://auth.test:80",
    "http://auth.test/",
    "http://auth.test.evil.example",
    "http://recipes.test",
    "https://APP.example.org",
    "",
];

/// A stack whose pages are at the service's own origin and at that of an app.
async fn with_an_app(options: Options) -> TestStack {
    options.set("AUTH_CORS_ORIGINS", APP).set("RECIPES_CORS_ORIGINS", APP).start().await
}

/// A page that is logged in.
struct Page {
    person: Person,
    jar: Jar,
    csrf_token: String,
}

impl Page {
    async fn opened(stack: &Client) -> Self {
        let person = Person::new();
        let answer = by_cookie(stack, "/v1/signup", &person.credentials()).await;
        answer.assert_status(201);
        Self::of(&answer, person)
    }

    #[track_caller]
    fn of(answer: &Answer, person: Person) -> Self {
        let mut page = Self { person, jar: Jar::default(), csrf_token: text(answer, "csrf_token") };
        page.jar.keep(answer);
        page
    }

    /// A call that changes nothing.
    fn get(&self, service: &Listener, path: &str) -> Request {
        service.get(path).cookies(&self.jar)
    }

    /// A call as the page makes it.
    fn call(&self, service: &Listener, method: &str, path: &str) -> Request {
        let request = service.request(method.parse().unwrap(), path).cookies(&self.jar);
        request.header("x-csrf-token", &self.csrf_token)
    }

    async fn refresh(&self, client: &Client) -> Answer {
        client.auth.post("/v1/refresh").cookies(&self.jar).header("origin", OWN).send().await
    }

    async fn logout(&self, client: &Client, query: &str) -> Answer {
        let request = client.auth.post(&format!("/v1/logout{query}")).cookies(&self.jar);
        request.header("origin", OWN).send().await
    }

    async fn assert_logged_in(&self, stack: &TestStack) {
        for copy in 0..stack.copies() {
            self.get(&stack.auth(copy).auth, "/v1/me").send().await.assert_status(200);
            self.get(&stack.recipes(copy).recipes, "/v1/recipes").send().await.assert_status(200);
        }
    }

    /// Neither cookie is good for anything any more.
    async fn assert_logged_out(&self, stack: &TestStack) {
        self.get(&stack.auth, "/v1/me").send().await.assert_problem(401, "token_revoked");
        self.refresh(stack).await.assert_problem(401, "session_ended");
    }
}

/// Asks for a session in cookies, as a page of the service's own.
async fn by_cookie(client: &Client, path: &str, body: &Value) -> Answer {
    client.auth.post(&format!("{path}?transport=cookie")).header("origin", OWN).json(body).send().await
}

/// A recipe, as a body.
fn soup() -> Value {
    json!({ "title": "국" })
}

/// Checks that an answer takes the tokens of the browser back, by the attributes that they were set with.
#[track_caller]
fn assert_takes_cookies_back(answer: &Answer) {
    let lines: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(
        lines,
        [
            "access=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0",
            "refresh=; HttpOnly; SameSite=Strict; Path=/v1/refresh; Max-Age=0",
            "refresh=; HttpOnly; SameSite=Strict; Path=/v1/logout; Max-Age=0",
        ],
        "{answer}"
    );
}
