//! What holds behind either gateway.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use testkit::stack::Options;
use testkit::{Answer, Gateway, Session, TestStack, both, eventually};

use super::{behind_a_proxy, smoke};

fn gateways(stack: &TestStack) -> [Gateway; 2] {
    [Gateway::nginx(stack), Gateway::envoy(stack)]
}

#[both]
async fn the_smoke_journey_works_through_it(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        assert!(smoke(&gateway).contains("smoke: all well"));
    }
}

/// What links in mails lead to, with all that it loads and where it sends.
#[both]
async fn the_pages_of_mails_are_there(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client();
        for path in ["/verify", "/reset", "/pages/page.css", "/pages/page.js"] {
            let answer = client.auth.get(path).send().await;
            answer.assert_status(200);
            assert!(answer.header("content-security-policy").contains("script-src 'self'"), "{answer}");
            assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
            // Below whatever the gateway has it.
            assert!(!answer.text().contains("\"/pages") && !answer.text().contains("\"/v1"), "{answer}");
        }
        client.verify_email("jlt1_nonsense").await.assert_problem(410, "token_spent");
    }
}

#[both]
async fn a_logged_out_token_is_refused(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client();
        let session = client.logged_in().await;
        client.list_recipes(&session, "").await.assert_ok();
        client.logout(&session.access_token).await.assert_status(204);

        client.me(&session).await.assert_problem(401, "token_revoked");
        let refused = eventually("the log-out is heard", async || {
            let answer = client.list_recipes(&session, "").await;
            (answer.status != 200).then_some(answer)
        });
        refused.await.assert_problem(401, "token_revoked");
    }
}

#[both]
async fn the_service_sees_the_address_of_the_client_and_not_what_it_claims(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client_at(Ipv4Addr::new(127, 0, 7, 7));
        let session = client.logged_in().await;
        let person = session.person();
        let login = client.auth.post("/v1/login").json(&person.credentials());
        let login = login.header("x-forwarded-for", "203.0.113.9").header("forwarded", "for=203.0.113.9");
        let second = login.header("x-real-ip", "203.0.113.9").send().await.assert_ok().json();

        let sessions = client.sessions(&session, "").await.assert_ok().json();
        let of_second = |item: &&Value| item["id"] == second["session_id"];
        let listed = sessions["items"].as_array().unwrap().iter().find(of_second).unwrap();
        assert_eq!(listed["ip"], "127.0.7.7");
    }
}

#[both]
async fn a_body_too_large_is_refused_at_the_door(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client();
        let session = client.logged_in().await;
        let body = |bytes: usize| json!({ "email": "a@example.org", "password": "a".repeat(bytes) });
        let of_gateway = client.login(body(64 * 1024)).await;
        assert_refused(&of_gateway, 413, "too_large");
        let recipe = json!({ "title": "국", "description": "a".repeat(1024 * 1024) });
        assert_refused(&client.create_recipe(&session, recipe).await, 413, "too_large");
        // What is below the gateway's bounds is the service's business.
        client.login(body(60 * 1024)).await.assert_problem(422, "validation_failed");
    }
}

#[both]
async fn addresses_in_answers_are_those_of_the_gateway(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client();
        let session = client.logged_in().await;
        let recipe = client.create_recipe(&session, json!({ "title": "국" })).await;
        let location = recipe.header("location").to_owned();
        let path =
            location.strip_prefix("/recipes").expect("the place of a recipe is not below the gateway's path");
        client.recipes.get(path).bearer(&session).send().await.assert_ok();
        client.create_recipe(&session, json!({ "title": "밥" })).await.assert_ok();

        let page = client.list_recipes(&session, "?limit=1").await;
        let next = page.header("link").strip_prefix('<').unwrap().split_once('>').unwrap().0.to_owned();
        let followed = resolved(&gateway, &next);
        let path = followed.strip_prefix("/recipes").expect("the next page is not below the gateway's path");
        let second = client.recipes.get(path).bearer(&session).send().await.assert_ok().json();
        assert_ne!(second["items"][0]["id"], page.json()["items"][0]["id"]);
    }
}

