use super::Noted;
use crate::error::Error;
use crate::service::Auth;
use crate::service::store::audit::{self, AuditId};

impl Auth {
    /// What happened, the newest first, from before this entry on.
    pub async fn audit(&self, before: Option<AuditId>, limit: i64) -> Result<Vec<Noted>, Error> {
        Ok(self.db.read(move |conn| audit::page(conn, before, limit)).await?)
    }
}
