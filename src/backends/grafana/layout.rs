//! Where panels stand: from left to right on 24 columns, each line filled, every panel of a line as high.

use super::config::GridPos;
use super::visual::Visual;

/// Columns of Grafana's grid.
pub(super) const COLUMNS: u32 = 24;

/// What a panel wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// Columns.
    pub(super) width: u32,
    /// Rows of the grid.
    pub(super) height: u32,
    /// Whether the width is wanted by a person; others grow to fill their line.
    pub(super) fixed: bool,
}

/// What a panel of this look wants.
pub(super) fn size(visual: &Visual, width: Option<u64>) -> Size {
    let (usual, height) = match visual {
        Visual::TimeSeries(_) | Visual::BarGauge(_) => (8, 8),
        Visual::Heatmap(_) => (12, 8),
        Visual::Stat(_) => (4, 4),
        Visual::Gauge(_) => (6, 6),
        Visual::Table(_) => (12, 8),
        Visual::States(_) => (16, 6),
        Visual::Text(_) => (24, 3),
        Visual::Logs(_) => (24, 10),
    };
    let wanted = width.and_then(|width| u32::try_from(width).ok());
    Size { width: wanted.unwrap_or(usual).clamp(1, COLUMNS), height, fixed: wanted.is_some() }
}

/// What a panel wants where many small ones tell of one thing: numbers in a line, then two pictures a line.
pub(super) fn compact(visual: &Visual) -> Size {
    let (width, height) = match visual {
        Visual::Stat(_) => (3, 4),
        Visual::Table(_) => (8, 6),
        Visual::States(_) => (16, 6),
        _ => (12, 8),
    };
    Size { width, height, fixed: false }
}

/// Places panels below `top`, in their order; and the first free row of the grid below them.
pub(super) fn place(sizes: &[Size], top: u32) -> (Vec<GridPos>, u32) {
    let mut places = Vec::with_capacity(sizes.len());
    let mut y = top;
    for line in lines(sizes) {
        let height = line.iter().map(|size| size.height).max().unwrap_or(0);
        let mut x = 0;
        for width in filled(line) {
            places.push(GridPos { h: height, w: width, x, y });
            x += width;
        }
        y += height;
    }
    (places, y)
}

/// Lines as full as they can be; panels that are all alike are shared out evenly instead, 4 as 2 and 2.
fn lines(sizes: &[Size]) -> Vec<&[Size]> {
    let mut lines = Vec::new();
    let mut rest = sizes;
    while !rest.is_empty() {
        let mut taken = 0;
        let fits = rest.iter().take_while(|size| {
            taken += size.width;
            taken <= COLUMNS
        });
        let (line, after) = rest.split_at(fits.count().clamp(1, rest.len()));
        lines.push(line);
        rest = after;
    }
    let alike = sizes.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
    if !alike || sizes.iter().any(|size| size.fixed) || lines.len() < 2 {
        return lines;
    }
    let (each, more) = (sizes.len() / lines.len(), sizes.len() % lines.len());
    let mut rest = sizes;
    (0..lines.len())
        .map(|line| {
            let (taken, after) = rest.split_at((each + usize::from(line < more)).min(rest.len()));
            rest = after;
            taken
        })
        .collect()
}

/// Widths that fill a line: what is left over goes to the panels nobody gave a width.
fn filled(line: &[Size]) -> Vec<u32> {
    let mut widths: Vec<u32> = line.iter().map(|size| size.width).collect();
    let growing: Vec<usize> =
        (0..line.len()).filter(|index| line.get(*index).is_some_and(|size| !size.fixed)).collect();
    if growing.is_empty() {
        return widths;
    }
    let mut left = COLUMNS.saturating_sub(widths.iter().sum());
    for index in growing.iter().cycle() {
        if left == 0 {
            break;
        }
        if let Some(width) = widths.get_mut(*index) {
            *width += 1;
            left -= 1;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINES: Size = Size { width: 8, height: 8, fixed: false };

    #[test]
    fn alike_panels_are_shared_out_evenly() {
        let (places, end) = place(&[LINES; 4], 1);
        let at: Vec<_> = places.iter().map(|place| (place.x, place.y, place.w)).collect();
        assert_eq!(at, [(0, 1, 12), (12, 1, 12), (0, 9, 12), (12, 9, 12)]);
        assert_eq!(end, 17);
        assert_eq!(place(&[LINES; 9], 0).0.iter().map(|place| place.w).collect::<Vec<_>>(), [8; 9]);
        assert_eq!(place(&[LINES], 0).0[0].w, 24);
    }

    proptest! {
        #[test]
        fn nothing_overlaps_or_leaves_the_grid(
            sizes in prop::collection::vec((1_u32..=24, 1_u32..12, any::<bool>()), 0..40)
        ) {
            let sizes: Vec<Size> =
                sizes.into_iter().map(|(width, height, fixed)| Size { width, height, fixed }).collect();
            let (places, end) = place(&sizes, 3);
            prop_assert_eq!(places.len(), sizes.len());
            let mut taken = std::collections::BTreeSet::new();
            for (place, size) in places.iter().zip(&sizes) {
                prop_assert!(place.x + place.w <= COLUMNS && place.y >= 3 && place.y + place.h <= end);
                prop_assert!(!size.fixed || place.w == size.width);
                for x in place.x..place.x + place.w {
                    for y in place.y..place.y + place.h {
                        prop_assert!(taken.insert((x, y)), "two panels at {}, {}", x, y);
                    }
                }
            }
        }
    }
}
