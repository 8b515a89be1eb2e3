//! The forms in which a recipe is answered besides JSON: each a text of all that it can say.

mod cooklang;
mod front_matter;
mod html;
mod json_ld;
mod markdown;
mod words;

pub use cooklang::cooklang;
pub use html::{STYLE, html};
pub use json_ld::{WHOLE, json_ld};
pub use markdown::markdown;

use super::image::Picture;
use super::recipe::Recipe;
use super::view::Viewed;

/// A recipe on its way into a form: what the service knows of it, and its document as it is seen.
pub struct Shown<'a> {
    pub recipe: &'a Recipe,
    pub viewed: &'a Viewed,
    pub cover: Option<&'a Picture>,
}
