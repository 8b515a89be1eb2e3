//! What a token must say, and in which form.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{TestStack, both};

use super::door::{Door, PATH};

/// T002
#[both]
async fn a_token_may_be_meant_for_others_too(stack: TestStack) {
    let door = Door::of(&stack).await;
    for audience in [json!(["other", "recipes"]), json!(["recipes"]), json!(["recipes", "recipes"])] {
        let claims = door.forge.claims().with("aud", audience.clone());
        door.believes(audience, door.forge.with_claims(claims)).await;
    }
}

/// T003
#[both]
async fn claims_may_be_written_in_any_way_that_json_allows(stack: TestStack) {
    let door = Door::of(&stack).await;
    let claims = door.forge.claims();
    let expiry = &claims.0["exp"];
    let spaced = serde_json::to_string_pretty(&claims.0).unwrap();
    let reversed: Vec<String> =
        claims.0.iter().rev().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    for text in [
        claims.clone().with("unknown", json!({ "a": [1, 2, { "b": null }] })).to_string(),
        claims.clone().with("nbf", claims.0["iat"].clone()).to_string(),
        spaced,
        format!("\r\n\t {} \n", claims),
        format!("{{{}}}", reversed.join(",")),
        claims.clone().without("exp").followed_by(&format!("\"\\u0065xp\":{expiry}")),
    ] {
        door.believes(&text, door.forge.with_claims(text.clone())).await;
    }
    door.believes("a service's", door.forge.with_claims(door.forge.service_claims())).await;
}

/// T036
#[both]
async fn a_token_of_another_issuer_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let ours = door.forge.issuer.clone();
    door.refuses_without("iss").await;
    let texts = [
        String::new(),
        "http://another.test".to_owned(),
        format!("{ours}/"),
        ours.to_uppercase(),
        ours[..ours.len() - 1].to_owned(),
        format!("{ours}.evil.test"),
        format!("{ours}:80"),
        format!(" {ours}"),
        format!("{ours} "),
        format!("{ours}\0"),
        ours.replace("http://", "https://"),
    ];
    door.refuses_claims("iss", texts.map(Value::from)).await;
    let forms = [json!(null), json!([ours]), json!(1), json!({ "iss": ours }), json!(true)];
    door.refuses_claims("iss", forms).await;
}

/// T037: `aud` is a list, as our issuer writes it.
#[both]
async fn a_token_that_is_meant_for_others_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    door.refuses_without("aud").await;
    let lists = [
        json!([]),
        json!([""]),
        json!(["auth"]),
        json!(["recipe"]),
        json!(["recipes "]),
        json!(["recipes2"]),
        json!(["RECIPES"]),
        json!(["recipes\u{0}"]),
        json!(["*"]),
        json!(["auth,recipes"]),
        json!(["auth recipes"]),
        json!([1]),
        json!([null]),
        json!([["recipes"]]),
        json!(["recipes", 1]),
        json!(["recipes", null]),
    ];
    door.refuses_claims("aud", lists).await;
    let forms = [json!(null), json!(""), json!("other"), json!("recipes"), json!(1), json!({ "recipes": 1 })];
    door.refuses_claims("aud", forms).await;
}

/// T038
#[both]
async fn however_long_a_list_of_audiences_is_the_answer_is_the_same(stack: TestStack) {
    let door = Door::of(&stack).await;
    let audiences = |count: usize| {
        let list: Vec<String> = (0..count).map(|n| n.to_string()).chain(["recipes".to_owned()]).collect();
        door.forge.with_claims(door.forge.claims().with("aud", json!(list)))
    };
    for _ in 0..3 {
        door.refuses("5000 audiences", audiences(5000)).await;
        door.believes("400 audiences", audiences(400)).await;
    }
    for count in [5000, 400] {
        door.answers_within(Duration::from_millis(20), format!("{count} audiences"), audiences(count)).await;
    }
}

/// T039
#[both]
async fn a_token_that_is_nobodys_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    door.refuses_without("sub").await;
    let texts = ["", " ", "\t", "a\0b", "\n", " a", "a "].map(Value::from);
    door.refuses_claims("sub", texts).await;
    let forms =
        [json!(null), json!(1), json!(true), json!(["a"]), json!({ "sub": "a" }), json!("a".repeat(256))];
    door.refuses_claims("sub", forms).await;
    door.refuses_claims("sub", [json!("a".repeat(10_000))]).await;
}

/// T040: what has no name cannot be revoked by it.
#[both]
async fn a_token_without_a_name_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    door.refuses_without("jti").await;
    let values = [json!(null), json!(""), json!(1), json!(["a"]), json!({}), json!("a\0b"), json!(" ")];
    door.refuses_claims("jti", values).await;
    door.refuses_claims("jti", [json!("a".repeat(129)), json!("a".repeat(10_000))]).await;
}

#[both]
async fn what_else_the_profile_asks_for_is_all_needed(stack: TestStack) {
    let door = Door::of(&stack).await;
    for claim in ["client_id", "uv", "scope", "sid", "roles", "auth_time", "amr"] {
        door.refuses_without(claim).await;
        door.refuses_claims(claim, [json!(null), json!({}), json!(true)]).await;
    }
    door.refuses_claims("uv", [json!(-1), json!("0"), json!(0.5)]).await;
    door.refuses_claims("scope", [json!(["recipes:read"]), json!(1)]).await;
    door.refuses_claims("roles", [json!("admin"), json!([1]), json!([null])]).await;
    door.refuses_claims("auth_time", [json!("0"), json!(1.5)]).await;
    door.refuses_claims("sid", [json!(""), json!(" "), json!(1), json!("a".repeat(129))]).await;
}

