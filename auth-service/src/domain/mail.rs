use common::id;

id! {
    /// A mail that is to be sent.
    pub struct MailId;
}

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// Somebody forgot the password of this address. Whether there is one is looked up when it is sent, so that asking takes
    /// as long for an address that nobody has; then it is [`Reset`](Self::Reset), or nothing.
    Forgotten,
    /// The link to choose another password by.
    Reset,
    /// The link that shows that the address is theirs.
    Verify,
    PasswordChanged,
    /// To the address that was theirs before.
    AddressChanged,
    NewDevice,
}

impl MailKind {
    const ALL: [Self; 6] = [
        Self::Forgotten,
        Self::Reset,
        Self::Verify,
        Self::PasswordChanged,
        Self::AddressChanged,
        Self::NewDevice,
    ];

    /// As the database writes it, and the file that its text is in is called.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forgotten => "forgotten",
            Self::Reset => "reset",
            Self::Verify => "verify",
            Self::PasswordChanged => "password_changed",
            Self::AddressChanged => "address_changed",
            Self::NewDevice => "new_device",
        }
    }

    /// The kind of this name; one that another version of this service knows is none.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Korean,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Korean];

    /// The one to write to somebody who reads this locale (BCP 47).
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split('-').next().unwrap_or_default();
        if language.eq_ignore_ascii_case("ko") || language.eq_ignore_ascii_case("kor") {
            Self::Korean
        } else {
            Self::English
        }
    }

    /// As HTML writes it (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_name() {
        for kind in MailKind::ALL {
            assert_eq!(MailKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(MailKind::parse("advertisement"), None);
    }

    #[test]
    fn who_reads_korean_is_written_to_in_korean() {
        for locale in ["ko", "ko-KR", "KO-kr", "kor"] {
            assert_eq!(Language::of_locale(locale), Language::Korean, "{locale}");
        }
        for locale in ["en", "de-AT", "kok", ""] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }
}
