//! How many rows each platform's document gives each section of its page: none may go missing.

/// A platform, and the sections of its page with their rows.
pub(super) type Counted = (&'static str, &'static [(&'static str, usize)]);

pub(super) const PLATFORMS: &[Counted] = &[
    (
        "ims",
        &[
            ("Scraping", 11),
            ("Objectives", 14),
            ("Prometheus alerts", 21),
            ("Where alerts go", 4),
            ("CloudWatch alarms", 13),
            ("Topics", 10),
            ("CloudWatch dashboard", 13),
            ("Logs", 9),
            ("Cost", 4),
            ("Grafana", 24),
            ("Metrics", 13),
            ("Business analytics", 10),
            ("Stack", 10),
            ("Traps", 6),
        ],
    ),
    (
        "ecommerce",
        &[
            ("Objectives", 19),
            ("Alerts", 11),
            ("Security and compliance", 9),
            ("Where alerts go", 3),
            ("Dashboards", 27),
            ("Deployment", 5),
            ("Signals", 20),
            ("Stack", 21),
            ("Traps", 5),
        ],
    ),
    (
        "ecap",
        &[
            ("Scraping", 10),
            ("Metrics", 13),
            ("Objectives", 5),
            ("Alerts", 14),
            ("Where alerts go", 12),
            ("Dashboards", 12),
            ("Stack", 25),
            ("Traps", 5),
        ],
    ),
    (
        "energy-iot",
        &[
            ("Stack", 15),
            ("Dashboards", 21),
            ("Alerts", 19),
            ("Where alerts go", 6),
            ("Metrics", 18),
            ("Logs", 8),
            ("Traps", 4),
        ],
    ),
    (
        "ai-imutis",
        &[
            ("Cluster", 12),
            ("Health checks", 4),
            ("Capacity", 4),
            ("Alerts", 11),
            ("Where alerts go", 6),
            ("Dashboards", 16),
            ("Metrics", 13),
            ("Logs", 5),
            ("Traces and errors", 8),
            ("Clouds", 4),
            ("Traps", 5),
        ],
    ),
];
