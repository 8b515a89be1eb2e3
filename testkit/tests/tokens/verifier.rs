use common::clock::Clock;
use common::keys::{KeySet, Keys};
use common::revocations::Revocations;
use common::token::Verifier;
use testkit::Forge;
use testkit::forge::Key;

/// A verifier that asks nobody, and the forge that has its key.
pub struct Bench {
    pub forge: Forge,
    pub verifier: Verifier,
}

impl Bench {
    pub fn of(key: Key) -> Self {
        common::install_crypto();
        let forge = Forge::new("http://auth.test", key, Clock::system());
        let verifier = Verifier::builder()
            .issuer(&forge.issuer)
            .audience("recipes")
            .keys(Keys::held(KeySet::parse(&forge.key.jwks()).unwrap()))
            .revocations(Revocations::asked_in_the_database())
            .build();
        Self { forge, verifier }
    }

    /// One for each algorithm.
    pub fn all() -> [Self; 3] {
        [Key::es256(), Key::ed_dsa(), Key::rs256()].map(Self::of)
    }

    pub fn believes(&self, token: &str) -> bool {
        self.verifier.verify(token).is_ok()
    }
}
