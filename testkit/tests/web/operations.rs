use crate::harness::{Answer, Kitchen, client};

#[actix_rt::test]
async fn healthz_says_ok_and_the_version() {
    let kitchen = Kitchen::open();
    let answer = kitchen.get("/healthz").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"status":"ok","version":"1.2.3"}"#));
}

#[actix_rt::test]
async fn readiness_waits_for_every_dependency() {
    let kitchen = Kitchen::open();
    let database = kitchen.health.register("database");
    kitchen.health.probe("redis", || async { Ok(()) });
    let ready = || async { Answer::of(client().get(kitchen.ops_url("/readyz"))).await };

    let answer = ready().await;
    let problem = answer.assert_problem(503, "not_ready");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(
        (&problem["checks"][0]["name"], &problem["checks"][0]["state"]),
        (&"database".into(), &"starting".into())
    );
    assert_eq!(problem["checks"][1]["state"], "ready");
    assert!(problem["checks"][1]["since"].as_str().unwrap().ends_with('Z'));

    database.ready();
    assert_eq!((ready().await.status, ready().await.json()["status"].as_str()), (200, Some("ready")));

    database.failed("down");
    assert_eq!(ready().await.assert_problem(503, "not_ready")["checks"][0]["state"], "down");
}

#[actix_rt::test]
async fn the_ops_listener_has_liveness_metrics_and_the_services_own() {
    let kitchen = Kitchen::open();
    kitchen.get("/whoami").await;
    kitchen.get("/nowhere").await;
    for (path, text) in
        [("/livez", "alive"), ("/internal/menu", "soup"), ("/metrics", "http_request_duration_seconds")]
    {
        let answer = Answer::of(client().get(kitchen.ops_url(path))).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.contains(text), "{path}: {}", answer.text);
    }
    let metrics = Answer::of(client().get(kitchen.ops_url("/metrics"))).await.text;
    assert!(metrics.contains("route=\"/whoami\"") && !metrics.contains("nowhere"));
    assert!(metrics.contains("build_info{service=\"kitchen\",version=\"1.2.3\"} 1"), "{metrics}");
    Answer::of(client().get(kitchen.ops_url("/whoami"))).await.assert_problem(404, "not_found");
    kitchen.get("/livez").await.assert_problem(404, "not_found");
}
