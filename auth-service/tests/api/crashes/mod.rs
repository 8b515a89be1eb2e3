//! kill -9 of the program itself, on both databases: what was answered is still so (F4).

pub mod program;

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Person;
use testkit::servers::{Database, postgres};
use testkit::{Session, eventually};

use self::program::{Folder, Program};
use crate::answers::{access_token, refresh_token};

/// Runs a test on SQLite and on Postgres. The window is long enough for programs to be started on a busy machine.
pub fn on_both(test: impl AsyncFn(&Folder)) {
    on_both_with_window("1m", test);
}

fn on_both_with_window(window: &'static str, test: impl AsyncFn(&Folder)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("no runtime");
    runtime.block_on(async {
        test(&Folder::new(None, window)).await;
        let database: Database = postgres().database("crash");
        test(&Folder::new(Some(database.url()), window)).await;
    });
}

/// T154: the answer was sent, its token works after the crash, and the one before it ends the session.
#[test]
fn a_rotation_that_was_answered_survives() {
    on_both(async |folder| {
        let program = Program::start(folder);
        let session = program.client.logged_in().await;
        let second = refresh_token(&program.client.refresh(&session.refresh_token).await);
        program.kill();

        let program = Program::start(folder);
        let client = &program.client;
        // Within the window the same answer again, to the byte, by a process that never gave it.
        assert_eq!(refresh_token(&client.refresh(&session.refresh_token).await), second);
        let third = refresh_token(&client.refresh(&second).await);
        program.kill();

        let program = Program::start(folder);
        let client = &program.client;
        client.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
        for token in [&third, &second] {
            client.refresh(token).await.assert_problem(401, "session_ended");
        }
        client.me(&session).await.assert_problem(401, "token_revoked");
        program.kill();

        // And what was ended stays so.
        let program = Program::start(folder);
        program.client.refresh(&third).await.assert_problem(401, "session_ended");
    });
}

/// T154: after the window, of one second here, a replay is reuse.
#[test]
fn a_replay_after_a_crash_and_the_window_ends_the_session() {
    on_both_with_window("1s", async |folder| {
        let program = Program::start(folder);
        let session = program.client.logged_in().await;
        let second = refresh_token(&program.client.refresh(&session.refresh_token).await);
        program.kill();

        let program = Program::start(folder);
        let reuse = eventually("the window is over", async || {
            let answer = program.client.refresh(&session.refresh_token).await;
            (answer.status == 401).then_some(answer)
        })
        .await;
        reuse.assert_problem(401, "refresh_token_reused");
        program.client.refresh(&second).await.assert_problem(401, "session_ended");
    });
}

/// I1, I2: accounts that were opened, and sessions that were ended.
#[test]
fn accounts_and_log_outs_that_were_answered_survive() {
    on_both(async |folder| {
        let program = Program::start(folder);
        let stays = program.client.logged_in().await;
        let ended = program.client.logged_in().await;
        program.client.logout(&ended).await.assert_status(204);
        program.kill();

        let program = Program::start(folder);
        let client = &program.client;
        client.login(stays.person().credentials()).await.assert_status(200);
        client.login(ended.person().credentials()).await.assert_status(200);
        // The same keys: what was signed before is believed.
        client.me(&stays).await.assert_status(200);
        client.me(&ended).await.assert_problem(401, "token_revoked");
        client.refresh(&ended.refresh_token).await.assert_problem(401, "session_ended");
    });
}

const SESSIONS: usize = 8;

/// T154: killed in the middle of refreshes: of each session the last answered token works, and no two (I3, I5, F1).
#[test]
fn of_refreshes_that_a_crash_interrupts_each_happened_wholly_or_not_at_all() {
    on_both(async |folder| {
        let mut sessions: Vec<Session> = Vec::new();
        for round in 0..4 {
            let mut program = Program::start(folder);
            if sessions.is_empty() {
                sessions = join_all((0..SESSIONS).map(|_| program.client.logged_in())).await;
            }
            let answered = AtomicUsize::new(0);
            // Everybody goes on until the process is gone, and one of them kills it.
            let enough = SESSIONS * (round + 1) + round;
            let alive = &program;
            let chains = join_all(sessions.iter().map(async |session| {
                let mut token = session.refresh_token.clone();
                while let Some(next) = alive.try_refresh(&token).await {
                    token = next;
                    if answered.fetch_add(1, Ordering::SeqCst) == enough {
                        alive.signal_kill();
                    }
                }
                token
            }))
            .await;
            program.wait();

            let program = Program::start(folder);
            for (session, last) in sessions.iter_mut().zip(chains) {
                let answer = program.client.refresh(&last).await;
                // Repeated or done for the first time: one successor, and it works.
                let next = refresh_token(&answer);
                program.client.me(&access_token(&answer)).await.assert_status(200);
                let after = refresh_token(&program.client.refresh(&next).await);
                session.refresh_token = after;
            }
            program.kill();
        }
        let program = Program::start(folder);
        for session in &sessions {
            let next = refresh_token(&program.client.refresh(&session.refresh_token).await);
            program.client.refresh(&next).await.assert_status(200);
            program.client.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
        }
    });
}

/// I5: a signup that was cut off is there or is not; nothing of it is half there.
#[test]
fn of_signups_that_a_crash_interrupts_each_happened_wholly_or_not_at_all() {
    on_both(async |folder| {
        let mut program = Program::start(folder);
        let people: Vec<Person> = (0..40).map(|_| Person::new()).collect();
        let answered = AtomicUsize::new(0);
        let alive = &program;
        let created = join_all(people.iter().map(async |person| {
            let created = alive.try_post("/v1/signup", &person.credentials()).await.is_some();
            if created && answered.fetch_add(1, Ordering::SeqCst) == 10 {
                alive.signal_kill();
            }
            created
        }))
        .await;
        program.wait();

        let program = Program::start(folder);
        for (person, was_answered) in people.iter().zip(created) {
            let login = program.client.login(person.credentials()).await;
            if was_answered || login.status == 200 {
                login.assert_status(200);
                program.client.signup(person.credentials()).await.assert_problem(409, "email_taken");
            } else {
                login.assert_problem(401, "invalid_credentials");
                program.client.signup(person.credentials()).await.assert_status(201);
                program
                    .client
                    .login(json!({ "email": person.email, "password": person.password }))
                    .await
                    .assert_ok();
            }
        }
    });
}
