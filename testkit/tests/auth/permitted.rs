use std::time::Duration;

use serde_json::json;

use crate::keyholder::Keyholder;

impl Keyholder {
    fn token_with(&self, claim: &str, value: serde_json::Value) -> String {
        self.forge.with_claims(self.forge.claims().with(claim, value)).to_string()
    }

    fn service_token(&self) -> String {
        let claims = self.forge.service_claims().with("scope", json!("bread:bake"));
        self.forge.with_claims(claims).to_string()
    }
}

/// T061
#[actix_rt::test]
async fn a_scope_must_be_named_whole() {
    let service = Keyholder::open();
    for scope in ["bread:bake", "bread:eat bread:bake", "bread:bake bread:eat"] {
        let token = service.token_with("scope", json!(scope));
        service.get("/scoped").bearer(&token).send().await.assert_status(200);
    }
    service.get("/scoped").bearer(&service.service_token()).send().await.assert_status(200);
    for scope in
        ["", "bread", "bread:bakes", "xbread:bake", "BREAD:BAKE", "bread:bake,bread:eat", "bread:\tbake"]
    {
        let token = service.token_with("scope", json!(scope));
        let answer = service.get("/scoped").bearer(&token).send().await;
        answer.assert_problem(403, "insufficient_scope");
        let challenge = "Bearer realm=\"jipbap\", error=\"insufficient_scope\", scope=\"bread:bake\"";
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    service.get("/scoped").send().await.assert_problem(401, "missing_token");
}

#[actix_rt::test]
async fn a_role_is_a_persons_and_must_be_named_whole() {
    let service = Keyholder::open();
    for roles in [json!(["baker"]), json!(["eater", "baker"])] {
        let token = service.token_with("roles", roles);
        service.get("/role").bearer(&token).send().await.assert_status(200);
    }
    let lacking = [json!([]), json!(["eater"]), json!(["Baker"]), json!(["baker "]), json!(["baker eater"])];
    let mut tokens: Vec<String> =
        lacking.into_iter().map(|roles| service.token_with("roles", roles)).collect();
    tokens.push(service.token_with("scope", json!("baker")));
    tokens.push(service.service_token());
    for token in tokens {
        let answer = service.get("/role").bearer(&token).send().await;
        answer.assert_problem(403, "insufficient_scope");
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer realm=\"jipbap\", error=\"insufficient_scope\""
        );
    }
}

/// T217
#[actix_rt::test]
async fn who_proved_who_they_are_too_long_ago_is_asked_to_do_it_again() {
    let service = Keyholder::open();
    let token = service.token_with("auth_time", json!(service.forge.now() - 290));
    service.get("/fresh").bearer(&token).send().await.assert_status(200);

    service.clock.advance(Duration::from_secs(11));
    service.hear();
    let answer = service.get("/fresh").bearer(&token).send().await;
    answer.assert_problem(401, "reauthentication_required");
    let challenge = "Bearer realm=\"jipbap\", error=\"insufficient_user_authentication\", max_age=300";
    assert_eq!(answer.header("www-authenticate"), challenge);
    service.get("/auth").bearer(&token).send().await.assert_status(200);
}

#[actix_rt::test]
async fn a_service_never_proved_who_it_is() {
    let service = Keyholder::open();
    service.get("/fresh").bearer(&service.service_token()).send().await.assert_problem(403, "forbidden");
}

#[actix_rt::test]
async fn oneself_is_the_subject_of_the_token_and_nobody_else() {
    let service = Keyholder::open();
    let claims = service.forge.claims();
    let (id, token) =
        (claims.0["sub"].as_str().unwrap().to_owned(), service.forge.with_claims(claims).to_string());
    for id in [id.clone(), id.to_uppercase()] {
        service.get(&format!("/people/{id}")).bearer(&token).send().await.assert_status(200);
    }
    let other = service.forge.claims().0["sub"].as_str().unwrap().to_owned();
    for id in [other, id.replace('-', ""), format!("{id}x"), format!("{id}%00"), "me".to_owned()] {
        service.get(&format!("/people/{id}")).bearer(&token).send().await.assert_problem(403, "forbidden");
    }
    service
        .get(&format!("/people/{id}"))
        .bearer(&service.service_token())
        .send()
        .await
        .assert_problem(403, "forbidden");
    service.get(&format!("/people/{id}")).send().await.assert_problem(401, "missing_token");
}
