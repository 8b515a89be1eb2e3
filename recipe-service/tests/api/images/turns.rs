use std::io::Write;
use std::net::TcpStream;

use testkit::{TestStack, both, eventually};

use super::samples::tiny;
use super::stew;

/// T120: who sends much at once waits for their turn, and who hangs up gives theirs back.
#[both]
async fn who_has_many_images_on_their_way_is_told_to_wait(stack: TestStack) {
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let (recipe, others) = (stew(&stack, &session).await, stew(&stack, &other).await);
    let begun = |length: usize| {
        let mut stream = TcpStream::connect(stack.recipes.addr).expect("nobody listens");
        let head = format!(
            "PUT /v1/recipes/{}/cover HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\n\
             Content-Length: {length}\r\n\r\nbegun",
            recipe.id, session.access_token
        );
        stream.write_all(head.as_bytes()).expect("nobody reads");
        stream
    };
    let mut slow = Vec::new();
    eventually("the turns are taken", async || {
        slow.push(begun(100_000));
        let answer = stack.put_cover(&session, &recipe.id, tiny()).await;
        (answer.status == 503).then(|| answer.assert_problem(503, "busy"))
    })
    .await;
    stack.put_cover(&other, &others.id, tiny()).await.assert_status(200);
    // Who may not write learns that first.
    stack.put_cover(&session, &others.id, tiny()).await.assert_problem(404, "not_found");

    drop(slow);
    eventually("the turns are free", async || {
        (stack.put_cover(&session, &recipe.id, tiny()).await.status == 200).then_some(())
    })
    .await;
}
