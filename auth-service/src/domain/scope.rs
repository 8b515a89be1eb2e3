use std::fmt;

/// A set of words that are granted together: the scopes of a token (RFC 6749 §3.3), its audiences, a person's roles.
/// It is written with single spaces, each word once, in the order in which they were first named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    pub fn of<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Self {
        let mut set = Self::default();
        for word in words {
            set.push(word.as_ref());
        }
        set
    }

    /// Reads what is written with spaces.
    pub fn parse(text: &str) -> Self {
        Self::of(text.split(' ').filter(|word| !word.is_empty()))
    }

    /// The part of this that was asked for, all of it where nothing was.
    ///
    /// `None` when more was asked for than is here, or something that is no word.
    pub fn narrowed(&self, wanted: Option<&Words>) -> Option<Self> {
        match wanted {
            None => Some(self.clone()),
            Some(wanted) if wanted.iter().all(|word| self.contains(word)) && !wanted.is_empty() => {
                Some(wanted.clone())
            }
            Some(_) => None,
        }
    }

    pub fn contains(&self, word: &str) -> bool {
        self.iter().any(|has| has == word)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn to_vec(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }

    fn push(&mut self, word: &str) {
        if !self.contains(word) {
            if !self.0.is_empty() {
                self.0.push(' ');
            }
            self.0.push_str(word);
        }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
