use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use serde_json::json;
use testkit::client::{Anonymous, Bearer};
use testkit::stack::Options;
use testkit::{TestStack, both};

use crate::written::Written;

/// Statements are looked at while this is so: to write each down takes time, which other tests have not.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// One test watches at a time.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn watcher() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && IS_WATCHED.load(Ordering::SeqCst)
        {
            SENT.lock().unwrap_or_else(PoisonError::into_inner).push(query.to_string());
        }
    }))
}

/// How many statements with these words a page costs, whatever else the process asks meanwhile.
async fn cost<'a>(stack: &TestStack, reader: impl Into<Bearer<'a>>, query: &str, words: [&str; 2]) -> usize {
    let _turn = TURN.lock().await;
    SENT.lock().unwrap_or_else(PoisonError::into_inner).clear();
    IS_WATCHED.store(true, Ordering::SeqCst);
    let page = stack.list_recipes(reader, query).await;
    IS_WATCHED.store(false, Ordering::SeqCst);
    assert_eq!(super::items(&page).len(), 2, "{page}");
    let sent = SENT.lock().unwrap_or_else(PoisonError::into_inner);
    sent.iter().filter(|statement| words.iter().any(|word| statement.contains(word))).count()
}

/// Whatever is asked of a list, and however many recipes are on its page.
#[both]
async fn no_page_costs_more_than_three_statements(options: Options) {
    set_default_instrumentation(watcher).expect("no statement can be watched");
    let stack = options.start().await;
    let session = stack.logged_in().await;
    // A word that no other test asks for.
    let word = format!("w{}", session.user_id.replace('-', ""));
    for number in 0..3 {
        let recipe = json!({
            "title": format!("국 {number}"), "description": word, "tags": ["a"], "cuisines": ["b"],
            "visibility": "public",
        });
        Written::by(&stack, &session, recipe).await;
    }
    let words = [word.as_str(), session.user_id.as_str()];

    for more in [
        "",
        "&highlight=true",
        "&facets=tag,cuisine,diet,category,ingredient&highlight=true",
        "&page=1&per_page=2&facets=tag&sort=-rating&tag=a&cuisine=b&favourite=false&not_tag=x",
    ] {
        let limit = if more.contains("page") { "" } else { "&limit=2" };
        let query = format!("?q={word}{limit}{more}");
        let own = cost(&stack, &session, &query, words).await;
        assert!((2..=3).contains(&own), "{own} statements for {query}");
        let anonymous = cost(&stack, Anonymous, &query, [&word, &word]).await;
        assert!((1..=2).contains(&anonymous), "{anonymous} statements for {query}");
    }
}
