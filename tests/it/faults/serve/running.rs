//! A preview that runs, spoken to as a browser does, by bytes on a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::super::program::{Program, Ran, finish};

/// How long anything may take; there against hanging.
pub(super) const LIMIT: Duration = Duration::from_mins(1);

/// An answer, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

/// A preview in a process of its own, ended with this.
pub(super) struct Running {
    child: Option<Child>,
    pub(super) port: u16,
    said: Arc<Mutex<String>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Running {
    /// On a port of its own.
    pub(super) fn start(site: &Path, more: &[&str]) -> Self {
        let arguments = [&["serve", "--port", "0"], more].concat();
        let mut child = Program::new(site, &arguments).command().spawn().expect("a preview");
        let mut out = BufReader::new(child.stdout.take().expect("output"));
        let mut first = String::new();
        out.read_line(&mut first).expect("a line");
        let port =
            first.split("//").nth(1).and_then(|rest| rest.split(['/', '\n']).next()?.rsplit(':').next()?.parse().ok());
        let said = Arc::new(Mutex::new(String::new()));
        let (mut messages, sink) = (child.stderr.take().expect("messages"), Arc::clone(&said));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = messages.read(&mut bytes) {
                sink.lock().expect("messages").push_str(&String::from_utf8_lossy(&bytes[..n]));
            }
        });
        let port = port.unwrap_or_else(|| {
            thread::sleep(Duration::from_millis(200));
            panic!("no address in {first:?}: {}", said.lock().expect("messages"))
        });
        Self { child: Some(child), port, said }
    }

    /// What it wrote to standard error so far.
    pub(super) fn said(&self) -> String {
        self.said.lock().expect("messages").clone()
    }

    /// Sends bytes as they are, and reads until the other side has had enough.
    pub(super) fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A request with these lines after the first.
    pub(super) fn ask(&self, line: &str, headers: &[&str]) -> Answer {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let text = self.raw(format!("{line}\r\n{headers}Connection: close\r\n\r\n").as_bytes());
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    /// A page.
    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1"), &["Host: localhost"])
    }

    /// Asks again until a page is as it should be.
    pub(super) fn until(&self, path: &str, what: &str, is: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if is(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < LIMIT, "{path}: never {what}: {answer:?}\n{}", self.said());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How often the site was made.
    pub(super) fn edition(&self) -> u64 {
        let page = self.get("/_internal/").body;
        let at = page.find("data-edition=\"").expect("an edition") + 14;
        page[at..].split('"').next().and_then(|n| n.parse().ok()).expect("a number")
    }

    /// Waits until nothing has happened for a while.
    pub(super) fn settled(&self) -> u64 {
        let begun = Instant::now();
        let mut last = self.edition();
        let mut quiet = Instant::now();
        while quiet.elapsed() < Duration::from_millis(700) {
            assert!(begun.elapsed() < LIMIT, "it never settles: {}", self.said());
            thread::sleep(Duration::from_millis(50));
            let now = self.edition();
            if now != last {
                (last, quiet) = (now, Instant::now());
            }
        }
        last
    }

    /// Sends it a signal and waits for its end.
    pub(super) fn end(mut self, signal: &str) -> Ran {
        let child = self.child.take().expect("it runs");
        let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        assert!(kill.success());
        finish(child, Duration::from_secs(10))
    }
}
