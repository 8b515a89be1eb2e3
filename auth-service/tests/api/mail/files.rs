//! Where no server is set, mails are files.

use std::fs;
use std::os::unix::fs::MetadataExt;

use serde_json::json;
use testkit::client::Person;
use testkit::stack::Options;
use testkit::{TestStack, both};

use super::queue_is_empty;

/// Nobody else reads them.
#[both]
async fn without_a_server_mails_are_files_of_their_owner(stack: TestStack) {
    stack.logged_in().await;
    queue_is_empty(&stack).await;
    let folder = stack.mail_dir();
    assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].metadata().unwrap().mode() & 0o777, 0o600);
}

/// A mail has what servers and programs that read mails want, and both its texts say the same.
#[both]
async fn a_mail_is_well_formed(options: Options) {
    let options = options.set("AUTH_MAIL_FROM", "\"Jipbap, 집밥\" <no-reply@auth.example.org>");
    let stack = options.set("AUTH_PUBLIC_URL", "https://auth.example.org").start().await;
    let session = stack.logged_in().await;
    let mail = stack.all_mails_to(&session.email, 1).await.remove(0);
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("no-reply@auth.example.org", session.email.as_str()));
    assert_eq!(mail.header("auto-submitted").as_deref(), Some("auto-generated"));
    assert!(mail.header("message-id").unwrap().ends_with("@auth.example.org>"), "{}", mail.raw);
    assert!(mail.header("date").is_some() && mail.header("mime-version").is_some(), "{}", mail.raw);
    assert!(mail.header("content-type").unwrap().starts_with("multipart/alternative"), "{}", mail.raw);
    assert!(mail.raw.lines().all(|line| line.len() < 998 && line.is_ascii()), "{}", mail.raw);
    let link = mail.link().expect("no link");
    assert!(link.starts_with("https://auth.example.org/verify#token=jlt1_"), "{link}");
    let in_html = mail.html.replace("&#x2f;", "/");
    assert!(in_html.contains(&format!("<a href=\"{link}\">{link}</a>")), "{in_html}");
    for paragraph in mail.text.trim().split("\n\n").map(|text| text.replace('\n', " ")) {
        assert!(in_html.contains(&paragraph), "{paragraph:?} is not in {in_html}");
    }
}

#[both]
async fn who_reads_korean_is_written_to_in_korean(stack: TestStack) {
    for (locale, subject) in [("ko-KR", "이메일 주소를 확인해 주세요"), ("de", "Confirm your address")]
    {
        let person = Person::new();
        let mut body = person.credentials();
        body["locale"] = json!(locale);
        stack.signup(body).await.assert_status(201);
        let mail = stack.all_mails_to(&person.email, 1).await.remove(0);
        assert_eq!(mail.subject, subject);
        assert!(mail.link().is_some(), "{}", mail.text);
    }
}

/// Whoever signs up with somebody else's address cannot write to them.
#[both]
async fn no_word_of_a_stranger_is_in_a_mail(stack: TestStack) {
    let person = Person::new();
    let mut body = person.credentials();
    body["name"] = json!("You won! Visit evil.example now {{ link }}");
    body["username"] = json!("evil.example");
    stack.signup(body).await.assert_status(201);
    let mail = stack.all_mails_to(&person.email, 1).await.remove(0);
    assert!(!mail.raw.contains("evil") && !mail.text.contains("evil"), "{}", mail.text);
}
