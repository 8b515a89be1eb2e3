use serde_json::Value;

use super::{Checks, Expected, printable};
use crate::time::Instant;
use crate::token::MAX_LIFETIME_SECS;
use crate::token::claims::Claims;

/// Says of each claim whether it passes.
pub(super) fn check(payload: &[u8], expected: &Expected, checks: &mut Checks) {
    match Claims::parse(payload) {
        Ok((claims, _)) if claims.person.is_some() => checks.say("profile", true, "a person's"),
        Ok(_) => checks.say("profile", true, "a service's"),
        Err(refusal) => checks.say("profile", false, refusal.to_string()),
    }
    let members: Value = serde_json::from_slice(payload).unwrap_or_default();
    issuer(&members["iss"], expected.issuer.as_deref(), checks);
    audience(&members["aud"], expected.audience.as_deref(), checks);
    times(&members, expected, checks);
}

fn issuer(iss: &Value, expected: Option<&str>, checks: &mut Checks) {
    let found = printable(&iss.to_string());
    match expected {
        Some(expected) => checks.say("iss", iss == expected, format!("{found}; expected \"{expected}\"")),
        None => checks.unknown("iss", format!("{found}; no issuer was given")),
    }
}

fn audience(aud: &Value, expected: Option<&str>, checks: &mut Checks) {
    let found = printable(&aud.to_string());
    let names = |name: &str| aud.as_array().is_some_and(|list| list.iter().any(|has| has == name));
    match expected {
        Some(name) => checks.say("aud", names(name), format!("{found}; expected to name \"{name}\"")),
        None => checks.unknown("aud", format!("{found}; no audience was given")),
    }
}

fn times(members: &Value, expected: &Expected, checks: &mut Checks) {
    let Expected { now, leeway, .. } = expected;
    let (exp, iat, nbf) = (members["exp"].as_i64(), members["iat"].as_i64(), &members["nbf"]);
    match iat {
        Some(iat) => {
            let passes = iat >= 0 && iat <= now.saturating_add(*leeway);
            checks.say("iat", passes, format!("{}; leeway {leeway} s", when(iat, *now)));
        }
        None => checks.say(
            "iat",
            false,
            format!("{}; expected whole seconds", printable(&members["iat"].to_string())),
        ),
    }
    if !nbf.is_null() {
        let passes = nbf.as_i64().is_some_and(|nbf| nbf <= now.saturating_add(*leeway));
        let found = nbf.as_i64().map_or_else(|| printable(&nbf.to_string()), |nbf| when(nbf, *now));
        checks.say("nbf", passes, format!("{found}; leeway {leeway} s"));
    }
    match exp {
        Some(exp) => {
            let passes = *now < exp.saturating_add(*leeway);
            checks.say("exp", passes, format!("{}; leeway {leeway} s", when(exp, *now)));
        }
        None => checks.say(
            "exp",
            false,
            format!("{}; expected whole seconds", printable(&members["exp"].to_string())),
        ),
    }
    if let Some(life) = exp.zip(iat).and_then(|(exp, iat)| exp.checked_sub(iat)) {
        let passes = (1..=MAX_LIFETIME_SECS).contains(&life);
        checks.say("lifetime", passes, format!("{life} s; 1 to {MAX_LIFETIME_SECS}"));
    }
}

/// A number of seconds as it is, as a time, and as seen from now.
fn when(at: i64, now: i64) -> String {
    const LAST: i64 = 253_402_300_799;
    let date =
        if (0..=LAST).contains(&at) { Instant::from_secs(at).to_string() } else { "no date".to_owned() };
    let seen = match at.saturating_sub(now) {
        0 => "now".to_owned(),
        ahead @ 1.. => format!("{ahead} s ahead"),
        past => format!("{} s ago", past.unsigned_abs()),
    };
    format!("{at} ({date}), {seen}")
}
