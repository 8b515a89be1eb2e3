use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use aws_lc_rs::hmac;
use clap::Args;
use common::clock::Clock;
use common::ids::Uuid;
use common::secrets::{Secret, write_secret};
use common::settings::duration;
use common::token::TYP;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use crate::config::{Settings, SigningAlg};
use crate::service::keys::KeyPair;
use crate::service::signer;

#[derive(Args)]
pub(in crate::cli) struct Encode {
    /// ES256, EdDSA or RS256, with a key that is made for this token alone, or HS256 with a secret.
    #[arg(long, default_value = "ES256")]
    alg: String,
    /// Claims as JSON, in the place of those that a person's token has; null leaves one out.
    #[arg(long, default_value = "{}", hide_default_value = true)]
    claims: String,
    /// Members of the header as JSON, in the place of those that it has; null leaves one out.
    #[arg(long, default_value = "{}", hide_default_value = true)]
    header: String,
    /// How long it lives, such as 15m.
    #[arg(long, default_value = "15m")]
    lifetime: String,
    /// Where to write the public key; on standard error unless it is given.
    #[arg(long)]
    key_out: Option<PathBuf>,
    /// The secret of HS256, which is made where the file is not there.
    #[arg(long, required_if_eq("alg", "HS256"))]
    secret_file: Option<PathBuf>,
}

/// What a token is signed with, and what its header says of it.
enum Signing {
    Key { pair: Box<KeyPair>, kid: String },
    Secret(Zeroizing<String>),
}

impl Encode {
    pub fn run(&self, settings: &Settings) -> anyhow::Result<()> {
        let signing = self.signing()?;
        let header = merged(signing.header(), "--header", &self.header)?;
        let claims = merged(self.own_claims(settings)?, "--claims", &self.claims)?;
        let token = signer::by_hand(&header, &claims, |message| signing.sign(message));
        self.publish(&signing)?;
        println!("{}", token.context("the system gives no random numbers")?);
        Ok(())
    }

    fn signing(&self) -> anyhow::Result<Signing> {
        if let (Some(path), "HS256") = (&self.secret_file, self.alg.as_str()) {
            return Ok(Signing::Secret(secret(path)?));
        }
        let alg = SigningAlg::named(&self.alg);
        let alg = alg.ok_or_else(|| anyhow!("--alg: {} is none of ES256, EdDSA, RS256, HS256", self.alg))?;
        let (pair, _) = KeyPair::generate(alg).context("the system gives no random numbers")?;
        Ok(Signing::Key { kid: pair.thumbprint(), pair: Box::new(pair) })
    }

    /// What a person's token says (RFC 9068 §2.2).
    fn own_claims(&self, settings: &Settings) -> anyhow::Result<Value> {
        let life: Duration = duration("--lifetime", &self.lifetime)?;
        let now = Clock::system().now().as_secs();
        Ok(json!({
            "iss": settings.issuer,
            "sub": Uuid::now_v7(),
            "aud": settings.audiences,
            "exp": now + life.as_secs() as i64,
            "iat": now,
            "jti": Uuid::now_v7(),
            "client_id": "by-hand",
            "uv": 0,
            "scope": settings.scopes.join(" "),
            "sid": Uuid::now_v7(),
            "roles": [],
            "auth_time": now,
            "amr": ["pwd"],
        }))
    }

    fn publish(&self, signing: &Signing) -> anyhow::Result<()> {
        let Signing::Key { pair, kid } = signing else { return Ok(()) };
        let jwk = pair.public_jwk(kid).to_string();
        match &self.key_out {
            Some(path) => write_secret(path, &jwk).with_context(|| path.display().to_string()),
            None => {
                eprintln!("Its public key, whose private half is gone:\n{jwk}");
                Ok(())
            }
        }
    }
}

impl Signing {
    fn header(&self) -> Value {
        match self {
            Self::Key { pair, kid } => json!({ "typ": TYP, "alg": pair.alg().name(), "kid": kid }),
            Self::Secret(_) => json!({ "typ": "JWT", "alg": "HS256" }),
        }
    }

    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Key { pair, .. } => pair.sign(message),
            Self::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                Some(hmac::sign(&key, message).as_ref().to_vec())
            }
        }
    }
}

/// Reads the secret of a file, or makes one where there is none.
fn secret(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    if !path.exists() {
        write_secret(path, &Secret::random().expose_text()).with_context(|| path.display().to_string())?;
    }
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let secret = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    // RFC 7518 §3.2.
    ensure!(secret.len() >= 32, "{}: HS256 needs a secret of at least 32 bytes", path.display());
    Ok(secret)
}

/// An object with members of another in the place of its own; null removes one.
fn merged(own: Value, flag: &str, text: &str) -> anyhow::Result<Value> {
    let given: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| anyhow!("{flag}: not a JSON object: {error}"))?;
    let mut own: Map<String, Value> = own.as_object().cloned().unwrap_or_default();
    for (name, value) in given {
        if value.is_null() {
            own.remove(&name);
        } else {
            own.insert(name, value);
        }
    }
    Ok(Value::Object(own))
}
