use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use common::clock::Clock;
use common::http_client;
use common::token::explain::{Check, Expected, Explanation, Material, Part, Verdict, explain};
use serde_json::json;
use zeroize::Zeroizing;

#[derive(Args)]
pub(in crate::cli) struct Explain {
    /// The token, or - to read it from standard input, where no list of processes shows it.
    token: String,
    /// A file with the key to check the signature with: a public key in PEM, a JSON Web Key, or a set of them.
    #[arg(long, conflicts_with = "secret_file")]
    key: Option<PathBuf>,
    /// A file with the secret to check the signature with (HS256); a line break at its end does not count.
    #[arg(long)]
    secret_file: Option<PathBuf>,
    #[command(flatten)]
    given: Given,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// The issuer whose keys are fetched from {issuer}/.well-known/jwks.json unless a key is given, and the audience that the
/// token should name: the settings of these names, where they are flags. What is set for a server says nothing here.
struct Given {
    issuer: Option<String>,
    audience: Option<String>,
}

impl Args for Given {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let flag = |name| {
            let is_flag = matches.value_source(name) == Some(ValueSource::CommandLine);
            matches.get_one::<String>(name).filter(|_| is_flag).cloned()
        };
        Ok(Self { issuer: flag("issuer"), audience: flag("audience") })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

const PATIENCE: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 256 * 1024;

impl Explain {
    pub async fn run(self, leeway: Duration) -> anyhow::Result<()> {
        let token = Zeroizing::new(self.token()?);
        let expected = Expected {
            material: self.material().await?,
            issuer: self.given.issuer.clone(),
            audience: self.given.audience.clone(),
            now: Clock::system().now().as_secs(),
            leeway: leeway.as_secs() as i64,
        };
        let explained = explain(token.trim(), &expected);
        println!("{}", if self.json { as_json(&explained) } else { as_text(&explained) });
        match explained.failed().as_slice() {
            [] => Ok(()),
            failed => bail!("a verifier refuses the token: {}", failed.join(", ")),
        }
    }

    fn token(&self) -> anyhow::Result<String> {
        if self.token != "-" {
            return Ok(self.token.clone());
        }
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).context("the token cannot be read from standard input")?;
        Ok(text)
    }

    async fn material(&self) -> anyhow::Result<Option<Material>> {
        if let Some(path) = &self.key {
            let read = Material::public(&text_of(path)?);
            return read.map(Some).with_context(|| path.display().to_string());
        }
        if let Some(path) = &self.secret_file {
            let text = Zeroizing::new(text_of(path)?);
            let secret = text.trim_end_matches(['\r', '\n']).as_bytes().to_vec();
            return Ok(Some(Material::Secret(Zeroizing::new(secret))));
        }
        let Some(issuer) = &self.given.issuer else { return Ok(None) };
        let url = format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/'));
        let request = http_client::client(PATIENCE).get(&url);
        let keys = http_client::fetch(request, MOST_BYTES).await.with_context(|| url.clone())?;
        Ok(Some(Material::public(&String::from_utf8_lossy(&keys)).context(url)?))
    }
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn as_json(explained: &Explanation) -> String {
    let part = |part: &Part| json!({ "name": part.name, "bytes": part.bytes, "text": part.text });
    let check =
        |check: &Check| json!({ "code": check.code, "verdict": word(check.verdict), "found": check.found });
    let parts: Vec<_> = explained.parts.iter().map(part).collect();
    let checks: Vec<_> = explained.checks.iter().map(check).collect();
    format!("{:#}", json!({ "parts": parts, "checks": checks }))
}

fn as_text(explained: &Explanation) -> String {
    let parts = explained
        .parts
        .iter()
        .map(|part| format!("{} ({} bytes)\n  {}\n", part.name, part.bytes, part.text.replace('\n', "\n  ")));
    let checks = explained
        .checks
        .iter()
        .map(|Check { code, verdict, found }| format!("{:7}  {code:10}  {found}", word(*verdict)));
    parts.chain(checks).collect::<Vec<_>>().join("\n")
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passes => "passes",
        Verdict::Fails => "FAILS",
        Verdict::Unknown => "unknown",
    }
}
