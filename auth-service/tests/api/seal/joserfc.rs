//! The same form in another implementation: what we seal joserfc opens, and what joserfc seals we open.

use serde_json::Value;
use testkit::stack::Options;
use testkit::{both, python};

use super::{key, on};
use crate::answers::claims;

#[both]
async fn joserfc_opens_what_we_seal_and_we_open_what_it_seals(options: Options) {
    let stack = on(options).start().await;
    let (session, secret) = (stack.logged_in().await, key(&stack).expose_text().to_string());
    let jwks = stack.jwks().await.text();
    let opened = python("sealed.py", &["open", &secret, &jwks, &session.access_token]).await;
    let opened: Value = serde_json::from_str(&opened).unwrap();
    assert_eq!(opened["claims"]["sub"], session.user_id);
    let signed = opened["token"].as_str().unwrap();
    assert_eq!(claims(signed), opened["claims"]);

    let sealed = python("sealed.py", &["seal", &secret, &jwks, signed]).await;
    assert_eq!(sealed.trim().split('.').count(), 5);
    assert_ne!(sealed.trim(), session.access_token);
    for token in [sealed.trim(), signed] {
        stack.me(token).await.assert_status(200);
        stack.list_recipes(token, "").await.assert_status(200);
    }
}
