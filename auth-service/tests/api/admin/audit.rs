use testkit::{TestStack, both};

use super::{admin, all_pages, delete, get};
use crate::answers::members;

#[both]
async fn what_happened_is_listed_the_newest_first(stack: TestStack) {
    let admin = admin(&stack).await;
    let person = stack.logged_in().await;
    stack.logout(&person).await.assert_status(204);
    let entries = all_pages(&stack, &admin, "audit").await;
    let events: Vec<_> = entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["logged_out", "signed_up", "logged_in", "roles_changed", "signed_up"]);
    assert_eq!(members(&entries[0]), ["at", "detail", "event", "id", "personal", "session_id", "user_id"]);
    assert_eq!(entries[0]["session_id"], person.session_id);
    assert_eq!(entries[1]["personal"]["ip"], "127.0.0.1");
    assert_eq!(
        (&entries[3]["user_id"], &entries[3]["detail"]["by"]),
        (&admin.user_id.into(), &"operator".into())
    );
}

#[both]
async fn nothing_changes_what_was_noted(stack: TestStack) {
    let admin = admin(&stack).await;
    delete(&stack, &admin, "audit").await.assert_problem(405, "method_not_allowed");
    let id = all_pages(&stack, &admin, "audit").await[0]["id"].as_str().unwrap().to_owned();
    get(&stack, &admin, &format!("audit/{id}")).await.assert_problem(404, "not_found");
}
