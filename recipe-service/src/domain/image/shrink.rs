use image::DynamicImage;
use image::imageops::FilterType;

/// The image within a square of so many pixels. It is never enlarged.
pub fn shrunk(image: DynamicImage, within: u32) -> DynamicImage {
    let image = coarse(image, 2 * within);
    match exceeds(&image, within) {
        true => image.resize(within, within, FilterType::Lanczos3),
        false => image,
    }
}

/// The same by a filter that takes no memory besides the result. As long as that is twice as large as what is wanted in the
/// end, nobody sees a difference.
pub fn coarse(image: DynamicImage, within: u32) -> DynamicImage {
    match exceeds(&image, within) {
        true => image.thumbnail(within, within),
        false => image,
    }
}

fn exceeds(image: &DynamicImage, within: u32) -> bool {
    image.width() > within || image.height() > within
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
