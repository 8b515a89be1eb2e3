use crate::keyholder::Keyholder;

#[actix_rt::test]
async fn two_headers_that_carry_credentials_are_too_many() {
    let service = Keyholder::open();
    let bearer = format!("Bearer {}", service.forge.token());
    for other in [bearer.as_str(), "Bearer bad", "Basic dXNlcjpwYXNz", "nonsense"] {
        for path in ["/auth", "/maybe", "/scoped"] {
            for [first, second] in [[bearer.as_str(), other], [other, bearer.as_str()]] {
                let request =
                    service.get(path).header("authorization", first).header("authorization", second);
                request.send().await.assert_problem(400, "multiple_credentials");
            }
        }
    }
}

#[actix_rt::test]
async fn the_legacy_header_is_looked_at_only_where_it_is_allowed() {
    let service = Keyholder::open();
    let token = service.forge.token().to_string();
    service.get("/auth").header("x-access-token", &token).send().await.assert_problem(401, "missing_token");
    service.get("/maybe").header("x-access-token", "bad").send().await.assert_status(200);

    let service = Keyholder::open_with(|door| door.legacy_header(true));
    let token = service.forge.token().to_string();
    service.get("/auth").header("x-access-token", &token).send().await.assert_status(200);
    service.get("/auth").header("x-access-token", "bad").send().await.assert_invalid_token();
    service.get("/maybe").header("x-access-token", "bad").send().await.assert_invalid_token();
    service.get("/auth").bearer(&token).send().await.assert_status(200);
    let both = service.get("/auth").bearer(&token).header("x-access-token", &token);
    both.send().await.assert_problem(400, "multiple_credentials");
    let twice = service.get("/auth").header("x-access-token", &token).header("x-access-token", &token);
    twice.send().await.assert_problem(400, "multiple_credentials");
    let basic =
        service.get("/auth").header("authorization", "Basic dXNlcjpwYXNz").header("x-access-token", &token);
    basic.send().await.assert_problem(400, "multiple_credentials");
}
