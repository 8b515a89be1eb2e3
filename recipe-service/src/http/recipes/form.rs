use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::domain::forms::{STYLE, Shown, cooklang, html, json_ld, markdown};

/// A form of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    JsonLd,
    Html,
    Markdown,
    Cooklang,
}

impl Form {
    /// In the order in which they are answered to who wants them alike.
    pub const ALL: [Self; 5] = [Self::Json, Self::JsonLd, Self::Html, Self::Markdown, Self::Cooklang];

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonLd => "application/ld+json",
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
            Self::Cooklang => "text/x-cooklang",
        }
    }

    /// The same with what a text needs (RFC 6657 §4, RFC 7763 §2).
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::JsonLd => self.media_type(),
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Cooklang => "text/x-cooklang; charset=utf-8",
        }
    }

    /// What an entity tag calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLd => "ld",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Cooklang => "cook",
        }
    }

    /// A recipe in this form; none for JSON, whose head is not the document's.
    pub fn render(self, shown: &Shown) -> Option<Vec<u8>> {
        Some(match self {
            Self::Json => return None,
            Self::JsonLd => serde_json::to_vec(&json_ld(shown)).expect("BUG: JSON-LD does not serialise"),
            Self::Html => html(shown).into_bytes(),
            Self::Markdown => markdown(shown).into_bytes(),
            Self::Cooklang => cooklang(shown).into_bytes(),
        })
    }
}

/// How the forms are written. Whoever knows one of an earlier way is sent the new one.
pub const FORMS: &str = "2";

/// What a page may do: show its own style and images of ours, and nothing else. (Content Security Policy Level 3.)
pub static PAGE_POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});
