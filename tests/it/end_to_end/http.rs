//! A small web server that stands for the watched application and for the receiver of webhooks, and a
//! small client.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The metrics of a scrape by its number, from 1.
type Metrics = Box<dyn Fn(u64) -> String + Send>;

struct State {
    scrapes: u64,
    metrics: Metrics,
    /// Path and body of every POST.
    notifications: Vec<(String, Value)>,
}

/// `GET` of any path gives the metrics, `POST` keeps a notification.
pub(crate) struct Server {
    port: u16,
    state: Arc<Mutex<State>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free port of the loopback.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let metrics: Metrics = Box::new(|_| String::new());
        let state = Arc::new(Mutex::new(State { scrapes: 0, metrics, notifications: Vec::new() }));
        let stop = Arc::new(AtomicBool::new(false));
        let (shared, ended) = (Arc::clone(&state), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                // A client that goes away half way is its own business.
                let _ = stream.and_then(|stream| answer(stream, &shared));
            }
        });
        Self { port, state, stop, thread: Some(thread) }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What every scrape gets from now on; it is given the number of the scrape.
    pub(crate) fn expose(&self, metrics: impl Fn(u64) -> String + Send + 'static) {
        self.state.lock().unwrap().metrics = Box::new(metrics);
    }

    /// The notifications so far: path and body.
    pub(crate) fn notifications(&self) -> Vec<(String, Value)> {
        self.state.lock().unwrap().notifications.clone()
    }

    /// The first notification that is wanted.
    ///
    /// # Panics
    /// Where none comes in time, with those that came.
    pub(crate) fn wait_for_notification(&self, patience: Duration, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + patience;
        loop {
            let found = self.notifications().into_iter().find(|(_, body)| wanted(body));
            if let Some((_, body)) = found {
                return body;
            }
            assert!(Instant::now() < end, "no such notification in {patience:?}: {:?}", self.notifications());
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(&stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = request.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let reply = {
        let mut state = state.lock().unwrap();
        if method == "POST" {
            let notification = serde_json::from_slice(&body).unwrap_or(Value::Null);
            state.notifications.push((path.to_owned(), notification));
            String::new()
        } else {
            state.scrapes += 1;
            (state.metrics)(state.scrapes)
        }
    };
    let length = reply.len();
    write!(
        &stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{reply}"
    )
}

/// The status and body of a `GET` on the loopback.
pub(crate) fn get(port: u16, path: &str) -> std::io::Result<(u16, String)> {
    send("GET", port, path)
}

/// The status and body of a request without a body.
pub(crate) fn send(method: &str, port: u16, path: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let status = text.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body))
}
