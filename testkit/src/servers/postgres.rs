use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{LazyLock, Mutex, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use uuid::Uuid;

use super::given;

/// A Postgres server on which each test makes databases of its own.
pub struct Postgres {
    /// The address of the server up to the name of a database.
    server: String,
    templates: Mutex<HashMap<&'static str, String>>,
}

/// The server that the tests of this process share.
///
/// Panics where Postgres is not installed: a test that needs it must not pass without it.
pub fn postgres() -> &'static Postgres {
    static STARTED: LazyLock<OwnPostgres> = LazyLock::new(Postgres::own);
    static SHARED: LazyLock<Postgres> = LazyLock::new(|| match given("JIPBAP_TEST_POSTGRES_URL") {
        Some(url) => Postgres::at(&url),
        None => Postgres::at(&STARTED.process.url()),
    });
    &SHARED
}

/// A server of one test, which may pause, kill and restart it through [`OwnPostgres::process`].
pub struct OwnPostgres {
    databases: Postgres,
    /// The server itself; it ends when this is dropped.
    pub process: throwaway::Postgres,
}

impl Deref for OwnPostgres {
    type Target = Postgres;

    fn deref(&self) -> &Postgres {
        &self.databases
    }
}

impl Postgres {
    /// Starts a server for one test.
    pub fn own() -> OwnPostgres {
        let process = throwaway::Postgres::start().unwrap_or_else(|error| panic!("no Postgres: {error:#}"));
        OwnPostgres { databases: Self::at(&process.url()), process }
    }

    fn at(url: &str) -> Self {
        let (server, _) = url.rsplit_once('/').expect("an address of Postgres ends with a database");
        Self { server: server.to_owned(), templates: Mutex::default() }
    }

    /// Makes an empty database whose name begins with `hint`.
    pub fn database(&self, hint: &str) -> Database {
        Database { url: self.create(hint, "template0"), server: self.server.clone() }
    }

    /// Makes a database that is a copy of a template, which `prepare` fills the first time that its name is asked for.
    ///
    /// Copying a migrated database takes less time than migrating an empty one. `prepare` gets the address and must
    /// have closed its connections when it returns: Postgres does not copy a database that somebody is connected to.
    pub fn database_like(&self, template: &'static str, prepare: impl FnOnce(&str)) -> Database {
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        let name = templates.entry(template).or_insert_with(|| {
            let url = self.create(template, "template0");
            prepare(&url);
            url[url.rfind('/').expect("BUG: it was joined with a slash") + 1..].to_owned()
        });
        let name = name.clone();
        drop(templates);
        Database { url: self.create(template, &name), server: self.server.clone() }
    }

    /// Returns the address of the new database.
    fn create(&self, hint: &str, template: &str) -> String {
        let hint: String = hint.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
        let name = format!("{}_{}", hint.to_lowercase(), Uuid::new_v4().simple());
        // Copying the files takes a third of the time of writing them into the log of a server that keeps nothing.
        execute(
            &self.server,
            &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" STRATEGY FILE_COPY"),
        );
        format!("{}/{name}", self.server)
    }
}

/// A database of one test. It is dropped with this, so that a long run does not fill the disk.
pub struct Database {
    url: String,
    server: String,
}

impl Database {
    /// The address to connect to.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = &self.url[self.server.len() + 1..];
        // A server that the test has killed took the database along.
        if let Ok(mut connection) = connect(&self.server) {
            let _ = connection.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
        }
    }
}

fn execute(server: &str, statement: &str) {
    let mut connection = connect(server).unwrap_or_else(|error| panic!("cannot reach {server}: {error}"));
    connection.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
}

#[expect(
    clippy::disallowed_methods,
    reason = "common::db opens the databases of services; this one makes them"
)]
fn connect(server: &str) -> diesel::ConnectionResult<PgConnection> {
    // `postgres` is where a statement that makes or drops another database can run. A paused server must not hang a test.
    PgConnection::establish(&format!("{server}/postgres?connect_timeout=10"))
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl;
    use diesel::sql_types::Integer;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "the harness is tried without the pool that it serves")]
    fn open(url: &str) -> diesel::ConnectionResult<PgConnection> {
        PgConnection::establish(url)
    }

    fn the_id(database: &Database) -> i32 {
        diesel::dsl::sql::<Integer>("SELECT id FROM it")
            .get_result(&mut open(database.url()).unwrap())
            .unwrap()
    }

    fn make_it(url: &str) {
        open(url).unwrap().batch_execute("CREATE TABLE it AS SELECT 7 AS id").unwrap();
    }

    #[test]
    fn a_database_is_empty_and_gone_after_its_test() {
        let database = postgres().database("Some hint!");
        let url = database.url().to_owned();
        make_it(&url);

        drop(database);

        assert!(open(&url).is_err());
    }

    #[test]
    fn a_template_is_prepared_once_and_copied() {
        let mut prepared = 0;
        let mut make = || {
            postgres().database_like("template", |url| {
                prepared += 1;
                make_it(url);
            })
        };
        let (first, second) = (make(), make());

        assert_eq!((the_id(&first), the_id(&second)), (7, 7));
        assert_ne!(first.url(), second.url());
        assert_eq!(prepared, 1);
    }

    #[test]
    fn a_killed_server_starts_again_with_what_was_committed() {
        let server = Postgres::own();
        let database = server.database("killed");
        make_it(database.url());

        server.process.kill().unwrap();
        server.process.start_again().unwrap();

        assert_eq!(the_id(&database), 7);
    }
}
