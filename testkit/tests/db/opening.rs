use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::db::{Db, DbError, Dialect, LockError, OpenError, lock_file};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use crate::kitchen::{Dish, insert, on_postgres, on_sqlite, settings, sqlite_path, sqlite_url};

#[test]
fn an_unknown_scheme_is_refused() {
    assert!(matches!(Db::open(settings("mysql://h/d", 1)), Err(OpenError::Scheme)));
}

#[tokio::test]
async fn sqlite_is_set_up_as_promised() {
    let kitchen = on_sqlite().await;
    let durable =
        Db::open(common::db::DbSettings { synchronous_full: true, ..settings(&kitchen.url, 2) }).unwrap();
    assert_eq!(durable.dialect(), Dialect::Sqlite);

    for (db, synchronous) in [(kitchen.db, 1), (durable, 2)] {
        db.autocommit(move |conn| {
            let mut pragma =
                |name| sql::<Integer>(&format!("PRAGMA {name}")).get_result::<i32>(conn).unwrap();
            assert_eq!(pragma("busy_timeout"), 5000);
            assert_eq!(pragma("foreign_keys"), 1);
            assert_eq!(pragma("synchronous"), synchronous);
            assert_eq!(sql::<Text>("PRAGMA journal_mode").get_result::<String>(conn)?, "wal");
            Ok(())
        })
        .await
        .unwrap();
    }
}

/// Who closes a file gives up all the locks that their process has on it, those of SQLite too.
#[tokio::test]
async fn opening_a_database_again_keeps_it_locked_against_other_processes() {
    let kitchen = on_sqlite().await;
    let path = sqlite_path(&kitchen.url);
    kitchen.db.read(|conn| conn.batch_execute("SELECT 1 FROM dishes")).await.unwrap();

    let again = Db::open(settings(&kitchen.url, 1)).unwrap();
    again.ping().await.unwrap();

    // Only who has it alone can leave the write-ahead log.
    const LEAVE: &str = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('PRAGMA journal_mode = DELETE')";
    let output = std::process::Command::new("python3").args(["-c", LEAVE]).arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("database is locked"), "{said}");
}

#[tokio::test]
async fn postgres_is_set_up_as_promised() {
    let kitchen = on_postgres().await;
    assert_eq!(kitchen.db.dialect(), Dialect::Postgres);
    kitchen
        .db
        .read(|conn| {
            let mut shown = |name| sql::<Text>(&format!("SHOW {name}")).get_result::<String>(conn).unwrap();
            assert_eq!(shown("statement_timeout"), "10s");
            assert_eq!(shown("lock_timeout"), "5s");
            assert_eq!(shown("idle_in_transaction_session_timeout"), "5s");
            assert_eq!(shown("timezone"), "UTC");
            assert_eq!(shown("application_name"), "kitchen");
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn sqlite_refuses_to_write_where_reading_was_asked_for() {
    let kitchen = on_sqlite().await;
    assert!(kitchen.db.read(|conn| insert(conn, &Dish::named("no"))).await.is_err());
}

#[tokio::test]
async fn a_new_file_is_its_owners_and_is_not_made_again_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new folder/a?b#c%d.db");
    assert!(matches!(Db::open(settings(&sqlite_url(&path), 1)), Err(OpenError::SqlitePath)));

    let path = folder.path().join("new folder/b#c%41 d.db");
    let db = Db::open(settings(&sqlite_url(&path), 1)).unwrap();
    db.ping().await.unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    drop(db);

    let db = Db::open(settings(&sqlite_url(&path), 1)).unwrap();
    fs::remove_file(&path).unwrap();
    let moved_away = db.autocommit(|conn| conn.batch_execute("CREATE TABLE t (a)")).await;
    // A connection that was quicker than us may have opened the file that is gone; none opens an empty one.
    assert!(matches!(moved_away, Ok(()) | Err(DbError::Unavailable)));
    assert!(!path.exists());
}

#[tokio::test]
async fn a_file_in_use_by_another_server_is_named() {
    let kitchen = on_sqlite().await;
    let path = sqlite_path(&kitchen.url);

    let held = lock_file(&path).unwrap();
    let refused = lock_file(&path).unwrap_err();
    assert!(matches!(&refused, LockError::InUse(_)));
    assert!(refused.to_string().contains("kitchen.db"));

    drop(held);
    lock_file(&path).unwrap();
}
