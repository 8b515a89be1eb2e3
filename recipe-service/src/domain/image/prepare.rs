use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::shrink::{coarse, plain, shrunk};
use super::{BOUNDS, Image, ImageHash, Kind, Size, jpeg};

/// An image ready to be kept, and its files in the order of its sizes.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub image: Image,
    pub files: Vec<Vec<u8>>,
}

/// Why something cannot be an image of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It begins as none of the kinds that are read.
    Unknown,
    /// It has more pixels than are read, or takes more memory.
    TooLarge,
    /// It is not as its beginning says.
    Broken,
}

/// The most that is read as an image, in bytes: 10 MiB.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// 24 megapixels.
const MAX_PIXELS: u64 = 24_000_000;

/// All that decoding may take: 24 megapixels of four channels at 16 bits.
const MAX_MEMORY: u64 = 192 * 1024 * 1024;

/// How much of a photo is kept, of 100: beyond it files grow, and nobody sees by what.
const QUALITY: u8 = 82;

/// Reads an image of one of the kinds that are known by their first bytes, turns it as its maker held the camera, and
/// encodes it anew in its sizes: nothing else of what was sent is in them, such as where the photo was taken.
///
/// How large it is is read from its head, and looked at before anything is decoded.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Unfit> {
    let (image, orientation) = decoded(bytes)?;
    let mut image = shrunk(plain(coarse(image, 2 * BOUNDS[2])), BOUNDS[2]);
    image.apply_orientation(orientation);
    let kind = if image.color().has_alpha() { Kind::Png } else { Kind::Jpeg };
    let (mut sizes, mut files) = (Vec::new(), Vec::new());
    for within in wanted(&image).into_iter().rev() {
        image = shrunk(image, within);
        sizes.insert(0, Size { within, width: image.width(), height: image.height() });
        files.insert(0, encoded(&image, kind)?);
    }
    let hash = ImageHash::of(files.iter().map(Vec::as_slice));
    Ok(Prepared { image: Image { hash, kind, sizes }, files })
}

/// The bounds that differ for an image: up to the first that it does not reach.
fn wanted(image: &DynamicImage) -> Vec<u32> {
    let side = image.width().max(image.height());
    let smaller = BOUNDS.iter().take_while(|bound| **bound < side).count();
    BOUNDS[..BOUNDS.len().min(smaller + 1)].to_vec()
}

/// The image as it was stored, and how it is to be turned.
fn decoded(bytes: &[u8]) -> Result<(DynamicImage, Orientation), Unfit> {
    let format = format(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unfit)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_MEMORY {
        return Err(Unfit::TooLarge);
    }
    if width == 0 || height == 0 || format == ImageFormat::Jpeg && !jpeg::is_whole(bytes) {
        return Err(Unfit::Broken);
    }
    // A photo whose notes are damaged is shown as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(unfit)?, orientation))
}

/// What its first bytes say that it is.
fn format(bytes: &[u8]) -> Result<ImageFormat, Unfit> {
    match image::guess_format(bytes) {
        Ok(known @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif)) => {
            Ok(known)
        }
        _ => Err(Unfit::Unknown),
    }
}

fn unfit(error: ImageError) -> Unfit {
    match error {
        ImageError::Limits(_) => Unfit::TooLarge,
        _ => Unfit::Broken,
    }
}

fn encoded(image: &DynamicImage, kind: Kind) -> Result<Vec<u8>, Unfit> {
    let mut file = Vec::new();
    let written = match kind {
        Kind::Jpeg => image.write_with_encoder(JpegEncoder::new_with_quality(&mut file, QUALITY)),
        Kind::Png => image.write_with_encoder(PngEncoder::new(&mut file)),
    };
    written.map_err(|_| Unfit::Broken)?;
    Ok(file)
}
