use std::time::Duration;

use crate::keyholder::{BLIND_AFTER, Keyholder, STALE_AFTER};

const MOMENT: Duration = Duration::from_secs(1);

#[actix_rt::test]
async fn a_stale_copy_is_good_enough_to_read_and_not_to_write() {
    let service = Keyholder::open();
    let token = service.forge.token().to_string();
    service.post("/auth").bearer(&token).send().await.assert_status(200);

    service.clock.advance(STALE_AFTER + MOMENT);

    for path in ["/auth", "/maybe", "/person"] {
        service.get(path).bearer(&token).send().await.assert_status(200);
    }
    for path in ["/auth", "/maybe"] {
        service.post(path).bearer(&token).send().await.assert_problem(503, "revocations_stale");
    }
    // What is sensitive is no better off for being read.
    service.get("/fresh").bearer(&token).send().await.assert_problem(503, "revocations_stale");
    // Who has no token has none that could have been ended.
    service.post("/maybe").send().await.assert_status(200);

    service.hear();
    service.post("/auth").bearer(&token).send().await.assert_status(200);
}

#[actix_rt::test]
async fn a_blind_copy_lets_nobody_in_and_turns_no_stranger_away() {
    let service = Keyholder::open();
    let (known, new) = (service.forge.token().to_string(), service.forge.token().to_string());
    service.get("/auth").bearer(&known).send().await.assert_status(200);

    service.clock.advance(BLIND_AFTER + MOMENT);

    for token in [&known, &new] {
        for path in ["/auth", "/maybe", "/fresh", "/person"] {
            service.get(path).bearer(token).send().await.assert_problem(503, "revocations_stale");
        }
    }
    service.get("/maybe").send().await.assert_status(200);
    // What is wrong whatever was revoked is still the caller's fault.
    service.get("/auth").bearer("nonsense").send().await.assert_invalid_token();
    service.get("/auth").send().await.assert_problem(401, "missing_token");

    service.hear();
    service.get("/auth").bearer(&known).send().await.assert_status(200);
}
