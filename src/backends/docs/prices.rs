//! What CloudWatch charges: list prices of one region on one day. Nothing here is looked up when the compiler runs.

use rust_decimal::Decimal;

/// The day on which the prices were read.
pub(super) const DAY: &str = "2026-08";
/// The region whose prices they are.
pub(super) const REGION: &str = "us-east-1";

/// Dollars a month for a metric of one's own, for the first ten thousand.
pub(super) const METRIC: Decimal = cents(30);
/// Dollars a month for each metric that an alarm looks at.
pub(super) const ALARM_METRIC: Decimal = cents(10);
/// How many metrics a learned band is charged as.
pub(super) const BAND_METRICS: u64 = 3;
/// Dollars a month for a dashboard.
pub(super) const DASHBOARD: Decimal = cents(300);
/// Dashboards that cost nothing.
pub(super) const FREE_DASHBOARDS: u64 = 3;
/// Dollars for a gigabyte of logs taken in.
pub(super) const INGESTED: Decimal = cents(50);
/// Dollars a month for a gigabyte of logs kept.
pub(super) const STORED: Decimal = cents(3);

const fn cents(cents: u32) -> Decimal {
    Decimal::from_parts(cents, 0, 0, false, 2)
}
