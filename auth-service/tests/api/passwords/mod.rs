//! Passwords: which can be chosen, which are the same, and what is kept of them.

mod changed;
mod chosen;
mod peppers;
mod stored;

use serde_json::json;
use testkit::client::Person;
use testkit::{Answer, TestStack, both};

use crate::answers::assert_invalid;
use crate::database::Database;

async fn signed_up_with(stack: &TestStack, password: &str) -> (Person, Answer) {
    let person = Person { password: password.to_owned(), ..Person::new() };
    let answer = stack.signup(person.credentials()).await;
    (person, answer)
}

async fn assert_lets_in(stack: &TestStack, person: &Person, password: &str) {
    let body = json!({ "email": person.email, "password": password });
    let answer = stack.login(body).await;
    assert_eq!(answer.status, 200, "{password:?}: {answer}");
}

async fn assert_keeps_out(stack: &TestStack, person: &Person, password: &str) {
    let body = json!({ "email": person.email, "password": password });
    stack.login(body).await.assert_problem(401, "invalid_credentials");
}

/// T123, T124: no byte is beyond what is hashed, where bcrypt alone would stop at 72.
#[both]
async fn a_password_counts_to_its_last_character(stack: TestStack) {
    for length in [70, 71, 72, 73, 100, 255] {
        let start: String = "ladle broth ".chars().cycle().take(length).collect();
        let (person, answer) = signed_up_with(&stack, &format!("{start}x")).await;
        answer.assert_status(201);
        assert_lets_in(&stack, &person, &format!("{start}x")).await;
        for other in [format!("{start}y"), start.clone(), format!("{start}xx")] {
            if other.chars().count() <= 256 {
                assert_keeps_out(&stack, &person, &other).await;
            }
        }
    }
}

/// T124: a character that lies across the 72nd byte is whole.
#[both]
async fn a_character_across_the_72nd_byte_is_one_character(stack: TestStack) {
    for before in 69..=72 {
        let start: String = "ladle broth ".chars().cycle().take(before).collect();
        for (mine, other) in [("김", "깁"), ("🍚", "🍛"), ("é", "è")] {
            let (person, answer) = signed_up_with(&stack, &format!("{start}{mine}")).await;
            answer.assert_status(201);
            assert_lets_in(&stack, &person, &format!("{start}{mine}")).await;
            assert_keeps_out(&stack, &person, &format!("{start}{other}")).await;
        }
    }
}

/// T125: no NUL ends a password, where bcrypt alone would stop at it.
#[both]
async fn a_nul_makes_no_twin(stack: TestStack) {
    let person = stack.logged_in().await.person();
    for twin in [format!("{0}\0{0}", person.password), format!("{}\0", person.password), "\0".to_owned()] {
        let by_body = stack.login(json!({ "email": person.email, "password": twin })).await;
        assert_invalid(&by_body, &[("/password", "nul")]);
        stack.login_by_basic(&person.email, &twin).await.assert_problem(401, "invalid_credentials");
        let chosen = stack.signup(json!({ "email": Person::new().email, "password": twin })).await;
        assert_invalid(&chosen, &[("/password", "nul")]);
    }
}

/// T126
#[both]
async fn blanks_are_part_of_a_password(stack: TestStack) {
    for password in [" bori cha 42 ", "\tbori cha 42", "bori  cha 42", "bori cha 42\n"] {
        let (person, answer) = signed_up_with(&stack, password).await;
        answer.assert_status(201);
        assert_lets_in(&stack, &person, password).await;
        for other in [password.trim(), &password.replace("  ", " "), &format!("{password} ")] {
            if other != password {
                assert_keeps_out(&stack, &person, other).await;
            }
        }
    }
}

/// T127
#[both]
async fn letters_are_large_or_small(stack: TestStack) {
    let (person, answer) = signed_up_with(&stack, "Bori Cha 42").await;
    answer.assert_status(201);
    for other in ["bori cha 42", "BORI CHA 42", "Bori cha 42"] {
        assert_keeps_out(&stack, &person, other).await;
    }
}

/// T128: composed or not is a matter of the keyboard (NFC), in both directions.
#[both]
async fn composed_and_decomposed_are_one_password(stack: TestStack) {
    let forms = [
        ("Caf\u{e9} cr\u{e8}me 42", "Cafe\u{301} cre\u{300}me 42"),
        ("밥은 먹고 다니냐", "\u{1107}\u{1161}\u{11b8}\u{110b}\u{1173}\u{11ab} 먹고 다니냐"),
    ];
    for (composed, decomposed) in forms {
        for (chosen, typed) in [(composed, decomposed), (decomposed, composed)] {
            let (person, answer) = signed_up_with(&stack, chosen).await;
            answer.assert_status(201);
            assert_lets_in(&stack, &person, typed).await;
            assert_lets_in(&stack, &person, chosen).await;
        }
    }
    // NFKC would go further than a keyboard does.
    let (person, answer) = signed_up_with(&stack, "ﬁsh soup 42 bowls").await;
    answer.assert_status(201);
    assert_keeps_out(&stack, &person, "fish soup 42 bowls").await;
}

/// T132: nothing is hashed, and nothing larger than a body may be is read.
#[both]
async fn a_password_of_a_megabyte_is_refused_unread(stack: TestStack) {
    let email = stack.logged_in().await.email;
    let password = "a".repeat(1 << 20);
    stack.login(json!({ "email": email, "password": password })).await.assert_problem(413, "too_large");
    let body = json!({ "email": Person::new().email, "password": password });
    stack.signup(body).await.assert_problem(413, "too_large");
    assert_eq!(Database::of(&stack).count("users").await, 1);
}
