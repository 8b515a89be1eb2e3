use std::ops::Deref;

use testkit::client::{Listener, Request};

use crate::images::samples::tiny;
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
    /// Somebody with a share link that has expired, and its token in the place of an access token.
    Guest,
}

impl Caller {
    pub const ALL: [Self; 9] = [
        Self::Nobody,
        Self::Author,
        Self::Expired,
        Self::Revoked,
        Self::Elsewhere,
        Self::Narrow,
        Self::Stranger,
        Self::Service,
        Self::Guest,
    ];
}

/// What a call comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(u16),
    Refused(u16, &'static str),
}

/// What a call is about: a recipe of the author's, and the token of a share link that its caller has.
pub struct Subject<'a> {
    pub recipe: &'a Written,
    pub link: &'a str,
}

impl Deref for Subject<'_> {
    type Target = Written;

    fn deref(&self) -> &Written {
        self.recipe
    }
}

/// An operation, how it is called, and what comes of it for the callers whose tokens are believed and for those without.
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub call: fn(&Listener, &Subject<'_>) -> Request,
    nobody: Outcome,
    author: Outcome,
    narrow: Outcome,
    stranger: Outcome,
    service: Outcome,
    guest: Outcome,
    /// False where no token is looked at.
    asks: bool,
}

use Outcome::{Done, Refused};

const MISSING: Outcome = Refused(401, "missing_token");
const NARROW: Outcome = Refused(403, "insufficient_scope");
const NO_TOKEN: Outcome = Refused(401, "invalid_token");
const HIDDEN: Outcome = Refused(404, "not_found");
const NOT_A_PERSON: Outcome = Refused(403, "forbidden");

impl Row {
    pub fn outcome(&self, caller: Caller) -> Outcome {
        match caller {
            Caller::Guest => self.guest,
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
    call: fn(&Listener, &Subject<'_>) -> Request,
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
        guest: NO_TOKEN,
        asks: true,
    }
}

/// An operation that everyone may do, each seeing what is theirs to see.
const fn everyones(path: &'static str, asks: bool, call: fn(&Listener, &Subject<'_>) -> Request) -> Row {
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
        guest: if asks { NO_TOKEN } else { done },
        asks,
    }
}

/// Reading is anonymous: who may not see the recipe is told that there is nothing.
const fn seen_as_the_recipe(path: &'static str, call: fn(&Listener, &Subject<'_>) -> Request) -> Row {
    Row { nobody: HIDDEN, narrow: HIDDEN, service: HIDDEN, ..authors_alone("get", path, 200, call) }
}

