//! How a panel looks: its type with the options of that type, colours and thresholds.

use serde::Serialize;

use super::config::Number;

/// Colour of values that are fine.
pub const OK: &str = "green";

/// Colour of values that are fine where only the others should be coloured. Grafana draws the line at the
/// upper edge of what lies below a transparent step in the colour below it.
pub const CLEAR: &str = "transparent";

/// A colour from a value upwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Threshold {
    pub color: &'static str,
    pub value: Option<Number>,
}

/// How series get their colours.
#[derive(Debug, Clone, Serialize)]
pub struct Color {
    /// `thresholds` or `palette-classic`.
    pub mode: &'static str,
}

impl Default for Color {
    fn default() -> Self {
        Self { mode: "palette-classic" }
    }
}

/// A panel's type and its options.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", content = "options", rename_all = "lowercase")]
pub enum Visual {
    /// Lines over time.
    TimeSeries(TimeSeries),
    /// Big numbers.
    Stat(Stat),
    /// A dial between bounds.
    Gauge(Gauge),
    /// Bars, one for each label value.
    BarGauge(BarGauge),
    /// A table.
    Table(Table),
    /// A distribution over time.
    Heatmap(Heatmap),
    /// States over time, a line for each series.
    #[serde(rename = "state-timeline")]
    States(States),
    /// Words.
    Text(Text),
    /// Lines of a log.
    Logs(Logs),
}

/// Options of lines of a log.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Logs {
    pub show_time: bool,
    pub show_labels: bool,
    pub show_common_labels: bool,
    pub wrap_log_message: bool,
    pub prettify_log_message: bool,
    pub enable_log_details: bool,
    pub show_log_context_toggle: bool,
    pub sort_order: &'static str,
    pub dedup_strategy: &'static str,
}

/// Options of lines.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct TimeSeries {
    pub legend: Legend,
    pub tooltip: Tooltip,
}

/// A legend.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Legend {
    pub show_legend: bool,
    pub display_mode: &'static str,
    pub placement: &'static str,
    pub calcs: Vec<&'static str>,
}

/// What hovering shows.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Tooltip {
    pub mode: &'static str,
    pub sort: &'static str,
}

/// How a series becomes one value.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Reduce {
    pub calcs: [&'static str; 1],
    pub fields: &'static str,
    pub values: bool,
}

/// The latest value that is there.
const LATEST: Reduce = Reduce { calcs: ["lastNotNull"], fields: "", values: false };

/// Options of big numbers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Stat {
    pub reduce_options: Reduce,
    pub orientation: &'static str,
    pub text_mode: &'static str,
    pub color_mode: &'static str,
    pub graph_mode: &'static str,
    pub justify_mode: &'static str,
    pub wide_layout: bool,
    pub show_percent_change: bool,
    pub percent_change_color_mode: &'static str,
}

/// Options of dials.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Gauge {
    pub reduce_options: Reduce,
    pub orientation: &'static str,
    pub show_threshold_labels: bool,
    pub show_threshold_markers: bool,
    pub sizing: &'static str,
    pub min_viz_width: u32,
    pub min_viz_height: u32,
}

/// Options of bars.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct BarGauge {
    pub reduce_options: Reduce,
    pub orientation: &'static str,
    pub display_mode: &'static str,
    pub value_mode: &'static str,
    pub name_placement: &'static str,
    pub show_unfilled: bool,
    pub sizing: &'static str,
    pub min_viz_width: u32,
    pub min_viz_height: u32,
    pub max_viz_height: u32,
    pub legend: Legend,
}

/// Options of tables.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Table {
    pub frame_index: u32,
    pub show_header: bool,
    pub cell_height: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort_by: Vec<SortBy>,
}

/// A column that a table is sorted by.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct SortBy {
    pub display_name: &'static str,
    pub desc: bool,
}

/// Options of distributions.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Heatmap {
    pub calculate: bool,
    pub cell_gap: u32,
    pub color: HeatmapColor,
    pub exemplars: ExemplarColor,
    pub filter_values: AtLeast,
    pub legend: Shown,
    pub show_value: &'static str,
    pub tooltip: HeatmapTooltip,
    pub y_axis: HeatmapAxis,
}

/// Colours of a heatmap.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct HeatmapColor {
    pub mode: &'static str,
    pub scheme: &'static str,
    pub fill: &'static str,
    pub scale: &'static str,
    pub exponent: f64,
    pub steps: u32,
    pub reverse: bool,
}

/// Colour of exemplars.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct ExemplarColor {
    pub color: &'static str,
}

/// Cells at or below this are not drawn.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct AtLeast {
    pub le: f64,
}

/// Whether something is shown.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Shown {
    pub show: bool,
}

/// What hovering over a heatmap shows.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct HeatmapTooltip {
    pub mode: &'static str,
    pub y_histogram: bool,
    pub show_color_scale: bool,
}

/// Vertical axis of a heatmap.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct HeatmapAxis {
    pub unit: &'static str,
    pub axis_placement: &'static str,
    pub reverse: bool,
}

/// Options of states over time.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct States {
    pub show_value: &'static str,
    pub row_height: f64,
    pub merge_values: bool,
    pub align_value: &'static str,
    pub legend: Legend,
    pub tooltip: Tooltip,
}

/// Options of words.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Text {
    pub mode: &'static str,
    pub content: String,
}

/// Field settings that only one type of panel has.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Custom {
    /// Of lines.
    Lines(Lines),
    /// Of table cells.
    Cells(Cells),
    /// Of states over time.
    Bands(StateBands),
}

