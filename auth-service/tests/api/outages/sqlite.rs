use std::sync::mpsc;

use common::db::{Db, DbSettings};
use testkit::TestStack;

use super::refreshed_at_last;
use crate::answers::refresh_token;

/// T171: a file that another program holds on to is a database that is away; what was refused can be repeated.
#[test]
fn while_another_program_holds_the_file_nothing_is_lost() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("no runtime");
    runtime.block_on(async {
        let stack = TestStack::start().await;
        let session = stack.logged_in().await;
        let url = stack.auth_database_url().to_owned();
        let other = Db::open(DbSettings { url, pool: 1, synchronous_full: false, name: "other".to_owned() });
        let other = other.expect("the file cannot be opened");
        let ((locked, is_locked), (release, released)) =
            (tokio::sync::oneshot::channel(), mpsc::channel::<()>());
        let holding = other.write(move |_| {
            locked.send(()).expect("nobody waits");
            let _ = released.recv();
            Ok(())
        });

        let meanwhile = async {
            is_locked.await.expect("the lock was not had");
            stack.me(&session).await.assert_status(200);
            stack.refresh(&session.refresh_token).await.assert_problem(503, "database_unavailable");
            stack.logout(&session).await.assert_problem(503, "database_unavailable");
            drop(release);
        };
        let (held, ()) = tokio::join!(holding, meanwhile);
        held.expect("the lock was not let go");

        let answer = refreshed_at_last(&stack, &session.refresh_token).await;
        stack.refresh(&refresh_token(&answer)).await.assert_status(200);
        stack.me(&session).await.assert_status(200);
    });
}
