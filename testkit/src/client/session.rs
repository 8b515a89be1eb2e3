use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Client};

/// Somebody who can sign up: with an address that nobody else has, and a good password.
#[derive(Clone, Debug)]
pub struct Person {
    pub email: String,
    pub password: String,
}

impl Person {
    pub fn new() -> Self {
        let unique = Uuid::new_v4().simple();
        Self { email: format!("{unique}@example.com"), password: format!("bori cha {unique}") }
    }

    /// The body of a sign-up or of a log-in.
    pub fn credentials(&self) -> Value {
        json!({ "email": self.email, "password": self.password })
    }
}

impl Default for Person {
    fn default() -> Self {
        Self::new()
    }
}

/// What its owner knows of a session.
#[derive(Clone, Debug)]
pub struct Session {
    pub access_token: String,
    pub refresh_token: String,
    pub session_id: String,
    pub user_id: String,
    pub email: String,
    pub password: String,
}

impl Session {
    /// Reads a session answer that names its person: of a sign-up or a log-in.
    #[track_caller]
    pub fn of(answer: &Answer, person: &Person) -> Self {
        let body = answer.assert_ok().json();
        let text =
            |value: &Value| value.as_str().unwrap_or_else(|| panic!("no session: {answer}")).to_owned();
        Self {
            access_token: text(&body["access_token"]),
            refresh_token: text(&body["refresh_token"]),
            session_id: text(&body["session_id"]),
            user_id: text(&body["user"]["id"]),
            email: person.email.clone(),
            password: person.password.clone(),
        }
    }

    /// Whose session it is.
    pub fn person(&self) -> Person {
        Person { email: self.email.clone(), password: self.password.clone() }
    }
}

impl Client {
    /// Signs somebody up whom nobody knows, and gives their first session.
    pub async fn logged_in(&self) -> Session {
        let person = Person::new();
        Session::of(&self.signup(person.credentials()).await, &person)
    }

    /// Opens another session of somebody who has signed up.
    pub async fn logged_in_again(&self, person: &Person) -> Session {
        Session::of(&self.login(person.credentials()).await, person)
    }
}
