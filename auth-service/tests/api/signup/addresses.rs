use serde_json::json;
use testkit::client::Person;
use testkit::{TestStack, both};

use super::signed_up_with;
use crate::database::Database;

/// T140, T141, T143, T149: an address has one form, whatever the keyboard and the database.
#[both]
async fn an_address_written_otherwise_is_the_same_address(stack: TestStack) {
    let same = [
        "kim.chi+soup@example.com",
        "  KIM.Chi+Soup@EXAMPLE.com\t",
        "kim.chi+soup@ｅｘａｍｐｌｅ.com",
        "kim.chi+soup@exam\u{ad}ple.com",
        "kim.chi+soup@ᵉˣᵃᵐᵖˡᵉ.com",
        "\u{4b}im.chi+soup@e\u{200b}xample.com",
        "kim.chi+soup@example\u{3002}com",
    ];
    let canonical = signed_up_with(&stack, "email", json!(same[0])).await.unwrap();
    assert_eq!(canonical, same[0]);
    for address in &same {
        let mut body = Person::new().credentials();
        body["email"] = json!(address);
        stack.signup(body).await.assert_problem(409, "email_taken");
    }
    assert_eq!(Database::of(&stack).count("users").await, 1);
}

/// T140, T141: what is canonical stays as it is: f(f(x)) = f(x).
#[both]
async fn a_canonical_address_is_canonical(stack: TestStack) {
    let addresses = [
        ("a@집밥.kr", "a@xn--vv4br9h.kr"),
        ("b@Straße.example", "b@xn--strae-oqa.example"),
        ("c@strasse.example", "c@strasse.example"),
        ("d@İstanbul.example", "d@xn--istanbul-0g2d.example"),
        ("e@ΣΟΦΟΣ.example", ""),
        ("f@\u{212a}elvin.example", "f@kelvin.example"),
    ];
    for (address, expected) in addresses {
        let canonical = signed_up_with(&stack, "email", json!(address)).await.unwrap();
        assert!(canonical.is_ascii(), "{address} became {canonical}");
        if !expected.is_empty() && !expected.starts_with("d@") && !expected.starts_with("a@") {
            assert_eq!(canonical, expected, "{address}");
        }
        for again in [&canonical, address] {
            let mut body = Person::new().credentials();
            body["email"] = json!(again);
            stack.signup(body).await.assert_problem(409, "email_taken");
        }
    }
}

/// T140-T143: what could be two mailboxes, or is none, is no address.
#[both]
async fn what_is_no_address_is_refused(stack: TestStack) {
    let long_local = format!("{}@example.com", "a".repeat(65));
    let long =
        format!("a@{}.com", ["a".repeat(60), "b".repeat(60), "c".repeat(60), "d".repeat(70)].join("."));
    let long_label = format!("a@{}.com", "a".repeat(64));
    let refused = [
        "",
        " ",
        "@",
        "kim",
        "@example.com",
        "kim@",
        "kim@@example.com",
        "a@b@example.com",
        "kim@localhost",
        "kim@example..com",
        "kim@.example.com",
        "kim@example.com.",
        "kim@-example.com",
        "kim@example-.com",
        "kim@[127.0.0.1]",
        "kim@127.0.0.1",
        "kim@0x7f.1",
        "kim@2130706433",
        "kim@[::1]",
        "kim@exa mple.com",
        "kim@example.com:25",
        "kim@example.com/x",
        "kim@exam%70le.com",
        "kim@_dmarc.example.com",
        "\"kim\"@example.com",
        "kim (cook)@example.com",
        "Kim <kim@example.com>",
        "kim,lee@example.com",
        "kim;lee@example.com",
        "k im@example.com",
        ".kim@example.com",
        "kim.@example.com",
        "kim..chi@example.com",
        "kim\\@example.com",
        "kim@example.com\nBcc: lee@example.com",
        "kim\r\n@example.com",
        "kim@exam\nple.com",
        "김@example.com",
        "kım@example.com",
        "kİm@example.com",
        "ﬁsh@example.com",
        "ｋｉｍ@example.com",
        "ki\u{301}m@example.com",
        "kim\u{200b}@example.com",
        "ki\u{ad}m@example.com",
        "\u{202e}kim@example.com",
        "\u{212a}im@example.com",
        "kim@\u{202e}example.com",
        "kim@e\u{0}xample.com",
        "mailto:kim@example.com",
        &long_local,
        &long,
        &long_label,
    ];
    for address in refused {
        let (pointer, _) = signed_up_with(&stack, "email", json!(address)).await.expect_err(address);
        assert_eq!(pointer, "/email", "{address:?}");
    }
    assert_eq!(Database::of(&stack).count("users").await, 0);
}

/// T143: the most that an address may have (RFC 5321 §4.5.3.1).
#[both]
async fn the_longest_address_is_an_address(stack: TestStack) {
    let domain = ["a".repeat(63), "b".repeat(63), "c".repeat(57), "com".to_owned()].join(".");
    let longest = format!("{}@{domain}", "a".repeat(64));
    assert_eq!(longest.len(), 254);
    assert_eq!(signed_up_with(&stack, "email", json!(longest)).await.unwrap(), longest);

    let longer = format!("{}@x{domain}", "a".repeat(64));
    signed_up_with(&stack, "email", json!(longer)).await.unwrap_err();
}
