use serde_json::json;
use testkit::client::{Anonymous, Bearer, Session};
use testkit::{Answer, TestStack, both, everywhere};

use super::{items, of_visibility, titled, titles};
use crate::written::Written;

/// All pages of a list, by their cursors.
async fn pages<'a>(stack: &TestStack, reader: impl Into<Bearer<'a>> + Copy, query: &str) -> Vec<Answer> {
    let mut pages = vec![stack.list_recipes(reader, query).await];
    while let Some(cursor) = next(pages.last().expect("there is one")) {
        // Each page from another copy, where there is one.
        let client = stack.recipes(pages.len() % stack.copies());
        pages.push(client.list_recipes(reader, &format!("{query}&cursor={cursor}")).await);
        assert!(pages.len() < 100, "the list does not end");
    }
    pages
}

#[track_caller]
fn next(page: &Answer) -> Option<String> {
    page.assert_status(200).json()["next_cursor"].as_str().map(str::to_owned)
}

/// Twelve recipes of each visibility and person; every title four times.
async fn kept(stack: &TestStack, session: &Session, other: &Session) {
    for number in 0..12 {
        let title = format!("국 {}", number % 3);
        for (who, visibility) in [
            (session, "private"),
            (session, "public"),
            (session, "unlisted"),
            (other, "public"),
            (other, "private"),
        ] {
            let recipe = json!({ "title": title, "visibility": visibility, "tags": [visibility] });
            Written::by(stack, who, recipe).await;
        }
    }
}

#[everywhere]
async fn pages_neither_skip_nor_repeat(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    kept(&stack, &session, &other).await;
    for sort in ["updated", "-updated", "created", "-created", "title", "-title"] {
        let whole = ids(&[stack.list_recipes(&session, &format!("?limit=100&sort={sort}")).await]);
        assert_eq!(whole.len(), 48);
        for limit in [1, 5, 7, 12, 47, 48] {
            let pages = pages(&stack, &session, &format!("?limit={limit}&sort={sort}")).await;
            assert_eq!(ids(&pages), whole, "limit={limit}&sort={sort}");
            let (last, full) = pages.split_last().expect("there is one");
            assert!(full.iter().all(|page| ids(std::slice::from_ref(page)).len() == limit));
            assert!(!ids(std::slice::from_ref(last)).is_empty(), "the last page is empty");
        }
    }
    let anonymous = pages(&stack, Anonymous, "?limit=5").await;
    assert_eq!(ids(&anonymous).len(), 24);
    let filtered = pages(&stack, &session, "?limit=5&tag=unlisted&sort=title").await;
    assert_eq!(ids(&filtered).len(), 12);
}

fn ids(pages: &[Answer]) -> Vec<String> {
    let items = pages.iter().flat_map(items);
    items.map(|item| item["id"].as_str().expect("an item has no id").to_owned()).collect()
}

#[both]
async fn what_stays_is_shown_once_while_others_come_and_go(stack: TestStack) {
    let session = stack.logged_in().await;
    let mut staying = Vec::new();
    let mut going = Vec::new();
    for number in 0..10 {
        staying.push(Written::by(&stack, &session, titled(&format!("stays {number}"))).await.id);
        going.push(Written::by(&stack, &session, titled(&format!("goes {number}"))).await);
    }
    staying.reverse();

    let mut shown = Vec::new();
    let mut query = "?limit=3&sort=-created".to_owned();
    loop {
        let page = stack.list_recipes(&session, &query).await;
        shown.extend(ids(std::slice::from_ref(&page)));
        let Some(cursor) = next(&page) else { break };
        query = format!("?limit=3&sort=-created&cursor={cursor}");
        // Between two pages one is written, and two are gone: the page's own last among them, which the cursor names.
        Written::by(&stack, &session, titled("comes")).await;
        for _ in 0..2 {
            if let Some(recipe) = going.pop() {
                stack.delete_recipe(&session, &recipe.id, &recipe.etag).await.assert_status(204);
            }
        }
    }

    shown.retain(|id| staying.contains(id));
    assert_eq!(shown, staying);
}

#[both]
async fn the_next_page_is_where_the_link_says(stack: TestStack) {
    let session = stack.logged_in().await;
    for number in 0..3 {
        let recipe = json!({ "title": format!("국 {number}"), "tags": ["찌개 & 국", "soup"] });
        Written::by(&stack, &session, recipe).await;
    }

    let first = stack.list_recipes(&session, "?tag=soup&limit=2&tag=%EC%B0%8C%EA%B0%9C%20%26+국").await;

    let link = first.header("link");
    let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
    let target = target.unwrap_or_else(|| panic!("no link: {first}"));
    // A query alone, so that it holds behind a gateway too.
    assert!(target.starts_with('?'), "{target}");
    let second = stack.list_recipes(&session, target).await;
    assert_eq!((titles(&first), titles(&second)), (vec!["국 2".into(), "국 1".into()], vec!["국 0".into()]));
    assert_eq!(second.header("link"), "");
}

