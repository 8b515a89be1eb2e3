use std::cell::OnceCell;
use std::fmt::Display;
use std::time::Duration;

use serde_json::Value;
use testkit::forge::{Forge, Members};
use testkit::{Answer, Stopwatch, TestStack};

/// Where tokens are shown to a recipe-service.
pub struct Door<'a> {
    pub stack: &'a TestStack,
    /// Has the deployment's own key.
    pub forge: Forge,
    refusal: OnceCell<Value>,
}

/// What a token is needed for: to see one's own recipes.
pub const PATH: &str = "/v1/recipes";

impl<'a> Door<'a> {
    pub async fn of(stack: &'a TestStack) -> Self {
        Self { stack, forge: stack.forge().await, refusal: OnceCell::new() }
    }

    pub async fn show(&self, token: impl Display) -> Answer {
        self.stack.recipes.get(PATH).bearer(token.to_string().as_str()).send().await
    }

    pub async fn believes(&self, what: impl Display, token: impl Display) {
        let answer = self.show(token).await;
        assert_eq!(answer.status, 200, "{what} was refused: {answer}");
    }

    /// Shows a token between two good ones, and checks that it is refused as all others are.
    pub async fn refuses(&self, what: impl Display, token: impl Display) {
        self.between_good_ones(async || {
            let answer = self.show(&token).await;
            assert_eq!(answer.status, 401, "{what} was not refused: {answer}");
            self.assert_the_same_as_ever(&what, &answer);
        })
        .await;
    }

    /// Shows a token until an answer to it takes no longer than this. The fastest counts, since other tests share the
    /// processor: what takes long by itself takes long every time.
    pub async fn answers_within(&self, bound: Duration, what: impl Display, token: impl Display) {
        const TRIES: usize = 100;
        let mut fastest = Duration::MAX;
        for _ in 0..TRIES {
            let stopwatch = Stopwatch::start();
            self.show(&token).await;
            fastest = fastest.min(stopwatch.elapsed());
            if fastest <= bound {
                return;
            }
        }
        panic!("{what} takes {fastest:?}, which is more than {bound:?}");
    }

    /// Shows the value of a header `Authorization` as it is, past all clients, and checks that it opens nothing.
    pub async fn refuses_raw(&self, what: impl Display, authorization: impl AsRef<[u8]>) {
        self.between_good_ones(async || {
            let answer = self.stack.recipes.raw_authorization(PATH, &authorization);
            let answer = answer.unwrap_or_else(|| panic!("{what} was not answered"));
            assert!([400, 401].contains(&answer.status), "{what} was not refused: {answer}");
        })
        .await;
    }

    /// Good tokens but for one claim, which has each of these values.
    pub async fn refuses_claims(&self, claim: &str, values: impl IntoIterator<Item = Value>) {
        for value in values {
            let token = self.forge.with_claims(self.forge.claims().with(claim, value.clone()));
            self.refuses(format!("{claim} = {value}"), token).await;
        }
    }

    /// Good tokens but for one claim, whose value is each of these texts, JSON or not.
    pub async fn refuses_claim_texts(&self, claim: &str, texts: &[&str]) {
        for text in texts {
            let claims = self.forge.claims().without(claim).followed_by(&format!("\"{claim}\":{text}"));
            self.refuses(format!("{claim} = {text}"), self.forge.with_claims(claims)).await;
        }
    }

    /// Good tokens that lack one claim.
    pub async fn refuses_without(&self, claim: &str) {
        let token = self.forge.with_claims(self.forge.claims().without(claim));
        self.refuses(format!("no {claim}"), token).await;
    }

    /// Good tokens but for one member of the header, which has each of these values.
    pub async fn refuses_headers(&self, member: &str, values: impl IntoIterator<Item = Value>) {
        for value in values {
            let token = self.forge.with_header(self.forge.header().with(member, value.clone()));
            self.refuses(format!("{member} = {value}"), token).await;
        }
    }

    /// A claim set or header in which a member appears twice, in either order.
    pub fn twice(members: &Members, more: &str) -> [String; 2] {
        [members.preceded_by(more), members.followed_by(more)]
    }

    async fn between_good_ones(&self, act: impl AsyncFnOnce()) {
        self.believes("the good token before", self.forge.token()).await;
        act().await;
        self.believes("the good token after", self.forge.token()).await;
    }

    /// One body for every cause: what exactly was wrong helps only who tries to forge.
    fn assert_the_same_as_ever(&self, what: &impl Display, answer: &Answer) {
        let mut body = answer.assert_problem(401, "invalid_token");
        body.as_object_mut().expect("a problem is an object").remove("request_id");
        let refusal = self.refusal.get_or_init(|| body.clone());
        assert_eq!(body, *refusal, "{what} was refused in words of its own");
    }
}
