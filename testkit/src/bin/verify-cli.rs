//! Runs published test vectors through the header, key and signature code of the services. Never shipped.
//!
//! One JSON object a line comes in, `{id, token, jwks, algs}`, and one goes out, `{id, ok, msg}`.

use std::io::{self, BufRead, Write};

use common::token::vectors;
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

#[derive(Deserialize)]
struct Case {
    id: Value,
    token: String,
    jwks: Box<RawValue>,
    algs: Vec<String>,
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
    let checked = vectors::check_jws(&case.token, case.jwks.get().as_bytes(), &algs);
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
