use clap::Subcommand;
use common::settings::Output;
use serde_json::{Value, json};

use super::users::explained as no_account;
use crate::domain::{SessionId, UserId};
use crate::error::Error;
use crate::service::Auth;
use crate::service::sessions::Listed;

#[derive(Subcommand)]
pub(super) enum Sessions {
    /// Lists somebody's sessions, the newest first; those that ended within 30 days too, and why.
    List {
        /// The account's address, user name or id.
        who: String,
        #[command(flatten)]
        output: Output,
    },
    /// Ends one session: its tokens are refused everywhere.
    End {
        /// Its id, as `sessions list` has it.
        id: SessionId,
        #[command(flatten)]
        output: Output,
    },
    /// Ends every session of somebody, who may log in again.
    EndAll {
        /// The account's address, user name or id.
        who: String,
        #[command(flatten)]
        output: Output,
    },
}

/// As many as are read at once.
const PAGE: i64 = 100;

impl Sessions {
    pub async fn run(self, auth: &Auth) -> anyhow::Result<()> {
        match self {
            Self::List { who, output } => {
                let user = auth.known_as(&who).await.map_err(no_account)?.id;
                let all = all(auth, user).await?;
                Ok(output.print(&all.iter().map(described).collect::<Vec<_>>(), |_| table(&all))?)
            }
            Self::End { id, output } => {
                auth.end_any_session(id).await.map_err(no_session)?;
                Ok(output.print(&json!({ "ended": id }), |_| format!("The session {id} is over."))?)
            }
            Self::EndAll { who, output } => {
                let user = auth.known_as(&who).await.map_err(no_account)?.id;
                auth.end_sessions_of(user).await.map_err(no_account)?;
                Ok(output
                    .print(&json!({ "ended_of": user }), |_| format!("Every session of {who} is over."))?)
            }
        }
    }
}

async fn all(auth: &Auth, user: UserId) -> Result<Vec<Listed>, Error> {
    let mut all: Vec<Listed> = Vec::new();
    loop {
        let page = auth.sessions(user, all.last().map(|session| session.id), PAGE).await?;
        let is_last = (page.len() as i64) < PAGE;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

fn described(session: &Listed) -> Value {
    json!({
        "id": session.id,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "ip": session.client.ip,
        "user_agent": session.client.user_agent,
        "ended_at": session.ended_at,
        "end_reason": session.end_reason,
    })
}

fn table(sessions: &[Listed]) -> String {
    let head = format!("{:36}  {:27}  {:20}  {:39}  DEVICE", "ID", "LAST USED", "STATE", "ADDRESS");
    let line = |session: &Listed| {
        let state = session.end_reason.as_deref().unwrap_or("active");
        let (address, device) = (session.client.ip.as_deref(), session.client.user_agent.as_deref());
        let (id, used) = (session.id.to_string(), session.last_used_at.to_string());
        let device = printable(device.unwrap_or("-"));
        format!("{id:36}  {used:27}  {state:20}  {:39}  {device}", address.unwrap_or("-"))
    };
    std::iter::once(head).chain(sessions.iter().map(line)).collect::<Vec<_>>().join("\n")
}

/// A client says what it likes of itself, and a terminal obeys nobody's escape sequences.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

fn no_session(error: Error) -> anyhow::Error {
    match error {
        Error::NotFound => anyhow::anyhow!("there is no such session"),
        error => error.into(),
    }
}
