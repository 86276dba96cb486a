//! Requests and answers: the only file that speaks HTTP. One thread of its own; what a page is, it asks the one that holds
//! the site.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request as Received, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use tokio::sync::{oneshot, watch};

use super::Ask;
use super::address::{Door, is_own_name};
use crate::error::{Error, Result};

/// Where a page hears that it is old.
const EVENTS: &str = "/_preview/events";
/// How long answers may take once it is to end.
const LAST: Duration = Duration::from_millis(500);
/// How often a quiet stream says that it is still there.
const ALIVE: Duration = Duration::from_secs(15);

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// As it came, percent signs and all.
    pub(super) path: String,
}

/// A request that waits for its answer.
pub(crate) struct Wanted {
    request: Request,
    reply: oneshot::Sender<Answer>,
}

impl Wanted {
    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// Answers it. Whoever asked may have gone away.
    pub(super) fn answer(self, answer: Answer) {
        drop(self.reply.send(answer));
    }
}

/// What goes back.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: u16,
    kind: &'static str,
    bytes: Vec<u8>,
    location: Option<String>,
}

impl Answer {
    pub(super) fn of(status: u16, kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { status, kind, bytes, location: None }
    }

    pub(super) fn page(status: u16, html: String) -> Self {
        Self::of(status, "text/html; charset=utf-8", html.into_bytes())
    }

    /// Somewhere else; a path of this server, which never begins with two slashes.
    pub(super) fn to(path: &str) -> Self {
        Self { location: Some(path.to_owned()), ..Self::of(307, "text/plain; charset=utf-8", Vec::new()) }
    }

    fn text(status: u16, text: &str) -> Self {
        Self::of(status, "text/plain; charset=utf-8", format!("{text}\n").into_bytes())
    }

    fn into_response(self, head: bool) -> Response {
        let length = self.bytes.len();
        let mut response = Response::new(if head { Body::empty() } else { Body::from(self.bytes) });
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        put(header::CONTENT_TYPE, self.kind);
        put(header::CONTENT_LENGTH, &length.to_string());
        put(header::CACHE_CONTROL, "no-store");
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(header::X_FRAME_OPTIONS, "DENY");
        put(header::REFERRER_POLICY, "no-referrer");
        put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        if let Some(location) = &self.location {
            put(header::LOCATION, location);
        }
        response
    }
}

/// The thread that listens.
pub(super) struct Server {
    editions: watch::Sender<u64>,
    end: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    asks: Sender<Ask>,
    editions: watch::Receiver<u64>,
}

impl Server {
    pub(super) fn start(door: Door, asks: Sender<Ask>) -> Result<Self> {
        let (editions, told) = watch::channel(1);
        let (end, ended) = watch::channel(false);
        let listener = door.into_listener();
        let failed = |e| Error::io("could not start the server of", "this process", e);
        listener.set_nonblocking(true).map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let shared = Shared { asks, editions: told };
        let work = move || runtime.block_on(listen(listener, shared, ended));
        let thread = thread::Builder::new().name("http".to_owned()).spawn(work).map_err(failed)?;
        Ok(Self { editions, end, thread })
    }

    /// Tells every open page that there is another edition.
    pub(super) fn changed(&self, edition: u64) {
        self.editions.send_replace(edition);
    }

    /// Ends, with a moment for what is being answered.
    pub(super) fn stop(self) {
        let Self { editions, end, thread } = self;
        drop(editions);
        let _ = end.send(true);
        let _ = thread.join();
    }
}

async fn listen(listener: TcpListener, shared: Shared, ended: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let app = Router::new().fallback(handle).with_state(shared);
    let over = |mut ended: watch::Receiver<bool>| async move {
        let _ = ended.wait_for(|over| *over).await;
    };
    let served = axum::serve(listener, app).with_graceful_shutdown(over(ended.clone()));
    let late = async move {
        over(ended).await;
        tokio::time::sleep(LAST).await;
    };
    tokio::select! {
        _ = async { served.await } => {}
        () = late => {}
    }
}

async fn handle(State(shared): State<Shared>, received: Received) -> Response {
    let head = received.method() == Method::HEAD;
    if let Some(refusal) = refusal(&received) {
        return refusal.into_response(head);
    }
    let path = received.uri().path();
    if path == EVENTS {
        return Sse::new(editions(shared.editions)).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    }
    let (reply, answered) = oneshot::channel();
    let wanted = Wanted { request: Request { path: path.to_owned() }, reply };
    if shared.asks.send(Ask::Page(wanted)).is_err() {
        return Answer::text(503, "the preview has ended").into_response(head);
    }
    answered.await.unwrap_or_else(|_| Answer::text(503, "the preview has ended")).into_response(head)
}

/// Why a request gets no page: it calls this machine by a name that is not its own, or wants to change something.
fn refusal(received: &Received) -> Option<Answer> {
    let mut hosts = received.headers().get_all(header::HOST).iter();
    let named = hosts.next().and_then(|host| host.to_str().ok());
    let authority = received.uri().authority().map(axum::http::uri::Authority::as_str);
    let own = named.is_some_and(is_own_name) && hosts.next().is_none() && authority.is_none_or(is_own_name);
    if !own {
        let text = "refused: this preview answers to `localhost` and to addresses, not to other names (DNS rebinding)";
        return Some(Answer::text(403, text));
    }
    let reads = matches!(*received.method(), Method::GET | Method::HEAD);
    (!reads).then(|| Answer::text(405, "pages can be read, and nothing else"))
}

/// The edition that is shown, and each that takes its place.
fn editions(told: watch::Receiver<u64>) -> impl Stream<Item = std::result::Result<Event, Infallible>> {
    futures_util::stream::unfold((told, false), |(mut told, waits)| async move {
        if waits && told.changed().await.is_err() {
            return None;
        }
        let edition = *told.borrow_and_update();
        Some((Ok(Event::default().event("edition").data(edition.to_string())), (told, true)))
    })
}
