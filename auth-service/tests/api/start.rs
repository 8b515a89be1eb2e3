//! What stops auth-service before it serves: signing keys that it cannot have.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use common::secrets::{Secret, write_secret};
use testkit::servers::{Database as Made, postgres};
use testkit::stack::Options;
use testkit::{Backend, Stopwatch, both};

use crate::database::Database;

/// Where the program has run once, with what it made.
struct Place {
    folder: tempfile::TempDir,
    database_url: String,
    _database: Option<Made>,
}

impl Place {
    fn new(options: &Options) -> Self {
        let folder = tempfile::tempdir().expect("no temporary folder");
        let database = (options.backend() == Backend::PostgresRedis).then(|| postgres().database("start"));
        let database_url = match &database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite://{}", folder.path().join("auth.db").display()),
        };
        let place = Self { folder, database_url, _database: database };
        assert!(place.run(&["keys", "list"]).status.success(), "it does not start with what it made");
        place
    }

    fn master(&self) -> PathBuf {
        self.folder.path().join("secrets/auth/master.1")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_auth-service"));
        program.args(arguments).env_clear().env("AUTH_DATA_DIR", self.folder.path());
        program.env("AUTH_DATABASE_URL", &self.database_url);
        program.env("AUTH_LISTEN", "127.0.0.1:0").env("AUTH_OPS_LISTEN", "127.0.0.1:0");
        program.output().expect("the program cannot be run")
    }

    /// Checks that it ends at once, with this code, after one line that names this and holds no secret.
    fn assert_refused(&self, code: i32, named: &str) {
        let secret = fs::read_to_string(self.master()).unwrap_or_default();
        let taken = Stopwatch::start();
        let output = self.run(&["serve"]);
        assert!(taken.elapsed() < Duration::from_secs(5), "it took {:?}", taken.elapsed());
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("not UTF-8");
        assert_eq!(output.status.code(), Some(code), "{said}");
        let last = said.trim().lines().last().unwrap_or_default();
        assert!(last.starts_with("auth-service: ") && last.contains(named), "{said}");
        assert!(secret.trim().len() < 8 || !said.contains(secret.trim()), "it says the secret: {said}");
    }
}

/// Changes what keys are sealed with, and checks that the program does not start on it.
fn refuses(options: &Options, change: impl FnOnce(&Path)) {
    let place = Place::new(options);
    change(&place.master());
    place.assert_refused(78, "master.1");
}

/// T073
#[both]
async fn it_does_not_start_without_what_its_keys_are_sealed_with(options: Options) {
    refuses(&options, |master| fs::remove_file(master).unwrap());
    refuses(&options, |master| {
        fs::remove_file(master).unwrap();
        write_secret(master, &Secret::random().expose_text()).unwrap();
    });
    for text in
        ["", "changeme", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AQIDBAUGBwgJCgsMDQ4PEA", "\r\n"]
    {
        refuses(&options, |master| fs::write(master, text).unwrap());
    }
    let pem = "-----BEGIN PUBLIC KEY-----\r\nMFkwEwYHKoZIzj0CAQYI\r\n-----END PUBLIC KEY-----\r\n";
    refuses(&options, |master| fs::write(master, pem).unwrap());
}

/// T074
#[both]
async fn it_does_not_start_when_others_can_read_what_its_keys_are_sealed_with(options: Options) {
    for mode in [0o644, 0o640, 0o604] {
        refuses(&options, |master| fs::set_permissions(master, fs::Permissions::from_mode(mode)).unwrap());
    }
    let place = Place::new(&options);
    let folder = place.folder.path().join("secrets/auth");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    place.assert_refused(78, "secrets/auth");
}

/// T073: a key that was spoilt in the database signs nothing, and no other is made behind the operator's back.
#[both]
async fn it_does_not_start_with_a_signing_key_that_it_cannot_open(options: Options) {
    let place = Place::new(&options);
    let database = Database::at(&place.database_url);
    let spoilt = database.bytes(&[7; 64]);
    database.change(format!("UPDATE signing_keys SET sealed = {spoilt} WHERE state = 'current'")).await;
    let before = database.count("signing_keys").await;
    place.assert_refused(1, "signing key");
    assert_eq!(database.count("signing_keys").await, before);
}

/// One name of a key in sixty-four does.
#[both]
async fn the_name_of_a_key_may_begin_with_a_hyphen(options: Options) {
    let output = Place::new(&options).run(&["keys", "revoke", "-qRx"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no such key"), "{said}");
}
