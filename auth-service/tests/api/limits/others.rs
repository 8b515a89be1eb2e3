use auth_service::config::Settings;
use common::settings::Variables;
use futures_util::future::join_all;
use serde_json::json;
use testkit::client::Person;
use testkit::stack::Options;
use testkit::{TestStack, both};

use super::{MINUTE, assert_limited, limited, other_address};
use crate::answers::refresh_token;
use crate::database::Database;

const REFRESH: &str = "\"refresh\";q=60;w=60";

/// T148
#[both]
async fn an_address_signs_up_twenty_people_an_hour(options: Options) {
    let stack = limited(options).start().await;
    let signups = join_all((0..40).map(|_| stack.signup(Person::new().credentials()))).await;
    let (made, refused): (Vec<_>, Vec<_>) = signups.iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 20);
    for answer in refused {
        let wait = assert_limited(answer, "\"signup\";q=20;w=3600");
        assert!(wait <= 60 * MINUTE, "{wait:?}");
    }
    assert_eq!(Database::of(&stack).count("users").await, 20);
    other_address(&stack, 1).signup(Person::new().credentials()).await.assert_status(201);
    stack.clock.advance(60 * MINUTE).await;
    stack.signup(Person::new().credentials()).await.assert_status(201);
}

/// A session that is refreshed in a loop is slowed, and goes on afterwards; repetitions are free.
#[both]
async fn a_session_is_refreshed_sixty_times_a_minute(options: Options) {
    let stack = limited(options).start().await;
    let (session, other) = (stack.logged_in().await, stack.logged_in().await);
    let mut token = session.refresh_token.clone();
    for _ in 0..60 {
        let answer = stack.refresh(&token).await;
        stack.refresh(&token).await.assert_status(200);
        token = refresh_token(&answer);
    }
    let wait = assert_limited(&stack.refresh(&token).await, REFRESH);
    stack.refresh(&other.refresh_token).await.assert_status(200);

    stack.clock.advance(wait).await;
    stack.refresh(&token).await.assert_status(200);
}

#[both]
async fn limits_can_be_turned_off(options: Options) {
    let stack: TestStack = options.set("AUTH_RATE_LIMITS", "off").start().await;
    let person = stack.logged_in().await.person();
    for _ in 0..30 {
        stack.login(json!({ "email": person.email, "password": "wrong" })).await.assert_status(401);
    }
    stack.login(person.credentials()).await.assert_status(200);
}

#[test]
fn limits_are_as_the_contract_has_them_unless_an_operator_says_otherwise() {
    let limits = Settings::from_variables(&Variables::default()).unwrap().rate_limits.expect("not limited");
    let seconds = |limit: common::limits::Limit| (limit.most, limit.window.as_secs());
    assert_eq!(seconds(limits.login), (10, 60));
    assert_eq!(seconds(limits.failures), (5, 900));
    assert_eq!(seconds(limits.device_failures), (10, 900));
    assert_eq!(seconds(limits.slowed), (1, 30));
    assert_eq!(seconds(limits.slowed_in_all), (100, 3600));
    assert_eq!(seconds(limits.signup), (20, 3600));
    assert_eq!(seconds(limits.refresh), (60, 60));

    for bad in ["10", "0/1m", "10001/1m", "10/0s", "10/25h", "10/", "/1m", "ten/1m", "10/1m/1m"] {
        let variables: Variables = [("AUTH_LIMIT_LOGIN".to_owned(), bad.to_owned())].into_iter().collect();
        let refused = Settings::from_variables(&variables).expect_err(bad);
        assert_eq!(refused.variable, "AUTH_LIMIT_LOGIN", "{bad}");
    }
}
