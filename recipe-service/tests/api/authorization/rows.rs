use testkit::client::{Listener, Request};

use crate::written::Written;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    Nobody,
    /// The author of the private recipe that the call is about.
    Author,
    /// The author, with a token that is over.
    Expired,
    /// The author, with a token whose session has ended.
    Revoked,
    /// The author, with a token for another service.
    Elsewhere,
    /// The author, with a token that lacks the scope of the call and has every other.
    Narrow,
    /// Another person, with a good token.
    Stranger,
    /// A program, with a good token of the service profile.
    Service,
}

impl Caller {
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Author,
        Self::Expired,
        Self::Revoked,
        Self::Elsewhere,
        Self::Narrow,
        Self::Stranger,
        Self::Service,
    ];
}

/// What a call comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(u16),
    Refused(u16, &'static str),
}

/// An operation, how it is called, and what comes of it for the callers whose tokens are believed and for those without.
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub call: fn(&Listener, &Written) -> Request,
    nobody: Outcome,
    author: Outcome,
    narrow: Outcome,
    stranger: Outcome,
    service: Outcome,
    /// False where no token is looked at.
    asks: bool,
}

use Outcome::{Done, Refused};

const MISSING: Outcome = Refused(401, "missing_token");
const NARROW: Outcome = Refused(403, "insufficient_scope");
const HIDDEN: Outcome = Refused(404, "not_found");
const NOT_A_PERSON: Outcome = Refused(403, "forbidden");

impl Row {
    pub fn outcome(&self, caller: Caller) -> Outcome {
        match caller {
            _ if !self.asks => self.author,
            Caller::Nobody => self.nobody,
            Caller::Author => self.author,
            // A token that is not believed is refused, also where none is needed.
            Caller::Expired => Refused(401, "token_expired"),
            Caller::Revoked => Refused(401, "token_revoked"),
            Caller::Elsewhere => Refused(401, "invalid_token"),
            Caller::Narrow => self.narrow,
            Caller::Stranger => self.stranger,
            Caller::Service => self.service,
        }
    }
}

/// An operation on a recipe that only its author may do.
const fn authors_alone(
    method: &'static str,
    path: &'static str,
    done: u16,
    call: fn(&Listener, &Written) -> Request,
) -> Row {
    Row {
        method,
        path,
        call,
        nobody: MISSING,
        author: Done(done),
        narrow: NARROW,
        stranger: HIDDEN,
        service: NOT_A_PERSON,
        asks: true,
    }
}

/// An operation that everyone may do, each seeing what is theirs to see.
const fn everyones(path: &'static str, asks: bool, call: fn(&Listener, &Written) -> Request) -> Row {
    let done = Done(200);
    Row {
        method: "get",
        path,
        call,
        nobody: done,
        author: done,
        narrow: done,
        stranger: done,
        service: done,
        asks,
    }
}

/// Every operation. One that is not here fails the test.
pub const ROWS: &[Row] = &[
    everyones("/healthz", false, |recipes, _| recipes.get("/healthz")),
    everyones("/v1/recipes", true, |recipes, _| recipes.get("/v1/recipes")),
    Row {
        // Everyone may keep recipes of their own.
        stranger: Done(201),
        ..authors_alone("post", "/v1/recipes", 201, |recipes, _| body(recipes.post("/v1/recipes")))
    },
    Row {
        // Reading is anonymous: who may not see it is told that there is nothing.
        nobody: HIDDEN,
        narrow: HIDDEN,
        service: HIDDEN,
        ..authors_alone("get", "/v1/recipes/{id}", 200, |recipes, recipe| recipes.get(&recipe.path()))
    },
    authors_alone("put", "/v1/recipes/{id}", 200, |recipes, recipe| {
        body(known(recipes.put(&recipe.path()), recipe))
    }),
    authors_alone("patch", "/v1/recipes/{id}", 200, |recipes, recipe| {
        body(known(recipes.patch(&recipe.path()), recipe))
    }),
    authors_alone("delete", "/v1/recipes/{id}", 204, |recipes, recipe| {
        known(recipes.delete(&recipe.path()), recipe)
    }),
    authors_alone("put", "/v1/recipes/{id}/publish", 204, |recipes, recipe| {
        recipes.put(&format!("{}/publish", recipe.path()))
    }),
    authors_alone("delete", "/v1/recipes/{id}/publish", 204, |recipes, recipe| {
        recipes.delete(&format!("{}/publish", recipe.path()))
    }),
    Row {
        // It reads what it is given, of nobody's.
        stranger: Done(200),
        service: Done(200),
        ..authors_alone("post", "/v1/ingredients/parse", 200, |recipes, _| {
            recipes.post("/v1/ingredients/parse").body("application/json", "{\"lines\":[\"물 1컵\"]}")
        })
    },
];

fn body(request: Request) -> Request {
    request.body("application/json", "{\"title\":\"찌개\"}")
}

fn known(request: Request, recipe: &Written) -> Request {
    request.header("if-match", &recipe.etag)
}
