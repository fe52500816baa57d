//! For programs. Its schema is `schema/slo.schema.json`.

use crate::report::Report;
use crate::writers::json;

/// Renders a report.
pub fn render(report: &Report) -> String {
    json::write(report)
}
