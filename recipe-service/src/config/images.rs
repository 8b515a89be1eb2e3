use std::path::{Path, PathBuf};

use clap::Args;
use common::settings::BadValue;
use url::Url;

/// Where the files of images lie.
#[derive(Clone)]
pub enum ImageSettings {
    Folder(PathBuf),
    S3(Bucket),
}

/// A bucket of S3, or of a server that speaks like it.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// What the names of objects begin with.
    pub prefix: String,
    /// None: Amazon's, of the region.
    pub endpoint: Option<Url>,
    pub region: String,
    pub access_key_id: String,
    /// A secret.
    pub secret_access_key: String,
}

/// Where images are kept.
#[derive(Args, Clone)]
#[command(next_help_heading = "Images")]
pub struct ImagesFlags {
    /// A folder, or `s3://bucket/prefix`, for the files of images; `{DATA_DIR}/images` unless given. All copies share it.
    /// The program `jipbap` knows folders alone.
    #[arg(long, env = "RECIPES_IMAGES", global = true)]
    images: Option<String>,

    /// Where the bucket is, if it is not Amazon's: `https://s3.example.com`.
    #[arg(long, env = "RECIPES_IMAGES_S3_ENDPOINT", global = true)]
    images_s3_endpoint: Option<String>,

    /// The region of the bucket.
    #[arg(long, env = "RECIPES_IMAGES_S3_REGION", default_value = "us-east-1", global = true)]
    images_s3_region: String,

    /// Who may read, write and delete in the bucket. Needed with `s3://`.
    #[arg(long, env = "RECIPES_IMAGES_S3_ACCESS_KEY_ID", global = true)]
    images_s3_access_key_id: Option<String>,

    /// The secret of who may. Needed with `s3://`.
    #[arg(long, env = "RECIPES_IMAGES_S3_SECRET_ACCESS_KEY", hide_env_values = true, global = true)]
    images_s3_secret_access_key: Option<String>,
}

impl ImagesFlags {
    /// Reads the texts.
    ///
    /// # Errors
    /// Names the variable of the first that makes no sense.
    pub fn settings(self, data_dir: &Path) -> Result<ImageSettings, BadValue> {
        match self.images.as_deref() {
            None => Ok(ImageSettings::Folder(data_dir.join("images"))),
            Some("") => Err(BadValue::new("RECIPES_IMAGES", "must not be empty")),
            Some(given) => match given.strip_prefix("s3://").map(str::to_owned) {
                Some(_) if !cfg!(feature = "s3") => Err(BadValue::new(
                    "RECIPES_IMAGES",
                    "is a bucket, which this program was built without (feature s3); recipe-service has it",
                )),
                Some(bucket) => self.bucket(&bucket).map(ImageSettings::S3),
                None if given.contains("://") => {
                    Err(BadValue::new("RECIPES_IMAGES", "is neither a folder nor s3://bucket/prefix"))
                }
                None => Ok(ImageSettings::Folder(PathBuf::from(given))),
            },
        }
    }

    fn bucket(self, given: &str) -> Result<Bucket, BadValue> {
        let (name, prefix) = given.split_once('/').unwrap_or((given, ""));
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if !(3..=63).contains(&name.len()) || !name.chars().all(is_name) {
            return Err(BadValue::new("RECIPES_IMAGES", "names no bucket, as s3://bucket/prefix does"));
        }
        Ok(Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.images_s3_endpoint.as_deref().map(endpoint).transpose()?,
            region: self.images_s3_region,
            access_key_id: needed("RECIPES_IMAGES_S3_ACCESS_KEY_ID", self.images_s3_access_key_id)?,
            secret_access_key: needed(
                "RECIPES_IMAGES_S3_SECRET_ACCESS_KEY",
                self.images_s3_secret_access_key,
            )?,
        })
    }
}

fn endpoint(text: &str) -> Result<Url, BadValue> {
    super::web_address("RECIPES_IMAGES_S3_ENDPOINT", text)
}

fn needed(variable: &str, given: Option<String>) -> Result<String, BadValue> {
    let given = given.filter(|given| !given.is_empty());
    given.ok_or_else(|| BadValue::new(variable, "is needed where RECIPES_IMAGES is s3://…"))
}
