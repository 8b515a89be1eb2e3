use common::web::CursorSealer;

use crate::harness::Kitchen;

#[test]
fn a_cursor_opens_only_where_it_was_sealed() {
    let sealer = CursorSealer::new(b"one secret");
    let cursor = sealer.seal(&("position", 7), &["/v1/recipes", "tag=a", "user"]);

    assert_eq!(
        sealer.open::<(String, i32)>(&cursor, &["/v1/recipes", "tag=a", "user"]).unwrap(),
        ("position".into(), 7)
    );
    for bound_to in
        [["/v1/trash", "tag=a", "user"], ["/v1/recipes", "tag=b", "user"], ["/v1/recipes", "tag=au", "ser"]]
    {
        assert_eq!(
            sealer.open::<(String, i32)>(&cursor, &bound_to).unwrap_err().code().name,
            "invalid_cursor"
        );
    }
    assert!(
        CursorSealer::new(b"another")
            .open::<(String, i32)>(&cursor, &["/v1/recipes", "tag=a", "user"])
            .is_err()
    );
}

#[actix_rt::test]
async fn a_cursor_that_we_did_not_make_is_refused() {
    let kitchen = Kitchen::open();
    let cursor = kitchen.get("/dishes").await.json()["next_cursor"].as_str().unwrap().to_owned();
    let mut forged = cursor.clone().into_bytes();
    forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };

    for bad in [
        String::from_utf8(forged).unwrap(),
        "x".into(),
        String::new(),
        cursor[..8].to_owned(),
        "A".repeat(4000),
    ] {
        kitchen.get(&format!("/dishes?cursor={bad}")).await.assert_problem(400, "invalid_cursor");
    }
    kitchen.get(&format!("/dishes?language=ko&cursor={cursor}")).await.assert_problem(400, "invalid_cursor");
    assert_eq!(kitchen.get(&format!("/dishes?cursor={cursor}")).await.status, 200);
}
