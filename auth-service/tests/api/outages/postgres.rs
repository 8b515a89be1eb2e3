use futures_util::future::join_all;
use testkit::client::{Anonymous, Person};
use testkit::servers::{Database, OwnPostgres, Postgres};
use testkit::stack::{self, Options};
use testkit::{Backend, Session, TestStack};

use super::refreshed_at_last;
use crate::answers::{access_token, refresh_token};

/// A stack whose auth-service has a Postgres of its own, and a window that is long enough for it to start again on a busy
/// machine.
async fn on(postgres: &OwnPostgres, options: Options) -> (TestStack, Database) {
    let database = postgres.database("auth");
    let options = options.set("AUTH_DATABASE_URL", database.url()).set("AUTH_ROTATION_WINDOW", "2m");
    (options.start().await, database)
}

/// Whatever needs the database says that it is away; nothing says that a token is bad (I7).
async fn assert_away(stack: &TestStack, session: &Session) {
    let answers =
        join_all([stack.refresh(&session.refresh_token), stack.refresh(&session.refresh_token)]).await;
    for answer in answers {
        answer.assert_problem(503, "database_unavailable");
    }
    stack.me(session).await.assert_problem(503, "database_unavailable");
    stack.sessions(session, "").await.assert_problem(503, "database_unavailable");
    stack.logout(session).await.assert_problem(503, "database_unavailable");
    stack.logout_of("all", &session.refresh_token).await.assert_problem(503, "database_unavailable");
    stack.login(session.person().credentials()).await.assert_problem(503, "database_unavailable");
    stack.login(Person::new().credentials()).await.assert_problem(503, "database_unavailable");
    stack.signup(Person::new().credentials()).await.assert_problem(503, "database_unavailable");
    // What needs no database goes on, and what is wrong is said to be.
    stack.auth.get("/healthz").send().await.assert_status(200);
    stack.auth_ops.get("/livez").send().await.assert_status(200);
    stack.auth_ops.get("/readyz").send().await.assert_problem(503, "not_ready");
    stack.jwks().await.assert_status(200);
    stack.me(Anonymous).await.assert_problem(401, "missing_token");
    stack.me("x").await.assert_invalid_token();
    stack.refresh("x").await.assert_problem(401, "refresh_token_invalid");
}

/// T171
#[test]
fn while_postgres_is_down_nothing_is_lost() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let postgres = Postgres::own();
        let (stack, _database) = on(&postgres, options).await;
        let session = stack.logged_in().await;
        let next = refresh_token(&stack.refresh(&session.refresh_token).await);
        let session = Session { refresh_token: next, ..session };

        postgres.process.kill().expect("not killed");
        assert_away(&stack, &session).await;

        postgres.process.start_again().expect("not started again");
        let answer = refreshed_at_last(&stack, &session.refresh_token).await;
        stack.me(&access_token(&answer)).await.assert_status(200);
        stack.me(&session).await.assert_status(200);
        stack.refresh(&refresh_token(&answer)).await.assert_status(200);
        stack.login(session.person().credentials()).await.assert_status(200);
    });
}

/// T171: a server that answers nothing at all, not even that. What it was asked meanwhile it may do when it wakes up.
#[test]
fn while_postgres_hangs_nobody_hangs_with_it() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let postgres = Postgres::own();
        let (stack, _database) = on(&postgres, options).await;
        let sessions = join_all((0..8).map(|_| stack.logged_in())).await;

        postgres.process.pause().expect("not paused");
        let answers = join_all(sessions.iter().map(|session| stack.refresh(&session.refresh_token))).await;
        for answer in &answers {
            answer.assert_problem(503, "database_unavailable");
        }
        stack.auth.get("/healthz").send().await.assert_status(200);

        postgres.process.resume().expect("not resumed");
        for session in &sessions {
            let answer = refreshed_at_last(&stack, &session.refresh_token).await;
            stack.refresh(&refresh_token(&answer)).await.assert_status(200);
            stack.refresh(&session.refresh_token).await.assert_problem(401, "refresh_token_reused");
        }
    });
}

/// T171: killed in the middle of refreshes, again and again: what was answered counts, what was not can be repeated.
#[test]
fn a_postgres_that_is_killed_under_refreshes_loses_none_that_was_answered() {
    stack::run(Backend::PostgresRedis, 1, async |options: Options| {
        let postgres = Postgres::own();
        let (stack, _database) = on(&postgres, options).await;
        let sessions = join_all((0..6).map(|_| stack.logged_in())).await;
        let mut tokens: Vec<String> = sessions.into_iter().map(|session| session.refresh_token).collect();
        for round in 0..3 {
            let refreshing = join_all(tokens.iter().map(async |token| {
                let mut token = token.clone();
                loop {
                    let answer = stack.refresh(&token).await;
                    if answer.status != 200 {
                        answer.assert_problem(503, "database_unavailable");
                        return token;
                    }
                    token = refresh_token(&answer);
                }
            }));
            let killing = async {
                // After another number of other people's log-ins each time.
                for _ in 0..=round * 2 {
                    stack.logged_in().await;
                }
                postgres.process.kill().expect("not killed");
            };
            (tokens, ()) = tokio::join!(refreshing, killing);
            postgres.process.start_again().expect("not started again");
            for token in &mut tokens {
                *token = refresh_token(&refreshed_at_last(&stack, token).await);
            }
        }
        for token in &tokens {
            stack.refresh(token).await.assert_status(200);
        }
    });
}
