use common::secrets::SecretFolder;
use common::token::seal::{SEAL, SealKeys};

use super::{Secrets, SecretsError, create_seal};
use crate::service::store::secrets::{self as store, Check};

impl Secrets {
    /// The keys that tokens are sealed with; they are made where nobody ever sealed one beside this database.
    ///
    /// # Errors
    /// A file that is missing, readable by others, weak, or not the one that tokens were sealed with before.
    pub async fn seal_keys(&self) -> Result<SealKeys, SecretsError> {
        let (dir, db) = (self.0.dir.join(SEAL), &self.0.db);
        let mut registered = db.read(store::registered).await?;
        registered.retain(|check| check.name == SEAL);
        let folder =
            if registered.is_empty() { create_seal(&self.0.dir)? } else { SecretFolder::open(&dir)? };
        let check = |(version, secret): (u8, common::secrets::Secret)| Check {
            name: SEAL.to_owned(),
            version,
            value: secret.check_value(SEAL),
        };
        let held: Vec<Check> = folder.versions(SEAL)?.into_iter().map(check).collect();
        let path = |version: u8| dir.join(format!("{SEAL}.{version}"));
        // Older ones may go: what they sealed is dead within an hour.
        if let Some(newest) = registered.last()
            && !held.iter().any(|check| check.version >= newest.version)
        {
            return Err(SecretsError::Missing(path(newest.version)));
        }
        let differs =
            |known: &&Check| held.iter().any(|h| h.version == known.version && h.value != known.value);
        if let Some(known) = registered.iter().find(differs) {
            return Err(SecretsError::Different(path(known.version)));
        }
        db.write(move |conn| held.iter().try_for_each(|check| store::add(conn, check).map(drop))).await?;
        Ok(SealKeys::open(folder, self.0.clock.clone())?)
    }
}
