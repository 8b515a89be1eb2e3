use image::DynamicImage;
use image::imageops::FilterType;

/// The image within a square of so many pixels. It is never enlarged.
pub fn shrunk(image: DynamicImage, within: u32) -> DynamicImage {
    let Some((width, height)) = fitted(&image, within) else { return image };
    // The fine filter takes sixteen bytes for each pixel of the rows that it makes, so that the coarse one goes first. As long
    // as what it leaves is twice as large as what is wanted, nobody sees a difference.
    let image = match image.width() > 2 * width && image.height() > 2 * height {
        true => image.thumbnail_exact(2 * width, 2 * height),
        false => image,
    };
    image.resize_exact(width, height, FilterType::Lanczos3)
}

/// The same by a filter that takes no memory besides the result.
pub fn coarse(image: DynamicImage, within: u32) -> DynamicImage {
    match fitted(&image, within) {
        Some((width, height)) => image.thumbnail_exact(width, height),
        None => image,
    }
}

/// How large an image is within a square, if it is larger.
fn fitted(image: &DynamicImage, within: u32) -> Option<(u32, u32)> {
    let (width, height) = (u64::from(image.width()), u64::from(image.height()));
    let longer = width.max(height);
    let scaled = |side: u64| {
        let rounded = (2 * side * u64::from(within) + longer) / (2 * longer);
        u32::try_from(rounded).expect("BUG: a side is longer than the longer one").max(1)
    };
    (longer > u64::from(within)).then(|| (scaled(width), scaled(height)))
}

/// The same in eight bits a channel, and without transparency where it is opaque all over.
pub fn plain(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let image = DynamicImage::ImageRgba8(image.into_rgba8());
    let is_opaque = image.as_rgba8().is_some_and(|it| it.pixels().all(|pixel| pixel.0[3] == u8::MAX));
    if is_opaque { DynamicImage::ImageRgb8(image.into_rgb8()) } else { image }
}
