use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use common::db::{Db, DbError, QueryResult};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use testkit::servers::Postgres;
use tokio::sync::oneshot;

use crate::kitchen::{Dish, Kitchen, count, insert, migrations, on_postgres, settings};
use crate::on_both;

/// Ends every other connection to the database of this one.
fn end_the_others(conn: &mut common::db::Conn) -> QueryResult<Vec<bool>> {
    sql::<Bool>(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .load(conn)
}

fn backend(conn: &mut common::db::Conn) -> QueryResult<i32> {
    sql::<Integer>("SELECT pg_backend_pid()").get_result(conn)
}

/// A database that just now lost the connections it trusts.
async fn severed() -> Kitchen {
    let kitchen = on_postgres().await;
    let before = kitchen.db.read(backend).await.unwrap();
    let assassin = Db::open(settings(&kitchen.url, 1)).unwrap();
    // The pool of the assassin opens a second connection for the next, which it may end as well.
    let ended = assassin.read(end_the_others).await.unwrap();
    assert!(!ended.is_empty() && before != 0);
    kitchen
}

#[tokio::test]
async fn a_read_is_repeated_where_its_connection_was_lost() {
    assert_eq!(severed().await.db.read(count).await.unwrap(), 0);
}

#[tokio::test]
async fn a_snapshot_is_repeated_where_its_connection_was_lost() {
    assert_eq!(severed().await.db.snapshot(count).await.unwrap(), 0);
}

#[tokio::test]
async fn a_transaction_that_could_not_begin_begins_elsewhere() {
    let kitchen = severed().await;
    kitchen.db.write(|conn| insert(conn, &Dish::named("국"))).await.unwrap();
    assert_eq!(kitchen.db.read(count).await.unwrap(), 1);
}

#[tokio::test]
async fn a_transaction_that_is_cut_is_undone_and_not_repeated() {
    let kitchen = on_postgres().await;
    let mut runs = 0;
    let cut = kitchen
        .db
        .write(move |conn| {
            runs += 1;
            assert_eq!(runs, 1);
            insert(conn, &Dish::named("undone"))?;
            conn.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())")
        })
        .await;

    assert!(matches!(cut, Err(DbError::Unavailable)), "{cut:?}");
    assert_eq!(kitchen.db.read(count).await.unwrap(), 0);
}

#[tokio::test]
async fn a_server_that_is_down_shows_later_and_comes_back() {
    let server = Postgres::own();
    let database = server.database("down");
    server.process.kill().unwrap();

    let db = Db::open(settings(database.url(), 2)).unwrap();
    assert!(matches!(db.ping().await, Err(DbError::Unavailable)));
    assert!(db.migrate(migrations()).await.is_err());

    server.process.start_again().unwrap();
    db.migrate(migrations()).await.unwrap();
    until(|| async { db.ping().await.is_ok() }).await;

    server.process.kill().unwrap();
    assert!(matches!(db.read(count).await, Err(DbError::Unavailable)));
    server.process.start_again().unwrap();
    until(|| async { db.ping().await.is_ok() }).await;
    assert_eq!(db.read(count).await.unwrap(), 0);
}

#[tokio::test]
async fn a_server_that_hangs_keeps_nobody_waiting_for_long() {
    let server = Postgres::own();
    let database = server.database("hangs");
    let db = Db::open(settings(database.url(), 1)).unwrap();
    db.ping().await.unwrap();

    server.process.pause().unwrap();
    let asked = tokio::time::timeout(Duration::from_secs(5), db.ping()).await;
    server.process.resume().unwrap();

    assert!(matches!(asked, Ok(Err(DbError::Unavailable))), "{asked:?}");
    until(|| async { db.ping().await.is_ok() }).await;
}

/// Work that occupies the only thread until told to stop.
async fn occupied(db: &Db) -> mpsc::Sender<()> {
    let (begun, has_begun) = oneshot::channel();
    let (stop, stopped) = mpsc::channel::<()>();
    let db = db.clone();
    tokio::spawn(async move {
        db.autocommit(move |_| {
            begun.send(()).unwrap();
            let _ = stopped.recv();
            Ok(())
        })
        .await
    });
    has_begun.await.unwrap();
    stop
}

on_both!(work_that_nobody_waits_for_is_not_done, kitchen => {
    let db = Db::open(settings(&kitchen.url, 1)).unwrap();
    let stop = occupied(&db).await;

    let ran = Arc::new(AtomicBool::new(false));
    let note = Arc::clone(&ran);
    let hurried = db.autocommit(move |_| { note.store(true, Ordering::Relaxed); Ok(()) });
    assert!(tokio::time::timeout(Duration::from_millis(1), hurried).await.is_err());
    let note = Arc::clone(&ran);
    let patient = db.autocommit(move |_| { note.store(true, Ordering::Relaxed); Ok(()) }).await;
    assert!(matches!(patient, Err(DbError::Unavailable)));

    drop(stop);
    db.autocommit(|_| Ok(())).await.unwrap();
    assert!(!ran.load(Ordering::Relaxed));
});

/// Asks until the answer is yes. Each question takes its time by itself.
async fn until<F: Future<Output = bool>>(mut ask: impl FnMut() -> F) {
    const ENOUGH: Duration = Duration::from_secs(30);
    let yes = async {
        while !ask().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(ENOUGH, yes).await.expect("it never became true");
}
