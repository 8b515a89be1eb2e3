//! The auth database, as somebody sees it who can read and write all of it.

use std::path::Path;
use std::sync::mpsc;

use common::db::{Conn, Db, DbError, DbSettings, Dialect, each};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use testkit::TestStack;
use tokio::sync::oneshot;
use uuid::Uuid;

pub struct Database {
    db: Db,
    url: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

impl Database {
    pub fn of(stack: &TestStack) -> Self {
        Self::at(stack.auth_database_url())
    }

    pub fn at(url: &str) -> Self {
        let settings =
            DbSettings { url: url.to_owned(), pool: 1, synchronous_full: false, name: "test".to_owned() };
        Self { db: Db::open(settings).expect("the auth database cannot be opened"), url: url.to_owned() }
    }

    /// Runs a query for one number, `SELECT … AS value`.
    pub async fn number(&self, query: impl Into<String>) -> i64 {
        let query = query.into();
        let row = self
            .db
            .read(move |conn| each!(conn, c => sql_query(query.clone()).get_result::<Number>(c)))
            .await;
        row.expect("no number").value
    }

    /// Runs a query for a column of text, `SELECT … AS value`; nulls are left out.
    pub async fn texts(&self, query: impl Into<String>) -> Vec<String> {
        let query = query.into();
        let rows =
            self.db.read(move |conn| each!(conn, c => sql_query(query.clone()).load::<Words>(c))).await;
        rows.expect("no texts").into_iter().filter_map(|row| row.value).collect()
    }

    /// Changes something behind the back of the service, and says how many rows.
    pub async fn change(&self, statement: impl Into<String>) -> usize {
        let statement = statement.into();
        self.db
            .write(move |conn| each!(conn, c => sql_query(statement).execute(c)))
            .await
            .expect("not changed")
    }

    /// The same, where the database may refuse it.
    pub async fn try_change(&self, statement: &str) -> Result<usize, DbError> {
        let statement = statement.to_owned();
        self.db.write(move |conn| each!(conn, c => sql_query(statement).execute(c))).await
    }

    /// Holds rows of Postgres as a transaction does that changed them, until the sender is gone.
    pub async fn hold(&self, table: &str, condition: &str) -> mpsc::Sender<()> {
        let rows = format!("SELECT 1 FROM {table} WHERE {condition} FOR UPDATE");
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let (held, are_held) = oneshot::channel();
        let db = self.db.clone();
        tokio::spawn(async move {
            let holding = move |conn: &mut Conn| {
                let rows = each!(conn, c => sql_query(rows).execute(c))?;
                held.send(rows).expect("nobody waits");
                let _ = may_go_on.recv();
                Ok(())
            };
            db.write(holding).await
        });
        assert!(are_held.await.expect("nothing is held") > 0);
        go_on
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.number(format!("SELECT count(*) AS value FROM {table}")).await
    }

    /// How many rows every table has, but for those that only a start writes.
    pub async fn counts(&self) -> Vec<(&'static str, i64)> {
        let mut counts = Vec::new();
        for table in ["users", "credentials", "sessions", "revocations", "people_events", "audit"] {
            counts.push((table, self.count(table).await));
        }
        counts
    }

    /// An id as a literal of this database.
    pub fn id(&self, id: &str) -> String {
        let id: Uuid = id.parse().expect("no id");
        match self.db.dialect() {
            Dialect::Postgres => format!("'{id}'::uuid"),
            Dialect::Sqlite => format!("x'{}'", id.simple()),
        }
    }

    /// Bytes as a literal of this database.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        match self.db.dialect() {
            Dialect::Postgres => format!("'\\x{}'::bytea", hex(bytes)),
            Dialect::Sqlite => format!("x'{}'", hex(bytes)),
        }
    }

    /// True when these bytes are anywhere in the database, as they are or in hex.
    pub async fn holds(&self, bytes: &[u8]) -> bool {
        let dump = self.dump().await;
        contains(&dump, bytes) || contains(&dump, hex(bytes).as_bytes())
    }

    /// All that is in it: the rows as text on Postgres, the files as they are on SQLite.
    pub async fn dump(&self) -> Vec<u8> {
        if let Some(path) = self.url.strip_prefix("sqlite://") {
            return [read(path), read(&format!("{path}-wal"))].concat();
        }
        let tables =
            "SELECT table_name::text AS value FROM information_schema.tables WHERE table_schema = 'public'";
        let mut dump = Vec::new();
        for table in self.texts(tables).await {
            let rows = self.texts(format!("SELECT t::text AS value FROM \"{table}\" t")).await;
            dump.extend(rows.join("\n").into_bytes());
        }
        dump
    }
}

fn read(path: &str) -> Vec<u8> {
    if Path::new(path).exists() { std::fs::read(path).expect("the file cannot be read") } else { Vec::new() }
}

pub fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
