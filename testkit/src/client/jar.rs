use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;

use super::Answer;

/// The cookies of a browser, which sends them by their paths (RFC 6265 §5.1.4, §5.4).
#[derive(Clone, Debug, Default)]
pub struct Jar(Vec<Cookie<'static>>);

impl Jar {
    /// Keeps the cookies of an answer in the place of those that they name, and throws away what is over.
    #[track_caller]
    pub fn keep(&mut self, answer: &Answer) {
        for cookie in answer.cookies() {
            self.0.retain(|kept| (kept.name(), kept.path()) != (cookie.name(), cookie.path()));
            if cookie.max_age() != Some(Duration::ZERO) {
                self.0.push(cookie);
            }
        }
    }

    /// The value of a cookie, whatever its path. Panics where there is none.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let found = self.0.iter().find(|cookie| cookie.name() == name);
        found.unwrap_or_else(|| panic!("no cookie {name}: {self:?}")).value()
    }

    /// The names of the cookies that a call of this path brings along.
    pub fn names_for(&self, path: &str) -> Vec<&str> {
        self.matching(path).into_iter().map(Cookie::name).collect()
    }

    pub(super) fn header(&self, path: &str) -> String {
        let pair = |cookie: &&Cookie<'_>| format!("{}={}", cookie.name(), cookie.value());
        self.matching(path).iter().map(pair).collect::<Vec<_>>().join("; ")
    }

    fn matching(&self, path: &str) -> Vec<&Cookie<'static>> {
        let is_below = |of: &str| {
            let rest = path.strip_prefix(of);
            rest.is_some_and(|rest| rest.is_empty() || of.ends_with('/') || rest.starts_with('/'))
        };
        self.0.iter().filter(|cookie| is_below(cookie.path().unwrap_or("/"))).collect()
    }
}

impl Answer {
    /// The cookies that it sets.
    #[track_caller]
    pub fn cookies(&self) -> Vec<Cookie<'static>> {
        let lines = self.headers.get_all("set-cookie").iter();
        let read =
            |line: &str| Cookie::parse(line.to_owned()).unwrap_or_else(|_| panic!("no cookie: {line}"));
        lines.map(|line| read(line.to_str().expect("not text"))).collect()
    }
}
