use super::{Unfit, unfit};

/// A name to log in with: `[a-z0-9][a-z0-9._-]{2,31}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

const MALFORMED: Unfit = unfit(
    "malformed",
    "Use 3 to 32 letters a-z, digits, dots, dashes or underscores, a letter or digit first.",
);
const RESERVED: Unfit = unfit("reserved", "This name is reserved.");

/// Names that would be mistaken for a part of the service, or for nobody.
const RESERVED_NAMES: [&str; 30] = [
    "abuse",
    "admin",
    "administrator",
    "anonymous",
    "api",
    "auth",
    "client",
    "help",
    "hostmaster",
    "info",
    "jipbap",
    "login",
    "logout",
    "mail",
    "none",
    "null",
    "oauth",
    "postmaster",
    "recipes",
    "root",
    "security",
    "service",
    "signup",
    "staff",
    "support",
    "system",
    "undefined",
    "user",
    "webmaster",
    "www",
];

impl Username {
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let name = text.to_ascii_lowercase();
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let starts_well = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
        if !(3..=32).contains(&name.len()) || !starts_well || !name.bytes().all(fits) {
            return Err(MALFORMED);
        }
        if RESERVED_NAMES.contains(&name.as_str()) { Err(RESERVED) } else { Ok(Self(name)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form() {
        assert_eq!(Username::parse("Kim.Chi-1_").unwrap().as_str(), "kim.chi-1_");
        for text in
            ["ki", ".kim", "ki m", "kım", "kim\u{200b}", "ｋｉｍ", "аdmin", "Admin", "kim/..", "\u{212a}im"]
        {
            assert!(Username::parse(text).is_err(), "{text:?}");
        }
        assert!(Username::parse(&"a".repeat(32)).is_ok() && Username::parse(&"a".repeat(33)).is_err());
    }
}
