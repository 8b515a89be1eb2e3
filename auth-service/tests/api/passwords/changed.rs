//! POST /v1/me/password.

use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::client::Person;
use testkit::{Session, TestStack, both, everywhere};

use super::{assert_keeps_out, assert_lets_in};
use crate::answers::{access_token, assert_invalid, assert_revoked, claims, refresh_token, text};
use crate::database::Database;

const NEW: &str = "kongnamul guk 71";

/// T135: who has somebody's access token cannot take over their account.
#[both]
async fn the_present_password_is_needed_to_change_it(stack: TestStack) {
    let session = stack.logged_in().await;
    let without = stack.auth.post("/v1/me/password").bearer(&session).json(&json!({ "new_password": NEW }));
    assert_invalid(&without.send().await, &[("/current_password", "missing_member")]);
    for wrong in ["", "wrong password", NEW, &session.password.to_uppercase()] {
        let answer = stack.change_password(&session, wrong, NEW).await;
        answer.assert_problem(403, "invalid_credentials");
        // It is not the token that is no good.
        assert_eq!(answer.header("www-authenticate"), "");
    }
    let nobody = stack.change_password(testkit::client::Anonymous, &session.password, NEW).await;
    nobody.assert_problem(401, "missing_token");

    assert_lets_in(&stack, &session.person(), &session.password).await;
    assert_keeps_out(&stack, &session.person(), NEW).await;
    stack.refresh(&session.refresh_token).await.assert_status(200);
}

/// T135: whoever knew the old password is out, everywhere; who changed it goes on.
#[everywhere]
async fn a_changed_password_ends_every_session_but_the_new_one(stack: TestStack) {
    let session = stack.logged_in().await;
    let other = stack.logged_in_again(&session.person()).await;
    let stranger = stack.logged_in().await;

    let answer = stack.change_password(&session, &session.password, NEW).await;
    answer.assert_status(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.json()["user"]["email"], session.email);

    for ended in [&session, &other] {
        for copy in 0..stack.copies() {
            stack.auth(copy).me(ended).await.assert_problem(401, "token_revoked");
            stack.auth(copy).refresh(&ended.refresh_token).await.assert_problem(401, "session_ended");
        }
    }
    let (access, refresh) = (access_token(&answer), refresh_token(&answer));
    for copy in 0..stack.copies() {
        stack.auth(copy).me(&access).await.assert_status(200);
        stack.recipes(copy).list_recipes(&access, "").await.assert_status(200);
    }
    stack.refresh(&refresh).await.assert_status(200);
    stack.me(&stranger).await.assert_status(200);
    assert_keeps_out(&stack, &session.person(), &session.password).await;
    assert_lets_in(&stack, &session.person(), NEW).await;
}

/// T135: the resource servers hear of it, too.
#[both]
async fn a_changed_password_ends_old_tokens_at_the_recipes(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.list_recipes(&session, "").await.assert_status(200);
    stack.change_password(&session, &session.password, NEW).await.assert_status(200);
    testkit::eventually("the recipes refuse the old token", async || {
        let answer = stack.list_recipes(&session, "").await;
        (answer.status == 401).then_some(())
    })
    .await;
}

#[both]
async fn the_list_says_that_the_password_was_changed(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.logged_in_again(&session.person()).await;
    let answer = stack.change_password(&session, &session.password, NEW).await;
    let list = stack.sessions(&access_token(&answer), "").await.json();
    let reasons: Vec<&Value> =
        list["items"].as_array().unwrap().iter().map(|item| &item["end_reason"]).collect();
    let over = json!("password_changed");
    assert_eq!(reasons, [&Value::Null, &over, &over]);
    assert_eq!(list["items"][0]["current"], true);

    let database = Database::of(&stack);
    let events = database.texts("SELECT event AS value FROM audit ORDER BY id").await;
    assert_eq!(events, ["signed_up", "logged_in", "password_changed"]);
}

/// T121, T131: the rules are those of a sign-up, with the names of whose password it is.
#[both]
async fn a_new_password_must_be_a_good_one(stack: TestStack) {
    let mut body = Person::new().credentials();
    let password = body["password"].as_str().unwrap().to_owned();
    (body["username"], body["name"]) = (json!("sundubu-kim"), json!("Cheolsu Kim"));
    let access = access_token(&stack.signup(body).await);

    let refused = [
        ("vq8#mzL", "too_short"),
        (&"a b ".repeat(65), "too_long"),
        ("vq8#mz\0Lp", "nul"),
        ("password1234567", "weak_password"),
        ("sundubukim1", "weak_password"),
        ("cheolsukim", "weak_password"),
    ];
    for (new, code) in refused {
        let answer = stack.change_password(&access, &password, new).await;
        assert_invalid(&answer, &[("/new_password", code)]);
        let suggestions = &answer.json()["errors"][0]["suggestions"];
        assert_eq!(suggestions.is_array(), code == "weak_password", "{answer}");
    }
}

