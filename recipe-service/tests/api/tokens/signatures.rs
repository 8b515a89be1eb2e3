//! Signatures that are no signatures.

use serde_json::json;
use testkit::forge::{Key, Number, P256_ORDER, Token, sha256};
use testkit::stack::Options;
use testkit::{TestStack, both};

use super::door::Door;

/// T052
#[both]
async fn a_signature_of_zeros_ones_and_orders_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let (zero, one) = (vec![0; 32], Number::of(&[1]).bytes(32));
    let before = Number::of(&P256_ORDER).minus(&Number::of(&[1])).bytes(32);
    let values = [zero, one, before, P256_ORDER.to_vec(), vec![0xff; 32]];
    for r in &values {
        for s in &values {
            let token = door.forge.token().signed_with([&r[..], s].concat());
            door.refuses(format!("r = {r:02x?}, s = {s:02x?}"), token).await;
        }
    }
}

/// T052
#[both]
async fn half_a_signature_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    for values in [vec![0; 32], P256_ORDER.to_vec()] {
        let token = door.forge.token();
        let real = token.signature_bytes();
        door.refuses("another r", token.clone().signed_with([&values[..], &real[32..]].concat())).await;
        door.refuses("another s", token.signed_with([&real[..32], &values].concat())).await;
    }
    let token = door.forge.token();
    let real = token.signature_bytes();
    door.refuses("the halves exchanged", token.signed_with([&real[32..], &real[..32]].concat())).await;
}

/// T053
#[both]
async fn a_signature_of_another_form_is_refused(stack: TestStack) {
    let door = Door::of(&stack).await;
    let token = door.forge.token();
    let der = door.forge.key.sign_der(token.message().as_bytes());
    door.refuses("DER", token.clone().signed_with(der)).await;
    let real = token.signature_bytes();
    for (what, bytes) in [
        ("65 bytes", [&real[..], &[0]].concat()),
        ("a zero before", [&[0], &real[..]].concat()),
        ("63 bytes", real[..63].to_vec()),
        ("r alone", real[..32].to_vec()),
        ("twice", [&real[..], &real].concat()),
        ("one byte", vec![0]),
    ] {
        door.refuses(what, token.clone().signed_with(bytes)).await;
    }
}

/// T055
#[both]
async fn signatures_by_ed25519_are_checked_to_the_letter(options: Options) {
    let stack = options.set("AUTH_SIGNING_ALG", "EdDSA").start().await;
    let door = Door::of(&stack).await;
    let token = door.forge.token();
    let real = token.signature_bytes();
    let (r, s) = real.split_at(32);
    let beyond = Number::of_little_endian(s).plus(&ed25519_order()).little_endian(32);
    let order = ed25519_order().little_endian(32);
    let identity = Number::of(&[1]).little_endian(32);
    let of_order_8 = hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    let mut not_canonical = [0xff; 32];
    (not_canonical[0], not_canonical[31]) = (0xee, 0x7f);
    for (what, signature) in [
        ("S + L", [r, &beyond].concat()),
        ("S = L", [r, &order].concat()),
        ("zeros", vec![0; 64]),
        ("R is the identity, S zero", [&identity[..], &[0; 32]].concat()),
        ("R of small order", [&of_order_8[..], s].concat()),
        ("R of small order, S zero", [&of_order_8[..], &[0; 32]].concat()),
        ("R not canonical", [&not_canonical[..], s].concat()),
        ("R and S exchanged", [s, r].concat()),
        ("63 bytes", real[..63].to_vec()),
        ("65 bytes", [&real[..], &[0]].concat()),
    ] {
        door.refuses(what, token.clone().signed_with(signature)).await;
    }
    door.believes("the real one", token).await;
}

/// L of RFC 8032 §5.1: 2^252 + 27742317777372353535851937790883648493.
fn ed25519_order() -> Number {
    Number::of(&hex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"))
}

fn hex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("not hexadecimal");
    (0..text.len()).step_by(2).map(digits).collect()
}

/// T056
#[both]
async fn signatures_by_rsa_are_checked_to_the_letter(options: Options) {
    let stack = options.set("AUTH_SIGNING_ALG", "RS256").start().await;
    let door = Door::of(&stack).await;
    let token = door.forge.token();
    let (real, modulus) = (token.signature_bytes(), door.forge.key.rsa_modulus());
    let (number, n) = (Number::of(&real), Number::of(&modulus));
    let length = modulus.len();
    for (what, signature) in [
        ("s + n", number.plus(&n).bytes(length)),
        ("n - s", n.minus(&number).bytes(length)),
        ("a zero before", [&[0], &real[..]].concat()),
        ("a zero behind", [&real[..], &[0]].concat()),
        ("one byte less", real[1..].to_vec()),
        ("zero", vec![0; length]),
        ("one", Number::of(&[1]).bytes(length)),
        ("n", modulus.clone()),
        ("n - 1", n.minus(&Number::of(&[1])).bytes(length)),
        ("a zero byte", vec![0]),
    ] {
        door.refuses(what, token.clone().signed_with(signature)).await;
    }
    door.believes("the real one", token).await;
}

