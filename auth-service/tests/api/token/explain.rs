use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use common::clock::Clock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::token::Verifier;
use serde_json::{Value, json};
use testkit::forge::{Forge, Hmac, Key, encoded};

use super::{File, checks, token, token_with};

const ISSUER: &str = "http://auth.test";

fn forge(key: Key) -> Forge {
    common::install_crypto();
    Forge::new(ISSUER, key, Clock::system())
}

/// Every verdict on a token that is held against a key and what else a verifier of recipe-service knows.
fn explained(token_text: &str, key: &File) -> super::Said {
    let path = key.path();
    token(&["explain", token_text, "--key", &path, "--issuer", ISSUER, "--audience", "recipes", "--json"])
}

#[test]
fn a_good_token_passes_every_check_with_a_key_in_any_form() {
    for key in [Key::es256(), Key::ed_dsa(), Key::rs256()] {
        let forge = forge(key);
        let good = forge.token().to_string();
        for form in [forge.key.jwks(), forge.key.jwk().to_string().into_bytes(), forge.key.pem().into_bytes()]
        {
            let said = explained(&good, &File::new(form));
            assert_eq!((said.code, checks(&said, "FAILS")), (0, vec![]), "{}", said.out);
            assert_eq!(checks(&said, "unknown"), ["revocation"], "{}", said.out);
        }
        let service = forge.with_claims(forge.service_claims()).to_string();
        assert_eq!(explained(&service, &File::new(forge.key.jwks())).code, 0);
    }
}

#[test]
fn each_part_and_each_number_is_shown() {
    let forge = forge(Key::es256());
    let (key, good) = (File::new(forge.key.jwks()), forge.token().to_string());
    let said = token(&["explain", &good, "--key", &key.path(), "--issuer", ISSUER, "--audience", "recipes"]);
    let bytes = good.len();
    for text in [
        "header (",
        "payload (",
        "signature (64 bytes)",
        "\"typ\": \"at+jwt\"",
        "\"scope\": \"recipes:read recipes:write\"",
        &format!("{bytes} bytes; at most 4096"),
        "900 s; 1 to 3600",
        "s ahead; leeway 30 s",
        "expected \"http://auth.test\"",
        "passes   signature   64 bytes, made with the key",
    ] {
        assert!(said.out.contains(text), "no {text:?}:\n{}", said.out);
    }
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let piped = token_with(&["explain", "-", "--key", &key.path()], &format!("{good}\n"));
    assert!(piped.out.contains("made with the key"), "{}", piped.out);
}

/// Tokens that are wrong in one way, and the check that says so.
fn wrong(forge: &Forge) -> Vec<(&'static str, String)> {
    let claims = |name, value: Value| forge.with_claims(forge.claims().with(name, value)).to_string();
    let header = |name, value: Value| forge.with_header(forge.header().with(name, value)).to_string();
    let now = forge.now();
    let good = forge.token();
    vec![
        ("length", claims("ext", json!("x".repeat(4000)))),
        ("characters", format!("{good}=")),
        ("parts", "a.b".to_owned()),
        ("parts", "a..b.c.d".to_owned()),
        ("header", format!("A.{}.{}", good.payload, good.signature)),
        ("header", header("crit", json!(["exp"]))),
        ("header", header("jwk", json!({}))),
        ("header", header("zip", json!("DEF"))),
        ("typ", header("typ", json!("JWT"))),
        ("kid", forge.with_header(forge.header().without("kid")).to_string()),
        ("key", header("kid", json!("another"))),
        ("alg", header("alg", json!("HS256"))),
        ("alg", header("alg", json!("none"))),
        ("signature", good.clone().signed_with([1; 64]).to_string()),
        ("profile", forge.with_claims(forge.claims().without("jti")).to_string()),
        ("profile", claims("aud", json!("recipes"))),
        ("profile", forge.with_claims("[]").to_string()),
        ("iss", claims("iss", json!("http://auth.test/"))),
        ("aud", claims("aud", json!(["auth"]))),
        ("exp", claims("exp", json!(now - 31))),
        ("exp", claims("exp", json!("soon"))),
        ("iat", claims("iat", json!(now + 600))),
        ("nbf", claims("nbf", json!(now + 600))),
        ("lifetime", claims("exp", json!(now + 4000))),
    ]
}

