use std::sync::mpsc;

use common::db::{Db, DbError, QueryResult, violated};
use diesel::prelude::*;
use diesel::result::Error;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use crate::kitchen::{Dish, by_id, count, dishes, insert, settings};
use crate::on_both;

on_both!(ok_commits_and_err_rolls_back, kitchen => {
    kitchen.db.write(|conn| insert(conn, &Dish::named("kept"))).await.unwrap();
    let failed = kitchen.db.write(|conn| {
        insert(conn, &Dish::named("undone"))?;
        Err::<(), _>(Error::NotFound)
    }).await;

    assert!(matches!(failed, Err(DbError::Query(Error::NotFound))));
    assert_eq!(kitchen.db.read(count).await.unwrap(), 1);
});

on_both!(a_panic_is_an_error_and_undoes_its_transaction, kitchen => {
    let db = Db::open(settings(&kitchen.url, 1)).unwrap();
    let panicked = db.write(|conn| {
        insert(conn, &Dish::named("undone"))?;
        if count(conn)? == 1 { panic!("planted") }
        Ok(())
    }).await;

    assert!(matches!(panicked, Err(DbError::Query(_))));
    // The only thread that writes lives on.
    db.write(|conn| insert(conn, &Dish::named("kept"))).await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 1);
});

on_both!(concurrent_transactions_that_read_first_all_succeed, kitchen => {
    let dish = Dish::named("국");
    let id = dish.id;
    kitchen.db.write(move |conn| insert(conn, &dish)).await.unwrap();
    // Of two servers, since one has a single writer on SQLite.
    let second = Db::open(settings(&kitchen.url, 4)).unwrap();

    let serve = |db: Db| async move {
        db.write(move |conn| {
            let _read_first = by_id(conn, id)?;
            diesel::update(dishes::table.find(id)).set(dishes::servings.eq(dishes::servings + 1)).execute(conn)
        }).await
    };
    let servings = join_all((0..200).map(|n| serve(if n % 2 == 0 { kitchen.db.clone() } else { second.clone() }))).await;

    assert!(servings.iter().all(|served| matches!(served, Ok(1))), "{servings:?}");
    assert_eq!(kitchen.db.read(move |conn| by_id(conn, id)).await.unwrap().servings, 201);
});

on_both!(a_snapshot_does_not_see_what_is_committed_meanwhile, kitchen => {
    let (begun, has_begun) = oneshot::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let mut begun = Some(begun);
    let db = kitchen.db.clone();
    let counts = tokio::spawn(async move {
        db.snapshot(move |conn| {
            let before = count(conn)?;
            begun.take().expect("run once").send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok((before, count(conn)?))
        }).await
    });

    has_begun.await.unwrap();
    kitchen.db.write(|conn| insert(conn, &Dish::named("meanwhile"))).await.unwrap();
    go_on.send(()).unwrap();

    assert_eq!(counts.await.unwrap().unwrap(), (0, 0));
    assert_eq!(kitchen.db.read(count).await.unwrap(), 1);
});

on_both!(who_reads_at_length_sees_one_moment_and_holds_nobody_up, kitchen => {
    let db = Db::open(settings(&kitchen.url, 1)).unwrap();
    let (begun, has_begun) = oneshot::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let long = db.clone();
    let counts = tokio::spawn(async move {
        long.read_at_length(move |conn| {
            let before = count(conn)?;
            begun.send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok((before, count(conn)?))
        }).await
    });

    has_begun.await.unwrap();
    // There is one connection for everybody else.
    db.write(|conn| insert(conn, &Dish::named("meanwhile"))).await.unwrap();
    assert_eq!(db.read(count).await.unwrap(), 1);
    go_on.send(()).unwrap();

    assert_eq!(counts.await.unwrap().unwrap(), (0, 0));
    let write = db.read_at_length(|conn| insert(conn, &Dish::named("not to be"))).await;
    assert!(write.is_err(), "{write:?}");
    db.write_at_length(|conn| insert(conn, &Dish::named("at length"))).await.unwrap();
    let undone = db.write_at_length(|conn| {
        insert(conn, &Dish::named("undone"))?;
        Err::<(), _>(Error::NotFound)
    });
    assert!(matches!(undone.await, Err(DbError::Query(Error::NotFound))));
    assert_eq!(db.read(count).await.unwrap(), 2);
    let panicked = db.write_at_length(|_| -> QueryResult<()> { panic!("planted") }).await;
    assert!(matches!(panicked, Err(DbError::Query(_))), "{panicked:?}");
});

on_both!(a_unique_violation_names_table_and_column, kitchen => {
    let dish = Dish::named("국");
    let (twin, namesake) = (Dish { name: "other".into(), ..dish.clone() }, Dish::named("국"));
    kitchen.db.write(move |conn| insert(conn, &dish)).await.unwrap();

    for (double, name) in [(twin, "dishes.id"), (namesake, "dishes.name")] {
        let Err(DbError::Query(error)) = kitchen.db.autocommit(move |conn| insert(conn, &double)).await else {
            panic!("inserted twice");
        };
        assert_eq!(violated(&error).as_deref(), Some(name));
    }
    assert_eq!(violated(&Error::NotFound), None);
});