#[both]
async fn a_service_has_no_session_and_no_roles(stack: TestStack) {
    let door = Door::of(&stack).await;
    let now = door.forge.now();
    for (claim, value) in [("sid", json!("a")), ("roles", json!(["admin"])), ("auth_time", json!(now))] {
        let claims = door.forge.service_claims().with(claim, value);
        door.refuses(format!("a service with {claim}"), door.forge.with_claims(claims)).await;
    }
}

/// T033, T041
#[both]
async fn a_claim_that_appears_twice_is_refused_in_either_order(stack: TestStack) {
    let door = Door::of(&stack).await;
    let claims = door.forge.claims();
    let (past, later) = (door.forge.now() - 3600, door.forge.now() + 1800);
    let others = [
        format!("\"exp\":{past}"),
        format!("\"exp\":{later}"),
        format!("\"\\u0065xp\":{past}"),
        format!("\"\\u0065xp\":{later}"),
        "\"sub\":\"another\"".to_owned(),
        "\"aud\":[\"recipes\"]".to_owned(),
        "\"iss\":\"http://another.test\"".to_owned(),
        "\"jti\":\"another\"".to_owned(),
        "\"scope\":\"recipes:write\"".to_owned(),
        "\"sid\":\"another\"".to_owned(),
        "\"uv\":9".to_owned(),
        "\"unknown\":1,\"unknown\":1".to_owned(),
    ];
    let same = ["exp", "sub", "jti", "scope"].map(|claim| format!("\"{claim}\":{}", claims.0[claim]));
    for more in others.into_iter().chain(same) {
        for text in Door::twice(&claims, &more) {
            door.refuses(&text, door.forge.with_claims(text.clone())).await;
        }
    }
}

/// T048
#[both]
async fn claims_that_are_no_object_of_json_are_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let good = door.forge.claims().to_string();
    for text in [
        String::new(),
        format!("[{good}]"),
        serde_json::to_string(&good).unwrap(),
        "null".to_owned(),
        "1".to_owned(),
        "{}".to_owned(),
        "text".to_owned(),
        format!("\u{feff}{good}"),
        format!("{good}x"),
        format!("{good}{good}"),
        format!("{good}\0"),
        format!("\0{good}"),
        format!("/* a comment */{good}"),
        format!("{good}// a comment"),
        format!("{},}}", &good[..good.len() - 1]),
        good.replace('"', "'"),
        good[..good.len() - 1].to_owned(),
    ] {
        door.refuses(&text, door.forge.with_claims(text.clone())).await;
    }
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| good.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    door.refuses("UTF-16, big-endian", door.forge.with_claims(utf_16(u16::to_be_bytes))).await;
    door.refuses("UTF-16, little-endian", door.forge.with_claims(utf_16(u16::to_le_bytes))).await;
    let in_a_name = [&good.as_bytes()[..good.len() - 1], b",\"x\xff\":1}"].concat();
    door.refuses("not UTF-8 in a name", door.forge.with_claims(in_a_name)).await;
    let in_a_value = [&good.as_bytes()[..good.len() - 1], b",\"x\":\"\xff\"}"].concat();
    door.refuses("not UTF-8 in a value", door.forge.with_claims(in_a_value)).await;
    for claim in ["scope", "unknown"] {
        let text = door.forge.claims().without(claim).followed_by(&format!("\"{claim}\":\"\\ud800\""));
        door.refuses(format!("a lone surrogate in {claim}"), door.forge.with_claims(text)).await;
    }
}

/// T050
#[both]
async fn deep_claims_and_headers_are_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    // The second fit into what is looked at.
    for depth in [20_000, 1_200] {
        for [open, close] in [["[", "]"], ["{\"a\":", "}"]] {
            let depth = depth / open.len();
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let claims = door.forge.claims().followed_by(&format!("\"x\":{deep}"));
            door.refuses(format!("claims {depth} deep"), door.forge.with_claims(claims)).await;
            let header = door.forge.header().followed_by(&format!("\"x\":{deep}"));
            door.refuses(format!("a header {depth} deep"), door.forge.with_header(header)).await;
            door.refuses(format!("nothing but {depth}"), door.forge.with_claims(deep)).await;
        }
    }
}

/// T061
#[both]
async fn a_token_that_does_not_permit_it_is_told_which_scope_does(stack: TestStack) {
    let door = Door::of(&stack).await;
    for scope in
        ["", "recipes:read", "recipes", "recipes:writes", "RECIPES:WRITE", "recipes:read,recipes:write"]
    {
        let claims = door.forge.claims().with("scope", json!(scope));
        let token = door.forge.with_claims(claims).to_string();
        let answer = stack.create_recipe(&token, json!({ "title": "국" })).await;
        answer.assert_problem(403, "insufficient_scope");
        let challenge = "Bearer realm=\"jipbap\", error=\"insufficient_scope\", scope=\"recipes:write\"";
        assert_eq!(answer.header("www-authenticate"), challenge);
    }
    let session = stack.logged_in().await;
    let answer = stack.recipes.post(PATH).bearer(&session).json(&json!({ "title": "국" })).send().await;
    answer.assert_status(201);
}
