//! What `credentials.secret` holds of a password.

use std::fmt;

use super::imported::Imported;

/// A stored form that can be verified.
pub(super) enum Stored {
    Own(OwnHash),
    Imported(Imported),
}

/// `b1.{pepper version}$2b$…`: bcrypt over base64(HMAC-SHA-384(pepper, NFC(password))), which is 64 printable bytes
/// whatever the password is: bcrypt neither cuts it at 72 bytes nor stops at a NUL.
pub(super) struct OwnHash {
    pub pepper_version: u8,
    pub bcrypt: String,
}

/// A hash that costs more than this was not made by us.
const MOST_COST: u32 = 15;

impl Stored {
    /// Takes a stored form apart; `None` for one that nobody here would have stored.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(Imported::PREFIX) {
            Some(foreign) => Imported::parse(foreign).ok().map(Self::Imported),
            None => OwnHash::parse(text).map(Self::Own),
        }
    }
}

impl OwnHash {
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("b1.")?;
        let (version, bcrypt) = rest.split_at_checked(rest.find('$')?)?;
        let hash = Self { pepper_version: version.parse().ok()?, bcrypt: bcrypt.to_owned() };
        let has_its_shape = bcrypt.is_ascii() && bcrypt.len() == 60;
        (has_its_shape && hash.cost()? <= MOST_COST).then_some(hash)
    }

    pub fn cost(&self) -> Option<u32> {
        self.bcrypt.strip_prefix("$2b$")?.get(..2)?.parse().ok()
    }
}

impl fmt::Display for OwnHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b1.{}{}", self.pepper_version, self.bcrypt)
    }
}

/// A hash at this cost that no password has.
pub(super) fn hash_of_nothing(cost: u32) -> String {
    format!("$2b${cost:02}${}", ".".repeat(53))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nothing_can_be_verified() {
        assert!(!bcrypt::verify("x", &hash_of_nothing(4)).unwrap());
    }

    #[test]
    fn only_our_own_forms_are_parsed() {
        let hash = bcrypt::hash("x", 4).unwrap();
        let stored = OwnHash::parse(&format!("b1.12{hash}")).unwrap();
        assert_eq!((stored.pepper_version, &stored.bcrypt), (12, &hash));
        let costly = hash_of_nothing(31);
        for tampered in
            ["", "*", "b1.1", "b1.1$2x$04$", &hash, &format!("b1.1{costly}"), &format!("b1.1{hash}x")]
        {
            assert!(Stored::parse(tampered).is_none(), "{tampered}");
        }
    }
}
