//! One request and what its answer means: HEAD, and GET where that says nothing; the only file that names the client.

use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;

use ureq::config::Config;
use ureq::http::{StatusCode, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error, ResponseExt, Timeout};

use super::address::is_public;
use super::{Answer, Asking};

/// How many steps an address may lead on.
const STEPS: u32 = 10;
/// How much an answer may say before its body.
const HEAD: usize = 64 << 10;

/// Who asks.
pub(super) struct Client(Agent);

/// What a host said: where its answer came from in the end, and its status.
type Said = Result<(StatusCode, Uri), Error>;

impl Client {
    pub(super) fn new(asking: Asking) -> Self {
        // The certificates that this machine trusts; where it has none, https is not reached.
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots = roots.iter().map(|der| Certificate::from_der(der).to_owned());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::from(roots))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .user_agent(concat!("tickmark/", env!("CARGO_PKG_VERSION"), " (checks links)"))
            .http_status_as_error(false)
            .max_redirects(STEPS)
            .max_redirects_will_error(true)
            .max_response_header_size(HEAD)
            .max_idle_connections(0)
            .proxy(None)
            .timeout_resolve(Some(asking.patience))
            .timeout_connect(Some(asking.patience))
            .timeout_recv_response(Some(asking.patience))
            .timeout_global(Some(asking.patience * 2))
            .build();
        let resolver = Guarded { names: DefaultResolver::default(), private: asking.private };
        Self(Agent::with_parts(config, DefaultConnector::default(), resolver))
    }

    /// Asks an address; the error is why nobody answered.
    pub(super) fn ask(&self, address: &str) -> Result<Answer, String> {
        let quick = said(self.0.head(address).call());
        // Some answer HEAD with anything, and some not at all.
        let whole = match &quick {
            Ok((status, _)) => !status.is_success(),
            Err(Error::Protocol(_) | Error::Timeout(Timeout::RecvResponse)) => true,
            Err(Error::Io(error)) => matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof),
            Err(_) => false,
        };
        let said = if whole { said(self.0.get(address).call()) } else { quick };
        match said {
            Ok((status, at)) => Ok(meant(status, &at, address)),
            Err(Error::TooManyRedirects) => Ok(Answer::Dead(format!("it leads on more than {STEPS} times"))),
            Err(error) => Err(why(&error)),
        }
    }
}

/// What stands in front of a body, which is not read.
fn said<B>(answer: Result<ureq::http::Response<B>, Error>) -> Said
where
    ureq::http::Response<B>: ResponseExt,
{
    answer.map(|answer| (answer.status(), answer.get_uri().clone()))
}

fn meant(status: StatusCode, at: &Uri, address: &str) -> Answer {
    let led = if *at == *address { String::new() } else { format!("it leads to `{at}`, and that ") };
    let subject = if led.is_empty() { "it " } else { "" };
    let text = format!("{led}{subject}answers {}", status.as_u16());
    match status {
        _ if status.is_success() => Answer::There,
        StatusCode::NOT_FOUND | StatusCode::GONE => Answer::Dead(text),
        _ => Answer::Unreached(text),
    }
}

/// Why nobody answered, in words.
fn why(error: &Error) -> String {
    match error {
        Error::HostNotFound => "its host is not found".to_owned(),
        Error::Timeout(_) => "it did not answer in time".to_owned(),
        Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => "the connection was refused".to_owned(),
        Error::Io(error) if error.to_string().contains("lookup") => "its host is not found".to_owned(),
        Error::Rustls(error) => unsafe_connection(error),
        Error::Io(error) => {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            inner.map_or_else(|| error.to_string(), unsafe_connection)
        }
        Error::Other(error) if error.is::<Inside>() => error.to_string(),
        error => error.to_string(),
    }
}

fn unsafe_connection(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(_) => "this machine does not trust its certificate".to_owned(),
        error => format!("no safe connection to it: {error}"),
    }
}

/// An address of this machine or network, which is not asked.
#[derive(Debug)]
struct Inside;

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is inside this network, and not asked without `--external-private`")
    }
}

impl std::error::Error for Inside {}

/// Finds the machines of a name, and leaves out those that may not be asked: what is connected to is what was looked at.
#[derive(Debug)]
struct Guarded {
    names: DefaultResolver,
    private: bool,
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let all = self.names.resolve(uri, config, timeout)?;
        let mut open = self.empty();
        all.iter().filter(|at| self.private || is_public(at.ip())).for_each(|at| open.push(*at));
        if open.is_empty() { Err(Error::Other(Box::new(Inside))) } else { Ok(open) }
    }
}
