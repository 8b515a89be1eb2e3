use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{Part, encoded};

/// Seals anything with a key of 32 bytes, under any header, as a compact JWE (RFC 7516 §7.1) whose content is encrypted
/// with A256GCM, whatever the header says.
pub fn sealed(header: impl Into<Part>, key: &[u8], content: impl AsRef<[u8]>) -> [String; 5] {
    let header = header.into().text();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("not 32 bytes"));
    let nonce = [7; NONCE_LEN];
    let (mut text, aad) = (content.as_ref().to_vec(), Aad::from(header.as_bytes()));
    let tag = key
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad, &mut text)
        .expect("too long to seal");
    [header.clone(), String::new(), encoded(nonce), encoded(text), encoded(tag.as_ref())]
}
