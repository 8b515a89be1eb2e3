//! How a session comes into cookies.

use serde_json::json;
use testkit::client::{Jar, Person};
use testkit::stack::Options;
use testkit::{Answer, TestStack, both};

use super::{APP, FOREIGN, OWN, Page, by_cookie, with_an_app};
use crate::answers::{claims, members, text};
use crate::database::Database;

const IN_COOKIES: [&str; 7] =
    ["csrf_token", "expires_in", "refresh_expires_at", "scope", "session_expires_at", "session_id", "user"];

#[track_caller]
fn set_cookies(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect()
}

/// No script sees a token: not in the body, and not in the cookies, which are sent where they are needed and nowhere else.
#[both]
async fn a_session_is_kept_in_cookies_that_no_script_reads(stack: TestStack) {
    let person = Person::new();
    let signup = by_cookie(&stack, "/v1/signup", &person.credentials()).await;
    signup.assert_status(201);
    let login = by_cookie(&stack, "/v1/login", &person.credentials()).await;
    login.assert_status(200);
    for answer in [&signup, &login] {
        assert_eq!(members(&answer.json()), IN_COOKIES);
        assert_eq!(answer.header("cache-control"), "no-store");
        let mut jar = Jar::default();
        jar.keep(answer);
        let (access, refresh) = (jar.value("access"), jar.value("refresh"));
        assert_eq!(
            set_cookies(answer)[..3],
            [
                format!("access={access}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000"),
                format!("refresh={refresh}; HttpOnly; SameSite=Strict; Path=/v1/refresh; Max-Age=2592000"),
                format!("refresh={refresh}; HttpOnly; SameSite=Strict; Path=/v1/logout; Max-Age=2592000"),
            ],
            "{answer}"
        );
        assert!(set_cookies(answer)[3].starts_with("device=jdt1_"), "{answer}");
        assert!(!answer.text().contains(access) && !answer.text().contains(refresh), "{answer}");
        assert_eq!(claims(access)["sid"], text(answer, "session_id"));
    }
    assert_ne!(text(&signup, "csrf_token"), text(&login, "csrf_token"));
}

/// By `Authorization: Basic`, too.
#[both]
async fn a_name_and_password_in_the_header_open_a_session_in_cookies(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let basic = stack.auth.post("/v1/login?transport=cookie").header("origin", OWN);
    let credentials = base64(&format!("{}:{}", person.email, person.password));
    let answer = basic.header("authorization", format!("Basic {credentials}")).send().await;
    answer.assert_status(200);
    Page::of(&answer, person).assert_logged_in(&stack).await;
}

fn base64(text: &str) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(text)
}

/// A cookie `__Host-…` is taken over TLS alone and by one host, `__Secure-…` over TLS; behind a path they are sent there.
#[both]
async fn behind_tls_the_cookies_are_bound_to_it(options: Options) {
    let url = "https://kitchen.example.org/accounts/";
    let stack = options.set("AUTH_PUBLIC_URL", url).start().await;
    let request =
        stack.auth.post("/v1/signup?transport=cookie").header("origin", "https://kitchen.example.org");
    let answer = request.json(&Person::new().credentials()).send().await;
    answer.assert_status(201);
    let expected = [
        ("__Host-access", "/"),
        ("__Secure-refresh", "/accounts/v1/refresh"),
        ("__Secure-refresh", "/accounts/v1/logout"),
        ("__Host-device", "/"),
    ];
    let cookies = answer.cookies();
    let given: Vec<_> = cookies.iter().map(|cookie| (cookie.name(), cookie.path().unwrap())).collect();
    assert_eq!(given, expected);
    for line in set_cookies(&answer) {
        let attributes: Vec<&str> = line.split("; ").collect();
        for attribute in ["HttpOnly", "Secure", "SameSite=Strict"] {
            assert!(attributes.contains(&attribute), "{line}");
        }
        // `__Host-` is refused by browsers with one, and the rest is for this host alone.
        assert!(!line.contains("Domain"), "{line}");
    }
}

/// T207: a page of another origin could log its visitors in as somebody else. Whoever sends no origin is no browser.
#[both]
async fn a_page_of_another_origin_gets_no_session_in_cookies(options: Options) {
    let stack = with_an_app(options).await;
    let person = stack.logged_in().await.person();
    let sessions = Database::of(&stack).count("sessions").await;
    for path in ["/v1/signup", "/v1/login"] {
        let post = || stack.auth.post(&format!("{path}?transport=cookie")).json(&person.credentials());
        let mut requests: Vec<_> = FOREIGN.map(|origin| post().header("origin", origin)).into();
        requests.push(post());
        requests.push(post().header("origin", OWN).header("origin", "https://evil.example"));
        requests.push(post().header("referer", "http://auth.test/"));
        for request in requests {
            let answer = request.send().await;
            answer.assert_problem(403, "csrf_failed");
            assert_eq!(answer.cookies(), []);
        }
    }
    assert_eq!(Database::of(&stack).count("sessions").await, sessions);
    for origin in [OWN, APP] {
        let login = stack.auth.post("/v1/login?transport=cookie").header("origin", origin);
        login.json(&person.credentials()).send().await.assert_status(200);
    }
    // For the body no origin matters: no browser adds anything to that.
    let login = stack.auth.post("/v1/login").header("origin", "https://evil.example");
    login.json(&person.credentials()).send().await.assert_status(200);
}

/// T207: who may use cookies from elsewhere may read the answer, and nobody else.
#[both]
async fn a_listed_origin_may_read_what_it_is_answered(options: Options) {
    let stack = with_an_app(options).await;
    let preflight = stack.auth.request("OPTIONS".parse().unwrap(), "/v1/refresh").header("origin", APP);
    let preflight = preflight.header("access-control-request-method", "POST").send().await;
    let login = stack.auth.post("/v1/signup?transport=cookie").header("origin", APP);
    let login = login.json(&Person::new().credentials()).send().await;
    login.assert_status(201);
    for answer in [preflight, login] {
        assert_eq!(answer.header("access-control-allow-origin"), APP);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
    }
    let own = by_cookie(&stack, "/v1/signup", &Person::new().credentials()).await;
    assert_eq!(own.header("access-control-allow-credentials"), "");
}

#[both]
async fn another_transport_is_refused_by_name(stack: TestStack) {
    let body = Person::new().credentials();
    for (query, code) in [
        ("transport=cookies", "invalid_parameter"),
        ("transport=", "invalid_parameter"),
        ("transport=cookie&transport=cookie", "invalid_parameter"),
        ("transports=cookie", "unknown_parameter"),
    ] {
        for path in ["/v1/signup", "/v1/login", "/v1/refresh"] {
            let request = stack.auth.post(&format!("{path}?{query}")).header("origin", OWN);
            request.json(&body).send().await.assert_problem(400, code);
        }
    }
}

/// A session that was narrowed stays so in cookies.
#[both]
async fn a_session_in_cookies_may_be_granted_less(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let mut body = person.credentials();
    (body["scope"], body["audience"]) = (json!("recipes:read"), json!(["recipes"]));
    let page = Page::of(&by_cookie(&stack, "/v1/login", &body).await, person);
    page.get(&stack.recipes, "/v1/recipes").send().await.assert_status(200);
    page.get(&stack.auth, "/v1/me").send().await.assert_invalid_token();
}
