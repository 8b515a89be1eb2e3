use std::vec::IntoIter;

use super::{Entry, Making};
use crate::domain::ids::RecipeId;
use crate::error::Error;
use crate::service::images::Files;
use crate::service::recipes::Recipes;
use crate::service::store;
use crate::service::store::backup::Whose;

/// What is left of an export of a person's recipes.
pub struct Export {
    recipes: Recipes,
    files: Files,
    sub: String,
    /// The recipes that are not in it yet.
    ids: IntoIter<RecipeId>,
    has_manifest: bool,
    making: Making,
}

/// In bytes: a piece is what makes it as large as this, or the rest.
const PIECE: usize = 64 * 1024;

impl Recipes {
    /// A person's recipes with all that belongs to them, those in the trash too, and what they keep about the recipes of
    /// others: a zip of JSON-LD. Of what others keep about theirs nothing is in it.
    ///
    /// These are the recipes that there are now, each as it is when its piece is taken.
    pub async fn export(&self, sub: String, files: Files) -> Result<Export, Error> {
        let whose = sub.clone();
        let ids = self.db.read(move |conn| store::backup::ids(conn, Whose::Of(&whose))).await?.into_iter();
        Ok(Export { recipes: self.clone(), files, sub, ids, has_manifest: false, making: Making::new() })
    }
}

impl Export {
    /// The next piece, which is read only now, and what is left behind it.
    pub async fn next(mut self) -> Result<(Vec<u8>, Option<Self>), Error> {
        let mut piece = Vec::new();
        while piece.len() < PIECE {
            if !self.add_more().await? {
                piece.extend(self.making.archive.finish());
                return Ok((piece, None));
            }
            piece.extend(self.making.archive.take());
        }
        Ok((piece, Some(self)))
    }

    /// Adds what comes next; false where nothing does.
    async fn add_more(&mut self) -> Result<bool, Error> {
        if let Some(id) = self.ids.next() {
            self.add_recipe(id).await?;
        } else if !self.has_manifest {
            self.add_rest().await?;
            self.has_manifest = true;
        } else {
            return Ok(self.making.add_image(&self.files).await?);
        }
        Ok(true)
    }

    async fn add_recipe(&mut self, id: RecipeId) -> Result<(), Error> {
        let sub = self.sub.clone();
        let entry = self
            .recipes
            .db
            .snapshot(move |conn| Ok(store::backup::recipe(conn, Whose::Of(&sub), id)?.map(Entry::of)));
        // Some may have been erased meanwhile.
        if let Some(entry) = entry.await? {
            self.making.add(entry);
        }
        Ok(())
    }

    async fn add_rest(&mut self) -> Result<(), Error> {
        let sub = self.sub.clone();
        let elsewhere = self.recipes.db.read(move |conn| store::backup::personal_elsewhere(conn, &sub));
        self.making.archive.add("personal.json", &elsewhere.await?);
        self.making.add_manifest();
        Ok(())
    }
}
