use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use common::db::types::{Guid, InstantSql};
use common::db::{Conn, statement};
use common::time::Instant;
use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::kitchen::{Add, Dish, DishId, by_id, dishes, insert};
use crate::on_both;

statement! {
    struct Cook { offset_us: BigInt = i64, id: Guid = DishId, rest_us: BigInt = i64 }
    -> (Guid, Integer, Nullable<InstantSql>, BigInt)
    "UPDATE dishes SET servings = servings + 1, cooked_at = {now} + {micros $3} \
     WHERE id = $2 AND {now} > {now} - {micros $3} \
     RETURNING id, servings, cooked_at, {micros_of cooked_at}"
}

statement! {
    struct Names {} -> Text "SELECT name FROM dishes ORDER BY name"
}

statement! {
    struct Rename<'a> { name: Nullable<Text> = Option<&'a str>, id: Guid = DishId }
    -> Text
    "UPDATE dishes SET name = coalesce($1, name) WHERE id = $2 RETURNING name"
}

const MINUTE_US: i64 = 60_000_000;

type Cooked = (DishId, i32, Option<Instant>, i64);

on_both!(a_statement_answers_typed_rows, kitchen => {
    let dish = Dish::named("국");
    let id = dish.id;
    let cooked = kitchen.db.write(move |conn| {
        insert(conn, &dish)?;
        Cook { offset_us: 0, id, rest_us: MINUTE_US }.optional::<Cooked>(conn)
    }).await.unwrap();

    let (cooked_id, servings, at, micros) = cooked.unwrap();
    assert_eq!((cooked_id, servings), (id, 2));
    assert_eq!(at.unwrap().as_micros(), micros);
});

on_both!(no_row_is_none_and_one_row_is_not_found, kitchen => {
    let none = kitchen.db.autocommit(|conn| {
        Cook { offset_us: 0, id: DishId::new(), rest_us: MINUTE_US }.optional::<Cooked>(conn)
    }).await.unwrap();
    assert_eq!(none, None);

    let one = kitchen.db.autocommit(|conn| {
        Ok(Cook { offset_us: 0, id: DishId::new(), rest_us: MINUTE_US }.one::<Cooked>(conn))
    }).await.unwrap();
    assert_eq!(one, Err(diesel::result::Error::NotFound));
});

on_both!(binds_may_borrow_and_be_null, kitchen => {
    let names = kitchen.db.write(|conn| {
        let id = DishId::new();
        assert_eq!(Add { id, name: &String::from("밥") }.execute(conn)?, 1);
        assert_eq!(Rename { name: None, id }.one::<String>(conn)?, "밥");
        assert_eq!(Rename { name: Some("죽"), id }.one::<String>(conn)?, "죽");
        Names {}.all::<String>(conn)
    }).await.unwrap();

    assert_eq!(names, ["죽"]);
});

on_both!(the_time_is_the_databases_and_moves_with_the_offset, kitchen => {
    let dish = Dish::named("국");
    let hour = Duration::from_secs(3600);
    let (now, later) = kitchen.db.write(move |conn| {
        insert(conn, &dish)?;
        let now = Cook { offset_us: 0, id: dish.id, rest_us: MINUTE_US }.one::<Cooked>(conn)?.2.unwrap();
        let offset_us = hour.as_micros() as i64;
        let later = Cook { offset_us, id: dish.id, rest_us: MINUTE_US }.one::<Cooked>(conn)?.2.unwrap();
        Ok((now, later))
    }).await.unwrap();

    let clock = common::clock::Clock::system().now();
    assert!(clock.since(now) < Duration::from_secs(120) && now.since(clock) < Duration::from_secs(120));
    assert!(later.since(now) >= hour - Duration::from_millis(1));
    assert!(later.since(now) < hour + Duration::from_secs(60));
});

/// Counts how often a connection prepares a statement to keep it.
fn count_preparations(conn: &mut Conn) -> Arc<AtomicUsize> {
    let prepared = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&prepared);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    });
    prepared
}

on_both!(a_statement_is_prepared_once_a_connection, kitchen => {
    let dish = Dish::named("국");
    let prepared = kitchen.db.write(move |conn| {
        insert(conn, &dish)?;
        let prepared = count_preparations(conn);
        for minutes in 1..=5 {
            Cook { offset_us: 0, id: dish.id, rest_us: minutes * MINUTE_US }.one::<Cooked>(conn)?;
        }
        assert_eq!(by_id(conn, dish.id)?.servings, 6);
        for name in ["a", "b"] {
            Rename { name: Some(name), id: dish.id }.execute(conn)?;
        }
        Ok(prepared.load(Ordering::Relaxed))
    }).await.unwrap();

    // Cook, the select of by_id and Rename.
    assert_eq!(prepared, 3);
});

#[tokio::test]
async fn postgres_keeps_one_prepared_statement() {
    let kitchen = crate::kitchen::on_postgres().await;
    let kept = kitchen.db.write(|conn| {
        let id = DishId::new();
        for rest_us in 1..=3 {
            Cook { offset_us: 0, id, rest_us }.execute(conn)?;
            // The control: what Diesel makes of an update is prepared and thrown away.
            diesel::update(dishes::table.find(id)).set(dishes::servings.eq(rest_us as i32)).execute(conn)?;
        }
        diesel::dsl::sql::<BigInt>(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'UPDATE%'",
        )
        .get_result::<i64>(conn)
    });

    assert_eq!(kept.await.unwrap(), 1);
}
