//! Mails over SMTP, to a real server.

use std::time::Duration;

use testkit::client::Person;
use testkit::journal::Watch;
use testkit::servers::{Security, SmtpServer};
use testkit::stack::Options;
use testkit::{Mail, TestStack, both, eventually, two_copies};

use super::queue_is_empty;
use crate::database::Database;

fn through(options: Options, server: &SmtpServer) -> Options {
    let options =
        options.set("AUTH_SMTP_URL", &server.url()).set("AUTH_MAIL_FROM", "Jipbap <no-reply@example.org>");
    if server.url().ends_with("tls=none") {
        options
    } else {
        options.set("AUTH_SMTP_CA", &server.authority())
    }
}

async fn taken(server: &SmtpServer, count: usize) -> Vec<(serde_json::Value, Mail)> {
    eventually("the server took the mails", async || {
        let taken = server.taken();
        (taken.len() >= count).then_some(taken)
    })
    .await
}

async fn waits_for_its_next_try(stack: &TestStack, tries: i64) {
    let database = Database::of(stack);
    eventually("the mail was tried", async || {
        let tried = database.number("SELECT COALESCE(MAX(tries), 0) AS value FROM mails").await;
        (tried >= tries).then_some(())
    })
    .await;
}

async fn assert_goes_through(options: Options, security: Security) {
    let login = (security != Security::None).then_some(("jipbap", "gochujang-42"));
    let server = SmtpServer::start_with(security, login);
    let stack = through(options, &server).start().await;
    let session = stack.logged_in().await;
    let (said, mail) = taken(&server, 1).await.remove(0);
    assert_eq!(said["encrypted"], security != Security::None);
    assert_eq!(said["login"].as_str(), login.map(|(name, _)| name));
    assert_eq!(
        (said["from"].as_str(), said["to"][0].as_str()),
        (Some("no-reply@example.org"), Some(&*session.email))
    );
    assert_eq!((mail.to.as_str(), mail.from.as_str()), (session.email.as_str(), "no-reply@example.org"));
    let token = mail.token_for("verify").expect("no link");
    stack.verify_email(&token).await.assert_status(204);
    queue_is_empty(&stack).await;
    assert!(!stack.mail_dir().exists());
}

#[both]
async fn mails_go_over_tls(options: Options) {
    assert_goes_through(options, Security::Tls).await;
}

#[both]
async fn mails_go_over_starttls(options: Options) {
    assert_goes_through(options, Security::StartTls).await;
}

#[both]
async fn mails_go_in_the_clear_where_the_operator_says_so(options: Options) {
    assert_goes_through(options, Security::None).await;
}

/// Whoever stands between cannot take TLS away: a server without it, or with a certificate of somebody unknown, gets neither
/// password nor mail.
#[both]
async fn nothing_is_sent_where_tls_fails(options: Options) {
    let plain = SmtpServer::start(Security::None);
    let insisting = plain.url().replace("?tls=none", "").replace("smtp://", "smtp://jipbap:gochujang-42@");
    let unknown = SmtpServer::start(Security::StartTls);
    for url in [insisting, unknown.url(), unknown.url().replace("smtp:", "smtps:")] {
        let options =
            options.clone().set("AUTH_SMTP_URL", &url).set("AUTH_MAIL_FROM", "no-reply@example.org");
        let stack = options.start().await;
        stack.logged_in().await;
        waits_for_its_next_try(&stack, 1).await;
    }
    assert!(plain.taken().is_empty() && unknown.taken().is_empty());
    assert_eq!(plain.refused() + unknown.refused(), 0);
}

/// Nobody waits for the server; what it missed comes when it is back, once.
#[both]
async fn a_server_that_was_away_gets_every_mail(options: Options) {
    let mut server = SmtpServer::start(Security::None);
    let stack = through(options, &server).start().await;
    server.stop();
    let session = stack.logged_in().await;
    stack.forgot_password(&session.email).await.assert_status(202);
    waits_for_its_next_try(&stack, 1).await;
    assert_eq!(Database::of(&stack).count("mails").await, 2);

    server.start_again();
    stack.clock.advance(Duration::from_secs(60)).await;
    taken(&server, 2).await;
    queue_is_empty(&stack).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    let reset = taken.iter().find_map(|(_, mail)| mail.token_for("reset")).expect("no link");
    stack.reset_password(&reset, "kongnamul guk 71").await.assert_status(204);
}

