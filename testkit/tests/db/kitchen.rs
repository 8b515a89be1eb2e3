//! A database with one table.

use std::path::{Path, PathBuf};

use common::db::types::{Guid, Json};
use common::db::{
    Conn, Db, DbSettings, EmbeddedMigrations, Migrations, QueryResult, diesel_migrations, embed_migrations,
    statement,
};
use common::time::Instant;
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;
use testkit::servers::{Database, postgres};

common::id! {
    pub struct DishId;
}

diesel::table! {
    use common::db::types::*;
    use diesel::sql_types::*;

    dishes (id) {
        id -> Guid,
        name -> Text,
        servings -> Integer,
        cooked_at -> Nullable<InstantSql>,
        document -> Nullable<JsonSql>,
    }
}

#[derive(Debug, Clone, PartialEq, Insertable, Queryable, Selectable)]
#[diesel(table_name = dishes)]
pub struct Dish {
    pub id: DishId,
    pub name: String,
    pub servings: i32,
    pub cooked_at: Option<Instant>,
    pub document: Option<Json<serde_json::Value>>,
}

impl Dish {
    pub fn named(name: &str) -> Self {
        Self { id: DishId::new(), name: name.to_owned(), servings: 1, cooked_at: None, document: None }
    }
}

/// A database of one test, and what must outlive it.
pub struct Kitchen {
    pub db: Db,
    pub url: String,
    _postgres: Option<Database>,
    _folder: Option<TempDir>,
}

/// The same test on either database.
#[macro_export]
macro_rules! on_both {
    ($name:ident, $kitchen:ident => $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn run($kitchen: $crate::kitchen::Kitchen) $body

            #[tokio::test]
            async fn postgres() {
                run($crate::kitchen::on_postgres().await).await;
            }

            #[tokio::test]
            async fn sqlite() {
                run($crate::kitchen::on_sqlite().await).await;
            }
        }
    };
}

pub async fn on_postgres() -> Kitchen {
    let database = postgres().database("kitchen");
    let url = database.url().to_owned();
    let db = opened(&url).await;
    Kitchen { db, url, _postgres: Some(database), _folder: None }
}

pub async fn on_sqlite() -> Kitchen {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(&folder.path().join("kitchen.db"));
    let db = opened(&url).await;
    Kitchen { db, url, _postgres: None, _folder: Some(folder) }
}

async fn opened(url: &str) -> Db {
    let db = Db::open(settings(url, 4)).unwrap();
    db.migrate(migrations()).await.unwrap();
    db
}

pub fn settings(url: &str, pool: u32) -> DbSettings {
    DbSettings { url: url.to_owned(), pool, synchronous_full: false, name: "kitchen".to_owned() }
}

pub fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

pub fn sqlite_path(url: &str) -> PathBuf {
    PathBuf::from(url.strip_prefix("sqlite://").unwrap())
}

pub fn migrations() -> Migrations {
    const POSTGRES: EmbeddedMigrations = embed_migrations!("tests/db/migrations/postgres");
    const SQLITE: EmbeddedMigrations = embed_migrations!("tests/db/migrations/sqlite");
    Migrations { postgres: POSTGRES, sqlite: SQLITE }
}

pub fn broken_migrations() -> Migrations {
    const BROKEN: EmbeddedMigrations = embed_migrations!("tests/db/migrations/broken");
    Migrations { postgres: BROKEN, sqlite: BROKEN }
}

pub fn insert(conn: &mut Conn, dish: &Dish) -> QueryResult<usize> {
    diesel::insert_into(dishes::table).values(dish.clone()).execute(conn)
}

/// All or, on Postgres, none.
pub fn insert_all(conn: &mut Conn, dishes: &[Dish]) -> QueryResult<usize> {
    match conn {
        Conn::Pg(conn) => diesel::insert_into(dishes::table).values(dishes).execute(conn),
        Conn::Sqlite(_) => dishes.iter().map(|dish| insert(conn, dish)).sum(),
    }
}

pub fn by_id(conn: &mut Conn, id: DishId) -> QueryResult<Dish> {
    dishes::table.find(id).select(Dish::as_select()).first(conn)
}

pub fn count(conn: &mut Conn) -> QueryResult<i64> {
    dishes::table.count().get_result(conn)
}

statement! {
    /// Adds a dish that has only a name.
    pub struct Add<'a> { id: Guid = DishId, name: Text = &'a str }
    "INSERT INTO dishes (id, name) VALUES ($1, $2)"
}
