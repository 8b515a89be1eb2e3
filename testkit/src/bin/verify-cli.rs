//! Runs published test vectors through the header, key and signature code of the services. Never shipped.
//!
//! One JSON object a line comes in, `{id, token, jwks, algs, mode}`, and one goes out, `{id, ok, msg}`. Mode `jws`, which is
//! taken where none is named, is about the signature alone; mode `jwt` is about the claims too, by the members of
//! [`vectors::Policy`] in the same object.

use std::io::{self, BufRead, Write};

use common::token::vectors;
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    id: Value,
    token: String,
    jwks: Value,
    algs: Vec<String>,
    #[serde(default)]
    mode: Mode,
    #[serde(flatten)]
    policy: vectors::Policy,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Jws,
    Jwt,
}

#[derive(Serialize)]
struct Verdict {
    id: Value,
    ok: bool,
    msg: String,
}

fn main() -> io::Result<()> {
    common::install_crypto();
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        serde_json::to_writer(&mut out, &judge(case))?;
        writeln!(out)?;
    }
    Ok(())
}

fn judge(case: Case) -> Verdict {
    // What we do not support is left out: a token of it has nothing to be accepted by.
    let algs: Vec<Algorithm> = case.algs.iter().filter_map(|name| supported(name)).collect();
    let jwks = case.jwks.to_string();
    let checked = match case.mode {
        Mode::Jws => vectors::check_jws(&case.token, jwks.as_bytes(), &algs),
        Mode::Jwt => vectors::check_jwt(&case.token, jwks.as_bytes(), &algs, &case.policy),
    };
    Verdict {
        id: case.id,
        ok: checked.is_ok(),
        msg: checked.err().map(|refusal| refusal.to_string()).unwrap_or_default(),
    }
}

fn supported(name: &str) -> Option<Algorithm> {
    match name {
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        "RS256" => Some(Algorithm::RS256),
        _ => None,
    }
}