#[both]
async fn a_page_may_be_of_another_size_than_the_one_before(stack: TestStack) {
    let session = stack.logged_in().await;
    for number in 0..5 {
        Written::by(&stack, &session, titled(&number.to_string())).await;
    }

    let first = stack.list_recipes(&session, "?limit=1").await;
    let rest = format!("?limit=100&cursor={}", next(&first).unwrap());

    assert_eq!(titles(&stack.list_recipes(&session, &rest).await), ["3", "2", "1", "0"]);
}

/// T187: a cursor is good for one route, one set of filters and one reader.
#[both]
async fn a_cursor_of_something_else_is_refused(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    for _ in 0..2 {
        Written::by(&stack, &session, of_visibility("국", "public")).await;
        stack.logged_in_again(&session.person()).await;
    }
    let cursor = next(&stack.list_recipes(&session, "?limit=1&tag=&sort=-updated").await);
    assert_eq!(cursor, None, "nothing has an empty tag");
    let own = next(&stack.list_recipes(&session, "?limit=1").await).unwrap();
    let anonymous = next(&stack.list_recipes(Anonymous, "?limit=1").await).unwrap();
    let of_sessions = next(&stack.sessions(&session, "?limit=1").await).unwrap();

    let refused = async |query: String| {
        stack.list_recipes(&session, &query).await.assert_problem(400, "invalid_cursor");
    };
    refused(format!("?cursor={anonymous}")).await;
    refused(format!("?cursor={of_sessions}")).await;
    for filter in [
        "sort=updated",
        "sort=title",
        "visibility=public",
        "tag=x",
        "language=ko",
        "updated_since=2026-01-01T00:00:00Z",
        &format!("owner={}", session.user_id),
    ] {
        refused(format!("?{filter}&cursor={own}")).await;
    }
    let of_another = format!("?cursor={own}");
    stack.list_recipes(&other, &of_another).await.assert_problem(400, "invalid_cursor");
    stack.list_recipes(Anonymous, &of_another).await.assert_problem(400, "invalid_cursor");
    stack.list_recipes(&session, &of_another).await.assert_status(200);
    // The default said aloud is the same list.
    stack.list_recipes(&session, &format!("?sort=-updated&limit=3&cursor={own}")).await.assert_status(200);
}

/// T187
#[both]
async fn a_cursor_that_was_tampered_with_is_refused(stack: TestStack) {
    let session = stack.logged_in().await;
    for _ in 0..2 {
        Written::by(&stack, &session, titled("국")).await;
    }
    let cursor = next(&stack.list_recipes(&session, "?limit=1").await).unwrap();
    let mut spoilt: Vec<String> = (0..cursor.len()).map(|at| flipped(&cursor, at)).collect();
    spoilt.extend(
        [&cursor[1..], &cursor[..cursor.len() - 1], "x", "0", "-1", "null", "%F0%9F%8D%B2", "AAAA"]
            .map(str::to_owned),
    );
    spoilt.extend([
        format!("{cursor}A"),
        format!("{cursor}%3D"),
        format!("{cursor}.{cursor}"),
        "A".repeat(3_000),
    ]);

    for cursor in spoilt {
        let answer = stack.list_recipes(&session, &format!("?cursor={cursor}")).await;
        answer.assert_problem(400, "invalid_cursor");
    }
}

/// The text with another letter at one place.
fn flipped(text: &str, at: usize) -> String {
    // Four away, so that more than the unused bits of the last letter differ.
    let letter = |byte: u8| if byte.is_ascii_digit() { b'A' + (byte - b'0') } else { b'0' + byte % 10 };
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = letter(bytes[at]);
    String::from_utf8(bytes).expect("BUG: a letter is no text")
}

#[both]
async fn the_longest_titles_fit_into_a_cursor(stack: TestStack) {
    let session = stack.logged_in().await;
    for character in ["\u{1}", "🍲", "İ", "ﷺ", "\""] {
        let title = character.repeat(200);
        for _ in 0..2 {
            Written::by(&stack, &session, json!({ "title": title, "tags": [title] })).await;
        }
        let query = format!("?limit=1&sort=title&tag={}", encoded(&title));
        let pages = pages(&stack, &session, &query).await;
        assert_eq!(ids(&pages).len(), 2, "{character:?}");
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
