use std::sync::{Mutex, mpsc};
use std::time::Duration;

use common::db::{Batched, Conn, Db, DbError, QueryResult};
use diesel::result::Error;
use futures_util::future::{join, join_all, poll_immediate};
use testkit::eventually;
use tokio::sync::oneshot;

use crate::kitchen::{Dish, DishId, by_id, count, insert, insert_all, settings};
use crate::on_both;

/// A dish's name, and how many were read with it.
type Read = (String, usize);

fn read_all(conn: &mut Conn, ids: &[DishId]) -> QueryResult<Vec<Read>> {
    ids.iter().map(|id| Ok((by_id(conn, *id)?.name, ids.len()))).collect()
}

/// Several at once are more than it can read.
fn read_one(conn: &mut Conn, ids: &[DishId]) -> QueryResult<Vec<Read>> {
    if ids.len() > 1 { Err(Error::NotFound) } else { read_all(conn, ids) }
}

/// Of dishes whose reading waits until the sender is gone.
static GATES: Mutex<Vec<(DishId, mpsc::Receiver<()>)>> = Mutex::new(Vec::new());

/// Keeps whoever reads this dish first.
fn gate(id: DishId) -> mpsc::Sender<()> {
    let (open, opened) = mpsc::channel();
    GATES.lock().unwrap().push((id, opened));
    open
}

/// Takes the gate of a dish away.
fn enter(id: DishId) -> Option<mpsc::Receiver<()>> {
    let mut gates = GATES.lock().unwrap();
    let at = gates.iter().position(|(gated, _)| *gated == id)?;
    Some(gates.swap_remove(at).1)
}

fn read_at_the_gate(conn: &mut Conn, ids: &[DishId]) -> QueryResult<Vec<Read>> {
    if let Some(opened) = enter(ids[0]) {
        let _ = opened.recv();
    }
    read_all(conn, ids)
}

/// A database with one thread to read on, and dishes in it that are called by their number.
async fn served(url: &str, dishes: usize) -> (Db, Vec<DishId>) {
    served_by(1, url, dishes).await
}

async fn served_by(threads: u32, url: &str, dishes: usize) -> (Db, Vec<DishId>) {
    let db = Db::open(settings(url, threads)).unwrap();
    let dishes: Vec<_> = (0..dishes).map(|number| Dish::named(&number.to_string())).collect();
    let ids = dishes.iter().map(|dish| dish.id).collect();
    let inserted = db.write(move |conn| dishes.iter().try_for_each(|dish| insert(conn, dish).map(drop)));
    inserted.await.unwrap();
    (db, ids)
}

/// Keeps the thread busy that reads, until the sender is gone.
async fn busy(db: &Db) -> mpsc::Sender<()> {
    let (go_on, begun, mut work) = waiting();
    let db = db.clone();
    tokio::spawn(async move { db.read(move |_| work()).await });
    begun.await.unwrap();
    go_on
}

/// The same of the thread that writes.
async fn busy_writing(db: &Db) -> mpsc::Sender<()> {
    let (go_on, begun, mut work) = waiting();
    let db = db.clone();
    tokio::spawn(async move { db.autocommit(move |_| work()).await });
    begun.await.unwrap();
    go_on
}

/// Work that says when it has begun, and waits until the sender is gone.
fn waiting() -> (mpsc::Sender<()>, oneshot::Receiver<()>, impl FnMut() -> QueryResult<()> + Send) {
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let (begun, has_begun) = oneshot::channel();
    let mut begun = Some(begun);
    let work = move || {
        begun.take().expect("run once").send(()).unwrap();
        let _ = may_go_on.recv();
        Ok(())
    };
    (go_on, has_begun, work)
}

on_both!(what_waits_together_is_read_together, kitchen => {
    let (db, ids) = served(&kitchen.url, 40).await;
    let names = Batched::reads(db.clone(), read_all);
    assert_eq!(names.ask(ids[7]).await.unwrap(), ("7".to_owned(), 1));

    let go_on = busy(&db).await;
    let mut all = join_all(ids.iter().map(|id| names.ask(*id)));
    assert!(poll_immediate(&mut all).await.is_none());
    drop(go_on);

    // As many as one statement reads, and the rest.
    let expected = (0..40).map(|number| (number.to_string(), if number < 32 { 32 } else { 8 }));
    let read: Vec<Read> = all.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(read, expected.collect::<Vec<_>>());
});

