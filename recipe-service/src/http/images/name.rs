use std::str::FromStr;

use crate::domain::image::{Image, Size};

/// The name of an image's file in a path: `960.jpg`.
pub struct FileName(String);

impl FromStr for FileName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(Self(text.to_owned()))
    }
}

impl FileName {
    /// The size of the image that has this name, if one has.
    pub fn of(&self, image: &Image) -> Option<Size> {
        image.sizes.iter().copied().find(|size| image.file(*size) == self.0)
    }
}
