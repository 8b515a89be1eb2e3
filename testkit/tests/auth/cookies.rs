use common::token::csrf_claim;
use serde_json::json;

use crate::keyholder::{Keyholder, STALE_AFTER};

/// A token that was given out for cookies with this CSRF token.
fn given_with(service: &Keyholder, csrf_token: &str) -> String {
    let claims = service.forge.claims().with("csrf", json!(csrf_claim(csrf_token)));
    service.forge.with_claims(claims).to_string()
}

fn over_http() -> Keyholder {
    Keyholder::open_with(|door| door.public_url("http://doors.test"))
}

#[actix_rt::test]
async fn a_cookie_is_taken_where_no_header_says_who_is_calling() {
    let service = over_http();
    let cookie = format!("access={}", given_with(&service, "secret"));
    for path in ["/auth", "/maybe", "/twice", "/scoped", "/person"] {
        let expected = if ["/twice", "/scoped"].contains(&path) { 403 } else { 200 };
        service.get(path).header("cookie", &cookie).send().await.assert_status(expected);
        let bad = service.get(path).header("cookie", &cookie).bearer("bad");
        bad.send().await.assert_invalid_token();
    }
    // Somebody is calling, and wrongly: who needs nobody does not serve them as nobody.
    service.get("/maybe").header("cookie", "access=bad").send().await.assert_invalid_token();
    service.get("/maybe").header("cookie", "other=bad").send().await.assert_status(200);
}

#[actix_rt::test]
async fn the_legacy_header_beats_a_cookie_where_it_is_allowed() {
    let service = Keyholder::open_with(|door| door.public_url("http://doors.test").legacy_header(true));
    let cookie = format!("access={}", given_with(&service, "secret"));
    let token = service.forge.token().to_string();
    let both = service.post("/auth").header("cookie", &cookie).header("x-access-token", &token);
    both.send().await.assert_status(200);
    let bad = service.get("/auth").header("cookie", &cookie).header("x-access-token", "bad");
    bad.send().await.assert_invalid_token();
    // Where it is not, it is no header that says anything.
    let service = over_http();
    let cookie = format!("access={}", given_with(&service, "secret"));
    let other = service.get("/auth").header("cookie", &cookie).header("x-access-token", "bad");
    other.send().await.assert_status(200);
}

/// Unless it is said that there is no TLS, the name is the one that only TLS can set.
#[actix_rt::test]
async fn the_name_of_the_cookie_is_bound_to_tls() {
    for service in [Keyholder::open(), Keyholder::open_with(|door| door.public_url("https://doors.test/x"))] {
        let token = given_with(&service, "secret");
        let planted = service.get("/auth").header("cookie", format!("access={token}"));
        planted.send().await.assert_problem(401, "missing_token");
        let own = service.get("/auth").header("cookie", format!("__Host-access={token}"));
        own.send().await.assert_status(200);
    }
}

#[actix_rt::test]
async fn what_changes_something_needs_the_csrf_token_that_the_access_token_names() {
    let service = over_http();
    let cookie = format!("access={}", given_with(&service, "secret"));
    for path in ["/auth", "/maybe"] {
        let post = || service.post(path).header("cookie", &cookie);
        post().send().await.assert_problem(403, "csrf_failed");
        for token in ["", "secre", "secrets", "SECRET", &csrf_claim("secret")] {
            post().header("x-csrf-token", token).send().await.assert_problem(403, "csrf_failed");
        }
        post().header("x-csrf-token", "secret").send().await.assert_status(200);
        let twice = post().header("x-csrf-token", "secret").header("x-csrf-token", "secret");
        twice.send().await.assert_problem(403, "csrf_failed");
        // What only reads is open to whoever follows a link; other pages cannot read the answer.
        service.get(path).header("cookie", &cookie).send().await.assert_status(200);
    }
    // It belongs to one token: another's does not do.
    let other = format!("access={}", given_with(&service, "another"));
    let post = service.post("/auth").header("cookie", &other).header("x-csrf-token", "secret");
    post.send().await.assert_problem(403, "csrf_failed");
}

/// What a service calls with has no session, and no cookie.
#[actix_rt::test]
async fn a_token_without_the_claim_changes_nothing_as_a_cookie() {
    let service = over_http();
    let person = service.forge.token().to_string();
    let machine = service.forge.with_claims(service.forge.service_claims()).to_string();
    for token in [person, machine] {
        for csrf in ["", "secret"] {
            let post = service.post("/auth").header("cookie", format!("access={token}"));
            post.header("x-csrf-token", csrf).send().await.assert_problem(403, "csrf_failed");
        }
        service.post("/auth").bearer(&token).send().await.assert_status(200);
    }
}

/// A token that is not believed is refused before all else, and one that is may still have to wait.
#[actix_rt::test]
async fn the_token_is_looked_at_first_and_the_age_of_the_copy_last() {
    let service = over_http();
    let cookie = format!("access={}", given_with(&service, "secret"));
    service.post("/auth").header("cookie", "access=bad").send().await.assert_invalid_token();
    service.clock.advance(STALE_AFTER + std::time::Duration::from_secs(1));
    service.post("/auth").header("cookie", &cookie).send().await.assert_problem(403, "csrf_failed");
    let post = service.post("/auth").header("cookie", &cookie).header("x-csrf-token", "secret");
    post.send().await.assert_problem(503, "revocations_stale");
}
