//! `users import`: a file of JSON lines, read one by one.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, bail};
use common::clock::Clock;
use common::progress::Progress;
use common::settings::Output;
use common::time::Instant;
use serde::{Deserialize, Serialize};

use crate::domain::{Email, Name, Unfit, Username, account};
use crate::service::Auth;
use crate::service::import::{Arrival, Imported, Newcomer};

/// An account as the other system wrote it down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    email: Option<String>,
    username: Option<String>,
    external_id: Option<ExternalId>,
    password_hash: String,
    name: Option<String>,
    email_verified: Option<bool>,
    roles: Option<Vec<String>>,
    created_at: Option<Instant>,
}

/// Other systems count, or call people by words.
#[derive(Deserialize)]
#[serde(untagged)]
enum ExternalId {
    Number(i64),
    Text(String),
}

/// Why a line was not imported. Never repeats what it holds.
struct Refused(String);

#[derive(Default, Serialize)]
struct Tally {
    imported: usize,
    known: usize,
    refused: Vec<RefusedLine>,
}

#[derive(Serialize)]
struct RefusedLine {
    line: usize,
    why: String,
}

/// Imports a file, or checks what an import would do.
///
/// # Errors
/// The file cannot be read, the database does not answer, or a line was refused.
pub(super) async fn run(
    auth: &Auth,
    file: &Path,
    claim: bool,
    dry_run: bool,
    output: Output,
) -> anyhow::Result<()> {
    let opened = File::open(file).with_context(|| format!("{}", file.display()))?;
    let progress = Progress::of("accounts");
    progress.expect(opened.metadata().map_or(0, |file| file.len() as usize));
    let (mut tally, mut seen, now) = (Tally::default(), Seen::default(), Clock::system().now());
    for (number, line) in (1..).zip(BufReader::new(opened).lines()) {
        let line = line.with_context(|| format!("{}, line {number}", file.display()))?;
        progress.advance(line.len() + 1);
        if line.trim().is_empty() {
            continue;
        }
        let newcomer = read(&line, now).map(|newcomer| Newcomer { tokens_say_so: claim, ..newcomer });
        let arrival = match newcomer {
            Ok(newcomer) if dry_run => seen.rehearse(auth, newcomer).await?,
            Ok(newcomer) => refusal(auth.import(newcomer).await?),
            Err(refused) => Err(refused),
        };
        if let Err(Refused(why)) = &arrival {
            progress.say(&format!("line {number}: {why}"));
        }
        tally.count(number, arrival);
    }
    drop(progress);
    output.print(&tally, |tally| format!("{tally}{}", if dry_run { " Nothing was changed." } else { "" }))?;
    let refused = tally.refused.len();
    if refused > 0 { bail!("{refused} lines were refused") } else { Ok(()) }
}

fn refusal(arrival: Arrival) -> Result<Arrival, Refused> {
    match arrival {
        Arrival::Imported | Arrival::Known => Ok(arrival),
        Arrival::UsernameTaken => Err(Refused("username: another account has it".to_owned())),
        Arrival::ExternalIdTaken => Err(Refused("external_id: another account has it".to_owned())),
    }
}

/// Whom a rehearsal has met: an import would find them in the database.
#[derive(Default)]
struct Seen {
    emails: HashSet<String>,
    usernames: HashSet<String>,
    external_ids: HashSet<String>,
}

impl Seen {
    async fn rehearse(
        &mut self,
        auth: &Auth,
        newcomer: Newcomer,
    ) -> anyhow::Result<Result<Arrival, Refused>> {
        let email = newcomer.email.as_ref().map(|email| email.as_str().to_owned());
        let username = newcomer.username.as_ref().map(|name| name.as_str().to_owned());
        let external_id = newcomer.external_id.clone();
        let arrival = auth.rehearse_import(newcomer).await?;
        let is_in = |set: &HashSet<String>, name: &Option<String>| {
            name.as_ref().is_some_and(|name| set.contains(name))
        };
        if arrival != Arrival::Imported || is_in(&self.emails, &email) {
            let known = if arrival == Arrival::Imported { Arrival::Known } else { arrival };
            return Ok(refusal(known));
        }
        if is_in(&self.usernames, &username) {
            let arrival = if email.is_none() { Arrival::Known } else { Arrival::UsernameTaken };
            return Ok(refusal(arrival));
        }
        if is_in(&self.external_ids, &external_id) {
            return Ok(refusal(Arrival::ExternalIdTaken));
        }
        self.emails.extend(email);
        self.usernames.extend(username);
        self.external_ids.extend(external_id);
        Ok(Ok(Arrival::Imported))
    }
}

fn read(line: &str, now: Instant) -> Result<Newcomer, Refused> {
    let line: Line = serde_json::from_str(line).map_err(|error| Refused(complaint(&error)))?;
    let email = optional("email", line.email.as_deref(), Email::parse)?;
    let username = optional("username", line.username.as_deref(), Username::parse)?;
    if email.is_none() && username.is_none() {
        return Err(Refused("needs an email or a username to log in by".to_owned()));
    }
    let password =
        Imported::parse(&line.password_hash).map_err(|error| Refused(format!("password_hash: {error}")))?;
    if line.created_at.is_some_and(|at| at > now || at < Instant::UNIX_EPOCH) {
        return Err(Refused("created_at: is not between 1970 and now".to_owned()));
    }
    let external_id = line.external_id.map(ExternalId::into_string);
    Ok(Newcomer {
        email,
        username,
        external_id: optional("external_id", external_id.as_deref(), account::ExternalId::parse)?
            .map(account::ExternalId::into_string),
        tokens_say_so: false,
        password,
        name: optional("name", line.name.as_deref(), Name::parse)?,
        email_verified: line.email_verified.unwrap_or(false),
        roles: account::roles(&line.roles.unwrap_or_default()).map_err(|unfit| refused("roles", unfit))?,
        created_at: line.created_at,
    })
}

fn optional<T>(
    member: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, Unfit>,
) -> Result<Option<T>, Refused> {
    text.map(parse).transpose().map_err(|unfit| refused(member, unfit))
}

fn refused(member: &str, unfit: Unfit) -> Refused {
    Refused(format!("{member}: {}", unfit.detail))
}

impl ExternalId {
    fn into_string(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// What serde says, where that cannot be a part of the line.
fn complaint(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let is_about_names =
        ["missing field", "unknown field", "duplicate field"].iter().any(|start| said.starts_with(start));
    match error.classify() {
        _ if is_about_names => said.split(" at line ").next().unwrap_or_default().to_owned(),
        serde_json::error::Category::Data => {
            format!("a member has a wrong type, at column {}", error.column())
        }
        _ => format!("is not JSON, at column {}", error.column()),
    }
}

impl Tally {
    fn count(&mut self, line: usize, arrival: Result<Arrival, Refused>) {
        match arrival {
            Ok(Arrival::Imported) => self.imported += 1,
            Ok(_) => self.known += 1,
            Err(Refused(why)) => self.refused.push(RefusedLine { line, why }),
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { imported, known, refused } = self;
        write!(f, "{imported} imported, {known} known before, {} refused.", refused.len())
    }
}
