use std::hint::black_box;

use anyhow::{Context, Result, ensure};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bench::issuer::{self, Issuer, hear, nothing_revoked};
use common::clock::Clock;
use common::revocations::Revocations;
use common::revocations::feed::{Event, Kind};
use common::token::Verifier;
use uuid::Uuid;

use crate::load::Measured;
use crate::machine::resident_bytes;
use crate::rounds::{Comparison, take_turns};

const AUDIENCE: &str = "bench";

/// As many as a verifier remembers.
const NEW_TOKENS: usize = 10_000;

/// More than the processor's nearest caches hold of what is kept of them.
const KNOWN_TOKENS: usize = 1_000;

/// Live revocations: what a service has that sees 240 log-outs a second.
const MANY: i64 = 1_000_000;

/// How often each of the known tokens is presented.
const TIMES: usize = 500;

/// A verifier reads tokens that it has not seen. The limit is one check of each of their signatures.
pub fn cold_verification(rounds: usize) -> Result<Comparison> {
    let issuer = Issuer::generate();
    let tokens = tokens(&issuer, NEW_TOKENS);
    let signatures = tokens.iter().map(|token| signature(token)).collect::<Result<Vec<_>>>()?;
    let key = issuer.public_key();
    let check = |(message, signature): &(&str, Vec<u8>)| Ok(key.verify_sig(message.as_bytes(), signature)?);
    take_turns(
        rounds,
        || {
            let verifier = verifier(&issuer);
            each(&tokens, 1, |token| Ok(verifier.verify(token)?))
        },
        || Ok(each(&signatures, 1, check)?.rate()),
    )
}

/// A verifier is shown the same tokens again and again. The limit is their hash.
pub fn cached_verification(rounds: usize) -> Result<Comparison> {
    let issuer = Issuer::generate();
    let tokens = tokens(&issuer, KNOWN_TOKENS);
    take_turns(
        rounds,
        || {
            let verifier = verifier(&issuer);
            each(&tokens, 1, |token| Ok(verifier.verify(token)?))?;
            each(&tokens, TIMES, |token| Ok(verifier.verify(token)?))
        },
        || Ok(each(&tokens, TIMES, |token| Ok(digest(&SHA256, token.as_bytes())))?.rate()),
    )
}

/// A verifier reads tokens that it has not seen, with a million live revocations of others. The limit is one with none.
pub fn loaded_verification(rounds: usize) -> Result<Comparison> {
    let issuer = Issuer::generate();
    let (tokens, revocations) = (tokens(&issuer, NEW_TOKENS), a_million_revoked());
    take_turns(
        rounds,
        || {
            let verifier = verifier_with(&issuer, revocations.clone());
            each(&tokens, 1, |token| Ok(verifier.verify(token)?))
        },
        || {
            let verifier = verifier(&issuer);
            Ok(each(&tokens, 1, |token| Ok(verifier.verify(token)?))?.rate())
        },
    )
}

/// What a live revocation takes of the memory of a verifier, in bytes.
pub fn memory() -> Result<Comparison> {
    let own = std::process::id();
    let before = resident_bytes(own)?;
    let revocations = a_million_revoked();
    let after = resident_bytes(own)?;
    ensure!(after > before, "they went where something else was before: measure this alone");
    Ok(Comparison::once((after - before) / revocations.len() as f64, f64::INFINITY))
}

fn a_million_revoked() -> Revocations {
    let (revocations, boot) = (nothing_revoked(), Clock::system().boot());
    for seq in 1..=MANY {
        let id = Uuid::now_v7().to_string();
        let event = Event { seq, kind: Kind::Session, id, min_uv: None, until: None };
        revocations.apply(&event, boot);
    }
    revocations.complete(boot);
    revocations
}

fn tokens(issuer: &Issuer, count: usize) -> Vec<String> {
    let clock = Clock::system();
    (0..count).map(|_| issuer.token(AUDIENCE, &clock)).collect()
}

/// What was signed, and the bytes of the signature.
fn signature(token: &str) -> Result<(&str, Vec<u8>)> {
    let (message, signature) = token.rsplit_once('.').context("not a token")?;
    Ok((message, URL_SAFE_NO_PAD.decode(signature)?))
}

/// One that has seen nothing yet.
fn verifier(issuer: &Issuer) -> Verifier {
    verifier_with(issuer, nothing_revoked())
}

fn verifier_with(issuer: &Issuer, revocations: Revocations) -> Verifier {
    hear(&revocations, &Clock::system());
    Verifier::builder()
        .issuer(issuer::NAME)
        .audience(AUDIENCE)
        .keys(issuer.keys())
        .revocations(revocations)
        .build()
}

/// Does something with all of these in turn, so many times.
fn each<T, R>(these: &[T], times: usize, mut act: impl FnMut(&T) -> Result<R>) -> Result<Measured> {
    let clock = Clock::system();
    let started = clock.boot();
    for _ in 0..times {
        for this in these {
            black_box(act(this)?);
        }
    }
    Ok(Measured::counted(clock.boot() - started, these.len() * times))
}
