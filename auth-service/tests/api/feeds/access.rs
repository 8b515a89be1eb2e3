use testkit::{TestStack, both};

use super::Reader;

#[both]
async fn a_feed_is_for_those_who_have_its_secret(stack: TestStack) {
    let (revocations, people) = (Reader::of_revocations(&stack), Reader::of_people(&stack));
    let session = stack.logged_in().await;
    let long = "A".repeat(43);
    for (own, other) in [(&revocations, &people), (&people, &revocations)] {
        own.ask(&stack, "").await.assert_status(200);
        stack.auth_ops.get(own.path).send().await.assert_problem(401, "missing_token");
        let basic = stack.auth_ops.get(own.path).header("authorization", format!("Basic {}", own.secret));
        basic.send().await.assert_problem(401, "missing_token");
        let wrong = [
            &*other.secret,
            "",
            "x",
            &long,
            &own.secret[1..],
            &own.secret.to_uppercase(),
            &format!("{}=", own.secret),
            &*session.access_token,
            &*session.refresh_token,
        ]
        .map(str::to_owned);
        for secret in wrong {
            stack.auth_ops.get(own.path).bearer(&secret).send().await.assert_invalid_token();
        }
    }
}

/// T208
#[both]
async fn what_is_internal_is_not_on_the_public_listener(stack: TestStack) {
    let secret = Reader::of_revocations(&stack).secret;
    for path in [
        "/internal/revocations",
        "/internal/people",
        "/metrics",
        "/livez",
        "/readyz",
        "/.env",
        "/.git/HEAD",
        "/admin",
    ] {
        stack.auth.get(path).bearer(&secret).send().await.assert_problem(404, "not_found");
    }
    for path in ["/v1/login", "/v1/me", "/healthz"] {
        stack.auth_ops.get(path).bearer(&secret).send().await.assert_problem(404, "not_found");
    }
}

#[both]
async fn a_parameter_that_makes_no_sense_is_refused(stack: TestStack) {
    for reader in [Reader::of_revocations(&stack), Reader::of_people(&stack)] {
        for query in [
            "?wait=",
            "?wait=soon",
            "?wait=-1s",
            "?wait=1",
            "?wait=1s&wait=1s",
            "?epoch=x",
            "?epoch=",
            "?after=%00",
        ] {
            let answer = reader.ask(&stack, query).await;
            answer.assert_problem(400, "invalid_parameter");
        }
        reader.ask(&stack, "?since=1").await.assert_problem(400, "unknown_parameter");
    }
}

#[both]
async fn the_ops_listener_says_how_the_service_is(stack: TestStack) {
    stack.auth_ops.get("/livez").send().await.assert_status(200);
    let ready = stack.auth_ops.get("/readyz").send().await;
    ready.assert_status(200);
    let checks = ready.json()["checks"].clone();
    let checks = checks.as_array().unwrap();
    assert!(checks.iter().any(|check| check["name"] == "keys"), "{checks:?}");
    assert!(checks.iter().all(|check| check["state"] == "ready"), "{checks:?}");
    let metrics = stack.auth_ops.get("/metrics").send().await;
    assert!(metrics.header("content-type").starts_with("text/plain"), "{metrics}");
}
