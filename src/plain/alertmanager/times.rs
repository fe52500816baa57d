//! Times of the week.

use super::problems::INVALID_ALERTMANAGER;
use super::written::WrittenTimes;
use crate::decode::Decoder;
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;

/// Days of a week, Sunday first, as Alertmanager counts.
pub const WEEK: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Times of which all that is said must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// Minutes of the day, from and to; one of them is enough. Empty is the whole day.
    pub hours: Vec<(u16, u16)>,
    /// Days of the week, from Sunday; empty is every day.
    pub weekdays: Vec<usize>,
    /// Whether days of the month, months or years narrow it further.
    pub has_dates: bool,
    /// Time zone.
    pub location: String,
}

/// Reads them; none after a complaint.
pub(super) fn read(written: WrittenTimes, decoder: &mut Decoder) -> Option<Times> {
    let mut whole = true;
    let mut complain = |place: &Spanned<String>, message: String, help: &str| {
        whole = false;
        let diagnostic = Diagnostic::new(&INVALID_ALERTMANAGER, place.span, message).help(help.to_owned());
        decoder.report(diagnostic.note("Alertmanager refuses the whole file"));
    };
    let mut hours = Vec::new();
    for range in written.times.iter().flatten() {
        match (clock(&range.start_time.value), clock(&range.end_time.value)) {
            (Some(from), Some(to)) if from < to => hours.push((from, to)),
            (Some(_), Some(_)) => {
                let help = "a time does not go over midnight: write two, one up to 24:00 and one from 00:00";
                complain(&range.end_time, "it ends before it begins".to_owned(), help);
            }
            (None, _) => complain(&range.start_time, no_time(&range.start_time.value), "write `09:00`"),
            (_, None) => complain(&range.end_time, no_time(&range.end_time.value), "write `17:00`"),
        }
    }
    let mut weekdays = Vec::new();
    for written in written.weekdays.iter().flatten() {
        match days(&written.value) {
            Some(days) => weekdays.extend(days),
            None => {
                let message = format!("`{}` are no days of the week", written.value);
                complain(written, message, "write `monday`, or `monday:friday`; the week begins on Sunday");
            }
        }
    }
    let dates = [&written.days_of_month, &written.months, &written.years];
    let has_dates = dates.into_iter().flatten().any(|dates| !dates.is_empty());
    let location = written.location.unwrap_or_else(|| "UTC".to_owned());
    whole.then_some(Times { hours, weekdays, has_dates, location })
}

fn no_time(text: &str) -> String {
    format!("`{text}` is no time of the day")
}

/// Minutes from midnight of `09:30`; `24:00` is the end of the day.
pub fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
    let all = digits(hours)? * 60 + digits(minutes).filter(|minutes| *minutes < 60)?;
    (all <= DAY).then_some(all)
}

fn days(text: &str) -> Option<Vec<usize>> {
    let day = |name: &str| WEEK.iter().position(|day| *day == name.to_lowercase());
    match text.split_once(':') {
        None => Some(vec![day(text)?]),
        Some((from, to)) => {
            let (from, to) = (day(from)?, day(to)?);
            (from <= to).then(|| (from..=to).collect())
        }
    }
}
