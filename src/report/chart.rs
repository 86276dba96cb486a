//! Charts as SVG of our own: small lines over quarters, bars over months. The same text goes into pages and into PDF.
//!
//! Each has a title and a description that says its values in words; colours are presentation attributes, which the style
//! sheet of a page may replace, and no meaning hangs on them alone. Scales begin at zero. No style, no script, no number
//! that is not drawn from what is given.

/// A point of a line, or a bar.
#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    /// `2026-Q3`, `Aug 2026`.
    pub(super) label: String,
    /// How far up; none where there is nothing to count, which leaves a gap.
    pub(super) value: Option<i64>,
    /// The lower part of a bar, drawn darker.
    pub(super) part: i64,
    /// The value in words: `96.2 %`.
    pub(super) words: String,
}

/// What a line is drawn from.
pub(super) struct Line<'p> {
    pub(super) id: &'p str,
    pub(super) title: &'p str,
    pub(super) points: &'p [Point],
    /// The top of the scale at least: 1000 for a share that should be whole.
    pub(super) top: i64,
    /// A target, drawn as a dashed line, and its words.
    pub(super) target: Option<(i64, String)>,
}

const WIDTH: i64 = 320;
const HEIGHT: i64 = 128;
const LEFT: i64 = 8;
const RIGHT: i64 = 244;
const TOP: i64 = 18;
const BASE: i64 = 100;
/// So many characters have room between a line's last point and the edge.
const BESIDE: usize = 9;

const INK: &str = "#17191c";
const FAINT: &str = "#656a71";
const RULE: &str = "#b9b4a6";
const FONT: &str = "font-family=\"Inter, sans-serif\" font-size=\"12\"";

/// A small line chart, the last value beside its point.
pub(super) fn line(spec: &Line<'_>) -> String {
    let most = spec.points.iter().filter_map(|p| p.value).chain(spec.target.as_ref().map(|t| t.0)).max().unwrap_or(0);
    let top = most.max(spec.top).max(1);
    let steps = i64::try_from(spec.points.len().max(2) - 1).unwrap_or(1);
    let x = |n: usize| LEFT + (RIGHT - LEFT) * i64::try_from(n).unwrap_or(0) / steps;
    let y = |value: i64| BASE - (BASE - TOP) * value.clamp(0, top) / top;
    let mut svg = open(spec.id, spec.title, spec.points, (WIDTH, HEIGHT));
    svg += &format!("<path class=\"axis\" fill=\"none\" stroke=\"{RULE}\" d=\"M{LEFT} {BASE} {RIGHT} {BASE}\"/>");
    if let Some((value, words)) = &spec.target {
        let at = y(*value);
        svg += &format!(
            "<path class=\"goal\" fill=\"none\" stroke=\"{FAINT}\" stroke-dasharray=\"4 3\" d=\"M{LEFT} {at} {RIGHT} {at}\"/><text class=\"goal\" {FONT} fill=\"{FAINT}\" x=\"{LEFT}\" y=\"{}\">{}</text>",
            if at - 5 < 12 { at + 15 } else { at - 5 },
            escaped(words)
        );
    }
    let mut path = String::new();
    let mut drawn = false;
    for (n, point) in spec.points.iter().enumerate() {
        match point.value {
            Some(value) => {
                path += &format!("{}{} {} ", if drawn { "L" } else { "M" }, x(n), y(value));
                drawn = true;
            }
            None => drawn = false,
        }
    }
    svg += &format!(
        "<path class=\"trend\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.5\" d=\"{}\"/>",
        path.trim_end()
    );
    let last = spec.points.iter().rposition(|p| p.value.is_some());
    for (n, point) in spec.points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        let radius = if Some(n) == last { 4 } else { 2 };
        svg += &format!("<circle class=\"point\" fill=\"{INK}\" cx=\"{}\" cy=\"{}\" r=\"{radius}\"/>", x(n), y(value));
    }
    if let Some(last) = last {
        let point = &spec.points[last];
        let at = y(point.value.unwrap_or(0));
        // What is too long to stand beside its point stands above it, or below where there is no room.
        let (anchor, across, down) = if point.words.chars().count() <= BESIDE {
            ("start", x(last) + 9, at.max(TOP - 4) + 4)
        } else {
            ("end", WIDTH - 2, if at < 24 { at + 20 } else { at - 11 })
        };
        svg += &format!(
            "<text class=\"value\" {FONT} font-weight=\"600\" fill=\"{INK}\" text-anchor=\"{anchor}\" x=\"{across}\" y=\"{down}\">{}</text>",
            escaped(&point.words)
        );
    }
    for (n, anchor) in [(0, "start"), (spec.points.len().saturating_sub(1), "end")] {
        // The only one is named once.
        if let Some(point) = spec.points.get(n).filter(|_| n > 0 || anchor == "start") {
            svg += &format!(
                "<text class=\"when\" {FONT} fill=\"{FAINT}\" text-anchor=\"{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
                x(n),
                BASE + 18,
                escaped(&point.label)
            );
        }
    }
    svg + "</svg>"
}