/// Resolves a reference in an answer of the list of recipes, as clients do (RFC 3986 §5.2).
fn resolved(gateway: &Gateway, reference: &str) -> String {
    let base = url::Url::parse(&format!("{}/recipes/v1/recipes?limit=1", gateway.url())).unwrap();
    let url = base.join(reference).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

#[both]
async fn nothing_but_the_public_listeners_is_behind_it(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client();
        for path in ["/metrics", "/readyz", "/livez", "/internal/revocations", "/internal/people"] {
            client.auth.get(path).send().await.assert_problem(404, "not_found");
            client.recipes.get(path).send().await.assert_problem(404, "not_found");
        }
        let elsewhere = client.auth.get("/../").send().await;
        assert_refused(&elsewhere, 404, "not_found");
    }
}

/// I7: whoever is away, it is a 503 with Retry-After.
#[both]
async fn a_service_that_is_away_is_a_503(options: Options) {
    let mut stack = behind_a_proxy(options).await;
    let gateways = gateways(&stack);
    stack.stop_auth(0);
    for gateway in &gateways {
        let answer = gateway.client().jwks().await;
        assert_refused(&answer, 503, "busy");
        assert_eq!(answer.header("retry-after"), "1");
    }
}

#[both]
async fn its_log_names_the_request_and_never_the_target_or_a_token(options: Options) {
    let stack = behind_a_proxy(options).await;
    for gateway in gateways(&stack) {
        let client = gateway.client();
        let session = client.logged_in().await;
        let answer =
            client.recipes.get("/v1/shared/a-secret-of-nobody?q=a-word").bearer(&session).send().await;
        let too_large =
            client.auth.post("/v1/login?q=a-word").body("application/json", vec![b' '; 70_000]).send().await;
        let refused = too_large.json()["request_id"].as_str().unwrap().to_owned();
        let id = answer.header("x-request-id").to_owned();
        let log = eventually("the lines are written", async || {
            let log = gateway.process().log();
            (log.contains(&id) && log.contains(&refused)).then_some(log)
        });
        let log = log.await;
        for secret in ["a-secret-of-nobody", "a-word", &session.access_token, &session.refresh_token] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
        let lines = log.lines().filter(|line| line.starts_with('{'));
        let lines: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
        let line = lines.iter().find(|line| line["request_id"] == id.as_str()).unwrap();
        assert_eq!((&line["service"], &line["client"]), (&json!("recipes"), &json!("127.0.0.1")));
    }
}

/// Checks for a problem that the gateway itself answered.
#[track_caller]
pub fn assert_refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{answer}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{answer}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
    let body = answer.json();
    let (about, id) = (&body["type"], body["request_id"].as_str());
    assert_eq!(
        (about, &body["code"], &body["status"]),
        (&json!("about:blank"), &json!(code), &json!(status))
    );
    assert!(id.is_some_and(|id| !id.is_empty()), "{answer}");
}

/// A client that goes straight to a service is no proxy.
#[both]
async fn a_client_beside_the_gateway_is_not_believed(options: Options) {
    let stack = behind_a_proxy(options).await;
    let direct = stack.at(Ipv4Addr::new(127, 0, 7, 8));
    let person = direct.logged_in().await.person();
    let login = direct.auth.post("/v1/login").json(&person.credentials());
    let second = login.header("x-forwarded-for", "203.0.113.9").send().await;
    let session = Session::of(&second, &person);

    let sessions = direct.sessions(&session, "").await.assert_ok().json();
    let ips: Vec<&Value> = sessions["items"].as_array().unwrap().iter().map(|item| &item["ip"]).collect();
    assert_eq!(ips, ["127.0.7.8", "127.0.7.8"]);
}
