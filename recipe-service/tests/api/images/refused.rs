use std::time::Duration;

use testkit::{Stopwatch, TestStack, both};

use super::samples::{
    animation, gif_that_claims, jpeg, jpeg_that_claims, png, png_that_claims, quarters, tiny, with_chunk,
};
use super::{covered, decoded, files, stew};

/// What nobody takes for a picture is refused by its first bytes.
#[both]
async fn what_is_no_image_is_refused_whatever_it_is_called(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = stew(&stack, &session).await;
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (name, bytes) in [
        ("nothing", Vec::new()),
        ("a text", b"a picture of a stew".to_vec()),
        ("SVG", svg.into()),
        ("SVG with a head", format!("<?xml version=\"1.0\"?>\n{svg}").into()),
        ("HTML with a PNG in it", [b"<html><!--".to_vec(), tiny(), b"--></html>".to_vec()].concat()),
        ("BMP", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".to_vec()),
        ("TIFF", b"II*\0\x08\0\0\0\0\0".to_vec()),
        ("AVIF", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf".to_vec()),
        ("PDF", b"%PDF-1.7".to_vec()),
        ("an ELF", b"\x7fELF\x02\x01\x01".to_vec()),
    ] {
        for content_type in ["image/png", "image/jpeg", "image/svg+xml", "text/html"] {
            let call = stack.recipes.put(&format!("/v1/recipes/{}/cover", recipe.id)).bearer(&session);
            let answer = call.body(content_type, bytes.clone()).send().await;
            println!("{name} as {content_type}");
            answer.assert_problem(415, "unsupported_media_type");
        }
    }
    assert!(files(&stack).is_empty());
    assert_eq!(recipe.again(&stack, &session).await.body["version"], 1);
}

/// What begins as an image and is none, or not all of one.
#[both]
async fn a_broken_image_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = stew(&stack, &session).await;
    let (photo, drawing) = (jpeg(&quarters(300, 200)), png(quarters(300, 200)));
    let moving = animation(&[quarters(300, 200)]);
    let webp = super::samples::encoded(quarters(300, 200), image::ImageFormat::WebP);
    let mut broken = vec![b"GIF89a".to_vec(), b"\xff\xd8\xff".to_vec(), b"\x89PNG\r\n\x1a\n".to_vec()];
    for whole in [&photo, &drawing, &moving, &webp] {
        broken.extend([12, 40, whole.len() / 2, whole.len() * 3 / 4].map(|length| whole[..length].to_vec()));
    }
    // In the middle of what is compressed.
    let mut spoilt = drawing.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle..middle + 8].fill(0x55);
    broken.push(spoilt);
    for bytes in broken {
        let answer = stack.put_cover(&session, &recipe.id, bytes.clone()).await;
        assert_ne!(answer.status, 200, "{} bytes of {:?}", bytes.len(), &bytes[..6]);
        let problem = answer.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "broken_image");
    }
    assert!(files(&stack).is_empty());
    stack.put_cover(&session, &recipe.id, photo).await.assert_status(200);
}

/// T205: how large an image is stands in its head, and what would grow beyond all bounds is not decoded.
#[both]
async fn a_bomb_is_refused_before_it_is_decoded(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = stew(&stack, &session).await;
    let before = peak_memory();
    for (name, bytes) in [
        ("PNG", png_that_claims(50_000, 50_000)),
        ("PNG of many columns", png_that_claims(u32::MAX >> 1, 1)),
        ("PNG of all that there can be", png_that_claims(u32::MAX >> 1, u32::MAX >> 1)),
        ("GIF", gif_that_claims(u16::MAX, u16::MAX)),
        ("JPEG", jpeg_that_claims(65_500, 65_500)),
        ("one pixel too many", png_that_claims(24_000_001, 1)),
    ] {
        let watch = Stopwatch::start();
        let answer = stack.put_cover(&session, &recipe.id, bytes).await;
        println!("{name}: {:?}", watch.elapsed());
        answer.assert_problem(413, "too_large");
        assert!(watch.elapsed() < Duration::from_secs(5), "{name}: {:?}", watch.elapsed());
    }
    let grown = peak_memory().saturating_sub(before);
    assert!(grown < 1 << 30, "{grown} bytes more than before");
    assert!(files(&stack).is_empty());
}

/// 10 MiB, by what is announced and by what comes.
#[both]
async fn too_many_bytes_are_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = stew(&stack, &session).await;
    let most = 10 * 1024 * 1024;
    let padded = |length: usize| {
        let mut bytes = tiny();
        bytes.resize(length, 0);
        bytes
    };
    stack.put_cover(&session, &recipe.id, padded(most + 1)).await.assert_problem(413, "too_large");
    stack.put_cover(&session, &recipe.id, padded(most)).await.assert_status(200);
    let call = stack.recipes.put(&format!("/v1/recipes/{}/cover", recipe.id)).bearer(&session);
    let answer = call.header("content-encoding", "gzip").body("image/png", tiny()).send().await;
    answer.assert_problem(415, "unsupported_media_type");
}

/// A file that is an image to one reader and a page to another is an image alone when it leaves.
#[both]
async fn of_a_polyglot_only_the_picture_is_kept(stack: TestStack) {
    let session = stack.logged_in().await;
    let script = b"<script>alert(document.cookie)</script>";
    let mut polyglot = with_chunk(&tiny(), b"tEXt", &[&b"x\0"[..], script].concat());
    polyglot.extend(script);
    let recipe = covered(&stack, &session, polyglot).await;

    let answer = stack.cover(&session, &recipe.id, "").await;
    decoded(&answer);
    assert!(!answer.text().contains("script"));
}

/// The most memory that this process ever had, in bytes.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("there is no /proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("no VmHWM");
    let kib: usize = line.trim().trim_end_matches(" kB").parse().expect("no number");
    kib * 1024
}
