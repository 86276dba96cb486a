//! Where the preview listens, and by which names it lets itself be called.
//!
//! It listens on this machine alone unless another address is named. A page from elsewhere that has its own name point here
//! (DNS rebinding) would read the internal site, so that names other than this machine's own are refused.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use crate::error::{Error, Result};

/// Where it listens unless told otherwise.
pub const PORT: u16 = 4000;

/// How many ports are tried for one that is free.
const TRIES: u16 = 100;

/// The open door of the preview.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// Opens it, on loopback where no address is named. A port that is taken is an error which names one that is free; 0 is
    /// whichever is.
    pub fn open(host: Option<IpAddr>, port: u16) -> Result<Self> {
        let mut places = vec![host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))];
        if host.is_none() {
            places.push(IpAddr::V6(Ipv6Addr::LOCALHOST));
        }
        let mut last = None;
        for ip in places {
            match TcpListener::bind((ip, port)) {
                Ok(listener) => {
                    let address = listener.local_addr().map_err(|e| refused(ip, port, &e))?;
                    return Ok(Self { listener, address });
                }
                // A machine may have one kind of address alone.
                Err(e) if e.kind() == io::ErrorKind::AddrNotAvailable => last = Some((ip, e)),
                Err(e) => return Err(refused(ip, port, &e)),
            }
        }
        let (ip, error) = last.expect("one address was tried at least");
        Err(refused(ip, port, &error))
    }

    /// The address as a browser wants it, without a path.
    pub fn url(&self) -> String {
        match self.address.ip() {
            ip if ip.is_unspecified() => format!("http://localhost:{}", self.address.port()),
            _ => format!("http://{}", self.address),
        }
    }

    /// Whether others than this machine reach it.
    pub fn is_open_to_others(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    pub(super) fn into_listener(self) -> TcpListener {
        self.listener
    }
}

fn refused(ip: IpAddr, port: u16, error: &io::Error) -> Error {
    let at = SocketAddr::new(ip, port);
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::refused(
            format!("port {port} of {ip} is taken"),
            match free(ip, port) {
                Some(other) => format!("port {other} is free: `tickmark serve --port {other}`"),
                None => "end what uses it, or name another with `--port`".to_owned(),
            },
        ),
        io::ErrorKind::PermissionDenied => Error::refused(
            format!("this user may not listen on port {port}"),
            format!("ports from 1024 on are free to everybody: `tickmark serve --port {PORT}`"),
        ),
        io::ErrorKind::AddrNotAvailable => Error::refused(
            format!("this machine has no address {ip}"),
            "leave `--host` out to serve on this machine alone, or name one of its addresses",
        ),
        _ => Error::io("could not listen on", at.to_string(), io::Error::new(error.kind(), error.to_string())),
    }
}

/// The next port that nobody listens on.
fn free(ip: IpAddr, port: u16) -> Option<u16> {
    (1..=TRIES).filter_map(|n| port.checked_add(n)).find(|other| TcpListener::bind((ip, *other)).is_ok())
}

/// Whether a request may call this machine so: by any address, which no foreign name can be, or as `localhost`.
pub(super) fn is_own_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((inside, port)) if port.is_empty() || is_port(port) => return inside.parse::<Ipv6Addr>().is_ok(),
            _ => return false,
        },
        None => match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            Some(_) => return false,
            None => host,
        },
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || name.parse::<Ipv4Addr>().is_ok()
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_localhost_are_its_names() {
        for own in
            ["localhost", "LOCALHOST:4000", "localhost.:1", "127.0.0.1:4000", "[::1]:4000", "[::1]", "10.0.0.7:80"]
        {
            assert!(is_own_name(own), "{own}");
        }
        let foreign = ["", "evil.example", "evil.example:4000", "127.0.0.1.evil.example", "localhost.evil.example"];
        let broken = ["localhost:4000:1", "localhost@evil.example", "[::1", "[::1]x", "[evil]:1", "127.0.0.1:80x", " "];
        for name in foreign.iter().chain(&broken) {
            assert!(!is_own_name(name), "{name}");
        }
    }

    #[test]
    fn a_port_that_is_taken_comes_with_one_that_is_free() {
        let first = Door::open(None, 0).expect("a port");
        let port = first.address.port();
        let error = Door::open(None, port).expect_err("it is taken");
        assert_eq!(error.to_string(), format!("port {port} of 127.0.0.1 is taken"));
        let help = error.help().expect("help");
        let other: u16 = help.rsplit(' ').next().and_then(|n| n.trim_end_matches('`').parse().ok()).expect("a port");
        assert!(other > port && help.contains("--port"), "{help}");
        Door::open(None, other).expect("it is free");
    }
}
