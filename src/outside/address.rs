//! Which addresses may be asked: what is written, as a request can have it, and which machines stand in the open.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::http::Uri;

/// An address that can be asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its scheme, host and port.
    pub(super) host: String,
    /// The address without its fragment, in ASCII.
    pub(super) address: String,
}

/// Reads an address as it is written; or why it cannot be asked.
pub(super) fn parse(written: &str) -> Result<Asked, &'static str> {
    const NONE: &str = "it is no address that can be asked";
    let whole = written.split('#').next().unwrap_or(written);
    let (scheme, rest) = whole.split_once("://").ok_or(NONE)?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(&*scheme, "http" | "https") || authority.is_empty() {
        return Err(NONE);
    }
    if authority.contains('@') {
        return Err("it names a user");
    }
    if !authority.is_ascii() {
        return Err("its host is not in ASCII: write it as `xn--…`");
    }
    let mut address = format!("{scheme}://{authority}");
    if !path.starts_with('/') {
        address.push('/');
    }
    for byte in path.bytes() {
        if byte.is_ascii_graphic() { address.push(char::from(byte)) } else { address.push_str(&format!("%{byte:02X}")) }
    }
    let read: Uri = address.parse().map_err(|_| NONE)?;
    let host = read.authority().filter(|a| !a.host().is_empty()).ok_or(NONE)?.as_str().to_ascii_lowercase();
    Ok(Asked { host: format!("{scheme}://{host}"), address })
}

/// Whether everybody reaches the same machine by it: neither this one nor one of this network.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarks = a == 198 && (b == 18 || b == 19);
    let protocols = (a, b, c) == (192, 0, 0);
    !(a == 0
        || a >= 224
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_documentation()
        || shared
        || benchmarks
        || protocols)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let inside = |high: u16, low: u16| is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    if let Some(mapped) = ip.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match ip.segments() {
        // Translated from IPv4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inside(high, low),
        // 6to4.
        [0x2002, high, low, ..] => inside(high, low),
        // Teredo and others of protocols, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // All that was ever given to the public.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_reaches_is_public() {
        let public =
            ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1", "::ffff:1.1.1.1"];
        for ip in public {
            assert!(is_public(ip.parse().expect("an address")), "{ip}");
        }
        let inside = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::1",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ];
        for ip in inside {
            assert!(!is_public(ip.parse().expect("an address")), "{ip}");
        }
    }

    #[test]
    fn addresses_are_asked_as_they_are_meant() {
        let asked = |written: &str| parse(written).map(|asked| (asked.host, asked.address));
        let is = |host: &str, address: &str| Ok((host.to_owned(), address.to_owned()));
        assert_eq!(asked("HTTPS://Example.org"), is("https://example.org", "https://Example.org/"));
        assert_eq!(asked("http://a.example:80?x#y"), is("http://a.example:80", "http://a.example:80/?x"));
        assert_eq!(asked("https://a.example/ä b#c#d"), is("https://a.example", "https://a.example/%C3%A4%20b"));
        for bad in
            ["ftp://a.example/", "https://", "https:///x", "//a.example", "https://a b/", "http://[::1", "http://:80/"]
        {
            assert_eq!(asked(bad), Err("it is no address that can be asked"), "{bad}");
        }
        assert_eq!(asked("https://me:secret@a.example/"), Err("it names a user"));
        assert!(asked("https://bücher.example/").is_err_and(|why| why.contains("xn--")));
    }
}
