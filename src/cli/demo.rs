//! `bellwether demo`: the metrics of a platform, served with traffic and incidents.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Args;
use serde_json::json;
use tiny_http::{Header, Method, Request, Response, Server};

use super::output::{self, Colours};
use super::{COULD_NOT, Failure, Outcome, Reading};
use crate::backends::Selection;
use crate::demo::{Shown, World};
use crate::diagnostics::nearest;

/// Serve the metrics that a spec's services declare, with steady traffic, and incidents on command
#[derive(Debug, Args)]
#[command(after_help = "Prometheus finds every target at /targets:

  scrape_configs:
    - job_name: demo
      http_sd_configs: [{url: \"http://127.0.0.1:8000/targets\"}]

An incident begins with `curl -X POST http://127.0.0.1:8000/incident/NAME` and ends with `-X DELETE`;
/incident lists them. It makes the condition of that alert true: what comes after is Prometheus' own.")]
pub(super) struct Demo {
    /// The spec
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Begin with this incident: an alert (ALERT or SERVICE/ALERT), an SLO whose events are all bad (slo/ID), or a
    /// target that does not answer (down/JOB)
    #[arg(long = "incident", value_name = "NAME")]
    incidents: Vec<String>,
    #[command(flatten)]
    colours: Colours,
    #[command(flatten)]
    reading: Reading,
}

impl Demo {
    pub(super) fn run(self) -> Outcome {
        let options = self.reading.options(Selection::only(["rules"]));
        let compilation = self.reading.compile(&self.spec, &options);
        if compilation.diagnostics.has_errors() {
            output::explain(&compilation.diagnostics, &compilation.sources, self.colours);
        }
        let model = compilation.model.as_ref().filter(|_| !compilation.diagnostics.has_errors());
        let Some(platform) = model else { return Ok(COULD_NOT) };
        let mut world = World::of(platform);
        for incident in &self.incidents {
            begin(&mut world, incident)?;
        }
        let server = Server::http((self.bind, self.port)).map_err(|error| {
            let failure = Failure::new(format!("cannot listen on {} port {}: {error}", self.bind, self.port));
            failure.help("choose another one with --port")
        })?;
        let address = server.server_addr().to_string();
        output::print(&format!(
            "{} is at http://{address}\n{} pages, {} incidents: http://{address}/incident\n",
            platform.title,
            world.pages().count(),
            world.incidents().count()
        ));
        serve(&server, &mut world, &address)
    }
}

fn begin(world: &mut World, name: &str) -> Result<(), Failure> {
    world.begin(name).map_err(|reason| {
        let near = nearest(name, world.incidents().map(|(name, _)| name));
        let failure = Failure::new(reason);
        match near {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure,
        }
    })
}

/// Answers until somebody ends the process.
fn serve(server: &Server, world: &mut World, address: &str) -> Outcome {
    let mut last = Instant::now();
    loop {
        let request = server.recv().map_err(|error| Failure::new(format!("cannot listen any more: {error}")))?;
        let now = Instant::now();
        world.advance(now.duration_since(last).as_secs_f64());
        last = now;
        let answer = answer(world, &request, address);
        let header = Header::from_bytes("Content-Type", answer.kind);
        let response = Response::from_string(answer.text).with_status_code(answer.status);
        let response = header.into_iter().fold(response, Response::with_header);
        // Who does not wait for the answer does not need it.
        let _ = request.respond(response);
    }
}

/// What a request gets.
struct Answer {
    status: u16,
    kind: &'static str,
    text: String,
}

impl Answer {
    fn text(status: u16, text: impl Into<String>) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", text: text.into() }
    }
}

fn answer(world: &mut World, request: &Request, address: &str) -> Answer {
    let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
    if let Some(name) = path.strip_prefix("/incident/") {
        return incident(world, request.method(), name);
    }
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Answer::text(405, "only incidents take anything but GET\n");
    }
    match path {
        "/" | "/incident" | "/incidents" => Answer::text(200, overview(world)),
        "/targets" => Answer { status: 200, kind: "application/json", text: targets(world, address) },
        _ => {
            let host = request.headers().iter().find(|header| header.field.equiv("Host"));
            metrics(world, path, query, host.map_or("", |host| host.value.as_str()))
        }
    }
}

fn incident(world: &mut World, method: &Method, name: &str) -> Answer {
    match method {
        Method::Post | Method::Put => match world.begin(name) {
            Ok(()) => Answer::text(200, format!("{name} has begun\n")),
            Err(reason) => Answer::text(404, format!("{reason}\n")),
        },
        Method::Delete if world.end(name) => Answer::text(200, format!("{name} is over\n")),
        Method::Delete => Answer::text(404, format!("{name} has not begun\n")),
        _ => Answer::text(405, "POST begins an incident, DELETE ends it\n"),
    }
}

/// What there is to see, and what may go wrong.
fn overview(world: &World) -> String {
    let mut text = String::from("Pages:\n");
    for (job, page) in world.pages() {
        text.push_str(&format!("  /{job}{}  {}\n", page.path, page.targets.join(", ")));
    }
    text.push_str("\nIncidents (* now):\n");
    for (name, incident) in world.incidents() {
        let mark = if world.active().any(|active| active == name) { '*' } else { ' ' };
        let reason =
            if let Shown::Never(reason) = incident.shown { format!("  not shown: {reason}") } else { String::new() };
        text.push_str(&format!("{mark} {name}{reason}\n"));
    }
    text
}

/// What `http_sd_configs` reads: every page as a target under its own job.
fn targets(world: &World, address: &str) -> String {
    let target = |(job, path): (&str, String), service: &str| {
        json!({
            "targets": [address],
            "labels": { "__metrics_path__": path, "job": job, "service": service, "instance": job },
        })
    };
    let pages = world.pages().map(|(job, page)| target((job, format!("/{job}{}", page.path)), &page.service));
    serde_json::Value::from_iter(pages).to_string()
}

/// The page of a job: `/job/path`, or the path that its target has under the target's own name.
fn metrics(world: &World, path: &str, query: &str, host: &str) -> Answer {
    let probed = query.split('&').find_map(|pair| pair.strip_prefix("target=")).map(decoded);
    let is_meant = |job: &str, page: &crate::demo::Page| {
        let named = path.strip_prefix('/').and_then(|rest| rest.strip_prefix(job)) == Some(page.path.as_str());
        let wanted = probed.as_deref().unwrap_or(host);
        named || (page.path == path && page.targets.iter().any(|target| target == wanted))
    };
    let job = world.pages().find(|(job, page)| is_meant(job, page)).map(|(job, _)| job.to_owned());
    let Some(job) = job else { return Answer::text(404, "no such page; / lists them\n") };
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    match world.answer(&job, unix) {
        Some(text) => Answer { status: 200, kind: "text/plain; version=0.0.4; charset=utf-8", text },
        None => Answer::text(503, "this target is down\n"),
    }
}

/// Text as it was before it went into an address.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (first, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            (byte, _) => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
