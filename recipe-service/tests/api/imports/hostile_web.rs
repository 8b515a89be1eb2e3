//! What a fetched page must not lead to: our own networks, or work without an end.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use testkit::client::Session;
use testkit::stack::Options;
use testkit::{Answer, TestStack, both};

use super::fetched::{import, packed};
use super::site::{Book, INSIDE, OUTSIDE, Reply, Site, answer, html, redirect};
use super::{imported, page, stew};
use crate::shelf::Shelf;

fn stew_page() -> String {
    page("https://elsewhere.test/", &stew("국"))
}

#[track_caller]
fn assert_not_fetched(answer: &Answer, reason: &str) {
    assert_eq!(answer.assert_problem(422, "page_not_fetched")["reason"], reason);
}

async fn started(options: Options, book: &Book) -> (TestStack, Session) {
    let stack = options.web(book.web().patience(Duration::from_millis(1_500))).start().await;
    let session = stack.logged_in().await;
    (stack, session)
}

/// A site of this machine that must not hear anything.
async fn secret() -> Site {
    Site::start(INSIDE, |_| html(stew_page())).await
}

#[both]
async fn an_address_within_our_walls_is_not_reached_however_it_is_written(options: Options) {
    let (stack, session) = started(options, &Book::new()).await;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "０.0.0.0",
        "0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[2001:db8::1]",
        "nowhere.test",
    ] {
        assert_not_fetched(&import(&stack, &session, "", &format!("http://{host}/")).await, "not_reached");
    }
    assert_eq!(Shelf::of(&stack).contents().await.recipes, 0);
}

/// All of a name's addresses must be public: of two, the client would take the other when the first is silent.
#[both]
async fn a_name_of_an_address_within_our_walls_is_not_reached(options: Options) {
    let (secret, site) = (secret().await, Site::start(OUTSIDE, |_| html(stew_page())).await);
    let mapped: SocketAddr = format!("[::ffff:127.0.0.1]:{}", secret.addr.port()).parse().unwrap();
    let book = Book::new()
        .name("inside.test", &[&[secret.addr]])
        .name("mapped.test", &[&[mapped]])
        .name("both.test", &[&[site.addr, secret.addr]])
        .name("nothing.test", &[&[]]);
    let (stack, session) = started(options, &book).await;

    for name in ["inside.test", "mapped.test", "both.test", "nothing.test"] {
        assert_not_fetched(&import(&stack, &session, "", &format!("http://{name}/")).await, "not_reached");
    }

    assert!(secret.heads().is_empty() && site.heads().is_empty());
}

/// A name whose second answer is another one gains nothing: what was looked at is what is connected to, and where there is
/// a second connection, it is looked at again.
#[both]
async fn a_name_that_changes_its_mind_leads_nowhere_else(options: Options) {
    let secret = secret().await;
    let site = Site::start(OUTSIDE, |path| match path {
        "/again" => redirect("/stew"),
        _ => html(stew_page()),
    });
    let site = site.await;
    let book = Book::new()
        .name("once.test", &[&[site.addr], &[secret.addr]])
        .name("twice.test", &[&[site.addr], &[secret.addr]]);
    let (stack, session) = started(options, &book).await;

    imported(&import(&stack, &session, "", "http://once.test/stew").await, 201);
    assert_eq!((book.asked("once.test"), site.heads().len()), (1, 1));
    assert_not_fetched(&import(&stack, &session, "", "http://twice.test/again").await, "not_reached");
    assert_eq!((book.asked("twice.test"), site.heads().len()), (2, 2));

    assert!(secret.heads().is_empty());
}

#[both]
async fn a_redirect_does_not_lead_behind_our_walls(options: Options) {
    let secret = secret().await;
    let port = secret.addr.port();
    let site = Site::start(OUTSIDE, move |path| {
        redirect(match path {
            "/loopback" => "http://127.0.0.1/",
            "/six" => "http://[::1]/",
            "/metadata" => "http://169.254.169.254/latest/meta-data/",
            "/name" => "http://inside.test/",
            "/relative" => "//inside.test/",
            "/file" => "file:///etc/passwd",
            "/user" => "http://a:b@site.test/",
            "/port" => return redirect(&format!("http://127.0.0.1:{port}/")),
            _ => "http://site.test:6379/",
        })
    });
    let site = site.await;
    let book = Book::new().name("site.test", &[&[site.addr]]).name("inside.test", &[&[secret.addr]]);
    let (stack, session) = started(options, &book).await;

    for path in ["loopback", "six", "metadata", "name", "relative", "file", "user", "port", "redis"] {
        assert_not_fetched(
            &import(&stack, &session, "", &format!("http://site.test/{path}")).await,
            "not_reached",
        );
    }

    assert!(secret.heads().is_empty());
    assert_eq!(site.heads().len(), 9);
}

#[both]
async fn redirects_without_an_end_have_one(options: Options) {
    let site = Site::start(OUTSIDE, |path| match path {
        "/around" => redirect("/around"),
        "/nowhere" => Reply::Whole(answer("302 Found", "", b"")),
        path => redirect(&format!("{path}x")),
    });
    let site = site.await;
    let book = Book::new().name("site.test", &[&[site.addr]]);
    let (stack, session) = started(options, &book).await;

    for (path, reason, asked) in
        [("around", "too_many_redirects", 6), ("on", "too_many_redirects", 6), ("nowhere", "refused", 1)]
    {
        let before = site.heads().len();
        assert_not_fetched(&import(&stack, &session, "", &format!("http://site.test/{path}")).await, reason);
        assert_eq!(site.heads().len() - before, asked, "{path}");
    }
}

