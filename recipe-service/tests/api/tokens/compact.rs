//! Three parts in base64url with dots between: a token has one text and no other.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::forge::{Part, Token, encoded};
use testkit::{Stopwatch, TestStack, both};

use super::door::{Door, PATH};

/// Text whose base64url leaves bits over in its last character.
fn with_bits_left_over(json: impl ToString) -> String {
    let mut text = json.to_string();
    while text.len().is_multiple_of(3) {
        text.push(' ');
    }
    text
}

/// The same bytes for whoever does not look at the bits that are left over.
fn loosely(part: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert_ne!(part.len() % 4, 0, "no bits are left over");
    let (rest, last) = part.split_at(part.len() - 1);
    let at = ALPHABET.iter().position(|c| [*c] == *last.as_bytes()).expect("not base64url");
    format!("{rest}{}", ALPHABET[at + 1] as char)
}

/// T042
#[both]
async fn bits_that_say_nothing_must_be_zero(stack: TestStack) {
    let door = Door::of(&stack).await;
    let header = with_bits_left_over(door.forge.header());
    let claims = with_bits_left_over(door.forge.claims());
    let good = door.forge.sign(header, claims);
    door.believes("as it should be", &good).await;
    let part = |text: &str| Part::Encoded(text.to_owned());
    door.refuses("the header", door.forge.sign(part(&loosely(&good.header)), part(&good.payload))).await;
    door.refuses("the claims", door.forge.sign(part(&good.header), part(&loosely(&good.payload)))).await;
    door.refuses("the signature", Token { signature: loosely(&good.signature), ..good }).await;
}

/// T043
#[both]
async fn padding_and_the_other_alphabet_are_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let good =
        door.forge.sign(with_bits_left_over(door.forge.header()), with_bits_left_over(door.forge.claims()));
    door.believes("as it should be", &good).await;
    let padded = |text: &str| format!("{text}{}", "=".repeat(4 - text.len() % 4));
    let part = |text: &str| Part::Encoded(text.to_owned());
    door.refuses("a padded header", door.forge.sign(part(&padded(&good.header)), part(&good.payload))).await;
    door.refuses("padded claims", door.forge.sign(part(&good.header), part(&padded(&good.payload)))).await;
    door.refuses("a padded signature", Token { signature: padded(&good.signature), ..good.clone() }).await;

    // `>` and `?` are what becomes `-` and `_`.
    let claims = door.forge.claims().with("x", json!(">>>???~~~")).to_string();
    let standard = |text: &str| text.replace('-', "+").replace('_', "/");
    let in_standard = part(&standard(&encoded(&claims)));
    assert_ne!(in_standard, part(&encoded(&claims)), "the alphabets agree about this one");
    door.believes("in base64url", door.forge.with_claims(claims)).await;
    door.refuses("claims in base64", door.forge.with_claims(in_standard)).await;
    let signed =
        std::iter::repeat_with(|| door.forge.token()).find(|token| token.signature.contains(['-', '_']));
    let signed = signed.expect("an endless iterator");
    door.refuses("a signature in base64", Token { signature: standard(&signed.signature), ..signed }).await;
}

/// T044
#[both]
async fn whatever_is_not_three_parts_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let token = door.forge.token();
    let Token { header, payload, signature } = token.clone();
    for text in [
        header.clone(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        "..".to_owned(),
        "...".to_owned(),
        "....".to_owned(),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{token}.{payload}.{signature}"),
        format!("{token}{token}"),
        format!("{token}.{token}"),
        format!("{token} {token}"),
        format!("{token},{token}"),
        format!("\"{token}\""),
        format!("'{token}'"),
        format!("<{token}>"),
        format!("{{{token}}}"),
        format!("{header}%2E{payload}%2E{signature}"),
        format!("{header}.{payload}\t.{signature}"),
        format!("{header} .{payload}.{signature}"),
        format!("{header}.{payload}.{signature}%00"),
    ] {
        door.refuses(&text, &text).await;
    }
}

