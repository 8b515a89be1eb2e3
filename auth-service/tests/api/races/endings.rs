use auth_service::domain::Password;
use futures_util::future::join_all;
use serde_json::json;
use testkit::stack::Options;
use testkit::{Answer, Session, TestStack, everywhere};

use super::crowded;
use crate::answers::{access_token, refresh_token};
use crate::database::Database;

/// The cases ask for 500 rounds; these find a planted fault in the first few, and let the suite end soon.
const ROUNDS: usize = 40;

/// Checks that nothing works that was ever answered for a session.
async fn assert_nothing_works(stack: &TestStack, session: &Session, answers: &[Answer]) {
    let given = answers.iter().filter(|answer| answer.status == 200);
    let given: Vec<_> = given.map(|answer| (access_token(answer), refresh_token(answer))).collect();
    let own = (session.access_token.clone(), session.refresh_token.clone());
    for (access_token, refresh_token) in given.iter().chain([&own]) {
        for copy in 0..stack.copies() {
            stack.auth(copy).me(access_token).await.assert_problem(401, "token_revoked");
            stack.auth(copy).refresh(refresh_token).await.assert_problem(401, "session_ended");
        }
    }
}

/// T155 (40 rounds)
#[everywhere]
async fn a_refresh_at_the_moment_of_a_logout_survives_nothing(options: Options) {
    let stack = crowded(options).start().await;
    for round in 0..ROUNDS {
        let session = stack.logged_in().await;
        let other = stack.auth(round % stack.copies());
        let refreshes =
            join_all((0..4).map(|n| stack.auth(n % stack.copies()).refresh(&session.refresh_token)));
        let (answers, logout) = tokio::join!(refreshes, other.logout(&session));
        logout.assert_status(204);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.assert_problem(401, "session_ended");
        }
        assert_nothing_works(&stack, &session, &answers).await;
    }
}

/// T155
#[everywhere]
async fn a_refresh_at_the_moment_of_a_logout_everywhere_survives_nothing(options: Options) {
    let stack = crowded(options).start().await;
    let person = stack.logged_in().await.person();
    for _ in 0..ROUNDS {
        let (one, other) = (stack.logged_in_again(&person).await, stack.logged_in_again(&person).await);
        let refreshes = join_all((0..4).map(|n| stack.auth(n % stack.copies()).refresh(&one.refresh_token)));
        let everywhere = stack.auth(stack.copies() - 1).logout_of("all", &other);
        let (answers, logout) = tokio::join!(refreshes, everywhere);
        logout.assert_status(204);
        assert_nothing_works(&stack, &one, &answers).await;
    }
}

/// T156: F1 and F3 hold when a refresh, a reuse and another password meet.
#[everywhere]
async fn a_refresh_a_reuse_and_another_password_at_once_leave_nothing(options: Options) {
    let stack = crowded(options).start().await;
    let session = stack.logged_in().await;
    let (email, mut password) = (session.email.clone(), session.password.clone());
    stack
        .as_operator(async |operator| {
            for round in 0..ROUNDS / 2 {
                let login = stack.login(json!({ "email": email, "password": password })).await;
                let session =
                    Session::of(&login, &testkit::client::Person { email: email.clone(), password });
                let second = refresh_token(&stack.refresh(&session.refresh_token).await);
                let third = refresh_token(&stack.refresh(&second).await);

                password = format!("soup of round {round} is miyeok");
                let chosen = Password::chosen(&password, &[], 2).expect("a good password");
                let refresh = join_all((0..3).map(|n| stack.auth(n % stack.copies()).refresh(&third)));
                let reuse = stack.auth(stack.copies() - 1).refresh(&session.refresh_token);
                let change = operator.set_password(&email, &chosen);
                let (mut answers, reuse, change) = tokio::join!(refresh, reuse, change);

                change.expect("the password is set");
                assert_eq!(reuse.status, 401, "{reuse}");
                answers.push(reuse);
                assert_nothing_works(&stack, &session, &answers).await;
            }
        })
        .await;
}

/// T156: a log-in whose password is replaced while it is verified opens no session that lives.
#[everywhere]
async fn a_login_with_a_password_that_is_being_replaced_opens_nothing(options: Options) {
    let stack = crowded(options).set("AUTH_BCRYPT_COST", "6").start().await;
    let session = stack.logged_in().await;
    let (email, mut password) = (session.email.clone(), session.password.clone());
    stack
        .as_operator(async |operator| {
            for round in 0..ROUNDS / 2 {
                let old = json!({ "email": email, "password": password });
                password = format!("soup of round {round} is miyeok");
                let chosen = Password::chosen(&password, &[], 2).expect("a good password");
                let logins = join_all((0..4).map(|n| stack.auth(n % stack.copies()).login(old.clone())));
                let (logins, change) = tokio::join!(logins, operator.set_password(&email, &chosen));
                change.expect("the password is set");
                for login in logins.iter().filter(|login| login.status == 200) {
                    let (access_token, refresh_token) = (access_token(login), refresh_token(login));
                    stack.me(&access_token).await.assert_problem(401, "token_revoked");
                    stack.refresh(&refresh_token).await.assert_problem(401, "session_ended");
                }
                for login in logins.iter().filter(|login| login.status != 200) {
                    assert!([401, 503].contains(&login.status), "{login}");
                }
            }
        })
        .await;
}

/// T155: fifty log-outs of one session end it once.
#[everywhere]
async fn a_session_that_is_ended_many_times_at_once_ends_once(options: Options) {
    let stack = crowded(options).start().await;
    let session = stack.logged_in().await;
    let by_access = (0..25).map(|n| stack.auth(n % stack.copies()).logout(&session.access_token));
    let by_refresh = (0..25).map(|n| stack.auth(n % stack.copies()).logout(&session.refresh_token));
    let (by_access, by_refresh) = tokio::join!(join_all(by_access), join_all(by_refresh));
    for answer in by_access.iter().chain(&by_refresh) {
        answer.assert_status(204);
    }
    let database = Database::of(&stack);
    assert_eq!(database.count("revocations").await, 1);
    let logged_out = "SELECT count(*) AS value FROM audit WHERE event = 'logged_out'";
    assert_eq!(database.number(logged_out).await, 1);
}
