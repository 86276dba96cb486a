//! Fault 37: ports that are taken, names that are not its own, paths that lead out, and bytes that are no request.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use super::super::place::Place;
use super::super::program::Program;
use super::running::{LIMIT, Running};

#[test]
fn a_port_that_is_taken_ends_it_with_another() {
    let place = Place::good();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let ran = Program::new(&place.site(), &["serve", "--port", &port.to_string()]).run();
    assert_eq!(ran.status, Some(2), "{}", ran.said);
    assert!(ran.said.contains(&format!("port {port} of 127.0.0.1 is taken")), "{}", ran.said);
    let other = ran.said.rsplit("--port ").next().and_then(|rest| rest.split('`').next()).expect("another port");
    drop(TcpListener::bind(("127.0.0.1", other.parse::<u16>().expect("a port"))).expect("it is free"));
    for (host, says) in [("nowhere.example", "is no address"), ("192.0.2.7", "has no address 192.0.2.7")] {
        let ran = Program::new(&place.site(), &["serve", "--host", host]).run();
        assert_eq!(ran.status, Some(2), "{}", ran.said);
        assert!(ran.said.contains(says), "{}", ran.said);
    }
}

#[test]
fn it_listens_on_this_machine_alone() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let listening = fs::read_to_string("/proc/net/tcp").expect("open ports");
    let port = format!(":{:04X}", preview.port);
    let own: Vec<&str> = listening
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .filter(|local| local.ends_with(&port))
        .collect();
    assert!(!own.is_empty() && own.iter().all(|local| local.starts_with("0100007F:")), "{own:?}");
    // A machine with the other kind of address alone is served as well.
    if TcpListener::bind(("::1", 0)).is_ok() {
        let preview = Running::start(&place.site(), &["--host", "::1"]);
        assert!(TcpStream::connect(("::1", preview.port)).is_ok());
    }
}

#[test]
fn foreign_names_are_refused() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    let port = preview.port;
    for own in ["localhost".to_owned(), format!("127.0.0.1:{port}"), "[::1]".to_owned(), "LocalHost:1".to_owned()] {
        let answer = preview.ask("GET /_internal/ HTTP/1.1", &[&format!("Host: {own}")]);
        assert_eq!(answer.status, 200, "{own}");
    }
    let internal = preview.get("/_internal/").body;
    let title = internal.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).expect("a title");
    let refused = |line: &str, headers: &[&str]| {
        for path in ["/", "/_internal/", "/_preview/events", "/_preview/preview.js"] {
            let answer = preview.ask(&line.replace("PATH", path), headers);
            assert!(matches!(answer.status, 400 | 403), "{line} {headers:?}: {}", answer.status);
            assert!(!answer.body.contains(title) && !answer.body.contains("edition"), "{}", answer.body);
        }
    };
    refused("GET PATH HTTP/1.1", &["Host: evil.example"]);
    refused("GET PATH HTTP/1.1", &[&format!("Host: evil.example:{port}")]);
    refused("GET PATH HTTP/1.1", &["Host: 127.0.0.1.evil.example"]);
    refused("GET PATH HTTP/1.1", &["Host: localhost@evil.example"]);
    refused("GET PATH HTTP/1.1", &["Host: localhost", "Host: evil.example"]);
    refused("GET PATH HTTP/1.1", &["Host:"]);
    refused("GET PATH HTTP/1.1", &[]);
    refused("GET PATH HTTP/1.0", &[]);
    refused("GET http://evil.examplePATH HTTP/1.1", &["Host: localhost"]);
}

