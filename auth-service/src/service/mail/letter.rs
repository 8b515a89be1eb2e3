//! What mails say: files in `mails/`, one for each kind and language, whose first line is the subject.

use minijinja::{Environment, Error, UndefinedBehavior, context};

use crate::domain::{Language, MailKind};

/// The texts of all mails.
pub(super) struct Letters {
    templates: Environment<'static>,
    /// The name that people know the service by: the host of its address.
    service: String,
}

/// What a mail tells beside its text.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Where to go, alone in its paragraph.
    pub link: Option<String>,
    /// When it happened.
    pub at: String,
    pub ip: String,
}

/// A mail as it is read.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

macro_rules! texts {
    ($($language:literal: $($kind:literal)*;)*) => {
        [$($((
            concat!($language, "/", $kind),
            include_str!(concat!("../../../mails/", $language, "/", $kind, ".txt")),
        ),)*)*]
    };
}

const TEXTS: [(&str, &str); 10] = texts! {
    "en": "reset" "verify" "password_changed" "address_changed" "new_device";
    "ko": "reset" "verify" "password_changed" "address_changed" "new_device";
};

const LAYOUT: (&str, &str) = ("layout.html", include_str!("../../../mails/layout.html"));

impl Letters {
    pub fn new(service: String) -> Self {
        let mut templates = Environment::new();
        // What a text names and nobody told is a mistake, and not an empty word.
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in TEXTS.into_iter().chain([LAYOUT]) {
            templates.add_template(name, text).expect("BUG: the text of a mail is no template");
        }
        Self { templates, service }
    }

    /// Writes a mail. Nothing that a stranger could choose the words of is in it: whoever signs up with somebody else's
    /// address is not to write to them.
    pub fn write(&self, kind: MailKind, language: Language, facts: &Facts) -> Result<Letter, Error> {
        let template = self.templates.get_template(&format!("{}/{}", language.tag(), kind.as_str()))?;
        let written = template.render(context! {
            service => self.service.as_str(),
            link => facts.link.as_deref(),
            at => facts.at.as_str(),
            ip => facts.ip.as_str(),
        })?;
        let (subject, text) = written.split_once("\n\n").expect("BUG: the text of a mail has no body");
        let subject = subject.strip_prefix("Subject: ").expect("BUG: the text of a mail has no subject");
        Ok(Letter {
            subject: subject.to_owned(),
            html: self.html(subject, text, language, facts)?,
            text: format!("{}\n", text.trim()),
        })
    }

    fn html(&self, subject: &str, text: &str, language: Language, facts: &Facts) -> Result<String, Error> {
        let paragraphs: Vec<String> = text.trim().split("\n\n").map(str::to_owned).collect();
        self.templates.get_template(LAYOUT.0)?.render(context! {
            language => language.tag(),
            subject,
            paragraphs,
            link => facts.link.as_deref(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [MailKind; 5] = [
        MailKind::Reset,
        MailKind::Verify,
        MailKind::PasswordChanged,
        MailKind::AddressChanged,
        MailKind::NewDevice,
    ];

    fn facts() -> Facts {
        Facts {
            link: Some("https://auth.example.org/reset#token=a&b".to_owned()),
            at: "2026-11-21 09:30 UTC".to_owned(),
            ip: "192.0.2.1".to_owned(),
        }
    }

    #[test]
    fn every_mail_is_written_in_every_language() {
        let letters = Letters::new("auth.example.org".to_owned());
        for (kind, language) in KINDS.into_iter().flat_map(|kind| Language::ALL.map(|l| (kind, l))) {
            let letter = letters.write(kind, language, &facts()).unwrap();
            assert!(!letter.subject.is_empty() && letter.text.contains("auth.example.org"), "{letter:?}");
            assert!(!letter.text.contains("{{") && !letter.html.contains("{{"), "{letter:?}");
            assert_eq!(letter.html.matches("<p>").count(), letter.text.trim().split("\n\n").count());
            assert!(letter.html.contains(&format!("<html lang=\"{}\">", language.tag())), "{letter:?}");
            let is_korean = letter.subject.chars().any(|c| ('가'..='힣').contains(&c));
            assert_eq!(is_korean, language == Language::Korean, "{letter:?}");
        }
    }

    /// A mail that tells of something carries no link: people are not to learn to follow those.
    #[test]
    fn only_what_was_asked_for_has_a_link() {
        let letters = Letters::new("auth.example.org".to_owned());
        for (kind, language) in KINDS.into_iter().flat_map(|kind| Language::ALL.map(|l| (kind, l))) {
            let letter = letters.write(kind, language, &facts()).unwrap();
            let is_asked_for = matches!(kind, MailKind::Reset | MailKind::Verify);
            assert_eq!(letter.text.contains("https:"), is_asked_for, "{letter:?}");
            let link = "<a href=\"https:&#x2f;&#x2f;auth.example.org&#x2f;reset#token=a&amp;b\">";
            assert_eq!(letter.html.contains(link), is_asked_for, "{letter:?}");
        }
    }
}
