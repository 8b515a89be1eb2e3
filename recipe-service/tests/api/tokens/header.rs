//! What the header of a token may say.

use serde_json::{Value, json};
use testkit::forge::Members;
use testkit::{TestStack, both};

use super::door::Door;

/// T003
#[both]
async fn members_that_are_not_known_and_not_critical_are_passed_over(stack: TestStack) {
    let door = Door::of(&stack).await;
    for (member, value) in [("x-trace", json!("abc")), ("nonce", json!([1, 2])), ("Crit", json!(["exp"]))] {
        let header = door.forge.header().with(member, value);
        door.believes(member, door.forge.with_header(header)).await;
    }
}

/// T003
#[both]
async fn a_header_may_be_written_in_any_way_that_json_allows(stack: TestStack) {
    let door = Door::of(&stack).await;
    let (alg, kid) = (door.forge.key.alg(), door.forge.key.kid());
    for header in [
        format!("{{\"typ\":\"at+jwt\",\"kid\":\"{kid}\",\"alg\":\"{alg}\"}}"),
        format!(" {{ \"kid\" : \"{kid}\" ,\r\n\t\"alg\": \"{alg}\", \"typ\": \"at+jwt\" }}\n"),
        format!("{{\"al\\u0067\":\"{alg}\",\"kid\":\"{kid}\",\"typ\":\"a\\u0074+jwt\"}}"),
    ] {
        door.believes(&header, door.forge.with_header(header.clone())).await;
    }
}

/// T004
#[both]
async fn typ_may_have_its_long_form(stack: TestStack) {
    let door = Door::of(&stack).await;
    let header = door.forge.header().with("typ", json!("application/at+jwt"));
    door.believes("application/at+jwt", door.forge.with_header(header)).await;
}

/// T025
#[both]
async fn a_token_of_another_type_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    door.refuses("no typ", door.forge.with_header(door.forge.header().without("typ"))).await;
    let types = [
        "JWT",
        "jwt",
        "rt+jwt",
        "refresh+jwt",
        "id_token",
        "logout+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "at+jwt ",
        " at+jwt",
        "at+jwt;x=1",
        "text/at+jwt",
        "application/application/at+jwt",
        "AT+JWT",
        "at+jwt\0",
        "at+jwd",
        "",
    ];
    door.refuses_headers("typ", types.map(Value::from)).await;
    door.refuses_headers("typ", [json!(null), json!(1), json!(["at+jwt"]), json!({ "at+jwt": 1 })]).await;
}

/// T014
#[both]
async fn a_token_without_a_text_for_its_algorithm_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    door.refuses("no alg", door.forge.with_header(door.forge.header().without("alg"))).await;
    let alg = door.forge.key.alg();
    door.refuses_headers("alg", [json!(null), json!(256), json!(true), json!([alg]), json!({ "alg": alg })])
        .await;
}

/// T021
#[both]
async fn a_token_without_a_text_for_its_key_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    door.refuses("no kid", door.forge.with_header(door.forge.header().without("kid"))).await;
    let kid = door.forge.key.kid().to_owned();
    let values = [json!(null), json!(0), json!(true), json!([kid]), json!({ "kid": kid }), json!("")];
    door.refuses_headers("kid", values).await;
}

/// T015
#[both]
async fn a_member_that_appears_twice_is_refused_in_either_order(stack: TestStack) {
    let door = Door::of(&stack).await;
    let header = door.forge.header();
    let own = |member: &str| format!("\"{member}\":{}", header.0[member]);
    for more in [
        "\"alg\":\"none\"".to_owned(),
        "\"alg\":\"HS256\"".to_owned(),
        "\"\\u0061lg\":\"none\"".to_owned(),
        "\"kid\":\"another\"".to_owned(),
        "\"typ\":\"JWT\"".to_owned(),
        own("alg"),
        own("kid"),
        own("typ"),
        "\"x\":1,\"x\":2".to_owned(),
    ] {
        for text in Door::twice(&header, &more) {
            door.refuses(&text, door.forge.with_header(text.clone())).await;
        }
    }
}

/// T022
#[both]
async fn whatever_is_critical_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let values = [
        json!(["exp"]),
        json!(["alg"]),
        json!(["b64"]),
        json!(["http://example.com/is-root"]),
        json!([]),
        json!("exp"),
        json!(1),
        json!([1, 2]),
        json!([null]),
        json!(null),
        json!(["exp", "exp"]),
        json!({}),
    ];
    door.refuses_headers("crit", values).await;
    let known = door.forge.header().with("crit", json!(["x"])).with("x", json!(true));
    door.refuses("crit that names what is there", door.forge.with_header(known)).await;
}

/// T023
#[both]
async fn an_unencoded_payload_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let header = door.forge.header().with("b64", json!(false)).with("crit", json!(["b64"]));
    door.refuses("encoded all the same", door.forge.with_header(header.clone())).await;
    let raw = testkit::forge::Part::Encoded(door.forge.claims().to_string());
    door.refuses("as it is", door.forge.sign(header, raw)).await;
}

/// T024
#[both]
async fn what_would_change_how_a_token_is_read_is_refused_every_time(stack: TestStack) {
    let door = Door::of(&stack).await;
    for (member, value) in [
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("zip", json!(null)),
        ("cty", json!("JWT")),
        ("enc", json!("A128GCM")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("abc")),
        ("x5t#S256", json!("abc")),
    ] {
        for _ in 0..3 {
            door.refuses_headers(member, [value.clone()]).await;
        }
    }
}

/// T049
#[both]
async fn a_header_that_is_no_object_of_json_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let good = door.forge.header().to_string();
    for text in [
        "[]".to_owned(),
        format!("[{good}]"),
        "{}".to_owned(),
        "null".to_owned(),
        format!("\u{feff}{good}"),
        format!("{good}x"),
        format!("{good}{good}"),
        format!("{good}\0"),
        door.forge.header().followed_by("\"\0\":1"),
        good.replace('"', "'"),
        format!("{}//", good),
        door.forge.header().followed_by(""),
    ] {
        door.refuses(&text, door.forge.with_header(text.clone())).await;
    }
    let utf_16: Vec<u8> = good.encode_utf16().flat_map(u16::to_be_bytes).collect();
    door.refuses("UTF-16", door.forge.with_header(utf_16)).await;
    let latin_1 = [&good.as_bytes()[..good.len() - 1], b",\"x\":\"\xe9\"}"].concat();
    door.refuses("not UTF-8", door.forge.with_header(latin_1)).await;
    door.refuses("no members", door.forge.with_header(Members::default())).await;
}
