//! The last step of a mail: to a server, or to a file.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{AsyncTransport, Tokio1Executor};

use crate::config::{Settings, Smtp, SmtpTls};
use crate::domain::MailId;

pub(super) enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// A folder.
    Files(PathBuf),
}

/// Why a mail was not taken. The texts name no address: a server's own words would.
#[derive(Debug)]
pub(super) enum Failure {
    /// It never will be.
    Refused(String),
    /// It may be later.
    Later(String),
}

/// For how long a server is waited for, in each step and in all.
const STEP: Duration = Duration::from_secs(20);
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// What servers answer who do not like our name and password (RFC 4954 §6, RFC 3207 §4), or us at all (RFC 5321 §3.1): the
/// mail itself is as good as any.
const ABOUT_US: [&str; 5] = ["530", "534", "535", "538", "554"];

impl Transport {
    /// # Errors
    /// The system has no certificates that it trusts.
    pub fn new(settings: &Settings) -> Result<Self, SmtpError> {
        match &settings.mail.smtp {
            Some(smtp) => Ok(Self::Smtp(server(smtp)?)),
            None => Ok(Self::Files(settings.data_dir.join("mail"))),
        }
    }

    pub async fn send(&self, id: MailId, message: &Message) -> Result<(), Failure> {
        match self {
            Self::Smtp(server) => match tokio::time::timeout(PATIENCE, hand_over(server, message)).await {
                Ok(answer) => answer.map_err(failure),
                Err(_) => Err(Failure::Later(format!("the server took over {} s", PATIENCE.as_secs()))),
            },
            Self::Files(folder) => {
                let written = write(folder, &format!("{id}.eml"), &message.formatted());
                written.map_err(|error| Failure::Later(format!("{}: {error}", folder.display())))
            }
        }
    }
}

async fn hand_over(server: &AsyncSmtpTransport<Tokio1Executor>, message: &Message) -> Result<(), SmtpError> {
    server.send_raw(message.envelope(), &message.formatted()).await.map(drop)
}

fn server(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, SmtpError> {
    let tls = match smtp.tls {
        SmtpTls::Implicit => Tls::Wrapper(parameters(smtp)?),
        SmtpTls::StartTls => Tls::Required(parameters(smtp)?),
        SmtpTls::Off => Tls::None,
    };
    let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host);
    let server = server.port(smtp.port).tls(tls).timeout(Some(STEP));
    let server = match smtp.credentials.clone() {
        Some(credentials) => server.credentials(Credentials::from(credentials)),
        None => server,
    };
    Ok(server.build())
}

fn parameters(smtp: &Smtp) -> Result<TlsParameters, SmtpError> {
    let parameters = TlsParameters::builder(smtp.host.clone());
    match &smtp.authority {
        Some(pem) => parameters.add_root_certificate(Certificate::from_pem(pem)?).build_rustls(),
        None => parameters.build_rustls(),
    }
}

fn failure(error: SmtpError) -> Failure {
    match error.status().map(|code| code.to_string()) {
        Some(code) if error.is_permanent() && !ABOUT_US.contains(&&*code) => {
            Failure::Refused(format!("the server answered {code}"))
        }
        Some(code) => Failure::Later(format!("the server answered {code}")),
        None => Failure::Later(with_its_cause(&error)),
    }
}

fn with_its_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Writes a file that its owner alone reads, whole or not at all. One that is there already is the same mail.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(name))
}
