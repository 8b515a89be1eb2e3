use serde_json::json;
use testkit::client::Person;
use testkit::{TestStack, both};

use super::signed_up_with;
use crate::database::Database;

/// T140-T142, T144, T149: user names are of one alphabet, so that no two look alike.
#[both]
async fn a_user_name_of_another_alphabet_is_refused(stack: TestStack) {
    let refused = [
        "",
        "ab",
        "me",
        ".kim",
        "-kim",
        "_kim",
        "kim chi",
        " kim",
        "kim ",
        "kim\n",
        "kim/chi",
        "..",
        "../kim",
        "%2fkim",
        "<script>",
        "kim@example.com",
        "kim:chi",
        "kim'--",
        "ｋｉｍ",
        "kım",
        "KİM",
        "ﬁsh",
        "\u{212a}im",
        "ki\u{301}m",
        "kím",
        "kim\u{200b}",
        "ki\u{ad}m",
        "\u{202e}mik",
        "аdmin",
        "kimо",
        "김치찌개",
        "straße",
        "ΣΟΦΟΣ",
        "🍚🍚🍚",
        "\u{e000}kim",
        "ᴮᴵᴳ",
        "kim\u{0}",
        "kim\u{7f}",
    ];
    for name in refused {
        let (pointer, _) = signed_up_with(&stack, "username", json!(name)).await.expect_err(name);
        assert_eq!(pointer, "/username", "{name:?}");
    }
    for name in ["a".repeat(33), "a".repeat(10_000)] {
        let refused = signed_up_with(&stack, "username", json!(name)).await.unwrap_err();
        assert_eq!(refused, ("/username".to_owned(), "malformed".to_owned()));
    }
    assert_eq!(Database::of(&stack).count("users").await, 0);
}

/// T140, T149: letters are of one case, once for all.
#[both]
async fn a_user_name_in_other_letters_is_the_same_name(stack: TestStack) {
    assert_eq!(signed_up_with(&stack, "username", json!("Kim.Chi")).await.unwrap(), "kim.chi");
    for name in ["kim.chi", "KIM.CHI", "kIM.chi"] {
        let mut body = Person::new().credentials();
        body["username"] = json!(name);
        stack.signup(body).await.assert_problem(409, "username_taken");
    }
    for other in ["kim.chi.", "kim_chi", "kim-chi", "kimchi"] {
        assert_eq!(signed_up_with(&stack, "username", json!(other)).await.unwrap(), other);
    }
}

/// T144
#[both]
async fn a_name_that_would_be_mistaken_for_the_service_is_reserved(stack: TestStack) {
    for name in [
        "admin",
        "ADMIN",
        "administrator",
        "root",
        "support",
        "security",
        "postmaster",
        "null",
        "api",
        "login",
    ] {
        let refused = signed_up_with(&stack, "username", json!(name)).await.unwrap_err();
        assert_eq!(refused, ("/username".to_owned(), "reserved".to_owned()), "{name}");
    }
}

/// T144: people are called what they are called.
#[both]
async fn a_name_may_be_of_any_script(stack: TestStack) {
    let hundred = "가".repeat(100);
    let names = [
        "김",
        "李",
        "Zoë",
        "O'Brien",
        "محمد",
        "null",
        "<script>alert(1)</script>",
        "../..",
        "%2f",
        "🍚",
        "' OR 1=1--",
        "Robert'); DROP TABLE users;--",
        &hundred,
    ];
    for name in names {
        assert_eq!(signed_up_with(&stack, "name", json!(name)).await.unwrap(), name);
    }
    // Kept composed, so that it is found whichever way it is typed.
    assert_eq!(signed_up_with(&stack, "name", json!("Zoe\u{308}")).await.unwrap(), "Zo\u{eb}");
}

/// T144
#[both]
async fn a_name_that_is_none_is_refused(stack: TestStack) {
    let long = "가".repeat(101);
    let refused = [
        ("", "too_short"),
        (" \t", "too_short"),
        (&*long, "too_long"),
        ("a\nb", "control_character"),
        ("a\u{1b}[31mb", "control_character"),
        ("a\u{202e}b", "control_character"),
        ("a\u{2066}b", "control_character"),
        ("a\u{0}b", "nul"),
        ("a\u{85}b", "control_character"),
    ];
    for (name, code) in refused {
        let refused = signed_up_with(&stack, "name", json!(name)).await.expect_err(name);
        assert_eq!(refused, ("/name".to_owned(), code.to_owned()), "{name:?}");
    }
    signed_up_with(&stack, "name", json!("가".repeat(10_000))).await.unwrap_err();
}

#[both]
async fn a_locale_is_a_language_tag(stack: TestStack) {
    for locale in ["ko", "en-GB", "zh-Hant-TW", "es-419", "sgn-BE-FR"] {
        assert_eq!(signed_up_with(&stack, "locale", json!(locale)).await.unwrap(), locale);
    }
    for locale in
        ["", "k", "korean", "ko_KR", "ko-", "-ko", "ko--KR", "../ko", "ko-KR-aaaaaaaaa", "한국어", "12"]
    {
        let refused = signed_up_with(&stack, "locale", json!(locale)).await.expect_err(locale);
        assert_eq!(refused, ("/locale".to_owned(), "malformed".to_owned()), "{locale:?}");
    }
}
