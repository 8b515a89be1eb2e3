//! The cookies of a session as a real browser keeps and sends them.

mod site;

use std::time::Duration;

use serde_json::{Value, json};
use testkit::client::Person;
use testkit::stack::Options;
use testkit::{Browser, Tab, TestStack, both};

use self::site::Site;
use crate::database::Database;

/// A page that calls, and says what it was answered.
const PAGE: &str = include_str!("page.html");

/// An hour passes in which nobody refreshes.
const HOUR: Duration = Duration::from_secs(3600);

/// What is at the other end of a page.
struct Services {
    auth: String,
    recipes: String,
}

impl Services {
    async fn call(&self, tab: &Tab<'_>, method: &str, path: &str, body: Value) -> Value {
        let base = if path.starts_with("/v1/recipes") { &self.recipes } else { &self.auth };
        let url = json!(format!("{base}{path}"));
        tab.run(&format!("call({}, {url}, {body})", json!(method))).await
    }

    async fn assert(&self, tab: &Tab<'_>, method: &str, path: &str, body: Value, status: u16) -> Value {
        let answer = self.call(tab, method, path, body).await;
        assert_eq!(answer["status"], status, "{method} {path}: {answer}");
        answer["said"].clone()
    }

    /// Reads and writes at both services, as whoever the cookies say.
    async fn assert_logged_in(&self, tab: &Tab<'_>) {
        self.assert(tab, "GET", "/v1/me", Value::Null, 200).await;
        self.assert(tab, "PATCH", "/v1/me", json!({ "name": "Cheolsu" }), 200).await;
        self.assert(tab, "POST", "/v1/recipes", json!({ "title": "국" }), 201).await;
    }
}

/// Names, paths and what keeps them from scripts and from other sites, as the browser understood them.
async fn kept(browser: &Browser) -> Vec<String> {
    let cookies = browser.cookies().await;
    let line = |cookie: &Value| {
        let part = |member: &str| cookie[member].to_string().replace('"', "");
        let (name, path, secure) = (part("name"), part("path"), part("secure"));
        format!("{name} {path} secure={secure} hidden={} {}", part("httpOnly"), part("sameSite"))
    };
    cookies.iter().map(line).collect()
}

/// Log-in, calls, a refresh in two tabs at once, calls of both, log-out; and what another page of the same site can do.
async fn journey(stack: TestStack, app: &Site, names: [&str; 3], is_secure: bool) {
    let services = Services { auth: stack.auth.url(""), recipes: stack.recipes.url("") };
    let (browser, person, page) = (Browser::start(), Person::new(), format!("{}/", app.origin));
    stack.signup(person.credentials()).await.assert_status(201);
    let one = browser.open(&page).await;
    services.assert(&one, "GET", "/v1/me", Value::Null, 401).await;

    let login = services.assert(&one, "POST", "/v1/login?transport=cookie", person.credentials(), 200).await;
    assert!(login["access_token"].is_null() && login["refresh_token"].is_null(), "{login}");
    let [access, refresh, device] = names;
    let strict = |name: &str, path: &str| format!("{name} {path} secure={is_secure} hidden=true Strict");
    let mut all = vec![
        strict(access, "/"),
        strict(device, "/"),
        strict(refresh, "/v1/logout"),
        strict(refresh, "/v1/refresh"),
    ];
    all.sort();
    assert_eq!(kept(&browser).await, all);
    assert_eq!(one.run("document.cookie").await, "");
    services.assert_logged_in(&one).await;

    // A second tab has the cookies, and no CSRF token before it refreshes.
    let two = browser.open(&page).await;
    services.assert(&two, "GET", "/v1/me", Value::Null, 200).await;
    let denied = services.assert(&two, "POST", "/v1/recipes", json!({ "title": "국" }), 403).await;
    assert_eq!(denied["code"], "csrf_failed");

    stack.clock.advance(HOUR).await;
    let expired = services.assert(&one, "POST", "/v1/recipes", json!({ "title": "국" }), 401).await;
    assert_eq!(expired["code"], "token_expired");
    let refreshing = |tab| services.assert(tab, "POST", "/v1/refresh", Value::Null, 200);
    let (first, second) = futures_util::future::join(refreshing(&one), refreshing(&two)).await;
    assert_eq!(first["csrf_token"], second["csrf_token"]);
    for tab in [&one, &two] {
        services.assert_logged_in(tab).await;
    }
    // One of them goes on alone; the other wakes up with cookies that it knows nothing of.
    stack.clock.advance(HOUR).await;
    refreshing(&two).await;
    services.assert_logged_in(&one).await;

    nothing_from(&Site::start(PAGE), &stack, &browser, &services).await;
    services.assert_logged_in(&one).await;

    services.assert(&two, "POST", "/v1/logout", Value::Null, 204).await;
    assert_eq!(kept(&browser).await, [strict(device, "/")]);
    for tab in [&one, &two] {
        for path in ["/v1/me", "/v1/sessions"] {
            let gone = services.assert(tab, "GET", path, Value::Null, 401).await;
            assert_eq!(gone["code"], "missing_token");
        }
        services.assert(tab, "POST", "/v1/refresh", Value::Null, 401).await;
    }
}

