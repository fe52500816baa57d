//! What collects, keeps and shows log lines.

use rust_decimal::prelude::ToPrimitive;

use crate::decode::INVALID_VALUE;
use crate::diagnostics::Diagnostic;
use crate::model::{Collector, Elastic, LogFiles, Loki, SavedSearch, Secret, Service};
use crate::quantity::{Dimension, Duration, Quantity};
use crate::resolve::problems::UNIT_MISMATCH;
use crate::resolve::{Resolver, retention, service_names, text, title_of};
use crate::source::Spanned;
use crate::spec::stack as written;
use crate::spec::values::{Name, Named, OneOrMany, VariableName};

/// Streams at a time unless the spec says: Loki's own limit.
const STREAMS: u64 = 5000;

/// Elasticsearch's heap unless the spec says: 1 GB.
const HEAP: u64 = 1 << 30;

/// An index a day unless the spec says.
const ROLLOVER: Duration = Duration::days(1);

pub(super) fn loki(written: &written::LokiStack, resolver: &mut Resolver) -> Loki {
    let ingest = written.ingest.as_ref().filter(|ingest| is(ingest, Dimension::Throughput, "4MB/s", resolver));
    Loki {
        url: written.url.as_ref().map(|url| url.value.trim_end_matches('/').to_owned()),
        store: written.store.as_ref().map(retention::store),
        ingest: ingest.map(|ingest| ingest.value.clone()),
        streams: written.streams.map_or(STREAMS, |streams| streams.value),
        origin: written.span,
    }
}

pub(super) fn collector(written: &written::CollectorStack, services: &[Service], resolver: &mut Resolver) -> Collector {
    Collector { files: files(&written.files, services, resolver), origin: written.span }
}

fn files(
    written: &Named<Name, OneOrMany<Spanned<String>>>,
    services: &[Service],
    resolver: &mut Resolver,
) -> Vec<LogFiles> {
    let mut files = Vec::new();
    for (service, paths) in written.iter() {
        if !resolver.known("service", service.as_str(), service.span, service_names(services)) {
            continue;
        }
        let paths = paths.0.iter().filter(|path| is_path(path, resolver)).cloned().collect();
        files.push(LogFiles { service: service.to_string(), paths });
    }
    files
}

/// A path that every collector, and compose, reads as itself.
fn is_path(path: &Spanned<String>, resolver: &mut Resolver) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-*".contains(c);
    let below_root = path.rsplit_once('/').is_some_and(|(folder, _)| folder.starts_with('/'));
    let good = below_root && path.chars().all(plain) && !path.contains("..");
    if !good {
        let message = format!("`{}` is no path of log files", path.value);
        let help = "an absolute path below a folder, of letters, digits and `. _ - *`: `/var/log/shop/*.log`";
        resolver.report(Diagnostic::new(&INVALID_VALUE, path.span, message).help(help));
    }
    good
}

pub(super) fn elastic(written: &written::ElasticStack, services: &[Service], resolver: &mut Resolver) -> Elastic {
    let secret = |given: &Option<Secret>, usual: &str| {
        // A name of our own is always one.
        let usual = || VariableName::new(usual).map(Secret::Env).unwrap_or(Secret::File(usual.to_owned()));
        given.clone().unwrap_or_else(usual)
    };
    let heap = written.heap.as_ref().filter(|heap| is(heap, Dimension::Bytes, "1GB", resolver));
    Elastic {
        password: secret(&written.password, "ELASTIC_PASSWORD"),
        kibana_password: secret(&written.kibana_password, "KIBANA_PASSWORD"),
        logstash_password: secret(&written.logstash_password, "LOGSTASH_PASSWORD"),
        kibana_url: written.kibana_url.as_ref().map(|url| url.value.trim_end_matches('/').to_owned()),
        heap: heap.and_then(|heap| heap.value.value.to_u64()).unwrap_or(HEAP),
        rollover: written.rollover.map_or(ROLLOVER, |rollover| rollover.value),
        files: files(&written.files, services, resolver),
        searches: written.searches.iter().map(|(name, search)| self::search(name, search)).collect(),
        origin: written.span,
    }
}

fn search(name: &Spanned<Name>, written: &written::SavedSearch) -> SavedSearch {
    SavedSearch {
        name: text(name),
        title: written.title.clone().unwrap_or_else(|| title_of(name.as_str())),
        description: written.description.clone().unwrap_or_default(),
        query: written.query.as_ref().map_or(String::new(), |query| query.as_str().trim().to_owned()),
        columns: written.columns.iter().flatten().map(|column| column.to_string()).collect(),
    }
}

/// Whether a quantity is of the kind that is wanted, or a complaint.
fn is(written: &Spanned<Quantity>, wanted: Dimension, example: &str, resolver: &mut Resolver) -> bool {
    let good = written.dimension == wanted;
    if !good {
        let message = format!("`{}` is {}, not {}", written.text, written.dimension.describe(), wanted.describe());
        let diagnostic = Diagnostic::new(&UNIT_MISMATCH, written.span, message);
        resolver.report(diagnostic.help(format!("write it like `{example}`")));
    }
    good
}
