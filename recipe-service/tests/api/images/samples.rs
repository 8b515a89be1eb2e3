//! Images to send: good ones, and those that somebody made up to do harm.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture that shows which side is up: red at the top left, green at the top right, blue at the bottom left, white at the
/// bottom right.
pub fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => RED,
        (false, true) => GREEN,
        (true, false) => BLUE,
        (false, false) => WHITE,
    })
}

pub const RED: Rgb<u8> = Rgb([220, 20, 20]);
pub const GREEN: Rgb<u8> = Rgb([20, 200, 20]);
pub const BLUE: Rgb<u8> = Rgb([20, 20, 220]);
pub const WHITE: Rgb<u8> = Rgb([250, 250, 250]);

/// The four quarters of what somebody sees, from the top left on.
pub fn seen(image: &DynamicImage) -> [Rgb<u8>; 4] {
    let (image, width, height) = (image.to_rgb8(), image.width(), image.height());
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| nearest(image.get_pixel(width * x / 4, height * y / 4)))
}

fn nearest(pixel: &Rgb<u8>) -> Rgb<u8> {
    let distance = |colour: &Rgb<u8>| -> i32 {
        (0..3).map(|at| (i32::from(colour.0[at]) - i32::from(pixel.0[at])).pow(2)).sum()
    };
    [RED, GREEN, BLUE, WHITE].into_iter().min_by_key(distance).expect("BUG: there are colours")
}

pub fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(image).expect("no JPEG");
    bytes
}

pub fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).expect("it cannot be encoded");
    bytes.into_inner()
}

pub fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    encoded(image, ImageFormat::Png)
}

/// The smallest that there is.
pub fn tiny() -> Vec<u8> {
    png(quarters(2, 2))
}

/// A picture that one can see through.
pub fn glass(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| Rgba([220, 20, 20, if x < width / 2 { 0 } else { 255 }]))
}

/// Pictures that follow each other.
pub fn animation(pictures: &[RgbImage]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let frames = pictures.iter().map(|picture| Frame::new(DynamicImage::from(picture.clone()).into_rgba8()));
    GifEncoder::new(&mut bytes).encode_frames(frames).expect("no GIF");
    bytes
}

/// A JPEG with the notes of a camera: how it was held (TIFF 6.0, tag 274), and where (Exif 2.32 §4.6.6).
pub fn with_notes(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let (camera, gps, latitude) = (62_u32, 62 + CAMERA.len() as u32, 62 + CAMERA.len() as u32 + 30);
    let entries = [
        entry(0x010f, 2, CAMERA.len() as u32, camera.to_le_bytes()),
        entry(0x0112, 3, 1, [orientation, 0, 0, 0]),
        entry(0x8825, 4, 1, gps.to_le_bytes()),
        entry(0x8769, 4, 1, gps.to_le_bytes()),
    ]
    .concat();
    tiff.extend([&4_u16.to_le_bytes()[..], &entries, &[0; 4]].concat());
    assert_eq!(tiff.len(), camera as usize);
    tiff.extend(CAMERA);
    let north = entry(1, 2, 2, *b"N\0\0\0");
    let at = entry(2, 5, 3, latitude.to_le_bytes());
    tiff.extend([&2_u16.to_le_bytes()[..], &north, &at, &[0; 4]].concat());
    tiff.extend([37_u32, 1, 33, 1, 58, 1].map(u32::to_le_bytes).concat());
    let body = [b"Exif\0\0", &tiff[..]].concat();
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &body, &jpeg[2..]].concat()
}

/// Who made the camera: what must be found nowhere.
pub const CAMERA: &[u8] = b"Jipbap Secret Camera No. 7\0";

/// A PNG of one pixel that says that it is as large as this.
pub fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let honest = png(RgbImage::new(1, 1));
    let mut head = [b"IHDR", &width.to_be_bytes()[..], &height.to_be_bytes(), &honest[24..29]].concat();
    let sum = crc(&head);
    head.extend(sum.to_be_bytes());
    [&honest[..12], &head, &honest[33..]].concat()
}

/// A chunk of a PNG (RFC 2083 §3.2).
pub fn with_chunk(png: &[u8], name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    let length = (content.len() as u32).to_be_bytes();
    [&png[..33], &length, &named, &crc(&named).to_be_bytes(), &png[33..]].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1)))
    })
}

/// A GIF whose screen is as large as GIFs can be, with a picture of one pixel.
pub fn gif_that_claims(width: u16, height: u16) -> Vec<u8> {
    let mut gif = animation(&[quarters(2, 2)]);
    gif[6..8].copy_from_slice(&width.to_le_bytes());
    gif[8..10].copy_from_slice(&height.to_le_bytes());
    gif
}

/// A JPEG that says that it is as large as this.
pub fn jpeg_that_claims(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = jpeg(&quarters(8, 8));
    let frame = jpeg.windows(2).position(|marker| marker == b"\xff\xc0").expect("a JPEG has no frame");
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}