#[test]
fn no_path_leads_out() {
    let place = Place::good();
    let secret = "known-only-outside-7c2e";
    fs::write(place.around().join("secret.txt"), secret).expect("a file");
    place.write("policies/.hidden.md", secret);
    place.write("notes.txt", secret);
    let preview = Running::start(&place.site(), &[]);
    let paths = [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/static/../../secret.txt",
        "/..%5csecret.txt",
        "/_internal/../../secret.txt",
        "/_internal/%2e%2e/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/notes.txt",
        "/..;/secret.txt",
        "//secret.txt",
        "/./../secret.txt",
        "/policies/.hidden.md",
        "/%00",
        "/tickmark.yaml",
        "/%c0%ae%c0%ae/secret.txt",
        "/_preview/../../secret.txt",
        "/changes/CHG-1.yaml",
        "/_internal/changes/CHG-1.yaml",
        "/.git/config",
        "/%",
        "/a%zz",
    ];
    for path in paths {
        let answer = preview.get(path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.body.contains(secret) && !answer.body.contains("CHG-1"), "{path}: {}", answer.body);
    }
    // Nor by way of an absolute path, or one that leads to another server.
    for (path, to) in
        [("/policies", "/policies/"), ("/_internal", "/_internal/"), ("/_internal/register", "/_internal/register/")]
    {
        let answer = preview.get(path);
        assert!(answer.status == 307 && answer.head.contains(&format!("location: {to}\r\n")), "{}", answer.head);
    }
    assert_eq!(preview.get("//evil.example/").status, 400);
}

#[test]
fn nothing_but_reading_and_nobody_hangs_it() {
    let place = Place::good();
    let preview = Running::start(&place.site(), &[]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let answer = preview.ask(&format!("{method} / HTTP/1.1"), &["Host: localhost", "Content-Length: 0"]);
        assert!(matches!(answer.status, 400 | 405), "{method}: {}", answer.status);
    }
    let head = preview.ask("HEAD / HTTP/1.1", &["Host: localhost"]);
    assert!(head.status == 200 && head.body.is_empty(), "{head:?}");
    // Half a request that never ends holds nobody up.
    let mut half = TcpStream::connect(("127.0.0.1", preview.port)).expect("a connection");
    half.write_all(b"GET / HTTP/1.1\r\nHost: loc").expect("half a request");
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(1 << 20));
    for junk in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"\r\n\r\n\r\n", b"GET\r\n\r\n", long.as_bytes()] {
        let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).expect("a connection");
        let _ = stream.write_all(junk);
    }
    let answer = preview.get("/");
    assert!(answer.status == 200 && answer.head.contains("x-content-type-options: nosniff"), "{}", answer.head);
    assert!(answer.head.contains("x-frame-options: deny"), "{}", answer.head);
    assert!(!preview.said().contains("panicked"), "{}", preview.said());
}

#[test]
fn a_signal_ends_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let place = Place::good();
        let before = place.output();
        let preview = Running::start(&place.site(), &[]);
        // A page that listens, and one that is half asked for.
        let mut listens = TcpStream::connect(("127.0.0.1", preview.port)).expect("a connection");
        listens.set_read_timeout(Some(LIMIT)).expect("a limit");
        listens.write_all(b"GET /_preview/events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
        let mut told = Vec::new();
        while !String::from_utf8_lossy(&told).contains("data: 1\n") {
            let mut bytes = [0; 512];
            let n = listens.read(&mut bytes).expect("an event");
            assert!(n > 0, "{}", String::from_utf8_lossy(&told));
            told.extend_from_slice(&bytes[..n]);
        }
        let mut half = TcpStream::connect(("127.0.0.1", preview.port)).expect("a connection");
        half.write_all(b"GET /").expect("half a request");
        let begun = Instant::now();
        let port = preview.port;
        let ran = preview.end(signal);
        assert_eq!((ran.status, ran.hung), (Some(0), false), "{}", ran.said);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "somebody still listens");
        assert!(place.output() == before && place.leftovers().is_empty(), "it wrote something");
    }
}

#[test]
fn a_site_that_cannot_be_read_ends_it() {
    let place = Place::good();
    place.write("tickmark.yaml", "site: [\n");
    let ran = Program::new(&place.site(), &["serve", "--port", "0"]).run();
    assert_eq!(ran.status, Some(2), "{}", ran.said);
    assert!(ran.said.contains("tickmark.yaml") && ran.said.contains("has mistakes"), "{}", ran.said);
}
