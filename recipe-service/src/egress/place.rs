use std::net::IpAddr;

use url::{Host, Url};

/// Where a page is: a web address at the usual ports, without a name or a password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(Url);

const MAX_CHARS: usize = 2_048;
const PORTS: [u16; 2] = [80, 443];

impl Place {
    pub fn parse(text: &str) -> Option<Self> {
        Url::parse(text).ok().and_then(Self::of)
    }

    /// Where a link on it leads to.
    pub fn join(&self, link: &str) -> Option<Self> {
        self.0.join(link).ok().and_then(Self::of)
    }

    fn of(mut url: Url) -> Option<Self> {
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let has_nobodys_name = url.username().is_empty() && url.password().is_none();
        let is_at_usual_port = url.port_or_known_default().is_some_and(|port| PORTS.contains(&port));
        url.set_fragment(None);
        let is_short = url.as_str().chars().count() <= MAX_CHARS;
        (is_web && has_nobodys_name && is_at_usual_port && is_short).then_some(Self(url))
    }

    /// One that nobody may name, at any port.
    #[cfg(test)]
    pub fn at_any_port(text: &str) -> Self {
        Self(Url::parse(text).expect("no address"))
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address that is written out instead of a name, if one is.
    pub fn ip(&self) -> Option<IpAddr> {
        match self.0.host()? {
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
            Host::Domain(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_at_its_usual_ports_is_a_place() {
        for good in [
            "http://example.org/stew",
            "HTTPS://EXAMPLE.ORG",
            "http://example.org:443/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(Place::parse(good).is_some(), "{good}");
        }
        for bad in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "data:text/html,x",
            "//example.org",
            "http://",
            "http://example.org:22/",
            "https://example.org:8443/",
            "http://user@example.org/",
            "http://user:secret@example.org/",
            "http://:secret@example.org/",
            "http://exa mple.org/",
        ] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
        assert_eq!(Place::parse(&format!("http://example.org/{}", "x".repeat(MAX_CHARS))), None);
    }

    /// Browsers take all of these for an address, and so does whoever connects.
    #[test]
    fn an_address_is_seen_through_its_spellings() {
        for (spelt, ip) in [
            ("http://127.1/", "127.0.0.1"),
            ("http://2130706433/", "127.0.0.1"),
            ("http://0x7f.0.0.1/", "127.0.0.1"),
            ("http://0177.0.0.1/", "127.0.0.1"),
            ("http://１２７.0.0.1/", "127.0.0.1"),
            ("http://127.0.0.1./", "127.0.0.1"),
            ("http://%31%32%37.0.0.1/", "127.0.0.1"),
            ("http://0/", "0.0.0.0"),
            ("http://[::ffff:7f00:1]/", "::ffff:127.0.0.1"),
        ] {
            let place = Place::parse(spelt).expect(spelt);
            assert_eq!(place.ip(), Some(ip.parse().unwrap()), "{spelt}");
        }
    }

    #[test]
    fn a_link_leads_to_a_place_under_the_same_rules() {
        let place = Place::parse("https://example.org/a/b").unwrap();
        let to = |link: &str| place.join(link).map(|place| place.url().as_str().to_owned());
        assert_eq!(to("c#top").as_deref(), Some("https://example.org/a/c"));
        assert_eq!(to("//example.com").as_deref(), Some("https://example.com/"));
        for bad in ["file:///etc/passwd", "http://example.org:6379/", "//user@example.org/", "javascript:1"] {
            assert_eq!(to(bad), None, "{bad}");
        }
    }
}