/// A page at another port is of the same site: the browser sends it all cookies along, Strict or not.
async fn nothing_from(evil: &Site, stack: &TestStack, browser: &Browser, services: &Services) {
    let before =
        Database::of(stack).number("SELECT generation AS value FROM sessions WHERE generation > 0").await;
    let tab = browser.open(&format!("{}/", evil.origin)).await;
    for (url, body) in [
        (format!("{}/v1/refresh", services.auth), ""),
        (format!("{}/v1/refresh?transport=cookie", services.auth), "{}"),
        (format!("{}/v1/logout?scope=all", services.auth), ""),
        (format!("{}/v1/logout", services.auth), ""),
        (format!("{}/v1/reauthenticate", services.auth), "{}"),
        (format!("{}/v1/recipes", services.recipes), "{\"title\":\"x\"}"),
    ] {
        assert_eq!(tab.run(&format!("send({}, {})", json!(url), json!(body))).await, "opaque");
    }
    // Whoever may not read gets nothing to read, and whoever must ask beforehand is not allowed.
    for (method, path, body) in [
        ("GET", "/v1/me", "null"),
        ("PATCH", "/v1/me", "{}"),
        ("DELETE", "/v1/me", "null"),
        ("POST", "/v1/refresh", "{}"),
    ] {
        let url = json!(format!("{}{path}", services.auth));
        let call = format!("call('{method}', {url}, {body}).then(() => 'answered', () => 'refused')");
        assert_eq!(tab.run(&call).await, "refused", "{method} {path}");
    }
    let after =
        Database::of(stack).number("SELECT generation AS value FROM sessions WHERE generation > 0").await;
    assert_eq!(after, before);
    assert_eq!(Database::of(stack).count("revocations").await, 0);
}

fn listed(options: Options, app: &Site) -> Options {
    options.set("AUTH_CORS_ORIGINS", &app.origin).set("RECIPES_CORS_ORIGINS", &app.origin)
}

/// T207: with the names of production. Chromium takes what is marked `Secure` from this very machine without TLS.
#[both]
async fn a_browser_keeps_a_session_in_cookies_as_behind_tls(options: Options) {
    let app = Site::start(PAGE);
    let options = listed(options, &app).set("AUTH_PUBLIC_URL", "https://kitchen.example.org");
    let stack = options.set("RECIPES_PUBLIC_URL", "https://kitchen.example.org").start().await;
    journey(stack, &app, ["__Host-access", "__Secure-refresh", "__Host-device"], true).await;
}

/// T207
#[both]
async fn a_browser_keeps_a_session_in_cookies_without_tls(options: Options) {
    let app = Site::start(PAGE);
    let stack = listed(options, &app).start().await;
    journey(stack, &app, ["access", "refresh", "device"], false).await;
}

/// The script of docs/browsers.md does what the guide says of it, and every page that copies it.
#[both]
async fn a_page_as_in_the_guide_goes_on_by_itself(options: Options) {
    let guide = include_str!("../../../../docs/browsers.md");
    let script =
        guide.split("```js\n").nth(1).and_then(|code| code.split("\nawait call(").next()).expect("no script");
    let address = "\"https://kitchen.example.org\"";
    assert!(script.contains(address), "{script}");
    let script = script.replace(address, "new URLSearchParams(location.search).get('api')");
    let app = Site::start(format!("<!doctype html><script>{script}</script>"));
    let stack = listed(options, &app).start().await;
    let (browser, person) = (Browser::start(), Person::new());
    stack.signup(person.credentials()).await.assert_status(201);

    let page = format!("{}/?api={}", app.origin, stack.auth.url(""));
    let one = browser.open(&page).await;
    let login =
        one.run(&format!("call('POST', '/v1/login?transport=cookie', {})", person.credentials())).await;
    assert!(login["csrf_token"].is_string(), "{login}");
    stack.clock.advance(HOUR).await;
    let two = browser.open(&page).await;
    for (tab, name) in [(&one, "Cheolsu"), (&two, "Younghee"), (&one, "Minsu")] {
        let me = tab.run(&format!("call('PATCH', '/v1/me', {{ name: '{name}' }})")).await;
        assert_eq!(me["name"], name, "{me}");
    }
    assert_eq!(two.run("call('POST', '/v1/logout')").await, json!({}));
    assert_eq!(one.run("call('GET', '/v1/me')").await["code"], "missing_token");
}
