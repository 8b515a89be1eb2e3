//! Images of recipes: what is known of them, where they are, and how they are made of what people send.

mod gallery;
mod hash;
mod jpeg;
mod prepare;
mod shrink;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::gallery::{Gallery, Links, Picture, PictureSize};
pub use self::hash::ImageHash;
pub use self::prepare::{MAX_BYTES, Prepared, Unfit, prepare};
use super::ids::PartId;

/// An image that is kept, in one or more sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub hash: ImageHash,
    pub kind: Kind,
    /// At least one, the smallest first.
    pub sizes: Vec<Size>,
}

/// How an image is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Jpeg,
    /// One that is transparent somewhere.
    Png,
}

/// A size in which an image is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Which of [`BOUNDS`] neither side goes beyond.
    pub within: u32,
    pub width: u32,
    pub height: u32,
}

/// The sizes that there are, in pixels, as far as an image is as large.
pub const BOUNDS: [u32; 3] = [320, 960, 1_920];

/// The images of a recipe, or of one version of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    pub cover: Option<Image>,
    pub steps: BTreeMap<PartId, Image>,
}

/// A place of a recipe that can have an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Cover,
    Step(PartId),
}

impl Kind {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What names of files end with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

impl Image {
    /// The smallest size that is as large as this bound, or else the largest that there is.
    pub fn at_least(&self, bound: u32) -> Size {
        let large_enough = self.sizes.iter().find(|size| size.within >= bound);
        *large_enough.or(self.sizes.last()).expect("BUG: an image has no size")
    }

    pub fn largest(&self) -> Size {
        self.at_least(u32::MAX)
    }

    /// The name of the file that holds a size of it, among those of the image.
    pub fn file(&self, size: Size) -> String {
        format!("{}.{}", size.within, self.kind.extension())
    }
}

impl Images {
    /// Reads what the database keeps of them.
    pub fn of_columns(cover: Option<&str>, steps: Option<&str>) -> Self {
        Self { cover: cover.map(read), steps: steps.map(read).unwrap_or_default() }
    }

    pub fn cover_column(&self) -> Option<String> {
        self.cover.as_ref().map(written)
    }

    pub fn steps_column(&self) -> Option<String> {
        (!self.steps.is_empty()).then(|| written(&self.steps))
    }

    pub fn at(&self, place: Place) -> Option<&Image> {
        match place {
            Place::Cover => self.cover.as_ref(),
            Place::Step(id) => self.steps.get(&id),
        }
    }

    /// The same with another image at a place, or none.
    pub fn with(mut self, place: Place, image: Option<Image>) -> Self {
        match (place, image) {
            (Place::Cover, image) => self.cover = image,
            (Place::Step(id), Some(image)) => drop(self.steps.insert(id, image)),
            (Place::Step(id), None) => drop(self.steps.remove(&id)),
        }
        self
    }

    /// The same without those of steps that there are no more.
    pub fn of_steps(mut self, ids: &[PartId]) -> Self {
        self.steps.retain(|id, _| ids.contains(id));
        self
    }

    pub fn all(&self) -> impl Iterator<Item = &Image> {
        self.cover.iter().chain(self.steps.values())
    }

    pub fn find(&self, hash: &ImageHash) -> Option<&Image> {
        self.all().find(|image| image.hash == *hash)
    }
}

/// Reads an image as the database keeps it.
pub fn read<T: for<'de> Deserialize<'de>>(column: &str) -> T {
    serde_json::from_str(column).expect("BUG: a column holds no images")
}

/// An image as the database keeps it.
pub fn written(images: &impl Serialize) -> String {
    serde_json::to_string(images).expect("BUG: an image does not serialise")
}
