//! Whether what is kept fits the disks that were declared.

use rust_decimal::Decimal;

use super::problems::{COMPONENT_WITHOUT_DISK, SAMPLES_BEYOND_DISK};
use super::running::Running;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Compose, Platform};
use crate::quantity::Quantity;
use crate::source::Spanned;

/// How much of a disk samples may take: a compaction writes the new block before the old ones go, and what came in
/// last is logged, too.
const SHARE: Decimal = Decimal::from_parts(85, 0, 0, false, 2);

/// Complains about disks of what keeps nothing, and about one that samples do not fit.
pub(super) fn check(platform: &Platform, compose: &Compose, containers: &[Running], diagnostics: &mut Diagnostics) {
    for change in &compose.components {
        let Some(disk) = &change.disk else { continue };
        let name = change.name.as_str();
        let mut running = containers.iter().filter(|running| running.name == name || running.component == name);
        if running.clone().next().is_some() && running.all(|running| running.table.volume.is_none()) {
            let message = format!("`{name}` keeps nothing on a disk");
            diagnostics.push(Diagnostic::new(&COMPONENT_WITHOUT_DISK, disk.span, message).help("leave `disk` out"));
        }
        if name == "prometheus" {
            samples(platform, disk, diagnostics);
        }
    }
}

fn samples(platform: &Platform, disk: &Spanned<Quantity>, diagnostics: &mut Diagnostics) {
    let most = disk.value.value * SHARE;
    let written = &disk.value.text;
    let diagnostic = match &platform.retention.size {
        None => {
            let message = format!("nothing keeps Prometheus within its disk of {written}");
            Diagnostic::new(&SAMPLES_BEYOND_DISK, disk.span, message)
                .also(platform.retention.local.span, "samples are kept for so long, however many they are")
        }
        Some(size) if size.value.value > most => {
            let message = format!("Prometheus may keep {} of samples on a disk of {written}", size.value.text);
            Diagnostic::new(&SAMPLES_BEYOND_DISK, size.span, message).also(disk.span, "the disk")
        }
        Some(_) => return,
    };
    let diagnostic = diagnostic
        .note("a full disk stops Prometheus: nothing is recorded and no alert fires")
        .help("let `retention.metrics.size` be 85 % of the disk at most");
    diagnostics.push(diagnostic);
}
