//! All recipes move to another database, and what is known of people with them.

use common::db::statement;
use diesel::sql_types::BigInt;
use testkit::stack::Options;
use testkit::{both, eventually};

use super::{Move, SECRET, assert_refused};
use crate::issuer::Apart;
use crate::shelf;
use crate::start::program::{program, said};

statement! {
    struct Least {} -> BigInt
    "SELECT min_uv FROM people WHERE external_id = '7'"
}

async fn least(url: &str) -> i64 {
    shelf::open(url).read(|conn| Least {}.one(conn)).await.unwrap()
}

#[both]
async fn whose_old_tokens_were_ended_is_in_a_backup(options: Options) {
    let at = Move::start(options).await;
    let ended = at.known_as("7").await;
    at.logout_of("all", &ended).await.assert_status(204);
    eventually("the feed of people has said so", async || {
        (least(at.recipes_database_url()).await == 1).then_some(())
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.zip").display().to_string();
    let url = format!("sqlite://{}", folder.path().join("moved.db").display());

    for (command, url) in [("export", at.recipes_database_url()), ("import", &url)] {
        let output = program(&[command, &file], &[("RECIPES_DATABASE_URL", url), ("RUST_LOG", "off")]);
        assert!(output.status.success(), "{}", said(&output));
    }

    // Before the feed of people is read anew, and after.
    assert_eq!(least(&url).await, 1);
    let legacy = [("RECIPES_LEGACY_HS256_SECRET", SECRET), ("RECIPES_LEGACY_UNTIL", "2100-01-01")];
    let apart = Apart::start_on_with(&at, &url, &legacy).await;
    let answer = eventually("it is known", async || {
        let answer = apart.list_recipes(&at.token("7"), "").await;
        (answer.status != 503).then_some(answer)
    })
    .await;
    assert_refused(&answer);
}