#[both]
async fn a_page_that_takes_its_time_is_given_up(options: Options) {
    let site = Site::start(OUTSIDE, |path| match path {
        "/body" => Reply::Drip(answer("200 OK", "Content-Type: text/html\r\n", b"<p>")),
        _ => Reply::Drip(b"HTTP/1.1 200 OK\r\nX-Slow:".to_vec()),
    });
    let site = site.await;
    let book = Book::new().name("site.test", &[&[site.addr]]);
    let (stack, session) = started(options, &book).await;

    for path in ["body", "head"] {
        assert_not_fetched(
            &import(&stack, &session, "", &format!("http://site.test/{path}")).await,
            "too_slow",
        );
    }
}

const MIB: usize = 1024 * 1024;

#[both]
async fn a_page_of_more_than_five_mebibytes_is_given_up(options: Options) {
    let site = Site::start(OUTSIDE, |path| match path {
        "/endless" => Reply::Endless(answer("200 OK", "Content-Type: text/html\r\n", b"<p>")),
        "/announced" => {
            Reply::Drip(answer("200 OK", "Content-Type: text/html\r\nContent-Length: 9000000\r\n", b"<p>"))
        }
        "/bomb" => packed_page(&vec![b' '; 50 * MIB]),
        // What is beyond the bound is not unpacked, so that nobody notices that it is none.
        "/bomb-in-front" => {
            packed_page_of([packed(&vec![b' '; 6 * MIB]), b"no more of it".to_vec()].concat())
        }
        "/bombs" => packed_page(&packed(&vec![b' '; 5 * MIB])),
        "/most" => packed_page(&padded(5 * MIB)),
        _ => packed_page(&padded(5 * MIB + 1)),
    });
    let site = site.await;
    let book = Book::new().name("site.test", &[&[site.addr]]);
    let stack = options.web(book.web()).start().await;
    let session = stack.logged_in().await;

    for path in ["endless", "announced", "bomb", "bomb-in-front", "more"] {
        assert_not_fetched(
            &import(&stack, &session, "", &format!("http://site.test/{path}")).await,
            "too_large",
        );
    }
    imported(&import(&stack, &session, "", "http://site.test/most").await, 201);
    import(&stack, &session, "", "http://site.test/bombs").await.assert_problem(422, "no_recipe_found");
}

fn packed_page(bytes: &[u8]) -> Reply {
    packed_page_of(packed(bytes))
}

fn packed_page_of(packed: Vec<u8>) -> Reply {
    Reply::Whole(answer("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &packed))
}

fn padded(bytes: usize) -> Vec<u8> {
    let mut page = stew_page().into_bytes();
    page.resize(bytes, b' ');
    page
}

#[both]
async fn what_is_no_page_is_not_read(options: Options) {
    let site = Site::start(OUTSIDE, |path| {
        let (status, headers) = match path {
            "/image" => ("200 OK", "Content-Type: image/png\r\n"),
            "/json" => ("200 OK", "Content-Type: application/json\r\n"),
            "/untyped" => ("200 OK", ""),
            "/brotli" => ("200 OK", "Content-Type: text/html\r\nContent-Encoding: br\r\n"),
            "/twice" => ("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip, gzip\r\n"),
            "/broken" => ("200 OK", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"),
            "/gone" => ("404 Not Found", "Content-Type: text/html\r\n"),
            "/partial" => ("206 Partial Content", "Content-Type: text/html\r\n"),
            "/unchanged" => ("304 Not Modified", "Content-Type: text/html\r\n"),
            _ => ("500 Internal Server Error", "Content-Type: text/html\r\n"),
        };
        Reply::Whole(answer(status, headers, stew_page().as_bytes()))
    });
    let site = site.await;
    let closed = Site::start(OUTSIDE, |_| Reply::Whole(Vec::new())).await;
    let book = Book::new().name("site.test", &[&[site.addr]]).name("closed.test", &[&[closed.addr]]);
    let (stack, session) = started(options, &book).await;

    for (path, reason) in [
        ("image", "not_a_page"),
        ("json", "not_a_page"),
        ("untyped", "not_a_page"),
        ("brotli", "not_a_page"),
        ("twice", "not_a_page"),
        ("broken", "not_a_page"),
        ("gone", "refused"),
        ("partial", "refused"),
        ("unchanged", "refused"),
        ("error", "refused"),
    ] {
        assert_not_fetched(&import(&stack, &session, "", &format!("http://site.test/{path}")).await, reason);
    }
    assert_not_fetched(&import(&stack, &session, "", "http://closed.test/").await, "not_reached");
    // What waits for a word without TLS is waited for no longer than for others.
    assert_not_fetched(&import(&stack, &session, "", "https://site.test/").await, "too_slow");
}

/// The addresses of this machine that the tests' web makes an exception of are no exception elsewhere.
#[test]
fn no_setting_makes_an_address_public() {
    for ip in [OUTSIDE, INSIDE] {
        assert!(!recipe_service::egress::Web::is_public(ip));
    }
    assert!(recipe_service::egress::Web::is_public(IpAddr::from([1, 1, 1, 1])));
}
