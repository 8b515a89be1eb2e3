//! What another issuer's old token never permits, whatever it says.

use std::sync::Arc;
use std::time::Duration;

use common::revocations::feed::Kind;
use common::time::Instant;
use common::token::{LegacyPerson, LegacySecret, LegacySettings, LegacyVerifier};
use common::web::Problem;
use common::web::auth::{Legacy, Resolve};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::json;
use testkit::forge::{Hmac, Key, Members};

use crate::keyholder::Keyholder;

const SECRET: &str = "of the other issuer, who kept it well";
const SUB: &str = "0199aaaa-0000-7000-8000-000000000007";

/// Knows one person, whom the other issuer calls 7.
struct Seven;

impl Resolve for Seven {
    fn resolve(&self, external_id: String) -> LocalBoxFuture<'static, Result<Option<LegacyPerson>, Problem>> {
        let person = (external_id == "7").then(|| LegacyPerson { sub: SUB.to_owned(), min_uv: 0 });
        async { Ok(person) }.boxed_local()
    }
}

/// A service whose doors take old tokens that were fresh, of an administrator and baker, of just now.
fn open() -> (Keyholder, String) {
    let service = Keyholder::open_with_copy(|door, revocations, clock| {
        let verifier = LegacyVerifier::new(LegacySettings {
            secret: LegacySecret::parse(SECRET).unwrap(),
            issuer: None,
            audience: "recipes".to_owned(),
            scope: "bread:bake".to_owned(),
            until: Instant::from_secs(clock.now().as_secs() + 7200),
            leeway: Duration::from_secs(30),
            revocations: revocations.clone(),
            clock: clock.clone(),
        });
        door.legacy(Some(Legacy { verifier, people: Arc::new(Seven) }))
    });
    let now = service.forge.now();
    let claims = Members::default()
        .with("fresh", json!(true))
        .with("iat", json!(now))
        .with("jti", json!("5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b"))
        .with("type", json!("access"))
        .with("sub", json!(7))
        .with("exp", json!(now + 900))
        .with("auth_time", json!(now))
        .with("scope", json!("bread:bake everything"))
        .with("roles", json!(["admin", "baker"]));
    let forge = service.forge.with_key(Key::hmac(Hmac::Hs256, SECRET));
    let header = Members::default().with("alg", json!("HS256")).with("typ", json!("JWT"));
    let token = forge.sign(header, claims).to_string();
    (service, token)
}

#[actix_rt::test]
async fn an_old_token_gives_neither_a_role_nor_a_recent_proof() {
    let (service, token) = open();
    let said = service.get("/auth").bearer(&token).send().await;
    assert_eq!(said.assert_ok().json()["sub"], SUB);
    service.get("/scoped").bearer(&token).send().await.assert_status(200);
    service.get("/person").bearer(&token).send().await.assert_status(200);
    service.get(&format!("/people/{SUB}")).bearer(&token).send().await.assert_status(200);
    service.get("/people/7").bearer(&token).send().await.assert_problem(403, "forbidden");

    service.get("/role").bearer(&token).send().await.assert_problem(403, "insufficient_scope");
    service.get("/fresh").bearer(&token).send().await.assert_problem(401, "reauthentication_required");
}

#[actix_rt::test]
async fn what_ends_a_persons_tokens_ends_an_old_one() {
    for (kind, id) in [(Kind::Subject, SUB), (Kind::Token, "5b1a2f3e-8c4d-4e5f-9a6b-7c8d9e0f1a2b")] {
        let (service, token) = open();
        for _ in 0..2 {
            service.get("/auth").bearer(&token).send().await.assert_status(200);
        }
        service.end(kind, id);
        service.get("/auth").bearer(&token).send().await.assert_problem(401, "token_revoked");
        service.get("/maybe").bearer(&token).send().await.assert_problem(401, "token_revoked");
    }
}

#[actix_rt::test]
async fn a_stale_copy_lets_an_old_token_read_and_not_write() {
    let (service, token) = open();
    service.clock.advance(crate::keyholder::STALE_AFTER + Duration::from_secs(1));
    service.get("/auth").bearer(&token).send().await.assert_status(200);
    service.post("/auth").bearer(&token).send().await.assert_problem(503, "revocations_stale");
    service.clock.advance(crate::keyholder::BLIND_AFTER);
    service.get("/auth").bearer(&token).send().await.assert_problem(503, "revocations_stale");
}
