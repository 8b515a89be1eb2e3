use num_bigint::BigUint;

/// A number of any size, for signatures that are right but for their arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(BigUint);

/// The order of the group of P-256 (SEC 2 §2.4.2), big-endian.
pub const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, //
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

impl Number {
    pub fn of(big_endian: &[u8]) -> Self {
        Self(BigUint::from_bytes_be(big_endian))
    }

    pub fn of_little_endian(bytes: &[u8]) -> Self {
        Self(BigUint::from_bytes_le(bytes))
    }

    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// Panics where the other is greater.
    pub fn minus(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }

    /// To the power of an exponent, modulo another.
    pub fn power(&self, exponent: &Self, modulus: &Self) -> Self {
        Self(self.0.modpow(&exponent.0, &modulus.0))
    }

    /// Big-endian, filled up with zeros to a length. Longer ones stay as long as they are.
    pub fn bytes(&self, length: usize) -> Vec<u8> {
        let bytes = self.0.to_bytes_be();
        let zeros = length.saturating_sub(bytes.len());
        [vec![0; zeros], bytes].concat()
    }

    /// Little-endian, filled up with zeros to a length.
    pub fn little_endian(&self, length: usize) -> Vec<u8> {
        let mut bytes = self.bytes(length);
        bytes.reverse();
        bytes
    }

    /// The numbers `n` and `d` of a private key of RSA in PKCS#8 (RFC 5208 §5, RFC 8017 appendix A.1.2).
    pub(super) fn rsa_modulus_and_exponent(pkcs8: &[u8]) -> (Self, Self) {
        let (_, info) = der_value(pkcs8).0;
        let (_, rest) = der_value(info); // version
        let (_, rest) = der_value(rest); // algorithm
        let (_, octets) = der_value(rest).0;
        let (_, key) = der_value(octets).0;
        let numbers: Vec<Self> = std::iter::successors(Some(der_value(key)), |(_, rest)| {
            (!rest.is_empty()).then(|| der_value(rest))
        })
        .map(|((_, number), _)| Self::of(number))
        .collect();
        // version, n, e, d, …
        (numbers[1].clone(), numbers[3].clone())
    }
}

/// The first value of some DER, with its tag, and what follows it (X.690 §8.1).
fn der_value(der: &[u8]) -> ((u8, &[u8]), &[u8]) {
    let (tag, first) = (der[0], der[1]);
    let (length, body) = if first < 0x80 {
        (usize::from(first), &der[2..])
    } else {
        let bytes = usize::from(first & 0x7f);
        let length = der[2..2 + bytes].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        (length, &der[2 + bytes..])
    };
    let (value, rest) = body.split_at(length);
    ((tag, value), rest)
}
