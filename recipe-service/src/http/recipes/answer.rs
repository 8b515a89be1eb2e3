use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, LOCATION, REFERRER_POLICY, VARY,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use common::web::auth::MaybeAuth;
use common::web::etag::{Condition, ETag};
use common::web::{Problem, codes};
use serde::Serialize;

use super::body;
use super::conditions::etag;
use super::form::{FORMS, Form, PAGE_POLICY};
use crate::domain::forms::Shown;
use crate::domain::image::{Gallery, Links};
use crate::domain::patch::kept_document;
use crate::domain::recipe::Recipe;
use crate::domain::view::{Unseen, View, Viewed};
use crate::domain::visibility::Visibility;

/// What answers depend on besides their address.
pub const VARIES: &str = "Accept, Authorization, Cookie";

/// For answers that a cache may give to anyone.
pub const FOR_ALL: &str = "public, max-age=60";

/// For answers that are one caller's.
pub const FOR_ONE: &str = "private, no-cache";

/// For answers that nobody may remember.
pub const FOR_NOW: &str = "no-store";

/// The page behind a link on it would learn its address otherwise, which may be a secret.
pub const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// A recipe on its way out.
pub struct Answer {
    recipe: Recipe,
    gallery: Gallery,
    head: Vec<u8>,
    etag: ETag,
    cache: &'static str,
    form: Form,
    view: View,
}

impl Answer {
    /// To whoever may read it.
    pub fn to_reader(recipe: Recipe, links: &Links, auth: &MaybeAuth) -> Self {
        let for_all = auth.0.is_none() && recipe.visibility == Visibility::Public;
        let gallery = links.of_recipe(recipe.id);
        Self::new(recipe, gallery, if for_all { FOR_ALL } else { FOR_ONE })
    }

    /// To its author, who just changed it.
    pub fn to_author(recipe: Recipe, links: &Links) -> Self {
        let gallery = links.of_recipe(recipe.id);
        Self::new(recipe, gallery, FOR_ONE)
    }

    /// To who has a link, and so the images of the recipe below it.
    pub fn to_guest(recipe: Recipe, gallery: Gallery) -> Self {
        Self::new(recipe, gallery, FOR_NOW)
    }

    fn new(recipe: Recipe, gallery: Gallery, cache: &'static str) -> Self {
        let head = body::head(&recipe, &gallery);
        let etag = etag(recipe.version, Form::Json.name(), &[&head]);
        Self { recipe, gallery, head, etag, cache, form: Form::Json, view: View::default() }
    }

    /// In a form, and as the caller would see it. Each has a tag of its own.
    pub fn shown(mut self, form: Form, view: View) -> Self {
        if form != Form::Json || !view.is_plain() {
            let view = serde_json::to_vec(&view).expect("BUG: a view does not serialise");
            self.etag = etag(self.recipe.version, form.name(), &[&self.head, &view, FORMS.as_bytes()]);
        }
        Self { form, view, ..self }
    }

    /// 200, or 304 to who has it already.
    pub fn unless(self, known: &Condition) -> Result<HttpResponse, Problem> {
        match known.matches_weakly(&self.etag) {
            true => Ok(self.start(StatusCode::NOT_MODIFIED).finish()),
            false => self.rendered(),
        }
    }

    /// 200 with the recipe as JSON, as it was written.
    pub fn ok(self) -> HttpResponse {
        self.whole(StatusCode::OK)
    }

    /// 201, and where it is.
    pub fn created(self) -> HttpResponse {
        let location = self.location();
        let mut response = self.whole(StatusCode::CREATED);
        response.headers_mut().insert(LOCATION, location);
        response
    }

    /// 200 in its form.
    pub fn rendered(self) -> Result<HttpResponse, Problem> {
        if self.form == Form::Json && self.view.is_plain() {
            return Ok(self.ok());
        }
        // A page finds its images wherever it was asked for, and its policy lets it show no others.
        let gallery = if self.form == Form::Html { self.gallery.beside() } else { self.gallery.clone() };
        let viewed = self.viewed(&gallery)?;
        let cover = self.recipe.images.cover.as_ref().map(|cover| gallery.picture(cover));
        let shown = Shown { recipe: &self.recipe, viewed: &viewed, cover: cover.as_ref() };
        let body = match self.form.render(&shown) {
            Some(body) => body,
            None => body::json(&self.head, &viewed.document.to_json()),
        };
        let mut response = self.start(StatusCode::OK);
        response.insert_header((CONTENT_TYPE, self.form.content_type()));
        if self.form == Form::Html {
            response.insert_header((CONTENT_SECURITY_POLICY, PAGE_POLICY.as_str()));
            response.insert_header((REFERRER_POLICY, NO_REFERRER));
        }
        Ok(response.body(body))
    }

    fn viewed(&self, gallery: &Gallery) -> Result<Viewed, Problem> {
        let mut document = kept_document(&self.recipe.document, self.recipe.visibility)
            .map_err(|_| Problem::internal("a kept document breaks a rule, and cannot be seen otherwise"))?;
        document.illustrate(&self.recipe.images, gallery);
        self.view.of(document).map_err(unseen)
    }

    /// What says more than the recipe alone, of one that is new or not.
    pub fn about(&self, is_new: bool, body: &impl Serialize) -> HttpResponse {
        let mut response = self.start(if is_new { StatusCode::CREATED } else { StatusCode::OK });
        response.insert_header((LOCATION, self.location())).json(body)
    }

    /// The recipe as JSON.
    pub fn json(&self) -> String {
        let json = self.whole_json();
        String::from_utf8(json).expect("BUG: JSON is not UTF-8")
    }

    fn whole_json(&self) -> Vec<u8> {
        let Recipe { document, visibility, images, .. } = &self.recipe;
        body::json(&self.head, &body::illustrated(document, *visibility, images, &self.gallery))
    }

    fn location(&self) -> HeaderValue {
        let location = format!("/v1/recipes/{}", self.recipe.id);
        location.try_into().expect("BUG: an id is no header value")
    }

    fn whole(self, status: StatusCode) -> HttpResponse {
        let json = self.whole_json();
        self.start(status).insert_header((CONTENT_TYPE, Form::Json.content_type())).body(json)
    }

    fn start(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response.insert_header((ETAG, self.etag.header_value()));
        response.insert_header((CACHE_CONTROL, self.cache));
        response.insert_header((VARY, VARIES));
        if self.cache == FOR_NOW {
            response.insert_header((REFERRER_POLICY, NO_REFERRER));
        }
        response
    }
}

fn unseen(why: Unseen) -> Problem {
    Problem::new(&codes::INVALID_PARAMETER).detail(match why {
        Unseen::NoServings => {
            "The parameter \"servings\" cannot be used: the recipe does not say for how many it is. Use \"scale\"."
        }
        Unseen::TooLarge => "The recipe cannot be scaled so: an amount would take more than nine digits.",
    })
}
