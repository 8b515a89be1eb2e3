use std::time::Duration;

/// How often is asked. Real time passes: what is waited for happens in other threads.
const EVERY: Duration = Duration::from_millis(2);

/// When it is too late to be of use: machines that run tests are busy.
const ENOUGH: Duration = Duration::from_secs(30);

/// Asks until there is an answer, and returns it.
///
/// This is how a test waits for what another thread does on its own time: a feed that is heard, a log that is written.
/// A test that asserts a bound measures it itself; here only a hang is noticed.
///
/// Panics after 30 s, saying what was waited for.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        let mut pause = tokio::time::interval(EVERY);
        loop {
            pause.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    match tokio::time::timeout(ENOUGH, asking).await {
        Ok(answer) => answer,
        Err(_) => panic!("{what}: not within {ENOUGH:?}"),
    }
}