/// Bars over months; the darker lower part is a part of each. Every third month is named.
pub(super) fn bars(id: &str, title: &str, points: &[Point]) -> String {
    const WIDE: i64 = 840;
    const FLOOR: i64 = 120;
    let top = points.iter().filter_map(|p| p.value).max().unwrap_or(0).max(1);
    let count = i64::try_from(points.len()).unwrap_or(1).max(1);
    let (step, height) = (WIDE / count, |value: i64| (FLOOR - 22) * value.clamp(0, top) / top);
    let mut svg = open(id, title, points, (WIDE, FLOOR + 26));
    svg += &format!("<path class=\"axis\" fill=\"none\" stroke=\"{RULE}\" d=\"M0 {FLOOR} {WIDE} {FLOOR}\"/>");
    for (n, point) in points.iter().enumerate() {
        let left = step * i64::try_from(n).unwrap_or(0);
        let whole = height(point.value.unwrap_or(0));
        let part = height(point.part);
        let width = (step - 6).max(2);
        if whole > 0 {
            svg += &format!(
                "<rect class=\"bar\" fill=\"{RULE}\" x=\"{left}\" y=\"{}\" width=\"{width}\" height=\"{whole}\"/>",
                FLOOR - whole
            );
            svg += &format!(
                "<text class=\"count\" {FONT} fill=\"{FAINT}\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
                left + width / 2,
                FLOOR - whole - 5,
                point.value.unwrap_or(0)
            );
        }
        if part > 0 {
            svg += &format!(
                "<rect class=\"part\" fill=\"{INK}\" x=\"{left}\" y=\"{}\" width=\"{width}\" height=\"{part}\"/>",
                FLOOR - part
            );
        }
        if n.is_multiple_of(3) {
            svg += &format!(
                "<text class=\"when\" {FONT} fill=\"{FAINT}\" x=\"{left}\" y=\"{}\">{}</text>",
                FLOOR + 18,
                escaped(&point.label)
            );
        }
    }
    svg + "</svg>"
}

/// The element with its title and description: the values in words.
fn open(id: &str, title: &str, points: &[Point], (width, height): (i64, i64)) -> String {
    let values = points.iter().map(|p| format!("{}: {}", p.label, p.words)).collect::<Vec<_>>().join("; ");
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        escaped(title),
        escaped(&values)
    )
}

/// As XML takes it, without characters that XML does not have.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[Option<i64>]) -> Vec<Point> {
        let point = |(n, value): (usize, &Option<i64>)| Point {
            label: format!("2026-Q{n}"),
            value: *value,
            part: 0,
            words: value.map_or_else(|| "nothing to count".to_owned(), |v| format!("{v} <&>")),
        };
        values.iter().enumerate().map(point).collect()
    }

    #[test]
    fn a_line_says_in_words_what_it_draws() {
        let points = points(&[Some(0), Some(500), None, Some(1000)]);
        let target = Some((950, "target 95 %".to_owned()));
        let svg = line(&Line { id: "kept", title: "Kept & held", points: &points, top: 1000, target });
        assert!(svg.contains("<title id=\"kept-title\">Kept &amp; held</title>"), "{svg}");
        assert!(svg.contains("2026-Q2: nothing to count; 2026-Q3: 1000 &lt;&amp;&gt;</desc>"), "{svg}");
        // The gap breaks the line: it begins anew, at the top right.
        assert!(svg.contains("d=\"M8 100 L86 59 M244 18\""), "{svg}");
        assert!(!svg.contains("style") && svg.matches("<circle").count() == 3, "{svg}");
    }

    #[test]
    fn bars_and_lines_of_nothing_are_whole() {
        for svg in [line(&Line { id: "a", title: "A", points: &[], top: 0, target: None }), bars("a", "A", &[])] {
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        }
    }
}
