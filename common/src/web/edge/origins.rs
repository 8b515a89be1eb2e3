use crate::settings::{BadValue, list};

/// The web origins whose scripts may call a service and read its answers (RFC 6454, the Fetch standard's CORS).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Reads a list of origins such as `https://app.example.org`. There is no wildcard: with credentials none may be.
    ///
    /// # Errors
    /// One of them is no origin of http or https as a browser writes it.
    pub fn parse(variable: &str, text: &str) -> Result<Self, BadValue> {
        let origins = list(text);
        match origins.iter().find(|origin| !is_origin(origin)) {
            Some(other) => Err(BadValue::new(
                variable,
                format!("{other:?} is not an origin such as https://app.example.org, without a path"),
            )),
            None => Ok(Self(origins)),
        }
    }

    /// The same and the origin of this address, such as a service's own. An address without one adds none.
    pub fn with_origin_of(mut self, address: &str) -> Self {
        let origin = url::Url::parse(address).ok().map(|url| url.origin());
        self.0.extend(origin.filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization()));
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True for exactly what was listed, byte by byte.
    pub fn contains(&self, origin: &[u8]) -> bool {
        self.0.iter().any(|listed| listed.as_bytes() == origin)
    }
}

fn is_origin(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        let origins = Origins::parse("X", "https://app.example.org, http://localhost:3000").unwrap();
        assert!(origins.contains(b"https://app.example.org") && origins.contains(b"http://localhost:3000"));
        for other in [
            "https://app.example.org:443",
            "https://app.example.org.evil",
            "null",
            "http://app.example.org",
            "",
        ] {
            assert!(!origins.contains(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_service_has_an_origin_of_its_own() {
        let origins =
            Origins::default().with_origin_of("https://app.example:443/api").with_origin_of("data:,x");
        assert!(origins.contains(b"https://app.example"));
        for other in ["https://app.example:443", "https://app.example/api", "http://app.example", "null"] {
            assert!(!origins.contains(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused() {
        for text in [
            "*",
            "null",
            "https://a.example/",
            "https://A.example",
            "https://a.example:443",
            "ftp://a.example",
            "a.example",
        ] {
            assert!(Origins::parse("X", text).is_err(), "{text}");
        }
    }
}
