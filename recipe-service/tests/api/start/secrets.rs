use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use common::clock::Clock;
use common::secrets::{Secret, SecretFolder, write_secret};
use common::settings::{BadValue, Variables};
use recipe_service::{App, Settings};
use testkit::servers::{Database, postgres};
use testkit::stack::Options;
use testkit::{Backend, both};

/// The secrets that the service is given: folder and file.
const SECRETS: [(&str, &str); 3] = [("recipes", "cursor.1"), ("feed", "feed"), ("people", "people")];

/// A folder of secrets and an empty database, which are gone afterwards.
struct Place {
    folder: tempfile::TempDir,
    database_url: String,
    _database: Option<Database>,
}

impl Place {
    fn new(backend: Backend) -> Self {
        let folder = tempfile::tempdir().expect("no temporary folder");
        let database = (backend == Backend::PostgresRedis).then(|| postgres().database("start"));
        let database_url = match &database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite://{}", folder.path().join("recipes.db").display()),
        };
        let place = Self { folder, database_url, _database: database };
        SECRETS.iter().for_each(|(folder, file)| place.make(folder, file));
        place
    }

    fn make(&self, folder: &str, file: &str) {
        SecretFolder::create(&self.secrets().join(folder), &[file]).expect("no secrets");
    }

    fn secrets(&self) -> PathBuf {
        self.folder.path().join("secrets")
    }

    fn file(&self, (folder, file): (&str, &str)) -> PathBuf {
        self.secrets().join(folder).join(file)
    }

    async fn start(&self) -> anyhow::Result<App> {
        let nowhere = "http://127.0.0.1:9";
        let variables: Variables = [
            ("RECIPES_LISTEN", "127.0.0.1:0"),
            ("RECIPES_OPS_LISTEN", "127.0.0.1:0"),
            ("RECIPES_WORKERS", "1"),
            ("RECIPES_DATABASE_POOL", "1"),
            ("RECIPES_DATABASE_URL", &self.database_url),
            ("RECIPES_SECRETS_DIR", &self.secrets().display().to_string()),
            ("RECIPES_FEED_URL", nowhere),
            ("RECIPES_ISSUER", nowhere),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        App::build(Settings::from_variables(&variables).expect("a bad setting"), Clock::system()).await
    }

    /// Checks that it does not start, and says in a line which setting and which file are wrong.
    async fn assert_refused(&self, secret: (&str, &str)) {
        let Err(error) = self.start().await else { panic!("it started with a bad {secret:?}") };
        let error = error.downcast::<BadValue>().expect("no setting is at fault");
        let line = error.to_string();
        assert!(line.contains("RECIPES_SECRETS_DIR") && !line.contains('\n'), "{line}");
        assert!(line.contains(secret.0), "{line}");
    }
}

/// Changes one secret after another, each time in a place of its own where the service has started once.
async fn for_each_secret(options: &Options, change: impl Fn(&Path)) {
    for secret in SECRETS {
        let place = Place::new(options.backend());
        drop(place.start().await.expect("it does not start with good secrets"));
        change(&place.file(secret));
        place.assert_refused(secret).await;
    }
}

#[both]
async fn it_does_not_start_without_a_secret(options: Options) {
    for_each_secret(&options, |file| fs::remove_file(file).unwrap()).await;
}

#[both]
async fn it_does_not_start_with_another_secret_than_before(options: Options) {
    for_each_secret(&options, |file| {
        fs::remove_file(file).unwrap();
        write_secret(file, &Secret::random().expose_text()).unwrap();
    })
    .await;
}

#[both]
async fn it_does_not_start_with_a_secret_that_others_can_read(options: Options) {
    for_each_secret(&options, |file| fs::set_permissions(file, fs::Permissions::from_mode(0o640)).unwrap())
        .await;
}

#[both]
async fn it_does_not_start_with_a_weak_or_spoilt_secret(options: Options) {
    for text in [
        "",
        "changeme",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "not base64url!",
        "AQIDBAUGBwgJCgsMDQ4PEA",
    ] {
        for secret in SECRETS {
            let place = Place::new(options.backend());
            fs::write(place.file(secret), text).unwrap();
            place.assert_refused(secret).await;
        }
    }
}

#[both]
async fn it_starts_again_with_the_secrets_of_before(options: Options) {
    let place = Place::new(options.backend());
    for _ in 0..2 {
        place.start().await.expect("it does not start");
    }
}
