use serde_json::json;
use testkit::client::Person;
use testkit::{TestStack, both};

use super::{assert_lets_in, signed_up_with};
use crate::answers::assert_invalid;

/// T121: eight characters (ASVS 6.2.1), whatever they take to write.
#[both]
async fn eight_characters_are_enough_and_seven_are_not(stack: TestStack) {
    for (seven, eight) in [("vq8#mzL", "vq8#mzLp"), ("밥먹고다니냐", "밥먹고 다니냐 오")] {
        let (_, answer) = signed_up_with(&stack, seven).await;
        assert_invalid(&answer, &[("/password", "too_short")]);
        let (person, answer) = signed_up_with(&stack, eight).await;
        answer.assert_status(201);
        assert_lets_in(&stack, &person, eight).await;
    }
}

/// T122
#[both]
async fn a_long_password_of_any_script_is_welcome(stack: TestStack) {
    let scripts: [fn(usize) -> char; 3] = [
        |n| char::from(b'!' + (n * 37 % 94) as u8),
        |n| char::from_u32(0xac00 + (n * 7919 % 11172) as u32).unwrap(),
        |n| char::from_u32(0x1f300 + (n * 61 % 512) as u32).unwrap(),
    ];
    for script in scripts {
        for length in [64, 128, 256] {
            let password: String = (0..length).map(script).collect();
            let (person, answer) = signed_up_with(&stack, &password).await;
            assert_eq!(answer.status, 201, "{length} of {password}: {answer}");
            assert_lets_in(&stack, &person, &password).await;
        }
        let (_, answer) = signed_up_with(&stack, &(0..257).map(script).collect::<String>()).await;
        assert_invalid(&answer, &[("/password", "too_long")]);
    }
}

/// T129: no rules of composition.
#[both]
async fn a_strong_password_may_consist_of_anything(stack: TestStack) {
    let strong = [
        "8472659301",
        "qxvmjzkwpd",
        "correct horse battery staple",
        "🍚🥢🍲🫕🥘🍛🍜🥟",
        "밥은먹고다니냐오늘도",
        "!?*#%&+=~^",
    ];
    for password in strong {
        let (_, answer) = signed_up_with(&stack, password).await;
        assert_eq!(answer.status, 201, "{password}: {answer}");
    }
}

/// First of the lists that leaked, of those that are long enough.
const COMMON: [&str; 48] = [
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "password1",
    "password123",
    "password1234567",
    "passw0rd",
    "P@ssw0rd",
    "Passw0rd!",
    "qwerty123",
    "qwertyuiop",
    "qwerty1234",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "zaq12wsx",
    "asdfghjkl",
    "asdfghjk",
    "zxcvbnm123",
    "11111111",
    "00000000",
    "88888888",
    "12341234",
    "87654321",
    "987654321",
    "iloveyou",
    "iloveyou1",
    "princess",
    "princess1",
    "sunshine",
    "sunshine1",
    "football",
    "football1",
    "baseball",
    "superman",
    "superman1",
    "letmein1",
    "welcome1",
    "trustno1",
    "starwars",
    "michelle",
    "jennifer",
    "computer",
    "whatever",
    "aaaaaaaa",
    "abcd1234",
    "abc12345",
];

/// T130
#[both]
async fn a_password_of_the_lists_is_refused_with_advice(stack: TestStack) {
    for password in COMMON {
        let (_, answer) = signed_up_with(&stack, password).await;
        assert_invalid(&answer, &[("/password", "weak_password")]);
        let error = &answer.json()["errors"][0];
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains("common") && detail.contains("breach"), "{detail}");
        assert!(!error["suggestions"].as_array().unwrap().is_empty(), "{password}: {answer}");
        assert!(!answer.text().contains(&format!("\"{password}\"")), "{answer}");
    }
}

/// T131
#[both]
async fn a_password_that_says_who_one_is_is_refused(stack: TestStack) {
    let guesses = [
        "sundubu.kim",
        "sundubukim",
        "mik.ubudnus",
        "sundubu1",
        "sundubu2024",
        "sundubu.kim@example.com",
        "cheolsukim",
        "Cheolsu1",
        "kimcheolsu",
        "jipbapjipbap",
        "jipbap123",
        "chef-sundubu",
        "chefsundubu",
        "ubudnus-fehc",
        "example.com",
        "jipbapkim",
    ];
    for password in guesses {
        let body = json!({
            "email": "Sundubu.Kim@example.com",
            "password": password,
            "name": "Cheolsu Kim",
            "username": "chef-sundubu",
        });
        assert_invalid(&stack.signup(body).await, &[("/password", "weak_password")]);
    }
}

/// T136: the service neither asks for nor keeps hints and questions, nor does a password end by itself.
#[both]
async fn there_are_no_hints_and_no_questions(stack: TestStack) {
    for member in ["hint", "password_hint", "question", "security_answer"] {
        let mut body = Person::new().credentials();
        body[member] = json!("my dog");
        assert_invalid(&stack.signup(body).await, &[(&format!("/{member}"), "unknown_member")]);
    }
    let person = stack.logged_in().await.person();
    stack.clock.advance(std::time::Duration::from_secs(400 * 24 * 3600)).await;
    assert_lets_in(&stack, &person, &person.password).await;
}
