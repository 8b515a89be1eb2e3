//! The key of a deployment, as somebody has it who got hold of the auth database and the master secret both.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use common::db::{Db, DbSettings, statement};
use common::secrets::{Secret, SecretFolder};
use diesel::sql_types::{Binary, SmallInt, Text};

use super::Key;

statement! {
    struct Current {} -> (Text, Text, Binary, SmallInt)
    "SELECT kid, alg, sealed, master_version FROM signing_keys WHERE state = 'current'"
}

/// Reads and opens the key that signs now.
pub(crate) async fn stolen(database_url: &str, secrets_dir: &Path) -> Key {
    let url = database_url.to_owned();
    let db = Db::open(DbSettings { url, pool: 1, synchronous_full: false, name: "forge".to_owned() });
    let db = db.expect("the auth database cannot be opened");
    let (kid, alg, sealed, version): (String, String, Vec<u8>, i16) =
        db.read(|conn| Current {}.one(conn)).await.expect("there is no signing key");
    let folder = SecretFolder::open(&secrets_dir.join("auth")).expect("there is no folder of secrets");
    let master = folder.read(&format!("master.{version}")).expect("there is no master secret");
    let key = Key::from_pkcs8(&alg, &opened(&master, sealed, &kid, &alg));
    assert_eq!(key.kid(), kid, "the kid is not the thumbprint");
    key
}

/// Opens what auth-service's `keys::seal` closed.
fn opened(master: &Secret, mut sealed: Vec<u8>, kid: &str, alg: &str) -> Vec<u8> {
    let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, master.expose()), b"jipbap signing keys 1");
    let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_ref()).expect("BUG: not 32 bytes");
    let (nonce, sealed) = sealed.split_at_mut(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(nonce).expect("BUG: not 12 bytes");
    let aad = Aad::from([kid.as_bytes(), alg.as_bytes()].concat());
    key.open_in_place(nonce, aad, sealed).expect("the sealed key cannot be opened").to_vec()
}
