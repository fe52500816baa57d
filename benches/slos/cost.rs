//! What the rules cost a real Prometheus: the same objectives' rules, made by each tool, over the same series.
//!
//! Three days of counters are put into a fresh database, then a target goes on with them. Every Prometheus runs at
//! the same time as the others, so that all meet the same noise, and is asked about itself in the end. Windows beyond
//! three days find less than they would after a month, with all tools alike.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::specs;

/// Time between two samples of the past.
const STEP: u64 = 60;
/// How much of it there is.
const PAST: u64 = 3 * 24 * 3600;

/// One set of rules, and what is shown of it.
struct Run {
    name: &'static str,
    port: u16,
    child: Child,
}

/// Runs every set of rules for so many minutes, and prints what each cost.
pub(crate) fn compare(
    count: usize,
    minutes: u64,
    sets: &[(&'static str, PathBuf)],
    programs: (&Path, &Path),
    folder: &Path,
) -> io::Result<()> {
    let (prometheus, promtool) = programs;
    fs::create_dir_all(folder)?;
    let past = folder.join("past.txt");
    write_past(count, &past)?;
    let database = folder.join("database");
    let mut backfill = Command::new(promtool);
    backfill.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(&past).arg(&database);
    if !backfill.stdout(Stdio::null()).status()?.success() {
        return Err(io::Error::other("promtool could not fill the database"));
    }
    let target = serve(count)?;
    let mut runs = Vec::new();
    for (name, rules) in sets {
        runs.push(start(name, rules, target, prometheus, &database, &folder.join(name))?);
    }
    std::thread::sleep(Duration::from_secs(minutes * 60));
    println!("\nrules of {count} objectives in a real Prometheus, evaluated every minute for {minutes} minutes");
    println!(
        "{:12} {:>7} {:>8} {:>12} {:>14} {:>11} {:>9}",
        "", "groups", "rules", "evaluations", "s/evaluation", "failures", "series"
    );
    for run in &mut runs {
        let page = get(run.port, "/metrics");
        run.child.kill()?;
        run.child.wait()?;
        let page = page?;
        let sum = |name: &str| sum(&page, name);
        let iterations = sum("prometheus_rule_group_iterations_total");
        let groups = sum("prometheus_rule_group_interval_seconds") / 60.0;
        let rounds = if groups > 0.0 { iterations / groups } else { 0.0 };
        println!(
            "{:12} {groups:7.0} {:8.0} {:12.0} {:14.3} {:11.0} {:9.0}",
            run.name,
            sum("prometheus_rule_group_rules"),
            sum("prometheus_rule_evaluations_total"),
            sum("prometheus_rule_group_duration_seconds_sum") / rounds,
            sum("prometheus_rule_evaluation_failures_total"),
            sum("prometheus_tsdb_head_series"),
        );
    }
    Ok(())
}

fn start(
    name: &'static str,
    rules: &Path,
    target: u16,
    prometheus: &Path,
    database: &Path,
    folder: &Path,
) -> io::Result<Run> {
    fs::create_dir_all(folder)?;
    let copied = Command::new("cp").arg("-r").arg(database).arg(folder.join("data")).status()?;
    if !copied.success() {
        return Err(io::Error::other("the database could not be copied"));
    }
    let configuration = format!(
        "global: {{scrape_interval: 15s, evaluation_interval: 1m}}
rule_files: ['{}']
scrape_configs:
  - {{job_name: bench, honor_labels: true, static_configs: [{{targets: ['127.0.0.1:{target}']}}]}}
",
        rules.display()
    );
    let file = folder.join("prometheus.yml");
    fs::write(&file, configuration)?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new(prometheus);
    command.arg(format!("--config.file={}", file.display()));
    command.arg(format!("--storage.tsdb.path={}", folder.join("data").display()));
    command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let log = fs::File::create(folder.join("log"))?;
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?;
    Ok(Run { name, port, child })
}

/// The counters at a moment: ten requests a second to each route, one in a thousand of which fails.
fn samples(count: usize, at: u64, mut line: impl FnMut(&str, &str, &str, u64)) {
    let since = at - 1_000_000_000;
    for (service, routes) in specs::services(count) {
        for route in &routes {
            line(&service, route, "200", since * 10 - since / 100);
            line(&service, route, "500", since / 100);
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn write_past(count: usize, path: &Path) -> io::Result<()> {
    let mut file = io::BufWriter::new(fs::File::create(path)?);
    writeln!(file, "# TYPE http_requests counter")?;
    let end = now();
    for at in (end - PAST..end).step_by(usize::try_from(STEP).unwrap_or(60)) {
        let mut page = String::new();
        samples(count, at, |service, route, code, value| {
            let labels = format!(r#"job="{service}",instance="bench",route="/{route}",code="{code}""#);
            let _ = writeln!(page, "http_requests_total{{{labels}}} {value} {at}");
        });
        file.write_all(page.as_bytes())?;
    }
    writeln!(file, "# EOF")?;
    file.flush()
}

/// A target that Prometheus scrapes, and its port.
fn serve(count: usize) -> io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            let mut page = String::from("# TYPE http_requests_total counter\n");
            samples(count, now(), |service, route, code, value| {
                let labels = format!(r#"job="{service}",instance="bench",route="/{route}",code="{code}""#);
                let _ = writeln!(page, "http_requests_total{{{labels}}} {value}");
            });
            let _ = stream.read(&mut [0; 4096]);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n";
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{page}", page.len());
        }
    });
    Ok(port)
}

fn get(port: u16, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(page)
}

/// The sum of all series of a metric on a page.
fn sum(page: &str, name: &str) -> f64 {
    let lines = page.lines().filter_map(|line| line.strip_prefix(name));
    let values = lines.filter(|rest| rest.starts_with(['{', ' '])).filter_map(|rest| rest.rsplit(' ').next());
    values.filter_map(|value| value.parse::<f64>().ok()).sum()
}
