//! `bellwether explain`: the page of a code.

use clap::Args;

use super::{FINE, Failure, Outcome, output};
use crate::diagnostics::nearest;
use crate::lint;

/// Explain a code: what it means, why it matters, what to do
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, as findings show it; all codes are listed without one
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(self) -> Outcome {
        let codes = lint::all_codes();
        let Some(wanted) = self.code else {
            let width = codes.iter().map(|code| code.name.len()).max().unwrap_or(0);
            for code in codes {
                let severity = code.severity.name();
                output::print(&format!("{:width$}  {severity:7}  {}\n", code.name, code.summary));
            }
            return Ok(FINE);
        };
        let Some(code) = codes.iter().find(|code| code.name == wanted) else {
            let failure = Failure::new(format!("there is no code `{wanted}`"));
            return Err(match nearest(&wanted, codes.iter().map(|code| code.name)) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("`bellwether explain` lists all codes"),
            });
        };
        let level = match lint::LINTS.iter().any(|lint| lint.code.name == code.name) {
            true => format!(", unless the spec says `lint: {{{}: allow}}`, `warn` or `deny`", code.name),
            false => String::new(),
        };
        let (family, severity) = (code.family.name(), code.severity.name());
        let page =
            format!("# {}\n\n{} ({family}: {severity}{level})\n\n{}\n", code.name, code.summary, code.page.trim());
        output::print(&page);
        Ok(FINE)
    }
}
