//! Requests, minute by minute, as the counters that promtool plays.

/// Good and bad requests in each minute, as counters from zero on.
#[derive(Clone, Default)]
pub(crate) struct Traffic {
    good: Vec<f64>,
    bad: Vec<f64>,
}

impl Traffic {
    /// Some minutes of so many requests a minute, a share of them bad.
    pub(crate) fn minutes(mut self, minutes: usize, requests: f64, bad_share: f64) -> Self {
        self.good.extend(std::iter::repeat_n(requests * (1.0 - bad_share), minutes));
        self.bad.extend(std::iter::repeat_n(requests * bad_share, minutes));
        self
    }

    /// The same traffic again and again.
    pub(crate) fn repeated(&self, times: usize) -> Self {
        Self { good: self.good.repeat(times), bad: self.bad.repeat(times) }
    }

    /// And then other traffic.
    pub(crate) fn then(mut self, more: &Traffic) -> Self {
        self.good.extend(&more.good);
        self.bad.extend(&more.bad);
        self
    }

    /// `reqs_total` of the job `api`: code 200 counts the good, code 500 the bad ones. As in most clients,
    /// the series of code 500 is not there before the first bad request, unless `from_the_start`.
    pub(crate) fn series(&self, from_the_start: bool) -> Vec<(String, String)> {
        let series = |code: u16, values: String| (format!("reqs_total{{job=\"api\", code=\"{code}\"}}"), values);
        let first = self.bad.iter().position(|bad| *bad > 0.0);
        let mut found = vec![series(200, counted(&self.good, 0))];
        match first {
            _ if from_the_start => found.push(series(500, counted(&self.bad, 0))),
            Some(first) => found.push(series(500, counted(&self.bad, first + 1))),
            None => {}
        }
        found
    }
}

/// The counter at the start and after each minute; nothing before the sample `from`.
fn counted(events: &[f64], from: usize) -> String {
    let mut count = 0.0;
    let mut values = vec![if from == 0 { "0".to_owned() } else { "_".to_owned() }];
    for (minute, events) in events.iter().enumerate() {
        count += events;
        values.push(if minute + 1 < from { "_".to_owned() } else { format!("{count:.3}") });
    }
    values.join(" ")
}

#[test]
fn counters_begin_with_their_first_event() {
    let traffic = Traffic::default().minutes(2, 10.0, 0.0).minutes(1, 10.0, 0.5);
    let values = |from_the_start| traffic.series(from_the_start)[1].1.clone();
    assert_eq!(values(true), "0 0.000 0.000 5.000");
    assert_eq!(values(false), "_ _ _ 5.000");
    assert_eq!(traffic.series(false)[0].1, "0 10.000 20.000 25.000");
}