on_both!(two_statements_are_on_their_way_and_the_rest_wait_together, kitchen => {
    let (db, ids) = served_by(5, &kitchen.url, 10).await;
    let names = Batched::reads(db, read_at_the_gate);
    let mut begun = Vec::new();
    for id in &ids[..2] {
        let (open, names, id) = (gate(*id), names.clone(), *id);
        begun.push((open, tokio::spawn(async move { names.ask(id).await })));
        let is_at_the_gate = || GATES.lock().unwrap().iter().all(|(gated, _)| *gated != id);
        eventually("it is being read", async || is_at_the_gate().then_some(())).await;
    }

    let mut rest = join_all(ids[2..].iter().map(|id| names.ask(*id)));
    assert!(poll_immediate(&mut rest).await.is_none());
    for (open, reading) in begun {
        drop(open);
        assert_eq!(reading.await.unwrap().unwrap().1, 1);
    }

    let read: Vec<Read> = rest.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(read, (2..10).map(|number| (number.to_string(), 8)).collect::<Vec<_>>());
});

on_both!(a_statement_that_fails_takes_nobody_else_with_it, kitchen => {
    let (db, ids) = served(&kitchen.url, 3).await;
    let names = Batched::reads(db.clone(), read_one);

    let go_on = busy(&db).await;
    let mut all = join_all(ids.iter().map(|id| names.ask(*id)));
    assert!(poll_immediate(&mut all).await.is_none());
    drop(go_on);

    let read = all.await;
    assert!(matches!(read[0], Err(DbError::Query(Error::NotFound))), "{read:?}");
    assert_eq!(read[1..].iter().flatten().collect::<Vec<_>>(), [&("1".to_owned(), 1), &("2".to_owned(), 1)]);
});

on_both!(who_hangs_up_takes_nobody_with_them, kitchen => {
    let (db, ids) = served(&kitchen.url, 3).await;
    let names = Batched::reads(db.clone(), read_all);

    let go_on = busy(&db).await;
    let mut first = Box::pin(names.ask(ids[0]));
    let mut others = join_all(ids[1..].iter().map(|id| names.ask(*id)));
    assert!(poll_immediate(&mut first).await.is_none());
    assert!(poll_immediate(&mut others).await.is_none());
    drop(first);
    drop(go_on);

    let read: Vec<Read> = others.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(read, [("1".to_owned(), 1), ("2".to_owned(), 1)]);

    // One in the middle is not read for.
    let go_on = busy(&db).await;
    let (mut first, mut last) = (Box::pin(names.ask(ids[0])), Box::pin(names.ask(ids[2])));
    let mut middle = Box::pin(names.ask(ids[1]));
    for waiting in [&mut first, &mut middle, &mut last] {
        assert!(poll_immediate(waiting).await.is_none());
    }
    drop(middle);
    drop(go_on);
    let (first, last) = join(first, last).await;
    assert_eq!((first.unwrap(), last.unwrap()), (("0".to_owned(), 2), ("2".to_owned(), 2)));
});

on_both!(nobody_waits_longer_than_alone_for_a_busy_database, kitchen => {
    let (db, ids) = served(&kitchen.url, 3).await;
    let names = Batched::reads(db.clone(), read_all);

    let _go_on = busy(&db).await;
    let all = join_all(ids.iter().map(|id| names.ask(*id)));
    // One alone waits for a second; twice as long would be too long.
    let all = tokio::time::timeout(Duration::from_millis(1_900), all).await.expect("they wait twice");
    assert!(all.iter().all(|read| matches!(read, Err(DbError::Unavailable))), "{all:?}");
});

on_both!(what_is_written_together_is_written_whole_or_not_at_all, kitchen => {
    let (db, ids) = served(&kitchen.url, 1).await;
    let write_all =
        |conn: &mut Conn, dishes: &[Dish]| Ok(vec![insert_all(conn, dishes)?; dishes.len()]);
    let dishes = Batched::writes(db.clone(), write_all);

    let go_on = busy_writing(&db).await;
    let mut all = join_all(["a", "b", "c"].map(|name| dishes.ask(Dish::named(name))));
    assert!(poll_immediate(&mut all).await.is_none());
    drop(go_on);
    assert!(all.await.iter().all(|written| matches!(written, Ok(3))));

    // The last of these cannot be written. Whoever began is told so; the others are written alone, and once.
    let taken = Dish { id: ids[0], ..Dish::named("taken") };
    let go_on = busy_writing(&db).await;
    let mut all = join_all([Dish::named("d"), Dish::named("e"), taken].map(|dish| dishes.ask(dish)));
    assert!(poll_immediate(&mut all).await.is_none());
    drop(go_on);
    let written = all.await;
    assert!(matches!(written[..], [Err(DbError::Query(_)), Ok(1), Err(DbError::Query(_))]), "{written:?}");
    assert_eq!(db.read(count).await.unwrap(), 1 + 3 + 1);
});