/// Whoever can read and change everything is not to be guessed: zxcvbn scores this one 2.
#[both]
async fn an_administrators_password_must_be_a_better_one(stack: TestStack) {
    let session = stack.logged_in().await;
    let eight = "vq8#mzLp";
    let database = Database::of(&stack);
    database
        .change(format!("UPDATE users SET roles = 'admin' WHERE id = {}", database.id(&session.user_id)))
        .await;
    let answer = stack.change_password(&session, &session.password, eight).await;
    assert_invalid(&answer, &[("/new_password", "weak_password")]);
    database.change("UPDATE users SET roles = ''").await;
    stack.change_password(&session, &session.password, eight).await.assert_status(200);
}

/// Whoever asked for less does not get more by changing a password.
#[both]
async fn a_narrow_session_stays_narrow(stack: TestStack) {
    let person = stack.logged_in().await.person();
    let mut body = person.credentials();
    (body["scope"], body["audience"]) = (json!("recipes:read"), json!(["auth"]));
    let narrow = access_token(&stack.login(body).await);
    let changed = stack.change_password(&narrow, &person.password, NEW).await;
    let again = stack.reauthenticate(&access_token(&changed), NEW).await;
    for answer in [changed, again] {
        let claims = claims(&access_token(&answer));
        assert_eq!((&claims["scope"], &claims["aud"]), (&json!("recipes:read"), &json!(["auth"])));
    }
}

/// Of those who change one password at once, one does; the account then has that one's password.
#[everywhere]
async fn of_several_changes_at_once_one_succeeds(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(stack.logged_in_again(&session.person()).await);
    }
    let news: Vec<String> = (0..4).map(|n| format!("kongnamul guk {n}")).collect();
    let changes = sessions.iter().zip(&news).enumerate().map(|(n, (session, new))| {
        stack.auth(n % stack.copies()).change_password(session, &session.password, new)
    });
    let answers = join_all(changes).await;

    let winners: Vec<usize> = (0..4).filter(|n| answers[*n].status == 200).collect();
    let [winner] = winners[..] else { panic!("{winners:?} changed it") };
    for (n, answer) in answers.iter().enumerate().filter(|(n, _)| *n != winner) {
        assert!([401, 403].contains(&answer.status), "{answer}");
        assert_keeps_out(&stack, &session.person(), &news[n]).await;
    }
    assert_lets_in(&stack, &session.person(), &news[winner]).await;
    stack.me(&access_token(&answers[winner])).await.assert_status(200);
    assert_eq!(Database::of(&stack).count("credentials").await, 1);
}

/// Neither a token of another time nor of a service proves who is there.
#[both]
async fn only_who_is_logged_in_changes_a_password(stack: TestStack) {
    let session = stack.logged_in().await;
    stack.logout(&session).await.assert_status(204);
    let over = stack.change_password(&session, &session.password, NEW).await;
    over.assert_problem(401, "token_revoked");
    let again = stack.logged_in_again(&session.person()).await;
    stack.disable(&session.email).await;
    stack.change_password(&again, &session.password, NEW).await.assert_problem(401, "token_revoked");
    stack.reauthenticate(&again, &session.password).await.assert_problem(401, "token_revoked");
}

/// ASVS 7.2.4: to prove once more who one is gives another session, and ends the one before.
#[everywhere]
async fn reauthentication_gives_a_new_session_of_this_very_time(stack: TestStack) {
    let session = stack.logged_in().await;
    let other = stack.logged_in_again(&session.person()).await;
    stack.clock.advance(std::time::Duration::from_secs(600)).await;

    let answer = stack.reauthenticate(&session, &session.password).await;
    answer.assert_status(200);
    let (before, now) = (claims(&session.access_token), claims(&access_token(&answer)));
    assert!(now["auth_time"].as_i64().unwrap() >= before["auth_time"].as_i64().unwrap() + 600);
    assert_eq!(now["sub"], before["sub"]);
    assert_ne!(text(&answer, "session_id"), session.session_id);

    assert_revoked(&stack, &session.access_token).await;
    for copy in 0..stack.copies() {
        stack.auth(copy).refresh(&session.refresh_token).await.assert_problem(401, "session_ended");
        stack.auth(copy).me(&access_token(&answer)).await.assert_status(200);
        stack.auth(copy).me(&other).await.assert_status(200);
    }
    stack.refresh(&refresh_token(&answer)).await.assert_status(200);
}

#[both]
async fn a_wrong_password_reauthenticates_nobody(stack: TestStack) {
    let session = stack.logged_in().await;
    let somebody_else = stack.logged_in().await;
    for wrong in ["", "wrong password", &somebody_else.password] {
        stack.reauthenticate(&session, wrong).await.assert_problem(403, "invalid_credentials");
    }
    assert_invalid(&stack.reauthenticate(&session, "a\0b").await, &[("/password", "nul")]);
    stack.me(&session).await.assert_status(200);
    assert_eq!(Database::of(&stack).count("sessions").await, 2);
}

/// An operator who sets it is held to the names of whose password it is.
#[both]
async fn an_operator_gives_nobody_a_password_of_their_name(stack: TestStack) {
    let session: Session = stack.logged_in().await;
    stack.change_me(&session, json!({ "name": "Cheolsu Kim" })).await.assert_status(200);
    let user = stack.as_operator(async |auth| auth.known_as(&session.email).await.unwrap()).await;
    assert!(user.known_by().contains(&"Cheolsu Kim") && user.known_by().contains(&&*session.email));
}
