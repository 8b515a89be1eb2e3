use serde_json::json;

use crate::harness::{Answer, Kitchen, about, client, routes};

#[actix_rt::test]
async fn the_document_says_who_serves_what_and_how_it_refuses() {
    let kitchen = Kitchen::open();
    let answer = kitchen.get("/openapi.json").await;
    let document = answer.json();

    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(document["info"], json!({ "title": "Kitchen", "version": "1.2.3" }));
    assert_eq!(document["servers"][1]["url"], "https://kitchen.example");
    assert_eq!(document["components"]["securitySchemes"]["bearerAuth"]["scheme"], "bearer");
    let codes =
        document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"].as_array().unwrap();
    assert!(codes.contains(&json!("burnt")) && codes.contains(&json!("malformed_json")));
    let default = &document["paths"]["/dishes"]["post"]["responses"]["default"];
    assert_eq!(
        default["content"]["application/problem+json"]["schema"]["$ref"],
        "#/components/schemas/Problem"
    );
    let named = &document["paths"]["/burnt"]["get"]["responses"]["409"]["content"];
    assert_eq!(named.as_object().unwrap().keys().collect::<Vec<_>>(), ["application/problem+json"]);
    assert!(document["paths"]["/healthz"]["get"].is_object());
}

#[test]
fn the_document_can_be_had_without_a_server() {
    let document = common::web::document(&about(), routes).to_json().unwrap();
    assert!(document.contains("\"/dishes/{id}\""));
}

#[actix_rt::test]
async fn an_unchanged_document_is_not_sent_again() {
    let kitchen = Kitchen::open();
    let tag = kitchen.get("/openapi.json").await.header("etag").to_owned();
    let answer = Answer::of(client().get(kitchen.url("/openapi.json")).header("if-none-match", &tag)).await;
    assert_eq!((answer.status, answer.text.as_str(), answer.header("etag")), (304, "", tag.as_str()));
}

#[actix_rt::test]
async fn the_page_to_try_it_needs_nothing_from_elsewhere() {
    let kitchen = Kitchen::open();
    let answer = kitchen.get("/docs").await;
    assert_eq!((answer.status, answer.header("location")), (308, "/docs/"));
    let page = kitchen.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{}", page.text);
    assert!(!page.text.contains("<script>"), "{}", page.text);
    assert!(kitchen.get("/docs/swagger-initializer.js").await.text.contains("/openapi.json"));
    assert_eq!(kitchen.get("/docs/swagger-ui-bundle.js").await.status, 200);
    kitchen.get("/docs/nothing.js").await.assert_problem(404, "not_found");
}
