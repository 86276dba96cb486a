//! `check --external`: links to other hosts, held against a server of the test's own.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::site::{Ran, Site};

/// A server on this machine, and what it was asked: a line each, and who asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || answer(stream, &log));
            }
        });
        Self { port, asked }
    }

    fn to(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a log").clone()
    }

    fn times(&self, line: &str) -> usize {
        self.asked().iter().filter(|asked| asked.starts_with(line)).count()
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let agent =
        lines.take_while(|line| !line.is_empty()).find(|line| line.to_ascii_lowercase().starts_with("user-agent"));
    let (method, rest) = first.split_once(' ').unwrap_or_default();
    let path = rest.split(' ').next().unwrap_or_default();
    log.lock().expect("a log").push(format!("{method} {path} {}", agent.unwrap_or_default()));
    let said = match path {
        "/hang" => {
            thread::sleep(Duration::from_secs(20));
            return;
        }
        "/slow-head" if method == "HEAD" => {
            thread::sleep(Duration::from_secs(20));
            return;
        }
        "/well" | "/slow-head" => "200 OK",
        "/led" => "301 Moved\r\nLocation: /gone",
        "/round" => "302 Found\r\nLocation: /round",
        "/elsewhere" => "302 Found\r\nLocation: ftp://127.0.0.1/x",
        "/no-head" | "/endless" if method == "HEAD" => "405 Not allowed",
        "/no-head" => "200 OK",
        "/endless" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
            return;
        }
        "/guarded" => "403 Forbidden",
        "/later" => "410 Gone",
        _ => "404 Not found",
    };
    let _ = stream.write_all(format!("HTTP/1.1 {said}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
}

/// The findings about links, a line each.
fn found(ran: &Ran) -> Vec<&str> {
    ran.out.lines().filter(|line| line.contains("[link/external")).collect()
}

fn closed_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("an address").port()
}

const ASKS: [&str; 7] = ["check", "--format", "concise", "--external", "--external-private", "--external-timeout", "2"];

#[test]
fn every_answer_is_told_where_its_link_stands() {
    let server = Server::start();
    let to = |path: &str| server.to(path);
    let closed = closed_port();
    let links = [
        "/well",
        "/gone",
        "/led",
        "/round",
        "/no-head",
        "/guarded",
        "/later",
        "/hang",
        "/endless",
        "/elsewhere",
        "/slow-head",
    ];
    let lines: String = links.iter().map(|path| format!("- [it]({})\n", to(path))).collect();
    let page = format!("---\ntitle: Links\n---\n{lines}- <http://127.0.0.1:{closed}/>\n");
    let policy =
        format!("---\nclassification: public\nversion: \"1.0\"\n---\n# Access\n\nSee [x]({}#part).\n", to("/well"));
    let list = format!("- name: One\n  at: {}\n- name: Two\n  at: 'See [it]({}) there.'\n", to("/well"), to("/gone"));
    let files = [("content/links.md", &*page), ("policies/access.md", &policy), ("content/data/links.yaml", &list)];
    let site = Site::with(&files);
    let begun = Instant::now();
    let ran = site.run(&ASKS);
    assert!(begun.elapsed() < Duration::from_secs(15), "neither what hangs nor what never ends is waited for");
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    let list = found(&ran);
    let at = |line: usize, level: &str, text: String| format!("content/links.md:{line}:3: {level}] {text}");
    let dead = |line, path: &str| at(line, "error[link/external-dead", format!("nothing is at `{}`", to(path)));
    let unknown = |line, address: String| {
        at(line, "warning[link/external-unreached", format!("whether anything is at `{address}` is unknown"))
    };
    let expected = [
        dead(5, "/gone"),
        dead(6, "/led"),
        dead(7, "/round"),
        unknown(9, to("/guarded")),
        dead(10, "/later"),
        unknown(11, to("/hang")),
        unknown(13, to("/elsewhere")),
        unknown(15, format!("http://127.0.0.1:{closed}/")),
        format!("content/data/links.yaml:4:17: error[link/external-dead] nothing is at `{}`", to("/gone")),
    ];
    for expected in &expected {
        assert!(list.iter().any(|line| line.starts_with(expected.as_str())), "{expected}\n{}", ran.out);
    }
    assert_eq!(list.len(), expected.len(), "{}", ran.out);
    assert!(ran.err.contains("12 addresses on other hosts: 4 answer, 4 dead, 4 not reached"), "{}", ran.err);
    assert_eq!((server.times("HEAD /well "), server.times("GET /well ")), (1, 0), "each is asked once, and no more");
    assert_eq!(server.times("GET /no-head "), 1, "who does not answer HEAD is asked again");
    assert!(server.asked().iter().all(|line| line.contains("tickmark/")), "{:?}", server.asked());
}

#[test]
fn why_is_told() {
    let server = Server::start();
    let page = format!("---\ntitle: Links\n---\n[a]({}) [b]({})\n", server.to("/led"), server.to("/guarded"));
    let site = Site::with(&[("content/links.md", &page)]);
    let ran = site.run(&["check", "--external", "--external-private"]);
    assert!(ran.out.contains(&format!("it leads to `{}`, and that answers 404", server.to("/gone"))), "{}", ran.out);
    assert!(ran.out.contains("it answers 403"), "{}", ran.out);
}

#[test]
fn nobody_is_asked_unless_that_is_wanted() {
    let server = Server::start();
    let page = format!("---\ntitle: Links\n---\n[a]({})\n[b](http://localhost:{}/)\n", server.to("/gone"), server.port);
    let site = Site::with(&[("content/links.md", &page)]);
    for arguments in [&["check"][..], &["build"]] {
        let ran = site.run(arguments);
        assert_eq!((ran.status, found(&ran).len()), (0, 0), "{}{}", ran.out, ran.err);
    }
    // What is inside this network is said to be so, and not asked either.
    let ran = site.run(&["check", "--external", "--format", "concise"]);
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert_eq!(found(&ran).len(), 2, "{}", ran.out);
    let ran = site.run(&["check", "--external"]);
    assert!(ran.out.contains("inside this network, and not asked without `--external-private`"), "{}", ran.out);
    assert_eq!(server.asked(), Vec::<String>::new());
    // Files that are not shown are not asked about.
    let asked = site.run(&["check", "--external", "--external-private", "policies"]);
    assert!(asked.err.contains("0 addresses"), "{}", asked.err);
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn a_site_may_say_how_much_it_matters() {
    let server = Server::start();
    let page = format!("---\ntitle: Links\n---\n[a]({})\n", server.to("/gone"));
    let site = Site::with(&[("content/links.md", &page)]);
    let text = site.read("tickmark.yaml") + "levels: {link/external-dead: note}\n";
    site.write("tickmark.yaml", &text);
    let ran = site.run(&ASKS);
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("note[link/external-dead]"), "{}", ran.out);
}
