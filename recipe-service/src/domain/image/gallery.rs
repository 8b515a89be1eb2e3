use serde::Serialize;
use utoipa::ToSchema;

use super::{Image, Size};
use crate::domain::ids::RecipeId;

/// Where the world reaches the service. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Links(std::sync::Arc<str>);

/// Where the images of a recipe are: what their addresses begin with.
#[derive(Clone, Debug)]
pub struct Gallery(String);

/// An image as it is answered. It is always there under its address, which changes with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Image)]
pub struct Picture {
    /// What it is known by: another image has another.
    pub hash: String,
    #[schema(example = "image/jpeg")]
    pub media_type: &'static str,
    /// Of the largest size, as `height` and `url` are.
    pub width: u32,
    pub height: u32,
    #[schema(format = "uri")]
    pub url: String,
    /// The sizes that there are, the smallest first.
    pub sizes: Vec<PictureSize>,
}

/// A size of an image.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ImageSize)]
pub struct PictureSize {
    pub width: u32,
    pub height: u32,
    #[schema(format = "uri")]
    pub url: String,
}

impl Links {
    pub fn new(public_url: &str) -> Self {
        Self(public_url.trim_end_matches('/').into())
    }

    /// The images of a recipe, for who may read it.
    pub fn of_recipe(&self, id: RecipeId) -> Gallery {
        Gallery(format!("{}/v1/recipes/{id}/images", self.0))
    }

    /// The same, for who has this token of a link to it.
    pub fn of_share(&self, token: &str) -> Gallery {
        Gallery(format!("{}/v1/shared/{token}/images", self.0))
    }
}

impl Gallery {
    /// The images that lie in a folder.
    pub fn folder(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// The same as the page of the recipe itself has them, wherever that was asked for.
    pub fn beside(&self) -> Self {
        let mut segments = self.0.rsplit('/');
        let (last, recipe) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
        Self(format!("{recipe}/{last}"))
    }

    pub fn address(&self, image: &Image, size: Size) -> String {
        format!("{}/{}/{}", self.0, image.hash, image.file(size))
    }

    pub fn picture(&self, image: &Image) -> Picture {
        let largest = image.largest();
        let size = |size: &Size| PictureSize {
            width: size.width,
            height: size.height,
            url: self.address(image, *size),
        };
        Picture {
            hash: image.hash.to_string(),
            media_type: image.kind.media_type(),
            width: largest.width,
            height: largest.height,
            url: self.address(image, largest),
            sizes: image.sizes.iter().map(size).collect(),
        }
    }
}
