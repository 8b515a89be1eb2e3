use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::backup::{IMAGES, SavedRecipe};
use crate::domain::forms::{Shown, WHOLE, json_ld};
use crate::domain::image::Gallery;
use crate::domain::patch::kept_document;
use crate::domain::recipe::{Owner, Recipe};
use crate::domain::slug::slug;
use crate::domain::view::View;

/// A recipe as schema.org's, with all that is saved of it beside.
#[derive(Serialize)]
pub struct File {
    #[serde(flatten)]
    json_ld: Map<String, Value>,
    jipbap: SavedRecipe,
}

impl File {
    pub fn of(saved: SavedRecipe) -> Self {
        // What an earlier release kept may break a rule of this one. It is saved all the same.
        let mut json_ld = as_json_ld(&saved).unwrap_or_default();
        json_ld.remove(WHOLE);
        Self { json_ld, jipbap: saved }
    }
}

fn as_json_ld(saved: &SavedRecipe) -> Option<Map<String, Value>> {
    let mut document = kept_document(saved.document.get(), saved.visibility).ok()?;
    let recipe = Recipe {
        id: saved.id,
        version: saved.version,
        owner: Owner { sub: saved.owner.clone(), name: None },
        visibility: saved.visibility,
        slug: slug(&document.title),
        images: saved.images(),
        // What all think of it is not a person's to take along.
        rating: None,
        created_at: saved.created_at,
        updated_at: saved.updated_at,
        published_at: saved.published_at,
        document: String::new(),
    };
    // As the files lie in the archive.
    let gallery = Gallery::folder(&format!("../{IMAGES}"));
    document.illustrate(&recipe.images, &gallery);
    let cover = recipe.images.cover.as_ref().map(|cover| gallery.picture(cover));
    let viewed = View::default().of(document).ok()?;
    match json_ld(&Shown { recipe: &recipe, viewed: &viewed, cover: cover.as_ref() }) {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
