//! For people, in a terminal or a file: aligned, at most as wide as the terminal, plain without colours too.

use anstyle::{AnsiColor, Style};

use super::cells;
use super::grid::{GAP, Grid, columns, padded, wrapped};
use crate::diagnostics::render::Look;
use crate::report::{Objective, Report, Tier};

/// Spaces before tables and facts.
const INDENT: usize = 2;

/// Widest that words below the tables become: longer lines are hard to read.
const WIDEST: usize = 100;

/// Renders a report.
pub fn render(report: &Report, look: Look) -> String {
    let page = Page { look };
    let mut text = String::new();
    for objective in &report.slos {
        if !text.is_empty() {
            text.push('\n');
        }
        for line in page.objective(objective) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

#[derive(Debug, Clone, Copy)]
struct Page {
    look: Look,
}

impl Page {
    fn styled(self, style: Style, text: &str) -> String {
        if self.look.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn objective(self, objective: &Objective) -> Vec<String> {
        let heading = self.styled(Style::new().bold(), &objective.id);
        let mut lines = vec![format!("{heading}: {}", cells::promise(objective))];
        let description: String = objective.description.chars().filter(|letter| !letter.is_control()).collect();
        lines.extend(wrapped(&description, self.words()));
        if !objective.tiers.is_empty() {
            lines.push(String::new());
            lines.extend(self.settings(objective));
            lines.push(String::new());
            lines.extend(self.courses(objective));
        }
        lines.push(String::new());
        lines.extend(self.facts(objective));
        lines
    }

    fn words(self) -> usize {
        self.look.width.min(WIDEST)
    }

    fn settings(self, objective: &Objective) -> Vec<String> {
        let cells::Cells { titles, right, rows } = cells::settings(&objective.tiers);
        let grid = Grid { titles: &titles, right: &right, rows, width: self.look.width, indent: INDENT };
        self.titled(grid.lines(), 1)
    }

    /// Titles are dim: what is read again and again are the numbers.
    fn titled(self, mut lines: Vec<String>, titles: usize) -> Vec<String> {
        for title in lines.iter_mut().take(titles) {
            *title = self.styled(Style::new().dimmed(), title);
        }
        lines
    }

    /// Three columns for each burn, under its name, a little apart from the next.
    fn courses(self, objective: &Objective) -> Vec<String> {
        let row = |tier: &Tier| std::iter::once(tier.tier.clone()).chain(cells::courses(tier)).collect::<Vec<String>>();
        let names = cells::burns(objective);
        let courses = cells::COURSE.into_iter().cycle().take(names.len() * cells::COURSE.len());
        let titles: Vec<&str> = std::iter::once("tier").chain(courses).collect();
        let right: Vec<bool> = (0..titles.len()).map(|column| column > 0).collect();
        let rows = objective.tiers.iter().map(row).collect();
        let mut grid = Grid { titles: &titles, right: &right, rows, width: self.look.width, indent: INDENT };
        for (burn, name) in names.iter().enumerate() {
            let first = 1 + burn * cells::COURSE.len();
            let taken: usize =
                grid.widths().iter().skip(first).take(cells::COURSE.len()).map(|width| width + GAP).sum();
            grid.widen(first, (columns(name) + GAP + 1).saturating_sub(taken).max(1));
        }
        let above = over(&grid.widths(), &names);
        self.titled(std::iter::once(above).chain(grid.lines()).collect(), 2)
    }

    fn facts(self, objective: &Objective) -> Vec<String> {
        let facts = cells::facts(objective);
        let width = facts.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
        let before = INDENT + width + 2;
        let mut lines = Vec::new();
        let mut last = "";
        for (name, words) in facts {
            let style = if name == "note" { AnsiColor::Yellow.on_default().bold() } else { Style::new().dimmed() };
            let shown = if name == last { "" } else { name };
            last = name;
            for (number, line) in wrapped(&words, self.words().saturating_sub(before).max(20)).iter().enumerate() {
                let label = padded(if number == 0 { shown } else { "" }, width, false);
                lines.push(format!("{:INDENT$}{}  {line}", "", self.styled(style, &label)));
            }
        }
        lines
    }
}

/// The line above the titles: each name ends where its columns end.
fn over(widths: &[usize], names: &[String]) -> String {
    let mut line = " ".repeat(INDENT + widths.first().copied().unwrap_or(0));
    for (of_burn, name) in widths.get(1..).unwrap_or_default().chunks(cells::COURSE.len()).zip(names) {
        let width = of_burn.iter().map(|width| width + GAP).sum();
        line.push_str(&padded(name, width, true));
    }
    line
}