/// T044: past all clients, which refuse to send it.
#[both]
async fn what_no_client_would_send_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let Token { header, payload, signature } = door.forge.token();
    for inner in
        ["\n", "\r\n", "\r", "\t", "\0", "\x0b", "\x7f", "\u{e9}", "\u{ff0e}", "\u{200b}", "\u{feff}"]
    {
        let value = format!("Bearer {header}.{inner}{payload}.{signature}");
        door.refuses_raw(format!("{inner:?} inside"), value).await;
        let value = format!("Bearer {header}.{payload}.{inner}{signature}");
        door.refuses_raw(format!("{inner:?} inside"), value).await;
    }
    door.refuses_raw("a byte that is no text", [b"Bearer \xff".as_slice(), payload.as_bytes()].concat())
        .await;
    let folded = format!("Bearer {header}.\r\n {payload}.{signature}");
    door.refuses_raw("a folded header", folded).await;
}

/// T045
#[both]
async fn the_json_forms_of_a_token_are_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let token = door.forge.token();
    let Token { header, payload, signature } = token.clone();
    let forged = encoded(door.forge.claims().with("sub", json!("another")).to_string());
    let one = json!({ "protected": header, "signature": signature });
    for form in [
        json!({ "payload": payload, "protected": header, "signature": signature }),
        json!({ "payload": payload, "signatures": [one] }),
        json!({ "payload": forged, "protected": header, "signature": signature }),
        json!({ format!("  {header}.{forged}."): "", "payload": payload, "protected": header, "signature": signature }),
    ] {
        door.refuses(&form, &form).await;
        door.refuses("the same, encoded", encoded(form.to_string())).await;
        door.refuses("before a token", format!("{form}.{payload}.{signature}")).await;
    }
    let polyglot = format!("{{\"  {token}\":1}}");
    door.refuses("a token inside", polyglot).await;
}

/// T051: what is too long is refused before anything of it is decoded.
#[both]
async fn a_token_that_is_too_long_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let filled = |claim: Value| door.forge.with_claims(door.forge.claims().with("x", claim)).to_string();
    let with_length = |bytes: usize| {
        let shortest = filled(json!("")).len();
        filled(json!("a".repeat((bytes - shortest) * 3 / 4)))
    };
    let longest = with_length(4096);
    assert!((4090..=4096).contains(&longest.len()), "{}", longest.len());
    door.believes("4 KiB", longest).await;
    for kib in [5, 8, 16, 64] {
        door.refuses(format!("{kib} KiB"), with_length(kib * 1024)).await;
    }
    let many: serde_json::Map<String, Value> = (0..2_000).map(|n| (format!("c{n}"), json!(n))).collect();
    door.refuses("2000 claims", filled(Value::Object(many))).await;
    let header = door.forge.header().with("x", json!("a".repeat(50_000)));
    door.refuses("a header of 50 KB", door.forge.with_header(header)).await;
}

/// T051: what does not even fit into the head of a request.
#[both]
async fn a_token_that_is_far_too_long_closes_the_connection(stack: TestStack) {
    let door = Door::of(&stack).await;
    let filled = |claim: Value| door.forge.with_claims(door.forge.claims().with("x", claim));
    let many: serde_json::Map<String, Value> = (0..50_000).map(|n| (format!("c{n}"), json!(n))).collect();
    let header = door.forge.header().with("x", json!("a".repeat(100 * 1024)));
    for token in [
        filled(json!("a".repeat(256 * 768))),
        filled(json!("a".repeat(1024 * 768))),
        filled(Value::Object(many)),
        door.forge.with_header(header),
    ] {
        let stopwatch = Stopwatch::start();
        door.believes("the good token before", door.forge.token()).await;
        let answer = stack.recipes.raw_authorization(PATH, format!("Bearer {token}"));
        if let Some(answer) = answer {
            assert!([400, 401, 431].contains(&answer.status), "{answer}");
        }
        door.believes("the good token after", door.forge.token()).await;
        assert!(stopwatch.elapsed() < Duration::from_secs(10));
    }
}
