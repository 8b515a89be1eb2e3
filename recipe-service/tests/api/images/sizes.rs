use image::ImageFormat;
use serde_json::json;
use testkit::{TestStack, both};

use super::samples::{BLUE, GREEN, RED, WHITE, animation, encoded, glass, jpeg, png, quarters, seen};
use super::{covered, decoded, urls};

const AS_SENT: [image::Rgb<u8>; 4] = [RED, GREEN, BLUE, WHITE];

/// Of whatever kind it was sent, and whatever it was called.
#[both]
async fn an_image_of_each_kind_is_shown_as_it_was_sent(stack: TestStack) {
    let session = stack.logged_in().await;
    let picture = quarters(400, 300);
    let moving = animation(&[quarters(40, 30), image::RgbImage::new(40, 30)]);
    for (name, bytes, (width, height)) in [
        ("JPEG", jpeg(&picture), (400, 300)),
        ("PNG", png(picture.clone()), (400, 300)),
        ("WebP", encoded(picture.clone(), ImageFormat::WebP), (400, 300)),
        ("GIF", moving, (40, 30)),
        ("16 bits", png(image::DynamicImage::from(picture.clone()).into_rgb16()), (400, 300)),
        ("grey", png(image::GrayImage::from_pixel(400, 300, image::Luma([250]))), (400, 300)),
    ] {
        let recipe = covered(&stack, &session, bytes).await;

        let cover = &recipe.body["cover"];
        assert_eq!((&cover["width"], &cover["height"]), (&json!(width), &json!(height)), "{name}");
        assert_eq!(cover["media_type"], "image/jpeg", "{name}");
        let shown = decoded(&stack.cover(&session, &recipe.id, "").await);
        assert_eq!((shown.width(), shown.height()), (width, height), "{name}");
        let expected = if name == "grey" { [WHITE; 4] } else { AS_SENT };
        assert_eq!(seen(&shown), expected, "{name}");
    }
}

#[both]
async fn a_large_image_is_kept_in_three_sizes(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, jpeg(&quarters(3_000, 4_500))).await;

    let cover = &recipe.body["cover"];
    let mut sizes = Vec::new();
    for (url, size) in urls(cover).iter().zip(cover["sizes"].as_array().unwrap()) {
        let image = decoded(&stack.image_at(&session, url).await);
        assert_eq!((&size["width"], &size["height"]), (&json!(image.width()), &json!(image.height())));
        assert_eq!(seen(&image), AS_SENT);
        sizes.push((image.width(), image.height()));
    }
    assert_eq!(sizes, [(213, 320), (640, 960), (1_280, 1_920)]);
    assert_eq!(cover["url"], json!(urls(cover)[2]));
    for (query, width) in [("?size=320", 213), ("?size=960", 640), ("?size=1920", 1_280), ("", 1_280)] {
        assert_eq!(decoded(&stack.cover(&session, &recipe.id, query).await).width(), width, "{query}");
    }
    for query in ["?size=0", "?size=1921", "?size=", "?size=320&size=960"] {
        stack.cover(&session, &recipe.id, query).await.assert_problem(400, "invalid_parameter");
    }
    stack.cover(&session, &recipe.id, "?width=3").await.assert_problem(400, "unknown_parameter");
}

#[both]
async fn no_image_is_enlarged(stack: TestStack) {
    let session = stack.logged_in().await;
    for (sent, kept) in [
        ((1, 1), vec![(1, 1)]),
        ((320, 10), vec![(320, 10)]),
        ((321, 321), vec![(320, 320), (321, 321)]),
        ((5_000, 2), vec![(320, 1), (960, 1), (1_920, 1)]),
    ] {
        let recipe = covered(&stack, &session, png(quarters(sent.0, sent.1))).await;

        let mut sizes = Vec::new();
        for url in urls(&recipe.body["cover"]) {
            let image = decoded(&stack.image_at(&session, &url).await);
            sizes.push((image.width(), image.height()));
        }
        assert_eq!(sizes, kept, "{sent:?}");
        // What is asked for in a size that it has not is answered as large as it is.
        let largest = *kept.last().unwrap();
        let image = decoded(&stack.cover(&session, &recipe.id, "?size=1920").await);
        assert_eq!((image.width(), image.height()), largest);
    }
}

#[both]
async fn what_one_can_see_through_stays_so(stack: TestStack) {
    let session = stack.logged_in().await;
    let recipe = covered(&stack, &session, png(glass(1_000, 600))).await;

    assert_eq!(recipe.body["cover"]["media_type"], "image/png");
    for url in urls(&recipe.body["cover"]) {
        let image = decoded(&stack.image_at(&session, &url).await).into_rgba8();
        let (left, right) = (image.width() / 4, image.width() * 3 / 4);
        assert_eq!((image.get_pixel(left, 2).0[3], image.get_pixel(right, 2).0[3]), (0, 255));
    }
    // One that is opaque all over takes less as a photo.
    let opaque = image::DynamicImage::from(quarters(40, 30)).into_rgba8();
    let recipe = covered(&stack, &session, png(opaque)).await;
    assert_eq!(recipe.body["cover"]["media_type"], "image/jpeg");
}
