use common::db::{Db, DbSettings, statement};
use diesel::sql_types::BigInt;
use testkit::TestStack;

/// The database of a recipe-service, looked into past the service: how a test knows that nothing was half written.
pub struct Shelf(Db);

/// How much is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    pub recipes: i64,
    /// The sum of the versions of all recipes: any accepted write makes it more.
    pub versions: i64,
    pub revisions: i64,
    pub tags: i64,
    pub households: i64,
    pub members: i64,
    /// What people keep to themselves.
    pub personal: i64,
    pub shares: i64,
}

statement! {
    struct Look {} -> (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt)
    "SELECT (SELECT count(*) FROM recipes), \
     (SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM recipes), \
     (SELECT count(*) FROM revisions), (SELECT count(*) FROM recipe_tags), \
     (SELECT count(*) FROM households), (SELECT count(*) FROM household_members), \
     (SELECT count(*) FROM recipe_personal), (SELECT count(*) FROM shares)"
}

impl Shelf {
    pub fn of(stack: &TestStack) -> Self {
        Self::at(stack.recipes_database_url())
    }

    /// The database at an address.
    pub fn at(url: &str) -> Self {
        Self(open(url))
    }

    pub async fn contents(&self) -> Contents {
        let row: (i64, i64, i64, i64, i64, i64, i64, i64) =
            self.0.read(|conn| Look {}.one(conn)).await.expect("the database does not answer");
        let (recipes, versions, revisions, tags, households, members, personal, shares) = row;
        Contents { recipes, versions, revisions, tags, households, members, personal, shares }
    }
}

/// Opens a database beside the service whose it is.
pub fn open(url: &str) -> Db {
    let settings =
        DbSettings { url: url.to_owned(), pool: 1, synchronous_full: false, name: "test".to_owned() };
    Db::open(settings).expect("the database cannot be opened")
}
