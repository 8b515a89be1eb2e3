//! Requests, rendered before the load begins.

/// A GET.
pub fn get(path: &str, token: Option<&str>) -> Vec<u8> {
    format!("{}\r\n", head("GET", path, token)).into_bytes()
}

/// A POST of JSON.
pub fn post(path: &str, token: Option<&str>, json: &str) -> Vec<u8> {
    let head = head("POST", path, token);
    let length = json.len();
    format!("{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{json}").into_bytes()
}

fn head(method: &str, path: &str, token: Option<&str>) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\n");
    if let Some(token) = token {
        head.push_str(&format!("authorization: Bearer {token}\r\n"));
    }
    head
}

/// Finds a member of a JSON object that is text without escapes, such as an id or a token.
pub fn member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = json.split_once(&format!("\"{name}\":\""))?;
    value.split_once('"').map(|(value, _)| value)
}
