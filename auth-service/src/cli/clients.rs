use anyhow::{anyhow, ensure};
use clap::Subcommand;
use common::settings::Output;
use serde_json::json;

use crate::domain::client::grantable;
use crate::domain::{ClientId, ClientSecret, Name, ServiceClient, Words};
use crate::error::Error;
use crate::service::Auth;
use crate::service::clients::NewClient;

#[derive(Subcommand)]
pub(super) enum Clients {
    /// Adds a service that may call others, and prints its id and its secret, which is never shown again.
    Create {
        /// What operators call it.
        name: String,
        /// A scope that its tokens may have; may be repeated.
        #[arg(long)]
        scope: Vec<String>,
        // It has the name of a setting, which only `serve` reads.
        /// A service that its tokens are good for, such as recipes; may be repeated.
        #[arg(long, required = true)]
        audience: Vec<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Lists them.
    List(Output),
    /// Ends the tokens of one, and gives it no more.
    Disable {
        /// Its id.
        id: ClientId,
        #[command(flatten)]
        output: Output,
    },
    /// Gives one another secret: the old one and its tokens end.
    NewSecret {
        /// Its id.
        id: ClientId,
        #[command(flatten)]
        output: Output,
    },
}

impl Clients {
    pub async fn run(self, auth: &Auth) -> anyhow::Result<()> {
        match self {
            Self::Create { name, scope, audience, output } => {
                create(auth, &name, &scope, &audience, output).await
            }
            Self::List(output) => list(&auth.clients().await?, output),
            Self::Disable { id, output } => {
                auth.disable_client(id).await.map_err(explained)?;
                let done = json!({ "client_id": id, "state": "disabled" });
                Ok(output.print(&done, |_| format!("The client {id} is disabled."))?)
            }
            Self::NewSecret { id, output } => {
                show(id, &auth.renew_client_secret(id).await.map_err(explained)?, output)
            }
        }
    }
}

async fn create(
    auth: &Auth,
    name: &str,
    scopes: &[String],
    audiences: &[String],
    output: Output,
) -> anyhow::Result<()> {
    let name = Name::parse(name).map_err(|unfit| anyhow!("the name: {}", unfit.detail))?;
    let (scopes, audiences) = (words("--scope", scopes)?, words("--audience", audiences)?);
    ensure!(!audiences.is_empty(), "--audience: names no service");
    let (id, secret) = auth.create_client(NewClient { name, scopes, audiences }).await?;
    show(id, &secret, output)
}

fn words(flag: &str, given: &[String]) -> anyhow::Result<Words> {
    grantable(given).map_err(|unfit| anyhow!("{flag}: {}", unfit.detail))
}

fn show(id: ClientId, secret: &ClientSecret, output: Output) -> anyhow::Result<()> {
    let secret = secret.expose();
    output.print(&json!({ "client_id": id, "client_secret": secret }), |_| {
        eprintln!("Keep the secret now: it is not shown again.");
        format!("client_id: {id}\nclient_secret: {secret}")
    })?;
    Ok(())
}

fn list(clients: &[ServiceClient], output: Output) -> anyhow::Result<()> {
    let line = |client: &ServiceClient| {
        let ServiceClient { id, name, scopes, audiences, state, .. } = client;
        format!("{id}  {}  {name}  scopes: {scopes}  audiences: {audiences}", state.as_str())
    };
    let described = clients.iter().map(described).collect::<Vec<_>>();
    output.print(&described, |_| clients.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(())
}

fn described(client: &ServiceClient) -> serde_json::Value {
    json!({
        "client_id": client.id,
        "name": client.name,
        "scopes": client.scopes.to_vec(),
        "audiences": client.audiences.to_vec(),
        "state": client.state.as_str(),
        "created_at": client.created_at,
    })
}

fn explained(error: Error) -> anyhow::Error {
    match error {
        Error::NotFound => anyhow!("there is no such client, or it is disabled"),
        error => error.into(),
    }
}
