//! The pages that links in mails lead to, as browsers see them and as programs fetch them.

use std::time::Duration;

use serde_json::json;
use testkit::{Answer, Browser, Tab, TestStack, both, eventually};

async fn page(stack: &TestStack, path: &str, language: &str) -> Answer {
    stack.auth.get(path).header("accept-language", language).send().await
}

/// Nothing of them is kept, told to another site or loaded from one, and no script stands in them.
#[both]
async fn pages_bring_all_that_they_need_and_tell_nobody(stack: TestStack) {
    for (path, media_type) in [
        ("/verify", "text/html; charset=utf-8"),
        ("/reset", "text/html; charset=utf-8"),
        ("/pages/page.css", "text/css; charset=utf-8"),
        ("/pages/page.js", "text/javascript; charset=utf-8"),
    ] {
        let answer = page(&stack, path, "en").await;
        answer.assert_status(200);
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        let text = answer.text();
        assert!(!text.contains("://"), "{path} names another site");
        assert!(
            !text.contains("<script>") && !text.contains(" style=") && !text.contains(" onclick="),
            "{path}"
        );
    }
    stack.auth.post("/verify").send().await.assert_status(405);
}

#[both]
async fn pages_are_in_the_language_that_is_asked_for(stack: TestStack) {
    for (path, language, tag, said) in [
        ("/verify", "ko-KR,ko;q=0.9,en;q=0.8", "ko", "이메일 주소 확인"),
        ("/verify", "de,en;q=0.5", "en", "Confirm your address"),
        ("/reset", "ko", "ko", "비밀번호 다시 정하기"),
        ("/reset", "*", "en", "Choose another password"),
    ] {
        let answer = page(&stack, path, language).await;
        let head = [answer.header("content-language"), answer.header("vary")];
        assert!(head[0] == tag && head[1].contains("Accept-Language"), "{head:?}");
        assert!(answer.text().contains(said) && answer.text().contains(&format!("<html lang=\"{tag}\">")));
    }
}

/// What a page says once its button is pressed.
async fn pressed(tab: &Tab<'_>) -> String {
    tab.run("document.querySelector('button').click()").await;
    // Both at once: between two looks the answer may come, and the first would have seen what was said before.
    let said =
        "document.querySelector('button').disabled ? '' : document.querySelector('#said').textContent.trim()";
    eventually("the page says something", async || {
        tab.run(said).await.as_str().filter(|said| !said.is_empty()).map(str::to_owned)
    })
    .await
}

async fn opened<'a>(browser: &'a Browser, stack: &TestStack, page: &str, token: &str) -> Tab<'a> {
    let tab = browser.open(&stack.auth.url(&format!("/{page}#token={token}"))).await;
    assert_eq!(tab.run("document.querySelector('form').hidden").await, json!(false));
    tab
}

/// T176: a program that opens every link of a mail spends nothing; a person presses the button.
#[both]
async fn an_address_is_confirmed_by_a_press_of_the_button(stack: TestStack) {
    let (browser, session) = (Browser::start(), stack.logged_in().await);
    let token = stack.token_to(&session.email, "verify").await;
    page(&stack, "/verify", "en").await.assert_status(200);
    let scanner = opened(&browser, &stack, "verify", &token).await;
    let tab = opened(&browser, &stack, "verify", &token).await;
    assert_eq!(stack.me(&session).await.json()["email_verified"], false);

    let said = pressed(&tab).await;
    assert!(said.starts_with("Your address is confirmed"), "{said}");
    assert_eq!(stack.me(&session).await.json()["email_verified"], true);
    assert_eq!(tab.run("location.hash").await, "");
    assert_eq!(tab.run("document.activeElement.id").await, "said");
    let said = pressed(&scanner).await;
    assert!(said.starts_with("This link works no more"), "{said}");
    let without = browser.open(&stack.auth.url("/verify")).await;
    assert_eq!(without.run("document.querySelector('form').hidden").await, json!(true));
    let said = without.run("document.querySelector('#said').textContent").await;
    assert!(said.as_str().unwrap().contains("incomplete"), "{said}");
}

/// A password that is refused leaves the link good, and the page says how to do better.
#[both]
async fn another_password_is_chosen_on_the_page(stack: TestStack) {
    let (browser, session) = (Browser::start(), stack.logged_in().await);
    stack.forgot_password(&session.email).await.assert_status(202);
    let token = stack.token_to(&session.email, "reset").await;
    let tab = opened(&browser, &stack, "reset", &token).await;
    let field = "document.querySelector('#password')";
    assert_eq!(tab.run(&format!("{field}.autocomplete")).await, "new-password");
    assert_eq!(tab.run(&format!("{field}.labels[0].textContent")).await, "New password");
    tab.run("document.querySelector('#show').click()").await;
    assert_eq!(tab.run(&format!("{field}.type")).await, "text");
    tab.run("document.querySelector('#show').click()").await;
    assert_eq!(tab.run(&format!("{field}.type")).await, "password");

    let chosen = "kongnamul guk 71";
    for (password, reason) in [("short", "too short"), ("password1", "too easy to guess")] {
        tab.run(&format!("{field}.value = {}", json!(password))).await;
        let said = pressed(&tab).await;
        assert!(said.contains(reason), "{said}");
        assert_eq!(tab.run(&format!("{field}.getAttribute('aria-invalid')")).await, "true");
        assert_eq!(tab.run("document.activeElement.id").await, "password");
    }
    assert_ne!(tab.run("document.querySelectorAll('#said li').length").await, json!(0));
    tab.run(&format!("{field}.value = {}", json!(chosen))).await;
    let said = pressed(&tab).await;
    assert!(said.contains("Log in with it"), "{said}");
    stack.login(json!({ "email": session.email, "password": chosen })).await.assert_status(200);
    stack.me(&session).await.assert_problem(401, "token_revoked");
}

/// Half an hour later the page says so.
#[both]
async fn a_link_that_is_too_old_is_told(stack: TestStack) {
    let (browser, session) = (Browser::start(), stack.logged_in().await);
    stack.forgot_password(&session.email).await.assert_status(202);
    let token = stack.token_to(&session.email, "reset").await;
    let tab = opened(&browser, &stack, "reset", &token).await;
    stack.clock.advance(Duration::from_secs(1801)).await;
    tab.run("document.querySelector('#password').value = 'kongnamul guk 71'").await;
    let said = pressed(&tab).await;
    assert!(said.starts_with("This link works no more"), "{said}");
}
