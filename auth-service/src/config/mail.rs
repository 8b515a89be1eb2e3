use std::borrow::Cow;
use std::fmt;

use clap::Args;
use common::settings::BadValue;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// How mails go out.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// `None` where they are written to files.
    pub smtp: Option<Smtp>,
    /// Whom they are from.
    pub from: Mailbox,
}

/// The server that mails are handed to.
#[derive(Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    /// Name and password.
    pub credentials: Option<(String, String)>,
    /// What the certificate of the server is signed by, beside what the system trusts: PEM.
    pub authority: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte (RFC 8314 §3.3).
    Implicit,
    /// By STARTTLS, without which nothing is sent (RFC 3207).
    StartTls,
    Off,
}

#[derive(Args, Clone)]
#[command(next_help_heading = "Mail")]
pub(super) struct Mail {
    /// The server that mails go out by: smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587, which insists on
    /// STARTTLS; smtp://HOST:25?tls=none does without, and takes no password. Name and password are percent-encoded
    /// [default: none; mails are written to {data dir}/mail].
    #[arg(long, env = "AUTH_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// A file with the certificate, in PEM, that the server's own is signed by, where the system does not know it.
    #[arg(long, env = "AUTH_SMTP_CA", global = true)]
    pub smtp_ca: Option<String>,
    /// Whom mails are from, such as "Jipbap <no-reply@example.org>"; needed with a server.
    #[arg(long, env = "AUTH_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
}

impl Mail {
    /// What the texts mean.
    pub fn settings(&self) -> Result<MailSettings, BadValue> {
        let smtp = self.smtp_url.as_deref().map(|url| self.smtp(url)).transpose()?;
        let from = match &self.mail_from {
            Some(text) => text.parse().map_err(|_| no_sender("is not an address"))?,
            None if smtp.is_some() => {
                return Err(no_sender("is needed where AUTH_SMTP_URL is set: an address"));
            }
            None => "Jipbap <jipbap@localhost>".parse().expect("BUG: the sender of files is no address"),
        };
        Ok(MailSettings { smtp, from })
    }

    fn smtp(&self, text: &str) -> Result<Smtp, BadValue> {
        let url = Url::parse(text).map_err(|_| bad_url("is not an address"))?;
        let tls = tls(&url)?;
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(ip)) => ip.to_string(),
            Some(Host::Ipv6(ip)) => ip.to_string(),
            _ => return Err(bad_url("names no host")),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(bad_url("has a path"));
        }
        let credentials = credentials(&url)?;
        if tls == SmtpTls::Off && credentials.is_some() {
            return Err(bad_url("sends a password that everybody on the way reads: leave out tls=none"));
        }
        // RFC 8314 §3.3, RFC 6409 §3.1, RFC 5321 §4.5.4.2
        let default_port = match tls {
            SmtpTls::Implicit => 465,
            SmtpTls::StartTls => 587,
            SmtpTls::Off => 25,
        };
        let authority = self.smtp_ca.as_deref().map(authority).transpose()?;
        Ok(Smtp { host, port: url.port().unwrap_or(default_port), tls, credentials, authority })
    }
}

fn tls(url: &Url) -> Result<SmtpTls, BadValue> {
    match (url.scheme(), url.query()) {
        ("smtps", None) => Ok(SmtpTls::Implicit),
        ("smtp", None | Some("tls=required")) => Ok(SmtpTls::StartTls),
        ("smtp", Some("tls=none")) => Ok(SmtpTls::Off),
        ("smtp" | "smtps", Some(_)) => Err(bad_url("has options that are not known")),
        _ => Err(bad_url("is not an address")),
    }
}

fn credentials(url: &Url) -> Result<Option<(String, String)>, BadValue> {
    let decoded = |text| {
        let decoded = percent_decode_str(text).decode_utf8();
        decoded.map(Cow::into_owned).map_err(|_| bad_url("has a name or password that is not UTF-8"))
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (name, Some(password)) if !name.is_empty() => Ok(Some((decoded(name)?, decoded(password)?))),
        _ => Err(bad_url("needs both a name and a password, or neither")),
    }
}

fn authority(path: &str) -> Result<Vec<u8>, BadValue> {
    let bad = |complaint: String| BadValue::new("AUTH_SMTP_CA", complaint);
    let pem = std::fs::read(path).map_err(|error| bad(format!("cannot read {path}: {}", error.kind())))?;
    let certificate = lettre::transport::smtp::client::Certificate::from_pem(&pem);
    certificate.map_err(|_| bad(format!("{path} holds no certificate in PEM")))?;
    Ok(pem)
}

fn bad_url(complaint: &str) -> BadValue {
    BadValue::new(
        "AUTH_SMTP_URL",
        format!("{complaint}; give one such as smtps://user:password@mail.example.org"),
    )
}

fn no_sender(complaint: &str) -> BadValue {
    BadValue::new("AUTH_MAIL_FROM", format!("{complaint} such as Jipbap <no-reply@example.org>"))
}

/// Says nothing of the password.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(url: &str, from: Option<&str>) -> Mail {
        Mail { smtp_url: Some(url.to_owned()), smtp_ca: None, mail_from: from.map(str::to_owned) }
    }

    fn smtp(url: &str) -> Result<Smtp, BadValue> {
        mail(url, Some("a@example.org")).settings().map(|settings| settings.smtp.unwrap())
    }

    #[test]
    fn the_scheme_says_how_it_is_encrypted() {
        for (url, tls, port) in [
            ("smtps://mail.example.org", SmtpTls::Implicit, 465),
            ("smtp://mail.example.org", SmtpTls::StartTls, 587),
            ("smtp://mail.example.org?tls=required", SmtpTls::StartTls, 587),
            ("smtp://127.0.0.1:2525?tls=none", SmtpTls::Off, 2525),
        ] {
            let smtp = smtp(url).unwrap();
            assert_eq!((smtp.tls, smtp.port), (tls, port), "{url}");
        }
    }

    #[test]
    fn name_and_password_are_decoded() {
        let smtp = smtp("smtps://no-reply%40example.org:a+b%26c%25%2F@mail.example.org").unwrap();
        assert_eq!(smtp.credentials, Some(("no-reply@example.org".into(), "a+b&c%/".into())));
        assert!(!format!("{smtp:?}").contains("a+b"));
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        for url in [
            "",
            "mail.example.org",
            "https://mail.example.org",
            "smtp://",
            "smtps://user@mail.example.org",
            "smtps://:gochujang@mail.example.org",
            "smtp://user:gochujang@mail.example.org?tls=none",
            "smtp://mail.example.org?tls=opportunistic",
            "smtp://mail.example.org/path",
        ] {
            let refused = smtp(url).unwrap_err();
            assert_eq!(refused.variable, "AUTH_SMTP_URL", "{url}");
            assert!(!refused.complaint.contains("gochujang"), "{refused}");
        }
        for from in [None, Some("nobody"), Some("a@b\nBcc: c@d.org")] {
            assert_eq!(mail("smtps://example.org", from).settings().unwrap_err().variable, "AUTH_MAIL_FROM");
        }
    }
}
