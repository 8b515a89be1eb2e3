//! What the containers of docker-compose.yml need besides the services' own secrets.

use std::path::Path;

use aws_lc_rs::digest;
use common::secrets::{Secret, SecretError, SecretFolder};
use zeroize::Zeroizing;

type Text = Zeroizing<String>;

/// Makes passwords, and what contains them, at one stroke; a folder that is there stays.
pub(super) fn create(dir: &Path) -> Result<(), SecretError> {
    let [postgres, auth_db, recipes_db, auth_redis, recipes_redis] =
        std::array::from_fn(|_| Secret::random().expose_text());
    let acl = redis_acl(&auth_redis, &recipes_redis);
    let files = [
        ("auth-database-url", database_url("auth", &auth_db)),
        ("recipes-database-url", database_url("recipes", &recipes_db)),
        ("auth-redis-url", redis_url("auth", &auth_redis)),
        ("recipes-redis-url", redis_url("recipes", &recipes_redis)),
        ("redis.acl", acl),
        ("postgres-password", postgres),
        ("auth-db-password", auth_db),
        ("recipes-db-password", recipes_db),
    ];
    SecretFolder::create_with(dir, &files).map(drop)
}

fn database_url(name: &str, password: &Text) -> Text {
    Zeroizing::new(format!("postgres://{name}:{}@postgres:5432/{name}", **password))
}

fn redis_url(user: &str, password: &Text) -> Text {
    Zeroizing::new(format!("redis://{user}:{}@redis:6379/", **password))
}

/// Who may do what in Redis: auth-service keeps keys and publishes, recipe-service only listens, strangers nothing. Both
/// may ask how Redis drops keys; auth-service asks it for the time, too, by which it counts what is limited.
///
/// Nobody can be `default` while it is off. Redis itself reads its file back in that name, and drops every transaction
/// with a command that `default` may not: it would forget revocations, and its `meta` would say that it knows them.
fn redis_acl(auth: &Text, recipes: &Text) -> Text {
    let (auth, recipes) = (sha256(auth), sha256(recipes));
    // What is dangerous goes last: `CLIENT KILL` and `CLIENT PAUSE` are among what looks after connections.
    let all = "+@connection -@dangerous +info";
    Zeroizing::new(format!(
        "user default off ~* -@all +@write +select\n\
         user auth on #{auth} ~jipbap:* &jipbap:* -@all +@read +@write +@scripting +@pubsub +time {all}\n\
         user recipes on #{recipes} resetkeys &jipbap:* -@all +subscribe +unsubscribe {all}"
    ))
}

fn sha256(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
