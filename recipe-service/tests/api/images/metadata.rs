use testkit::{TestStack, both};

use super::samples::{BLUE, CAMERA, GREEN, RED, WHITE, jpeg, png, quarters, seen, with_chunk, with_notes};
use super::{covered, decoded, files, urls};

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Where a photo was taken, and by which camera, is nobody's business.
#[both]
async fn nothing_of_a_photo_is_kept_but_what_it_shows(stack: TestStack) {
    let session = stack.logged_in().await;
    let photo = with_notes(&jpeg(&quarters(1_000, 700)), 1);
    assert!(has(&photo, CAMERA) && has(&photo, b"Exif"));
    let drawing = with_chunk(&png(quarters(40, 30)), b"tEXt", b"Comment\0Jipbap Secret Camera No. 7\0");
    let drawing = with_chunk(&drawing, b"eXIf", &photo[12..100]);
    let trailing = [jpeg(&quarters(50, 30)), CAMERA.to_vec()].concat();

    for sent in [photo, drawing, trailing] {
        assert!(has(&sent, &CAMERA[..CAMERA.len() - 1]));
        let recipe = covered(&stack, &session, sent).await;
        for url in urls(&recipe.body["cover"]) {
            let answer = stack.image_at(&session, &url).await;
            decoded(&answer);
            for secret in [&CAMERA[..10], b"Exif", b"eXIf", b"http://ns.adobe.com", b"ICC_PROFILE"] {
                assert!(!has(&answer.body, secret), "{}", String::from_utf8_lossy(secret));
            }
        }
    }
    for file in files(&stack) {
        assert!(!has(&std::fs::read(&file).unwrap(), &CAMERA[..10]), "{file}");
    }
}

/// All eight ways to hold a camera (Exif 2.32 §4.6.4 A).
#[both]
async fn an_image_is_turned_as_the_camera_was_held(stack: TestStack) {
    let session = stack.logged_in().await;
    for (orientation, expected) in [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
        (9, [RED, GREEN, BLUE, WHITE]),
    ] {
        let photo = with_notes(&jpeg(&quarters(1_200, 400)), orientation);
        let recipe = covered(&stack, &session, photo).await;

        for url in urls(&recipe.body["cover"]) {
            let image = decoded(&stack.image_at(&session, &url).await);
            assert_eq!(seen(&image), expected, "{orientation}");
            assert_eq!(image.width() < image.height(), (5..=8).contains(&orientation), "{orientation}");
        }
    }
}
