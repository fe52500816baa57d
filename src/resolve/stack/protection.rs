//! TLS between components, and backups of what they keep.

use crate::decode::INVALID_VALUE;
use crate::diagnostics::Diagnostic;
use crate::model::{Backup, Tls};
use crate::quantity::Duration;
use crate::resolve::problems::PLAIN_ADDRESS;
use crate::resolve::{Resolver, text};
use crate::source::{Span, Spanned};
use crate::spec::stack as written;

/// Where backups go unless the spec says.
const BACKUP_FOLDER: &str = "./backup";
/// How many are kept unless the spec says.
const BACKUPS: u64 = 7;

/// TLS, with a complaint about addresses that people would no longer reach.
pub(super) fn tls(written: &written::TlsStack, resolver: &mut Resolver) -> Tls {
    needs_compose("TLS", written.span.0, resolver);
    let stack = resolver.spec.stack.as_ref();
    let prometheus = stack.and_then(|stack| stack.prometheus.as_ref()?.external_url.as_ref());
    let alertmanager = stack.and_then(|stack| stack.alertmanager.as_ref()?.external_url.as_ref());
    let grafana = stack.and_then(|stack| stack.grafana.as_ref()?.url.as_ref());
    let addresses = [("Prometheus", prometheus), ("Alertmanager", alertmanager), ("Grafana", grafana)];
    for (what, address) in addresses {
        let Some(address) = address.filter(|address| address.starts_with("http://")) else { continue };
        let message = format!("{what} speaks TLS, but people are sent to `{}`", address.value);
        let diagnostic = Diagnostic::new(&PLAIN_ADDRESS, address.span, message).also(written.span.0, "TLS is on");
        resolver.report(diagnostic.note("links in messages lead nowhere").help("write `https://`"));
    }
    Tls {
        ca: written.ca.clone(),
        certificate: written.certificate.clone(),
        key: written.key.clone(),
        plain: written.plain.iter().flatten().map(text).collect(),
        origin: written.span,
    }
}

/// Backups, if what is said of them can be.
pub(super) fn backup(written: &written::BackupStack, resolver: &mut Resolver) -> Option<Backup> {
    needs_compose("a backup", written.span.0, resolver);
    let mut refuse = |span: Span, message: String, help: &str| {
        resolver.report(Diagnostic::new(&INVALID_VALUE, span, message).help(help));
    };
    let to = written.to.as_ref().map_or(BACKUP_FOLDER, |to| to.value.as_str());
    if let Some(given) = written.to.as_ref().filter(|to| to.is_empty() || to.contains([':', '$', '\n'])) {
        let message = format!("`{}` is no folder that compose can mount", given.value);
        refuse(given.span, message, "write a path without `:` and `$`: `/srv/backup`, or `./backup` beside the stack");
        return None;
    }
    if let Some(every) = written.every.filter(|every| every.value < Duration::minutes(1)) {
        refuse(every.span, format!("a backup every {} does nothing else", every.value), "a minute is the shortest");
        return None;
    }
    if let Some(keep) = written.keep.filter(|keep| keep.value == 0) {
        refuse(keep.span, "of the backups none is kept".to_owned(), "keep one at least");
        return None;
    }
    // Without a `.` or a `/` in front compose takes it for the name of a volume.
    let to = if to.starts_with(['.', '/']) { to.to_owned() } else { format!("./{to}") };
    let keep = written.keep.map_or(BACKUPS, |keep: Spanned<u64>| keep.value);
    Some(Backup { to, every: written.every.map(|every| every.value), keep, origin: written.span })
}

fn needs_compose(what: &str, span: Span, resolver: &mut Resolver) {
    if resolver.spec.stack.as_ref().is_none_or(|stack| stack.compose.is_none()) {
        let message = format!("{what} is of the components that a `compose` stack runs, and there is none");
        resolver.report(Diagnostic::new(&INVALID_VALUE, span, message).help("add `compose: {}`"));
    }
}
