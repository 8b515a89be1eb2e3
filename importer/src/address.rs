//! When two addresses are of one page.

use url::Url;

/// What addresses of one page have in common: `http://www.example.org/a/?utm_source=x#top` and `https://example.org/a`.
///
/// None for what is no address of the web. Only what is known to change nothing is left out: the scheme, a leading
/// `www.`, the standard port, a slash at the end, the fragment, parameters of campaigns and the order of parameters.
pub fn key(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    let mut parameters: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_of_campaign(name))
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    parameters.sort();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&parameters);
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    Some(format!("{host}{port}{path}{mark}{query}"))
}

fn is_of_campaign(name: &str) -> bool {
    name.starts_with("utm_")
        || matches!(
            name,
            "fbclid"
                | "gclid"
                | "dclid"
                | "msclkid"
                | "yclid"
                | "igshid"
                | "mc_cid"
                | "mc_eid"
                | "_ga"
                | "_gl"
                | "ref_src"
        )
}
