use common::db::Db;
use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use testkit::servers::postgres;

use crate::kitchen::{broken_migrations, count, migrations, settings, sqlite_url};

const COPIES: usize = 8;

async fn copies_that_start_together_all_succeed(url: &str) {
    let copies: Vec<Db> = (0..COPIES).map(|_| Db::open(settings(url, 2)).unwrap()).collect();

    let ran = join_all(copies.iter().map(|db| db.migrate(migrations()))).await;

    let mut ran: Vec<usize> = ran.into_iter().map(|ran| ran.unwrap().len()).collect();
    ran.sort_unstable();
    assert_eq!(ran, [0, 0, 0, 0, 0, 0, 0, 1]);
    for db in copies {
        assert_eq!(db.read(count).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn copies_that_start_together_all_succeed_on_postgres() {
    copies_that_start_together_all_succeed(postgres().database("copies").url()).await;
}

#[tokio::test]
async fn copies_that_start_together_all_succeed_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    copies_that_start_together_all_succeed(&sqlite_url(&folder.path().join("new.db"))).await;
}

crate::on_both!(an_older_program_starts_on_a_newer_database, kitchen => {
    kitchen.db.autocommit(|conn| {
        conn.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')")
    }).await.unwrap();

    assert_eq!(kitchen.db.migrate(migrations()).await.unwrap(), Vec::<String>::new());
});

crate::on_both!(a_migration_that_fails_leaves_nothing, kitchen => {
    assert!(kitchen.db.migrate(broken_migrations()).await.is_err());

    let half = kitchen.db.read(|conn| conn.batch_execute("SELECT 1 FROM half")).await;
    assert!(half.is_err());
    // The lock is free again.
    assert!(kitchen.db.migrate(migrations()).await.unwrap().is_empty());
});
