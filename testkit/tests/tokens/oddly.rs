//! JSON as nobody writes it and every reader must take it (RFC 8259), and values of any kind.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value};
use testkit::forge::Members;

/// Any text of a few characters, of whatever script, controls too.
pub fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..12).prop_map(String::from_iter)
}

/// A text that may name something: not empty, no blanks at its ends, no controls.
pub fn identifier() -> impl Strategy<Value = String> {
    vec(any::<char>().prop_filter("a control", |c| !c.is_control()), 0..12).prop_map(|chars| {
        let text = String::from_iter(chars);
        format!("a{}", text.trim())
    })
}

/// Any value, a few levels deep.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let object = btree_map(text(), inner.clone(), 0..6);
        prop_oneof![
            vec(inner, 0..6).prop_map(Value::from),
            object.prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// A good claim set, written in whatever way: other values, more members, another order, white space, escapes.
pub fn claims(base: Members) -> impl Strategy<Value = String> {
    let own = (identifier(), identifier(), identifier(), text(), vec(text(), 0..4), 0..i64::MAX);
    let persons = (identifier(), vec(text(), 0..4), vec(text(), 0..3));
    let is_person = base.0.contains_key("sid");
    (own, persons, unknown(), Oddness::any()).prop_map(move |(own, persons, unknown, mut oddness)| {
        let (jti, client, sub, scope, mut audiences, uv) = own;
        audiences.push("recipes".to_owned());
        let mut claims = base.clone().with("jti", jti.into()).with("client_id", client.into());
        claims = claims.with("scope", scope.into()).with("aud", audiences.into()).with("uv", uv.into());
        if is_person {
            let (sid, roles, amr) = persons;
            claims = claims.with("sub", sub.into()).with("sid", sid.into());
            claims = claims.with("roles", roles.into()).with("amr", amr.into());
        }
        claims.0.extend(unknown);
        oddness.write(&Value::Object(claims.0))
    })
}

/// A header with more members than it needs, written in whatever way.
pub fn header(base: Members) -> impl Strategy<Value = String> {
    (unknown(), Oddness::any()).prop_map(move |(unknown, mut oddness)| {
        let mut header = base.clone();
        header.0.extend(unknown);
        oddness.write(&Value::Object(header.0))
    })
}

/// Members that no standard names.
fn unknown() -> impl Strategy<Value = Vec<(String, Value)>> {
    let named = (text(), value()).prop_map(|(name, value)| (format!("x-{name}"), value));
    vec(named, 0..4)
}

/// Decides, again and again, how odd the next thing is to look.
#[derive(Clone, Debug)]
pub struct Oddness {
    choices: Vec<u8>,
    at: usize,
}

impl Oddness {
    pub fn any() -> impl Strategy<Value = Self> {
        vec(any::<u8>(), 1..64).prop_map(|choices| Self { choices, at: 0 })
    }

    pub fn write(&mut self, value: &Value) -> String {
        let written = match value {
            Value::String(text) => self.text(text),
            Value::Array(values) => {
                let values: Vec<String> = values.iter().map(|value| self.write(value)).collect();
                format!("[{}{}]", self.space(), values.join(","))
            }
            Value::Object(members) => self.object(members),
            plain => plain.to_string(),
        };
        format!("{}{written}{}", self.space(), self.space())
    }

    fn object(&mut self, members: &Map<String, Value>) -> String {
        let mut members: Vec<String> = members
            .iter()
            .map(|(name, value)| {
                format!("{}{}{}:{}", self.space(), self.text(name), self.space(), self.write(value))
            })
            .collect();
        let first = self.choose(members.len().max(1));
        members.rotate_left(first);
        format!("{{{}{}}}", self.space(), members.join(","))
    }

    fn text(&mut self, text: &str) -> String {
        let characters: String = text.chars().map(|c| self.character(c)).collect();
        format!("\"{characters}\"")
    }

    fn character(&mut self, c: char) -> String {
        if c.is_control() || matches!(c, '"' | '\\') || self.choose(4) == 0 {
            let mut units = [0; 2];
            return c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        }
        c.to_string()
    }

    fn space(&mut self) -> &'static str {
        ["", "", "", " ", "\n", "\t", "\r\n  "][self.choose(7)]
    }

    fn choose(&mut self, of: usize) -> usize {
        self.at = (self.at + 1) % self.choices.len();
        usize::from(self.choices[self.at]) % of
    }
}
