use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// A web server with one page, at an origin of its own. It serves for as long as the tests run.
pub struct Site {
    pub origin: String,
}

impl Site {
    pub fn start(page: impl Into<String>) -> Self {
        let page = page.into();
        let listener = TcpListener::bind("127.0.0.1:0").expect("no port");
        let origin = format!("http://{}", listener.local_addr().expect("no address"));
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| serve(stream, &page)));
        Self { origin }
    }
}

/// Answers whatever is asked with the page. A browser that hangs up early asks again.
fn serve(mut stream: TcpStream, page: &str) {
    let _ = stream.read(&mut [0; 4096]);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.len()
    );
    let _ = stream.write_all(&[head.as_bytes(), page.as_bytes()].concat());
}
