use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, VARY};
use actix_web::{HttpResponse, HttpResponseBuilder};
use common::web::auth::MaybeAuth;
use common::web::etag::{Condition, ETag};

use super::body;
use super::conditions::etag;
use crate::domain::recipe::Recipe;
use crate::domain::visibility::Visibility;

/// What answers depend on besides their address.
pub const VARIES: &str = "Accept, Authorization, Cookie";

/// For answers that a cache may give to anyone.
pub const FOR_ALL: &str = "public, max-age=60";

/// For answers that are one caller's.
pub const FOR_ONE: &str = "private, no-cache";

/// A recipe on its way out.
pub struct Answer {
    recipe: Recipe,
    head: Vec<u8>,
    etag: ETag,
    cache: &'static str,
}

impl Answer {
    /// To whoever may read it.
    pub fn to_reader(recipe: Recipe, auth: &MaybeAuth) -> Self {
        let for_all = auth.0.is_none() && recipe.visibility == Visibility::Public;
        Self::new(recipe, if for_all { FOR_ALL } else { FOR_ONE })
    }

    /// To its author, who just changed it.
    pub fn to_author(recipe: Recipe) -> Self {
        Self::new(recipe, FOR_ONE)
    }

    fn new(recipe: Recipe, cache: &'static str) -> Self {
        let head = body::head(&recipe);
        let etag = etag(recipe.version, &head);
        Self { recipe, head, etag, cache }
    }

    /// 200, or 304 to who has it already.
    pub fn unless(self, known: &Condition) -> HttpResponse {
        if known.matches_weakly(&self.etag) {
            self.start(StatusCode::NOT_MODIFIED).finish()
        } else {
            self.ok()
        }
    }

    pub fn ok(self) -> HttpResponse {
        self.whole(StatusCode::OK)
    }

    /// 201, and where it is.
    pub fn created(self) -> HttpResponse {
        let location = format!("/v1/recipes/{}", self.recipe.id);
        let mut response = self.whole(StatusCode::CREATED);
        let location = location.try_into().expect("BUG: an id is no header value");
        response.headers_mut().insert(LOCATION, location);
        response
    }

    fn whole(self, status: StatusCode) -> HttpResponse {
        let json = body::json(&self.head, &self.recipe.document);
        self.start(status).insert_header((CONTENT_TYPE, "application/json")).body(json)
    }

    fn start(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response.insert_header((ETAG, self.etag.header_value()));
        response.insert_header((CACHE_CONTROL, self.cache));
        response.insert_header((VARY, VARIES));
        response
    }
}