/// How lines are drawn.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Lines {
    pub draw_style: &'static str,
    pub line_interpolation: &'static str,
    pub line_width: u32,
    pub fill_opacity: u32,
    pub show_points: &'static str,
    pub span_nulls: bool,
    pub axis_placement: &'static str,
    pub axis_label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis_soft_min: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis_soft_max: Option<Number>,
    pub thresholds_style: ThresholdsStyle,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stacking: Option<Stacking>,
}

/// Series one upon the other.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Stacking {
    pub mode: &'static str,
    pub group: &'static str,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            draw_style: "line",
            line_interpolation: "linear",
            line_width: 1,
            fill_opacity: 10,
            show_points: "never",
            span_nulls: false,
            axis_placement: "auto",
            axis_label: "",
            axis_soft_min: None,
            axis_soft_max: None,
            thresholds_style: ThresholdsStyle { mode: "off" },
            stacking: None,
        }
    }
}

/// How thresholds are drawn into lines.
#[derive(Debug, Clone, Serialize)]
pub struct ThresholdsStyle {
    /// `off`, `dashed`: a line at the bound, or `dashed+area`: colour beyond it, too.
    pub mode: &'static str,
}

/// How table cells are drawn.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Cells {
    pub align: &'static str,
    pub inspect: bool,
    pub filterable: bool,
}

/// How states over time are drawn.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct StateBands {
    pub line_width: u32,
    pub fill_opacity: u32,
}

impl Visual {
    /// Lines, with a legend below: a list, or a table with the latest and the highest value of many series.
    pub fn lines(many: bool) -> Self {
        let (display_mode, calcs) = if many { ("table", vec!["lastNotNull", "max"]) } else { ("list", Vec::new()) };
        Self::TimeSeries(TimeSeries {
            legend: Legend { show_legend: true, display_mode, placement: "bottom", calcs },
            tooltip: Tooltip { mode: "multi", sort: "desc" },
        })
    }

    /// Big numbers, in the colour of their threshold.
    pub fn number() -> Self {
        Self::stat("value")
    }

    /// Big numbers on the colour of their threshold.
    pub fn signal_light() -> Self {
        Self::stat("background")
    }

    fn stat(color_mode: &'static str) -> Self {
        Self::Stat(Stat {
            reduce_options: LATEST,
            orientation: "auto",
            text_mode: "auto",
            color_mode,
            graph_mode: "none",
            justify_mode: "auto",
            wide_layout: true,
            show_percent_change: false,
            percent_change_color_mode: "standard",
        })
    }

    /// A dial between the field's bounds.
    pub fn gauge() -> Self {
        Self::Gauge(Gauge {
            reduce_options: LATEST,
            orientation: "auto",
            show_threshold_labels: false,
            show_threshold_markers: true,
            sizing: "auto",
            min_viz_width: 75,
            min_viz_height: 75,
        })
    }

    /// Lying bars, one for each series.
    pub fn bars() -> Self {
        Self::BarGauge(BarGauge {
            reduce_options: LATEST,
            orientation: "horizontal",
            display_mode: "basic",
            value_mode: "color",
            name_placement: "auto",
            show_unfilled: true,
            sizing: "auto",
            min_viz_width: 8,
            min_viz_height: 16,
            max_viz_height: 300,
            legend: Legend { show_legend: false, display_mode: "list", placement: "bottom", calcs: Vec::new() },
        })
    }

    /// A table of the latest values.
    pub fn table() -> Self {
        Self::Table(Table { frame_index: 0, show_header: true, cell_height: "sm", sort_by: Vec::new() })
    }

    /// A table with the lowest values of a column on top.
    pub fn table_from_lowest(display_name: &'static str) -> Self {
        let sort_by = vec![SortBy { display_name, desc: false }];
        Self::Table(Table { frame_index: 0, show_header: true, cell_height: "sm", sort_by })
    }

    /// The distribution of a histogram whose buckets are in `unit`.
    pub fn heatmap(unit: &'static str) -> Self {
        Self::Heatmap(Heatmap {
            calculate: false,
            cell_gap: 1,
            color: HeatmapColor {
                mode: "scheme",
                scheme: "Oranges",
                fill: "dark-orange",
                scale: "exponential",
                exponent: 0.5,
                steps: 64,
                reverse: false,
            },
            exemplars: ExemplarColor { color: "rgba(255,0,255,0.7)" },
            filter_values: AtLeast { le: 1e-9 },
            legend: Shown { show: true },
            show_value: "never",
            tooltip: HeatmapTooltip { mode: "single", y_histogram: true, show_color_scale: true },
            y_axis: HeatmapAxis { unit, axis_placement: "left", reverse: false },
        })
    }

    /// States over time, without their values written on them.
    pub fn states() -> Self {
        Self::States(States {
            show_value: "never",
            row_height: 0.8,
            merge_values: true,
            align_value: "left",
            legend: Legend { show_legend: false, display_mode: "list", placement: "bottom", calcs: Vec::new() },
            tooltip: Tooltip { mode: "single", sort: "none" },
        })
    }

    /// Words in Markdown.
    pub fn words(content: String) -> Self {
        Self::Text(Text { mode: "markdown", content })
    }

    /// Lines of a log, the newest first.
    pub fn lines_of_a_log() -> Self {
        Self::Logs(Logs {
            show_time: true,
            show_labels: false,
            show_common_labels: false,
            wrap_log_message: true,
            prettify_log_message: false,
            enable_log_details: true,
            show_log_context_toggle: true,
            sort_order: "Descending",
            dedup_strategy: "none",
        })
    }

    /// Whether it draws time from left to right, and so asks for a range.
    pub fn over_time(&self) -> bool {
        matches!(self, Self::TimeSeries(_) | Self::Heatmap(_) | Self::States(_))
    }
}