/// What explains says about a token is what a verifier does with it.
#[test]
fn what_is_wrong_is_named_and_a_verifier_refuses_it() {
    let forge = forge(Key::es256());
    let key = File::new(forge.key.jwks());
    let verifier = Verifier::builder()
        .issuer(ISSUER)
        .audience("recipes")
        .keys(Keys::held(KeySet::parse(&forge.key.jwks()).unwrap()))
        .revocations(Revocations::asked_in_the_database())
        .build();
    verifier.verify(&forge.token().to_string()).expect("not believed");
    for (code, wrong) in wrong(&forge) {
        let said = explained(&wrong, &key);
        let failed = checks(&said, "FAILS");
        assert!(failed.iter().any(|failed| failed == code), "{code} is not in {failed:?}: {wrong}");
        assert_eq!(said.code, 1, "{code}");
        assert!(said.err.contains(&failed.join(", ")), "{}", said.err);
        assert!(!said.err.contains(&wrong), "{}", said.err);
        assert!(verifier.verify(&wrong).is_err(), "{code}");
    }
}

#[test]
fn a_secret_checks_what_is_signed_with_it() {
    let secret = "a secret that both of them know, and nobody else";
    let forge = forge(Key::hmac(Hmac::Hs256, secret).named("x"));
    let header = json!({ "alg": "HS256", "typ": "JWT" }).to_string();
    let old = forge.with_header(header.as_str()).to_string();
    let said = token(&["explain", &old, "--secret-file", &File::new(format!("{secret}\n")).path(), "--json"]);
    assert_eq!(checks(&said, "FAILS"), ["typ", "kid"], "{}", said.out);
    let said = token(&["explain", &old, "--secret-file", &File::new("another").path(), "--json"]);
    assert_eq!(checks(&said, "FAILS"), ["typ", "kid", "signature"], "{}", said.out);
    let said = token(&["explain", &old, "--json"]);
    assert_eq!(checks(&said, "unknown"), ["alg", "signature", "iss", "aud", "revocation"], "{}", said.out);
}

#[test]
fn a_private_key_is_not_taken() {
    let forge = forge(Key::es256());
    let good = forge.token().to_string();
    let private = "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----\n";
    for key in
        [private, "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{\"kty\":\"EC\",\"d\":\"AAAA\"}", "nonsense", "{}"]
    {
        let said = token(&["explain", &good, "--key", &File::new(key).path()]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{key}: {}", said.err);
    }
}

/// Serves a key set once, and answers what it was asked.
fn serve(listener: TcpListener, jwks: Vec<u8>) -> String {
    let (mut stream, _) = listener.accept().expect("nobody came");
    let (mut asked, mut part) = (Vec::new(), [0; 4096]);
    while !asked.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut part).expect("not read");
        assert!(read > 0, "it hung up");
        asked.extend_from_slice(&part[..read]);
    }
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", jwks.len());
    stream.write_all(&[head.as_bytes(), &jwks].concat()).expect("not written");
    String::from_utf8(asked).expect("not UTF-8")
}

#[test]
fn an_issuer_is_asked_for_its_keys_and_never_shown_the_token() {
    common::install_crypto();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let forge = Forge::new(&issuer, Key::es256(), Clock::system());
    let (jwks, good) = (forge.key.jwks(), forge.token().to_string());
    let server = thread::spawn(move || serve(listener, jwks));
    let said = token(&["explain", &good, "--issuer", &issuer, "--audience", "auth", "--json"]);
    let asked = server.join().unwrap();
    assert_eq!((said.code, checks(&said, "FAILS")), (0, vec![]), "{}{}", said.out, said.err);
    assert!(asked.starts_with("GET /.well-known/jwks.json HTTP/1.1\r\n"), "{asked}");
    for part in good.split('.') {
        assert!(!asked.contains(part), "{asked}");
    }
    let alone = token(&["explain", &good, "--issuer", &issuer]);
    assert_eq!((alone.code, alone.out.as_str()), (1, ""), "{}", alone.err);
    assert!(!alone.err.contains(&good), "{}", alone.err);
}

#[test]
fn what_would_move_the_cursor_of_a_terminal_is_escaped() {
    let forge = forge(Key::es256());
    let hostile = forge.with_header("\u{1b}[2J\u{202e}{").to_string();
    let claims = forge.with_claims(forge.claims().with("name", json!("\u{9b}31m\u{202e}"))).to_string();
    for hostile in [hostile, claims, format!("{}.x.y", encoded(b"\x07"))] {
        let said = token(&["explain", &hostile]);
        let is_hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!said.out.contains(is_hostile) && !said.err.contains(is_hostile), "{:?}", said.out);
    }
}
