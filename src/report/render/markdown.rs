//! For a pull request or a wiki.

use super::cells;
use crate::report::{Objective, Report};
use crate::writers::markdown::{Table, text};

/// Renders a report.
pub fn render(report: &Report) -> String {
    let mut page = format!("## Objectives of {} ({})\n", text(&report.platform), text(&report.environment));
    for objective in &report.slos {
        page.push_str(&section(objective));
    }
    page
}

fn section(objective: &Objective) -> String {
    let mut section = format!("\n### `{}`: {}\n", objective.id, cells::promise(objective));
    if !objective.description.trim().is_empty() {
        section.push_str(&format!("\n{}\n", text(&objective.description)));
    }
    if !objective.tiers.is_empty() {
        let cells::Cells { titles, right, rows } = cells::settings(&objective.tiers);
        let mut settings = Table::new(&titles, &right);
        rows.iter().for_each(|row| settings.row(row));
        let burns = cells::burns(objective);
        let named = burns.iter().flat_map(|burn| cells::COURSE.map(|column| format!("{burn}: {column}")));
        let titles: Vec<String> = std::iter::once("tier".to_owned()).chain(named).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let right: Vec<bool> = (0..titles.len()).map(|column| column > 0).collect();
        let mut courses = Table::new(&titles, &right);
        for tier in &objective.tiers {
            let row: Vec<String> = std::iter::once(tier.tier.clone()).chain(cells::courses(tier)).collect();
            courses.row(&row);
        }
        section.push_str(&format!("\n{}\n{}", settings.finish(), courses.finish()));
    }
    section.push('\n');
    for (name, words) in cells::facts(objective) {
        section.push_str(&format!("- **{name}**: {}\n", text(&words)));
    }
    section
}
