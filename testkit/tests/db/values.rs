use common::db::each;
use common::db::types::Json;
use common::time::Instant;
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use crate::kitchen::{Dish, DishId, by_id, dishes, insert};
use crate::on_both;

fn bibimbap() -> Dish {
    Dish {
        servings: 4,
        cooked_at: Some("2026-11-20T09:08:07.123456Z".parse().unwrap()),
        document: Some(Json(serde_json::json!({ "이름": "비빔밥", "amount": [1, 2.5, null] }))),
        ..Dish::named("비빔밥")
    }
}

on_both!(every_value_comes_back_as_it_was_stored, kitchen => {
    let (full, empty) = (bibimbap(), Dish::named("물"));
    let stored = [full.clone(), empty.clone()];
    kitchen.db.write(move |conn| stored.iter().try_for_each(|dish| insert(conn, dish).map(drop))).await.unwrap();

    let (full_id, empty_id) = (full.id, empty.id);
    let read = kitchen.db.read(move |conn| Ok((by_id(conn, full_id)?, by_id(conn, empty_id)?))).await.unwrap();

    assert_eq!(read, (full, empty));
});

on_both!(values_stand_in_queries_of_the_dsl, kitchen => {
    let dish = bibimbap();
    let (id, at) = (dish.id, dish.cooked_at.unwrap());
    kitchen.db.write(move |conn| insert(conn, &dish)).await.unwrap();

    kitchen.db.read(move |conn| {
        let found = dishes::table
            .filter(dishes::id.eq_any([id, DishId::new()]))
            .filter(dishes::cooked_at.ge(Instant::UNIX_EPOCH))
            .filter(dishes::cooked_at.lt(Some(at + std::time::Duration::from_micros(1))));
        assert_eq!(found.select(count_star()).get_result::<i64>(conn)?, 1);
        assert_eq!(dishes::table.select(max(dishes::cooked_at)).get_result::<Option<Instant>>(conn)?, Some(at));
        Ok(())
    }).await.unwrap();

    kitchen.db.autocommit(move |conn| {
        let later = at + std::time::Duration::from_secs(1);
        diesel::update(dishes::table.find(id)).set(dishes::cooked_at.eq(later)).execute(conn)?;
        diesel::update(dishes::table.find(id)).set(dishes::document.eq(None::<Json<()>>)).execute(conn)?;
        assert_eq!(by_id(conn, id)?.cooked_at, Some(later));
        Ok(())
    }).await.unwrap();
});

on_both!(each_reaches_what_the_enum_lacks, kitchen => {
    let rows = vec![bibimbap(), Dish::named("국")];
    let again = rows[0].clone();
    let inserted = kitchen.db.write(move |conn| {
        assert_eq!(each!(conn, c => diesel::insert_into(dishes::table).values(&rows).execute(c))?, 2);
        each!(conn, c => diesel::insert_into(dishes::table).values(again).on_conflict_do_nothing().execute(c))
    }).await.unwrap();

    assert_eq!(inserted, 0);
});
