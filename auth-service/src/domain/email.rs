use url::Host;

use super::{Unfit, unfit};

/// An address of mail in its one canonical form: lower case, its domain in A-labels (RFC 5890).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

const MALFORMED: Unfit = unfit("malformed", "Give an address such as name@example.org.");
const NOT_ASCII: Unfit =
    unfit("malformed", "The part before the @ may hold ASCII letters, digits and .!#$%&'*+/=?^_`{|}~- only.");

impl Email {
    /// Makes an address canonical. Doing so twice changes nothing.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(MALFORMED)?;
        // Folding other scripts would join two mailboxes into one account.
        if !local.bytes().all(is_atext_or_dot) {
            return Err(NOT_ASCII);
        }
        if local.is_empty() || local.len() > 64 || local.split('.').any(str::is_empty) {
            return Err(MALFORMED);
        }
        let domain = canonical_domain(domain).ok_or(MALFORMED)?;
        let address = format!("{}@{domain}", local.to_ascii_lowercase());
        if address.len() > 254 { Err(MALFORMED) } else { Ok(Self(address)) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// RFC 5322 §3.2.3: what an address consists of without quotes.
fn is_atext_or_dot(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn canonical_domain(domain: &str) -> Option<String> {
    if domain.contains('%') {
        return None;
    }
    match Host::parse(domain) {
        Ok(Host::Domain(name)) if is_name_of_a_host(&name) => Some(name),
        _ => None,
    }
}

fn is_name_of_a_host(name: &str) -> bool {
    let mut labels = name.split('.');
    name.contains('.')
        && labels.all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for text in ["  Kim@Example.ORG ", "kim@example.org", "kim@ｅxample.org"] {
            assert_eq!(Email::parse(text).unwrap().as_str(), "kim@example.org");
        }
        let korean = Email::parse("kim@집밥.kr").unwrap();
        assert_eq!(Email::parse(korean.as_str()).unwrap(), korean);
        assert!(korean.as_str().is_ascii());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let refused = [
            "",
            "kim",
            "@example.org",
            "kim@",
            "kim@localhost",
            "a b@example.org",
            "a@b@example.org",
            "kim@[1.2.3.4]",
            "kim@1.2.3.4",
            "\"kim\"@example.org",
            "kim..a@example.org",
            ".kim@example.org",
            "kım@example.org",
            "kim@example..org",
            "kim@-example.org",
            "kim(x)@example.org",
            "kim@example.org\nBcc: a@b.c",
            "김@example.org",
            &long,
        ];
        for text in refused {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }
}
