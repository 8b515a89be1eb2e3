use std::path::PathBuf;

use common::db::diesel_migrations::{self, MigrationHarness};
use common::db::{EmbeddedMigrations, embed_migrations};
use diesel::{Connection, PgConnection};
use tempfile::TempDir;

use crate::servers::{Database, postgres, redis};

/// What the services keep their data in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    PostgresRedis,
}

/// The databases and folders of one stack. They are gone with this.
pub(super) struct Storage {
    pub auth_url: String,
    pub recipes_url: String,
    pub redis_url: Option<String>,
    pub redis_prefix: String,
    pub secrets_dir: PathBuf,
    folder: TempDir,
    _databases: Vec<Database>,
}

const AUTH: EmbeddedMigrations = embed_migrations!("../migrations/auth/postgres");
const RECIPES: EmbeddedMigrations = embed_migrations!("../migrations/recipes/postgres");

impl Storage {
    pub fn new(backend: Backend) -> Self {
        let folder = throwaway::folder("jipbap-stack-").expect("no temporary folder");
        match backend {
            Backend::Sqlite => Self::sqlite(folder),
            Backend::PostgresRedis => Self::postgres_and_redis(folder),
        }
    }

    fn sqlite(folder: TempDir) -> Self {
        let url = |file: &str| format!("sqlite://{}", folder.path().join(file).display());
        Self {
            auth_url: url("auth.db"),
            recipes_url: url("recipes.db"),
            redis_url: None,
            redis_prefix: "unused".to_owned(),
            secrets_dir: folder.path().join("secrets"),
            folder,
            _databases: Vec::new(),
        }
    }

    fn postgres_and_redis(folder: TempDir) -> Self {
        let auth = postgres().database_like("auth", |url| migrate(url, AUTH));
        let recipes = postgres().database_like("recipes", |url| migrate(url, RECIPES));
        Self {
            auth_url: auth.url().to_owned(),
            recipes_url: recipes.url().to_owned(),
            redis_url: Some(redis().url().to_owned()),
            redis_prefix: redis().prefix(),
            secrets_dir: folder.path().join("secrets"),
            folder,
            _databases: vec![auth, recipes],
        }
    }

    /// Where a service keeps what is not in its database.
    pub fn data_dir(&self) -> String {
        self.folder.path().display().to_string()
    }
}

/// Fills a template database with tables: to copy them takes less time than to make them anew.
#[expect(
    clippy::disallowed_methods,
    reason = "Postgres copies no template that a pool is still connected to"
)]
fn migrate(url: &str, migrations: EmbeddedMigrations) {
    let mut connection = PgConnection::establish(url).expect("the template cannot be reached");
    connection.run_pending_migrations(migrations).expect("the template cannot be migrated");
}