/// The last of the address of a recipe's cover.
fn file(recipe: &Written) -> String {
    let cover = recipe.body["cover"]["url"].as_str().expect("the recipe has no cover");
    cover.rsplitn(3, '/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/")
}

/// Every operation. One that is not here fails the test.
pub const ROWS: &[Row] = &[
    everyones("/healthz", false, |recipes, _| recipes.get("/healthz")),
    everyones("/v1/recipes", true, |recipes, _| recipes.get("/v1/recipes")),
    everyones("/v1/suggest", true, |recipes, _| recipes.get("/v1/suggest?q=a")),
    Row {
        // Everyone may keep recipes of their own.
        stranger: Done(201),
        ..authors_alone("post", "/v1/recipes", 201, |recipes, _| body(recipes.post("/v1/recipes")))
    },
    seen_as_the_recipe("/v1/recipes/{id}", |recipes, recipe| recipes.get(&recipe.path())),
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
    authors_alone("get", "/v1/recipes/{id}/revisions", 200, |recipes, recipe| {
        recipes.get(&format!("{}/revisions", recipe.path()))
    }),
    authors_alone("get", "/v1/recipes/{id}/revisions/{version}", 200, |recipes, recipe| {
        recipes.get(&format!("{}/revisions/1", recipe.path()))
    }),
    authors_alone("post", "/v1/recipes/{id}/revisions/{version}/restore", 200, |recipes, recipe| {
        recipes.post(&format!("{}/revisions/1/restore", recipe.path()))
    }),
    authors_alone("get", "/v1/recipes/{id}/me", 200, |recipes, recipe| {
        recipes.get(&format!("{}/me", recipe.path()))
    }),
    authors_alone("put", "/v1/recipes/{id}/me", 200, |recipes, recipe| {
        let call = recipes.put(&format!("{}/me", recipe.path()));
        call.body("application/json", "{\"rating\":5,\"favourite\":true}")
    }),
    authors_alone("delete", "/v1/recipes/{id}/me", 204, |recipes, recipe| {
        recipes.delete(&format!("{}/me", recipe.path()))
    }),
    authors_alone("post", "/v1/recipes/{id}/shares", 201, |recipes, recipe| {
        recipes.post(&format!("{}/shares", recipe.path()))
    }),
    authors_alone("get", "/v1/recipes/{id}/shares", 200, |recipes, recipe| {
        recipes.get(&format!("{}/shares", recipe.path()))
    }),
    Row {
        // There is no such link; those that are there have tests of their own.
        author: HIDDEN,
        ..authors_alone("delete", "/v1/recipes/{id}/shares/{share}", 204, |recipes, recipe| {
            recipes.delete(&format!("{}/shares/{}", recipe.path(), recipe.id))
        })
    },
    Row {
        // A link is all that it takes, and it takes one that has not expired.
        guest: HIDDEN,
        ..everyones("/v1/shared/{token}", false, |recipes, subject| {
            recipes.get(&format!("/v1/shared/{}", subject.link))
        })
    },
    Row {
        guest: HIDDEN,
        ..everyones("/v1/shared/{token}/images/{hash}/{file}", false, |recipes, subject| {
            recipes.get(&format!("/v1/shared/{}/images/{}", subject.link, file(subject)))
        })
    },
    seen_as_the_recipe("/v1/recipes/{id}/cover", |recipes, recipe| {
        recipes.get(&format!("{}/cover", recipe.path()))
    }),
    seen_as_the_recipe("/v1/recipes/{id}/steps/{step}/image", |recipes, recipe| {
        recipes.get(&format!("{}/steps/{}/image", recipe.path(), recipe.step()))
    }),
    seen_as_the_recipe("/v1/recipes/{id}/images/{hash}/{file}", |recipes, recipe| {
        recipes.get(&format!("{}/images/{}", recipe.path(), file(recipe)))
    }),
    authors_alone("put", "/v1/recipes/{id}/cover", 200, |recipes, recipe| {
        recipes.put(&format!("{}/cover", recipe.path())).body("image/png", tiny())
    }),
    authors_alone("delete", "/v1/recipes/{id}/cover", 204, |recipes, recipe| {
        recipes.delete(&format!("{}/cover", recipe.path()))
    }),
    authors_alone("put", "/v1/recipes/{id}/steps/{step}/image", 200, |recipes, recipe| {
        let call = recipes.put(&format!("{}/steps/{}/image", recipe.path(), recipe.step()));
        call.body("image/png", tiny())
    }),
    authors_alone("delete", "/v1/recipes/{id}/steps/{step}/image", 204, |recipes, recipe| {
        recipes.delete(&format!("{}/steps/{}/image", recipe.path(), recipe.step()))
    }),
    Row {
        // Everyone has a trash of their own.
        stranger: Done(200),
        ..authors_alone("get", "/v1/trash", 200, |recipes, _| recipes.get("/v1/trash"))
    },
    authors_alone("post", "/v1/recipes/{id}/undelete", 200, |recipes, recipe| {
        recipes.post(&format!("{}/undelete", recipe.path()))
    }),
    Row {
        // It is not in the trash, which is its author's alone.
        author: HIDDEN,
        ..authors_alone("delete", "/v1/trash/{id}", 204, |recipes, recipe| {
            recipes.delete(&format!("/v1/trash/{}", recipe.id))
        })
    },
    Row {
        // Everyone takes along what is theirs.
        stranger: Done(200),
        ..authors_alone("get", "/v1/exports", 200, |recipes, _| recipes.get("/v1/exports"))
    },
    Row {
        // Everyone may import recipes of their own.
        stranger: Done(201),
        ..authors_alone("post", "/v1/imports", 201, |recipes, _| {
            recipes.post("/v1/imports").body("text/plain", "국\n재료\n물 1컵\n만드는 법\n1. 끓인다")
        })
    },
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
