use serde_json::json;

use crate::harness::{Answer, Kitchen, client};

#[actix_rt::test]
async fn a_problem_says_all_that_it_was_given() {
    let kitchen = Kitchen::open();
    let body = kitchen.get("/burnt").await.assert_problem(409, "burnt");
    assert_eq!(body["detail"], "It was in too long.");
    assert_eq!(body["id"], 7);
    let errors =
        json!([{ "pointer": "/title", "code": "burnt", "detail": "Is burnt.", "suggestions": ["Salad"] }]);
    assert_eq!(body["errors"], errors);
}

/// T211
#[actix_rt::test]
async fn a_panic_is_a_problem_and_the_next_request_is_answered() {
    let kitchen = Kitchen::open();
    for _ in 0..3 {
        let answer = kitchen.get("/panic").await;
        answer.assert_problem(500, "internal");
        assert!(!answer.text.contains("sauce"));
    }
    assert_eq!(kitchen.get("/healthz").await.status, 200);
}

#[actix_rt::test]
async fn what_went_wrong_inside_is_not_told() {
    let kitchen = Kitchen::open();
    let answer = kitchen.get("/broken").await;
    answer.assert_problem(500, "internal");
    assert!(!answer.text.contains("SELECT"));
    let answer = kitchen.get("/foreign").await;
    answer.assert_problem(400, "invalid_parameter");
    assert!(!answer.text.contains("library"));
}

#[actix_rt::test]
async fn every_503_says_when_to_come_back() {
    let kitchen = Kitchen::open();
    let answer = kitchen.get("/busy").await;
    answer.assert_problem(503, "busy");
    assert_eq!(answer.header("retry-after"), "1");
}

#[actix_rt::test]
async fn a_services_own_error_is_answered_as_its_problem() {
    let kitchen = Kitchen::open();
    let answer = kitchen.get("/own-error").await;
    answer.assert_problem(503, "busy");
    assert_eq!(answer.header("retry-after"), "3");
}

#[actix_rt::test]
async fn every_code_has_a_page() {
    let kitchen = Kitchen::open();
    for code in ["not_found", "burnt"] {
        let page = kitchen.get(&format!("/problems/{code}")).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        assert!(!page.text.contains("<script") && !page.text.contains("<burnt>"));
    }
    let text = Answer::of(client().get(kitchen.url("/problems/burnt")).header("accept", "text/plain")).await;
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    kitchen.get("/problems/unheard_of").await.assert_problem(404, "not_found");
}
