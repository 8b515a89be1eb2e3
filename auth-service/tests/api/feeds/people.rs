use serde_json::json;
use testkit::{TestStack, everywhere};

use super::Reader;
use crate::answers::members;

#[everywhere]
async fn the_feed_of_people_says_who_is_called_what(stack: TestStack) {
    let reader = Reader::of_people(&stack);
    let start = reader.read(&stack, "").await;
    assert_eq!((start.head, start.events.len()), (0, 0));

    let session = stack.auth(stack.copies() - 1).logged_in().await;
    let page = reader.after(&stack, &start).await;
    assert_eq!(page.events.len(), 1);
    assert_eq!(members(&page.events[0]), ["kind", "name", "seq", "sub"]);
    let expected = json!({ "seq": 1, "kind": "named", "sub": session.user_id, "name": "Cook" });
    assert_eq!(page.events[0], expected);

    stack.change_me(&session, json!({ "name": "김 철수" })).await.assert_status(200);
    // What is no name of theirs is nobody's business.
    stack.change_me(&session, json!({ "locale": "ko" })).await.assert_status(200);
    stack.change_me(&session, json!({ "username": "chulsoo" })).await.assert_status(200);
    stack.change_me(&session, json!({ "name": "" })).await.assert_status(422);
    stack.logout(&session).await.assert_status(204);
    let page = reader.after(&stack, &page).await;
    assert_eq!(
        page.events,
        [json!({ "seq": 2, "kind": "named", "sub": session.user_id, "name": "김 철수" })]
    );

    let all = reader.read(&stack, "").await;
    assert_eq!((all.head, all.seqs()), (2, vec![1, 2]));
}
