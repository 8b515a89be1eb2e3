//! One pass over a JSON text that no type can stop: is it JSON, has an object a member twice, a string a NUL?
//!
//! A typed parse skips what it ignores and stops at its first error, so it can answer none of these for the whole text.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::web::problem::FieldError;
use crate::web::validate::push_segment;

/// More would help nobody.
const MOST_FINDINGS: usize = 20;

/// Finds duplicate members and NUL characters anywhere in `text`.
///
/// # Errors
/// The text is not JSON as RFC 8259 has it, or nests deeper than 128.
pub(super) fn scan(text: &str) -> Result<Vec<FieldError>, serde_json::Error> {
    let mut findings = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    Scan { at: Place::Root, findings: &mut findings }.deserialize(&mut json)?;
    json.end()?;
    Ok(findings)
}

/// Where the scan is: a list on the stack, written out only when something is found.
#[derive(Clone, Copy)]
enum Place<'a> {
    Root,
    Member(&'a Place<'a>, &'a str),
    Element(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Member(outer, name) => {
                let mut pointer = outer.pointer();
                push_segment(&mut pointer, name);
                pointer
            }
            Self::Element(outer, index) => format!("{}/{index}", outer.pointer()),
        }
    }
}

struct Scan<'a> {
    at: Place<'a>,
    findings: &'a mut Vec<FieldError>,
}

impl Scan<'_> {
    fn report(&mut self, code: &'static str, detail: &'static str) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(FieldError::new(self.at.pointer(), code, detail));
        }
    }

    fn check_text(&mut self, text: &str) {
        if text.contains('\0') {
            self.report("nul", "May not contain the character U+0000.");
        }
    }
}

impl<'de> DeserializeSeed<'de> for Scan<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scan<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(mut self, text: &str) -> Result<(), E> {
        self.check_text(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        for index in 0.. {
            let at = Place::Element(&self.at, index);
            if elements.next_element_seed(Scan { at, findings: &mut *self.findings })?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            let mut member = Scan { at: Place::Member(&self.at, &name), findings: &mut *self.findings };
            member.check_text(&name);
            if seen.contains(&name) {
                member.report("duplicate_member", "May be given once.");
            }
            members.next_value_seed(member)?;
            seen.insert(name);
        }
        Ok(())
    }
}
