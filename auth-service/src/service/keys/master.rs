//! The master key's own rotation.

use serde::Serialize;
use serde_json::json;

use super::{KeysError, seal, store};
use crate::service::Auth;
use crate::service::secrets::Secrets;
use crate::service::store::audit::{self, Entry};
use crate::service::store::feed::{NewEvent, append};
use crate::service::store::keys::{KeyRow, SealedKey};
use crate::service::store::secrets::{self as checks};

/// What sealing anew came to.
#[derive(Clone, Debug, Serialize)]
pub struct Resealed {
    /// The version of the master key that all keys are sealed with now.
    pub master_version: u8,
    pub resealed: usize,
    /// Keys that could not be opened, and are as they were.
    pub unopened: Vec<String>,
    /// How many older versions were forgotten, so that their files may be deleted.
    pub forgotten: usize,
}

impl Auth {
    /// Seals every signing key with the highest version of the master key that is here, which is in use from now on. The
    /// file must be on every copy before; with `forget_old`, the versions before it are not needed afterwards.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn reseal_keys(&self, forget_old: bool) -> Result<Resealed, KeysError> {
        let (secrets, offset_us) = (self.secrets.clone(), self.clock.offset_us());
        let (version, _, check) = self.secrets.highest_master();
        let by = self.acting;
        let written = self.db.write(move |conn| {
            store::lock(conn)?;
            let is_new = checks::add(conn, &check)?;
            let mut done = Resealed { master_version: version, resealed: 0, unopened: vec![], forgotten: 0 };
            for row in store::all(conn)?.into_iter().filter(|row| row.key.master_version != version) {
                let kid = row.key.kid.clone();
                match sealed_anew(row, &secrets) {
                    Some(key) => {
                        store::reseal(conn, &key)?;
                        done.resealed += 1;
                    }
                    None => done.unopened.push(kid),
                }
            }
            if forget_old {
                done.forgotten = store::forget_masters_before(conn, version)?;
            }
            let detail =
                json!({ "master_version": version, "resealed": done.resealed, "forgotten": done.forgotten });
            audit::write(conn, offset_us, Entry { detail, ..Entry::new("keys_resealed", Some(by)) })?;
            // Other copies are to hold the new version before they make the next key.
            let events = if is_new || done.resealed > 0 { vec![NewEvent::KeysChanged] } else { vec![] };
            Ok((done, append(conn, offset_us, &events)?))
        });
        let (done, appended) = written.await?;
        log::info!(version = done.master_version, resealed = done.resealed; "the signing keys were sealed anew");
        self.took_place(appended).await?;
        Ok(done)
    }
}

fn sealed_anew(row: KeyRow, secrets: &Secrets) -> Option<SealedKey> {
    let SealedKey { kid, alg, sealed, master_version } = row.key;
    let private = seal::open(&secrets.master(master_version)?, sealed, &kid, &alg)?;
    let (master_version, master, _) = secrets.highest_master();
    let sealed = seal::seal(&master, &private, &kid, &alg);
    Some(SealedKey { kid, alg, sealed, master_version })
}
