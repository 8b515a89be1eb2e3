//! What a refresh token looks like, and what only looks like one.

use std::collections::HashSet;

use auth_service::domain::{RefreshKey, RefreshToken, SessionId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::secrets::Secret;
use testkit::{TestStack, both};

use crate::database::Database;

/// T163: 128 random bits first, so that no two tokens begin alike; it is no UUID and no JWT.
#[test]
fn refresh_tokens_cannot_be_guessed() {
    const SAMPLES: usize = 10_000;
    let key = RefreshKey::new(1, &Secret::random());
    let tokens: HashSet<String> =
        (0..SAMPLES).map(|_| RefreshToken::first(SessionId::new(), &key).reveal(&key)).collect();
    assert_eq!(tokens.len(), SAMPLES);

    let secrets: Vec<Vec<u8>> = tokens.iter().map(|token| bytes(token)[..16].to_vec()).collect();
    // Two of ten thousand agree in eight bytes once in 10¹¹ runs.
    let beginnings: HashSet<&[u8]> = secrets.iter().map(|secret| &secret[..8]).collect();
    assert_eq!(beginnings.len(), SAMPLES);
    for bit in 0..128 {
        let ones = secrets.iter().filter(|secret| secret[bit / 8] >> (bit % 8) & 1 == 1).count();
        // Nine standard deviations: a bit that is fixed or leans is out of it by far.
        assert!((4550..=5450).contains(&ones), "bit {bit} is one in {ones} of {SAMPLES}");
    }
    assert!(tokens.iter().all(|token| token.starts_with("jrt1_") && !token.contains('.')));
}

fn bytes(token: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.strip_prefix("jrt1_").expect("no refresh token")).expect("not base64url")
}

/// T164: the database has hashes of the secrets alone.
#[both]
async fn the_database_holds_no_refresh_token(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut tokens = vec![session.refresh_token];
    for _ in 0..3 {
        let next = crate::answers::refresh_token(&stack.refresh(tokens.last().unwrap()).await);
        tokens.push(next);
    }
    let database = Database::of(&stack);
    let session_id: uuid::Uuid = session.session_id.parse().unwrap();
    assert!(
        database.holds(session_id.as_bytes()).await || database.holds(session.session_id.as_bytes()).await
    );
    for token in &tokens {
        let token_bytes = bytes(token);
        for part in [token.as_bytes(), &token_bytes, &token_bytes[..16], &token_bytes[16..32]] {
            assert!(!database.holds(part).await, "{part:02x?} is in the database");
        }
    }
    let newest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes(&tokens[3])[..16]);
    assert!(database.holds(newest.as_ref()).await, "the dump is not one");
}

/// T165: who guesses ends nobody's session: unknown is not reuse.
#[both]
async fn what_is_no_token_of_ours_is_refused_and_ends_nothing(stack: TestStack) {
    let session = stack.logged_in().await;
    let token = &session.refresh_token;
    let mut altered = vec![
        String::new(),
        "jrt1_".to_owned(),
        "not a token".to_owned(),
        token.to_uppercase(),
        token.to_lowercase(),
        format!(" {token}"),
        format!("{token} "),
        format!("{token}="),
        format!("{token}A"),
        format!("{token}\n"),
        format!("jrt2_{}", &token[5..]),
        token[5..].to_owned(),
        token[..token.len() - 1].to_owned(),
        token[..token.len() / 2].to_owned(),
        token.replace(['-', '_'], "+"),
        format!("jrt1_{}", "A".repeat(71)),
        "jrt1_".to_owned() + &"A".repeat(20_000),
    ];
    let bytes = bytes(token);
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        altered.push(format!("jrt1_{}", URL_SAFE_NO_PAD.encode(changed)));
    }
    for altered in altered.iter().filter(|altered| *altered != token) {
        stack.refresh(altered).await.assert_problem(401, "refresh_token_invalid");
    }
    assert_eq!(Database::of(&stack).count("revocations").await, 0);
    stack.refresh(token).await.assert_status(200);
}

/// T165: a token of another house, or one that was made with a key of the guesser's own.
#[both]
async fn a_token_that_was_made_with_another_key_is_not_ours(stack: TestStack) {
    let session = stack.logged_in().await;
    let key = RefreshKey::new(1, &Secret::random());
    let sid = SessionId::from_uuid(session.session_id.parse().unwrap());
    let forged = RefreshToken::first(sid, &key);
    for forged in [forged.reveal(&key), forged.successor(&key).reveal(&key)] {
        stack.refresh(&forged).await.assert_problem(401, "refresh_token_invalid");
        stack.logout(&forged).await.assert_problem(401, "refresh_token_invalid");
    }
    stack.refresh(&session.refresh_token).await.assert_status(200);
}
