use recipe_service::http::ANONYMOUS;
use testkit::contract::Contract;
use testkit::{TestStack, both};

/// T182: the operations that need no token are those on the list, and no others.
#[both]
async fn no_operation_is_anonymous_but_those_on_the_list(stack: TestStack) {
    let contract = Contract::served_by(&stack.recipes).await;

    let operations = contract.operations();
    let mut anonymous: Vec<(&str, &str)> = operations
        .iter()
        .filter(|operation| operation.is_anonymous())
        .map(|operation| (operation.method, operation.path))
        .collect();

    let mut listed = ANONYMOUS.to_vec();
    listed.sort_unstable();
    anonymous.sort_unstable();
    assert_eq!(anonymous, listed);
}

#[both]
async fn all_other_operations_need_a_scope(stack: TestStack) {
    let contract = Contract::served_by(&stack.recipes).await;

    for operation in contract.operations().iter().filter(|operation| !operation.is_anonymous()) {
        assert!(!operation.scopes().is_empty(), "{} {} needs no scope", operation.method, operation.path);
    }
}