/// A mail outlives the copy that was to send it.
#[both]
async fn a_mail_is_sent_after_a_restart(options: Options) {
    let mut server = SmtpServer::start(Security::None);
    let mut stack = through(options, &server).start().await;
    server.stop();
    let session = stack.logged_in().await;
    waits_for_its_next_try(&stack, 1).await;
    stack.stop_auth(0);
    server.start_again();
    stack.start_auth_again(0).await;
    // Longer than a lease, too: the copy may have been stopped in the middle of its try.
    stack.clock.advance(Duration::from_secs(6 * 60)).await;
    let (_, mail) = taken(&server, 1).await.remove(0);
    assert_eq!(mail.to, session.email);
}

/// "Not now" is tried again, after twice as long each time; the same mail, by which whoever gets it twice can tell.
#[both]
async fn a_mail_that_is_refused_for_now_is_tried_again(options: Options) {
    let mut server = SmtpServer::start(Security::None);
    let stack = through(options, &server).start().await;
    server.answer("450 Later").await;
    let session = stack.logged_in().await;
    let database = Database::of(&stack);
    for (tries, pause) in [(1, 30), (2, 60), (3, 120)] {
        eventually("it was refused", async || (server.refused() >= tries).then_some(())).await;
        let is_postponed = format!("SELECT count(*) AS value FROM mails WHERE tries = {tries}");
        eventually("it waits", async || (database.number(is_postponed.clone()).await == 1).then_some(()))
            .await;
        stack.clock.advance(Duration::from_secs(pause - 5)).await;
        assert_eq!(server.refused(), tries);
        if tries == 3 {
            server.answer("250 OK").await;
        }
        stack.clock.advance(Duration::from_secs(10)).await;
    }
    let (_, mail) = taken(&server, 1).await.remove(0);
    assert_eq!(mail.to, session.email);
    queue_is_empty(&stack).await;
    assert_eq!((server.taken().len(), server.refused()), (1, 3));
}

/// "Never" is never; others get theirs, and the log tells nobody's address, which the server's own words hold.
#[both]
async fn a_mail_that_is_refused_for_good_is_given_up(options: Options) {
    let mut server = SmtpServer::start(Security::None);
    let stack = through(options, &server).start().await;
    let person = Person::new();
    let address = Watch::for_text(person.email.clone());
    server.answer("550 Never").await;
    stack.signup(person.credentials()).await.assert_status(201);
    eventually("it was refused", async || (server.refused() == 1).then_some(())).await;
    queue_is_empty(&stack).await;
    server.answer("250 OK").await;
    let other = stack.logged_in().await;
    let (_, mail) = taken(&server, 1).await.remove(0);
    assert_eq!(mail.to, other.email);
    assert_eq!((server.refused(), address.lines()), (1, Vec::new()));
}

/// A password that the server does not like is our fault, and no mail's.
#[both]
async fn a_wrong_password_loses_no_mail(options: Options) {
    let server = SmtpServer::start_with(Security::Tls, Some(("jipbap", "gochujang-42")));
    let url = server.url().replace("gochujang-42", "doenjang-41");
    let stack = through(options, &server).set("AUTH_SMTP_URL", &url).start().await;
    stack.logged_in().await;
    waits_for_its_next_try(&stack, 1).await;
    assert_eq!((Database::of(&stack).count("mails").await, server.taken().len()), (1, 0));
}

/// A link that works no more is not sent, however late the server is back.
#[both]
async fn a_link_that_is_over_is_not_sent(options: Options) {
    let mut server = SmtpServer::start(Security::None);
    let stack = through(options, &server).start().await;
    let session = stack.logged_in().await;
    taken(&server, 1).await;
    queue_is_empty(&stack).await;
    server.stop();
    stack.forgot_password(&session.email).await.assert_status(202);
    waits_for_its_next_try(&stack, 1).await;
    server.start_again();
    stack.clock.advance(Duration::from_secs(31 * 60)).await;
    queue_is_empty(&stack).await;
    assert_eq!(server.taken().len(), 1);
}

/// However many copies look at the queue, a mail is sent once.
#[two_copies]
async fn a_mail_is_sent_by_one_copy(options: Options) {
    let server = SmtpServer::start(Security::None);
    let stack = through(options, &server).start().await;
    let mut people = Vec::new();
    for n in 0..30 {
        people.push(stack.auth(n % 2).logged_in().await);
    }
    taken(&server, people.len()).await;
    queue_is_empty(&stack).await;
    let mut sent_to: Vec<String> = server.taken().into_iter().map(|(_, mail)| mail.to).collect();
    let mut expected: Vec<String> = people.into_iter().map(|person| person.email).collect();
    sent_to.sort();
    expected.sort();
    assert_eq!(sent_to, expected);
}
