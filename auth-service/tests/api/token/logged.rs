//! What the log says of a token that was refused.

use serde_json::json;
use testkit::journal::Watch;
use testkit::{TestStack, both};

#[both]
async fn the_log_says_why_a_token_was_refused_and_never_the_token(stack: TestStack) {
    let forge = stack.forge().await;
    let (zipped, other) = (
        forge.with_header(forge.header().with("zip", json!("DEF"))),
        forge.with_claims(forge.claims().with("aud", json!(["elsewhere"]))),
    );
    for (token, reason) in [(zipped, "not a strict JSON object"), (other, "not meant for this service")] {
        let watches =
            [&token.header, &token.payload, &token.signature].map(|part| Watch::for_text(part.clone()));
        let reasons = Watch::for_text(reason);
        for answer in [stack.me(&token.to_string()).await, stack.list_recipes(&token.to_string(), "").await] {
            answer.assert_invalid_token();
            assert!(!answer.text().contains(reason), "{answer}");
        }
        assert!(!reasons.lines().is_empty(), "{reason}");
        // The header of a good token is that of many others.
        for watch in &watches[1..] {
            assert_eq!(watch.lines(), Vec::<String>::new());
        }
    }
}
