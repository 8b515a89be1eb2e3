#[cfg(feature = "s3")]
mod bucket;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path as FolderPath;
use std::sync::Arc;

use futures_util::future::try_join_all;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use thiserror::Error;

use crate::config::ImageSettings;
use crate::domain::image::{Image, Size};

/// Where the files of images lie: a folder, or a bucket of S3. Clones share it.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

/// What is wrong with the files. The text is for the log.
#[derive(Debug, Error)]
#[error("the files of images: {0}")]
pub struct FilesError(#[from] object_store::Error);

impl FilesError {
    /// True for a file that is not there, where all else is in order.
    pub fn is_missing(&self) -> bool {
        matches!(self.0, object_store::Error::NotFound { .. })
    }
}

impl Files {
    /// Opens a folder, which is made if it is not there, or a bucket.
    ///
    /// # Errors
    /// The folder cannot be made, or the settings are not those of a bucket.
    pub fn open(settings: &ImageSettings) -> Result<Self, FilesError> {
        match settings {
            ImageSettings::Folder(folder) => in_folder(folder),
            #[cfg(feature = "s3")]
            ImageSettings::S3(bucket) => Ok(Self(bucket::open(bucket)?)),
            #[cfg(not(feature = "s3"))]
            ImageSettings::S3(_) => unreachable!("BUG: a bucket, in a program that was built without"),
        }
    }

    /// Writes the files of an image, in the order of its sizes. Again is harmless.
    pub async fn write(&self, image: &Image, files: Vec<Vec<u8>>) -> Result<(), FilesError> {
        let writes = image
            .sizes
            .iter()
            .zip(files)
            .map(|(size, file)| async move { self.0.put(&path(image, *size), file.into()).await });
        try_join_all(writes).await?;
        Ok(())
    }

    pub async fn read(&self, image: &Image, size: Size) -> Result<Vec<u8>, FilesError> {
        let file = self.0.get(&path(image, size)).await?;
        Ok(file.bytes().await?.into())
    }

    /// Erases the files of an image. Again is harmless.
    pub async fn erase(&self, image: &Image) -> Result<(), FilesError> {
        for size in &image.sizes {
            match self.0.delete(&path(image, *size)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn in_folder(folder: &FolderPath) -> Result<Files, FilesError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| unusable(folder, error))?;
    // A file is there whole or not at all, also after the power went.
    let files = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true);
    Ok(Files(Arc::new(files)))
}

fn unusable(folder: &FolderPath, error: std::io::Error) -> FilesError {
    let source = format!("{}: {error}", folder.display()).into();
    FilesError(object_store::Error::Generic { store: "folder", source })
}

/// A folder holds a 256th of all images, so that none becomes too full to be listed.
fn path(image: &Image, size: Size) -> Path {
    let hash = image.hash.as_str();
    Path::from(format!("{}/{hash}/{}", &hash[..2], image.file(size)))
}