/// T056: RFC 8017 §9.2 has one form of padding, and a check that looks for less has let forgers in.
#[both]
async fn every_other_padding_of_rsa_is_refused(options: Options) {
    let stack = options.set("AUTH_SIGNING_ALG", "RS256").start().await;
    let door = Door::of(&stack).await;
    let signed = |padding: &dyn Fn(&[u8], usize) -> Vec<u8>| {
        let token = Token::new(door.forge.header().into(), door.forge.claims().into());
        let hash = sha256(token.message());
        sign_block(&door.forge.key, token, |length| padding(&hash, length))
    };
    door.believes("the padding of the RFC", signed(&|hash, length| block(length, &[SHA_256, hash].concat())))
        .await;
    for (what, padding) in paddings() {
        door.refuses(what, signed(&*padding)).await;
    }
}

/// DigestInfo of SHA-256 up to the hash (RFC 8017 §9.2, note 1).
const SHA_256: &[u8] = &[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// 00 01 FF … FF 00 and what is padded.
fn block(length: usize, info: &[u8]) -> Vec<u8> {
    [&[0, 1][..], &vec![0xff; length - 3 - info.len()], &[0], info].concat()
}

fn sign_block(key: &Key, token: Token, padded: impl Fn(usize) -> Vec<u8>) -> Token {
    let block = padded(key.rsa_modulus().len());
    token.signed_with(key.rsa_private(&block))
}

type Padding = Box<dyn Fn(&[u8], usize) -> Vec<u8>>;

fn paddings() -> Vec<(&'static str, Padding)> {
    let right = |hash: &[u8], length| block(length, &[SHA_256, hash].concat());
    let changed = move |at: usize, byte: u8| -> Padding {
        Box::new(move |hash, length| {
            let mut block = right(hash, length);
            block[at] = byte;
            block
        })
    };
    let info = |prefix: &'static [u8]| -> Padding {
        Box::new(move |hash, length| block(length, &[prefix, hash].concat()))
    };
    let short = |filling: usize| -> Padding {
        Box::new(move |hash, length| {
            let mut block = [&[0, 1][..], &vec![0xff; filling], &[0], SHA_256, hash].concat();
            block.resize(length, 0);
            block
        })
    };
    vec![
        ("block type 0", changed(1, 0)),
        ("block type 2", changed(1, 2)),
        ("not a zero first", changed(0, 1)),
        ("the first byte of the padding", changed(2, 0xfe)),
        ("a byte within the padding", changed(100, 0x7f)),
        ("a zero within the padding", changed(50, 0)),
        ("no padding but garbage behind the hash", short(0)),
        ("eight bytes of padding and garbage behind the hash", short(8)),
        ("no DigestInfo", info(&[])),
        (
            "no NULL in the DigestInfo",
            info(&[
                0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
                0x04, 0x20,
            ]),
        ),
        (
            "a long form of a length",
            info(&[
                0x30, 0x81, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                0x01, 0x05, 0x00, 0x04, 0x20,
            ]),
        ),
        (
            "the name of SHA-512",
            info(&[
                0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
                0x05, 0x00, 0x04, 0x20,
            ]),
        ),
        (
            "the name of SHA-1",
            info(&[0x30, 0x2d, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x20]),
        ),
        ("a byte behind the hash", Box::new(|hash, length| block(length, &[SHA_256, hash, &[0]].concat()))),
        ("half of the hash", Box::new(|hash, length| block(length, &[SHA_256, &hash[..16]].concat()))),
        ("another hash", Box::new(|_, length| block(length, &[SHA_256, &[7; 32]].concat()))),
        ("no hash", Box::new(|_, length| block(length, SHA_256))),
        ("padding alone", Box::new(|_, length| [&[0, 1][..], &vec![0xff; length - 2]].concat())),
    ]
}

/// T057
#[both]
async fn the_signature_is_checked_before_what_is_signed(stack: TestStack) {
    let door = Door::of(&stack).await;
    let now = door.forge.now();
    let over = door.forge.claims().with("iat", json!(now - 4000)).with("exp", json!(now - 3100));
    let token = door.forge.with_claims(over);
    door.show(&token).await.assert_problem(401, "token_expired");
    let other = door.forge.token().signature;
    door.refuses("over, and badly signed", Token { signature: other, ..token }).await;
}
