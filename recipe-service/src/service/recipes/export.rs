use common::db::{Conn, QueryResult};
use common::progress::Progress;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Recipes;
use crate::domain::archive::NewArchive;
use crate::domain::backup::{BACKUP_FORMAT, Manifest, SavedRecipe};
use crate::domain::forms::{Shown, WHOLE, json_ld};
use crate::domain::patch::kept_document;
use crate::domain::recipe::{Owner, Recipe};
use crate::domain::slug::slug;
use crate::domain::view::View;
use crate::error::Error;
use crate::service::store;
use crate::service::store::backup::Whose;

/// So many recipes are in memory besides the archive.
const BATCH: i64 = 100;

impl Recipes {
    /// A person's recipes with all that belongs to them, those in the trash too, and what they keep about the recipes of
    /// others: a zip of JSON-LD. Of what others keep about theirs nothing is in it.
    pub async fn export(&self, sub: String) -> Result<Vec<u8>, Error> {
        let archive = self.db.snapshot(move |conn| {
            let mut archive = NewArchive::new();
            let recipes = add_recipes(conn, Whose::Of(&sub), &mut archive, |_| ())?;
            archive.add("personal.json", &store::backup::personal_elsewhere(conn, &sub)?);
            archive.add("manifest.json", &Manifest { format: BACKUP_FORMAT, recipes });
            Ok(archive.finish())
        });
        Ok(archive.await?)
    }

    /// Everything of everyone, and how many recipes that are.
    pub async fn export_all(&self, progress: Progress) -> Result<(Vec<u8>, usize), Error> {
        let archive = self.db.snapshot(move |conn| {
            let mut archive = NewArchive::new();
            progress.expect(store::backup::count(conn)?);
            let recipes = add_recipes(conn, Whose::All, &mut archive, |more| progress.advance(more))?;
            archive.add("people.json", &store::backup::people(conn)?);
            archive.add("manifest.json", &Manifest { format: BACKUP_FORMAT, recipes });
            Ok((archive.finish(), recipes))
        });
        Ok(archive.await?)
    }
}

/// Adds recipes in the order of their ids, and answers how many.
fn add_recipes(
    conn: &mut Conn,
    whose: Whose,
    archive: &mut NewArchive,
    added: impl Fn(usize),
) -> QueryResult<usize> {
    let (mut after, mut count) = (None, 0);
    loop {
        let batch = store::backup::recipes(conn, whose, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(count) };
        after = Some(last.id);
        count += batch.len();
        added(batch.len());
        for saved in batch {
            archive.add(&format!("recipes/{}.jsonld", saved.id), &File::of(saved));
        }
    }
}

/// A recipe as schema.org's, with all that is saved of it beside.
#[derive(Serialize)]
struct File {
    #[serde(flatten)]
    json_ld: Map<String, Value>,
    jipbap: SavedRecipe,
}

impl File {
    fn of(saved: SavedRecipe) -> Self {
        // What an earlier release kept may break a rule of this one. It is saved all the same.
        let mut json_ld = as_json_ld(&saved).unwrap_or_default();
        json_ld.remove(WHOLE);
        Self { json_ld, jipbap: saved }
    }
}

fn as_json_ld(saved: &SavedRecipe) -> Option<Map<String, Value>> {
    let document = kept_document(saved.document.get(), saved.visibility).ok()?;
    let recipe = Recipe {
        id: saved.id,
        version: saved.version,
        owner: Owner { sub: saved.owner.clone(), name: None },
        visibility: saved.visibility,
        slug: slug(&document.title),
        cover: None,
        // What all think of it is not a person's to take along.
        rating: None,
        created_at: saved.created_at,
        updated_at: saved.updated_at,
        published_at: saved.published_at,
        document: String::new(),
    };
    let viewed = View::default().of(document).ok()?;
    match json_ld(&Shown { recipe: &recipe, viewed: &viewed }) {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
