//! The timeline of an emergency as a drawing: events and deadlines to scale, lateness as distance, no two labels over
//! each other.
//!
//! A flat strip for wide screens and paper, a tall one for narrow screens, and a second flat one that enlarges the
//! start where most of what happened lies too close together to be told apart. Labels are flags: a line leads from the
//! axis to the text, which runs to the right of it; an earlier flag flies above every later one that it would touch,
//! so that no line crosses a text. Knows no colours and writes no markup.

use serde::Serialize;

use crate::report::pages::{Mark, Moment, Timeline, TimelineDeadline, TimelineEvent};

const WIDTH: f64 = 840.0;
const TALL_WIDTH: f64 = 340.0;
const TALL_HEIGHT: f64 = 300.0;
const EDGE: f64 = 8.0;
const LANE: f64 = 21.0;
/// Widest that a letter of the labels is on average, so that the fallback font fits, too.
const LETTER: f64 = 7.6;
/// Share of the whole within which a start of three events or more is enlarged.
const CROWDED: f64 = 0.08;

/// Everything drawn for one emergency.
pub(super) struct Drawn {
    pub(super) drawings: Vec<Drawing>,
    /// What the second strip shows, a sentence.
    pub(super) enlarged: Option<String>,
}

/// One strip. Coordinates are whole pixels.
#[derive(Debug, Default, Serialize)]
pub(super) struct Drawing {
    key: &'static str,
    class: &'static str,
    title: String,
    width: i64,
    height: i64,
    strokes: Vec<Stroke>,
    dots: Vec<Dot>,
    texts: Vec<Text>,
}

/// All lines of one kind.
#[derive(Debug, Serialize)]
struct Stroke {
    class: &'static str,
    /// As SVG writes a path.
    path: String,
}

#[derive(Debug, Serialize)]
struct Dot {
    class: &'static str,
    x: i64,
    y: i64,
}

#[derive(Debug, Serialize)]
struct Text {
    class: &'static str,
    x: i64,
    y: i64,
    words: String,
    clock: String,
}

impl Drawing {
    fn of(timeline: &Timeline, key: &'static str, class: &'static str) -> Self {
        Self { key, class, title: timeline.title.clone(), ..Self::default() }
    }

    /// A line from point to point.
    fn line(&mut self, class: &'static str, points: &[(f64, f64)]) {
        let known = self.strokes.iter().position(|stroke| stroke.class == class);
        let at = known.unwrap_or_else(|| {
            self.strokes.push(Stroke { class, path: String::with_capacity(64) });
            self.strokes.len() - 1
        });
        let path = &mut self.strokes[at].path;
        for (n, (x, y)) in points.iter().enumerate() {
            path.push_str(if n == 0 { "M" } else { " " });
            path.push_str(&format!("{} {}", px(*x), px(*y)));
        }
    }

    fn dot(&mut self, mark: Mark, x: f64, y: f64) {
        let class = match mark {
            Mark::Fail => "dot fail",
            Mark::Pass => "dot pass",
            _ => "dot",
        };
        self.dots.push(Dot { class, x: px(x), y: px(y) });
    }
}

/// A step in the list beside the drawing.
#[derive(Debug, Serialize)]
pub(super) struct Step<'t> {
    #[serde(skip)]
    at: i64,
    label: &'t str,
    time: &'t Moment,
    detail: Option<&'t str>,
    margin: Option<&'t str>,
    mark: Mark,
    deadline: bool,
}

/// Something with a place on the axis and a label.
struct Flag {
    at: i64,
    label: String,
    clock: String,
    mark: Mark,
    deadline: bool,
}

impl Flag {
    fn event(event: &TimelineEvent) -> Self {
        Self { at: event.at, label: event.label.clone(), clock: event.clock.clone(), mark: event.mark, deadline: false }
    }

    fn deadline(due: &TimelineDeadline) -> Self {
        let colon = if due.margin.is_empty() { "" } else { ":" };
        let label = format!("{}{colon}", due.label);
        Self { at: due.at, label, clock: due.margin.clone(), mark: due.mark, deadline: true }
    }

    #[expect(clippy::cast_precision_loss, reason = "labels are short")]
    fn width(&self) -> f64 {
        (self.label.chars().count() + 1 + self.clock.chars().count()) as f64 * LETTER + 6.0
    }

    fn text(&self, x: f64, y: f64) -> Text {
        let class = match (self.deadline, self.mark) {
            (false, Mark::Fail) => "lab fail",
            (false, _) => "lab",
            (true, Mark::Fail) => "fail",
            (true, _) => "due",
        };
        Text { class, x: px(x), y: px(y), words: self.label.clone(), clock: self.clock.clone() }
    }
}

/// A stretch of time on a stretch of the page.
struct Scale {
    from: i64,
    to: i64,
    start: f64,
    length: f64,
}

impl Scale {
    #[expect(clippy::cast_precision_loss, reason = "seconds of a few weeks, and of pixels")]
    fn share(&self, at: i64) -> f64 {
        (at - self.from) as f64 / (self.to - self.from).max(1) as f64
    }

    fn place(&self, at: i64) -> f64 {
        self.start + self.length * self.share(at)
    }

    fn holds(&self, at: i64) -> bool {
        (self.from..=self.to).contains(&at)
    }
}

/// Draws a timeline.
pub(super) fn draw(timeline: &Timeline) -> Drawn {
    let Some((from, to)) = bounds(timeline) else { return Drawn { drawings: Vec::new(), enlarged: None } };
    let crowd = crowd(timeline, from, to);
    let mut drawings = vec![flat(timeline, from, to, crowd)];
    let mut enlarged = None;
    if let Some(count) = crowd {
        let end = timeline.events[count - 1].at;
        let to_close = end + ((end - from) / 8).max(60);
        let words = duration(end - from);
        let mut close = flat(timeline, from, to_close, None);
        close.key = "close";
        close.title = format!("{}: the first {words}", timeline.title);
        drawings.push(close);
        let times = (to - from) / (to_close - from).max(1);
        enlarged = Some(format!("The second strip shows the first {words}, enlarged about {times} times."));
    }
    drawings.push(tall(timeline, from, to));
    Drawn { drawings, enlarged }
}

/// Events and deadlines in one list, oldest first.
pub(super) fn steps(timeline: &Timeline) -> Vec<Step<'_>> {
    let events = timeline.events.iter().map(|e| Step {
        at: e.at,
        label: &e.label,
        time: &e.time,
        detail: e.detail.as_deref(),
        margin: None,
        mark: e.mark,
        deadline: false,
    });
    let deadlines = timeline.deadlines.iter().map(|d| Step {
        at: d.at,
        label: &d.label,
        time: &d.time,
        detail: None,
        margin: Some(d.margin.as_str()).filter(|words| !words.is_empty()),
        mark: d.mark,
        deadline: true,
    });
    let mut steps: Vec<Step<'_>> = events.chain(deadlines).collect();
    steps.sort_by_key(|step| (step.at, step.deadline));
    steps
}

fn bounds(timeline: &Timeline) -> Option<(i64, i64)> {
    let events = timeline.events.iter().map(|e| e.at);
    let deadlines = timeline.deadlines.iter().flat_map(|d| [Some(d.at), d.done]).flatten();
    let all: Vec<i64> = events.chain(deadlines).collect();
    Some((*all.iter().min()?, *all.iter().max()?))
}

/// How many events at the start lie too close together, if three or more do.
#[expect(clippy::cast_precision_loss, reason = "seconds of a few weeks")]
fn crowd(timeline: &Timeline, from: i64, to: i64) -> Option<usize> {
    let near = (to - from) as f64 * CROWDED;
    let count = timeline.events.iter().take_while(|e| (e.at - from) as f64 <= near).count();
    (count >= 3).then_some(count)
}

fn flat(timeline: &Timeline, from: i64, to: i64, crowd: Option<usize>) -> Drawing {
    let mut scale = Scale { from, to, start: EDGE, length: WIDTH - 2.0 * EDGE };
    let mut above: Vec<Flag> = timeline.events.iter().skip(crowd.unwrap_or(0)).map(Flag::event).collect();
    if let Some(count) = crowd {
        let words = duration(timeline.events[count - 1].at - from);
        let label = format!("{count} steps in {words}");
        above.insert(
            0,
            Flag { at: from, label, clock: "(enlarged below)".to_owned(), mark: Mark::NotApplicable, deadline: false },
        );
    }
    above.retain(|flag| scale.holds(flag.at));
    let below: Vec<Flag> = timeline.deadlines.iter().map(Flag::deadline).filter(|flag| scale.holds(flag.at)).collect();
    let fits = above.iter().chain(&below).filter(|flag| scale.share(flag.at) > 0.0);
    let room = fits.map(|flag| (WIDTH - EDGE - flag.width() - scale.start) / scale.share(flag.at));
    scale.length = room.fold(scale.length, f64::min).max(WIDTH / 3.0);
    let (up, down) = (lanes(&above, &scale), lanes(&below, &scale));
    let axis = 20.0 + LANE * f64::from(up.iter().max().map_or(0, |lane| lane + 1));
    let mut drawing = Drawing::of(timeline, "whole", "flat");
    let end = scale.start + scale.length;
    drawing.line("axis", &[(scale.start, axis), (end, axis)]);
    for (flag, lane) in above.iter().zip(up) {
        let (x, y) = (scale.place(flag.at), axis - 14.0 - LANE * f64::from(lane));
        drawing.line("lead", &[(x, axis), (x, y - 10.0)]);
        drawing.texts.push(flag.text(x + 5.0, y));
    }
    let mut depth = axis;
    for (flag, lane) in below.iter().zip(down) {
        let (x, y) = (scale.place(flag.at), axis + 27.0 + LANE * f64::from(lane));
        drawing.line("line", &[(x, axis - 8.0), (x, y + 3.0)]);
        drawing.texts.push(flag.text(x + 5.0, y));
        depth = depth.max(y);
    }
    late(&mut drawing, timeline, &scale, |a, b| [(a, axis), (b, axis)]);
    for event in timeline.events.iter().filter(|event| scale.holds(event.at)) {
        drawing.dot(event.mark, scale.place(event.at), axis);
    }
    let foot = depth + 24.0;
    let ruled = days(&mut drawing, timeline, &scale, foot);
    drawing.width = px(WIDTH);
    drawing.height = px(if ruled { foot + 20.0 } else { depth + 14.0 });
    drawing
}

fn tall(timeline: &Timeline, from: i64, to: i64) -> Drawing {
    let mut flags: Vec<Flag> = timeline.events.iter().map(Flag::event).collect();
    flags.extend(timeline.deadlines.iter().map(Flag::deadline));
    flags.sort_by_key(|flag| (flag.at, flag.deadline));
    let scale = Scale { from, to, start: 14.0, length: TALL_HEIGHT };
    let axis = 14.0;
    let mut drawing = Drawing::of(timeline, "tall", "tall");
    drawing.line("axis", &[(axis, scale.start), (axis, scale.start + scale.length)]);
    let mut low = f64::MIN;
    for flag in &flags {
        let y = scale.place(flag.at);
        let at = y.max(low + LANE);
        low = at;
        let class = if flag.deadline { "line" } else { "lead" };
        drawing.line(class, &[(axis, y), (axis + 12.0, y), (axis + 26.0, at)]);
        drawing.texts.push(flag.text(axis + 30.0, at + 4.0));
    }
    late(&mut drawing, timeline, &scale, |a, b| [(axis, a), (axis, b)]);
    for event in &timeline.events {
        drawing.dot(event.mark, axis, scale.place(event.at));
    }
    drawing.width = px(TALL_WIDTH);
    drawing.height = px(low.max(scale.start + scale.length) + 14.0);
    drawing
}

/// On which lane each label flies, from the axis outwards: above all later ones that it would touch.
fn lanes(flags: &[Flag], scale: &Scale) -> Vec<u32> {
    let mut lanes = vec![0; flags.len()];
    for i in (0..flags.len()).rev() {
        let end = scale.place(flags[i].at) + flags[i].width() + 10.0;
        let touched = (i + 1..flags.len()).filter(|j| scale.place(flags[*j].at) < end);
        lanes[i] = touched.map(|j| lanes[j] + 1).max().unwrap_or(0);
    }
    lanes
}

/// A thick line for each deadline that was missed, from when it was due to when it was done, or to the end.
fn late(drawing: &mut Drawing, timeline: &Timeline, scale: &Scale, line: impl Fn(f64, f64) -> [(f64, f64); 2]) {
    for due in timeline.deadlines.iter().filter(|due| due.mark == Mark::Fail && scale.holds(due.at)) {
        let done = due.done.unwrap_or(scale.to).min(scale.to);
        if done > due.at {
            drawing.line("late", &line(scale.place(due.at), scale.place(done)));
        }
    }
}

/// A ruler of days at the foot; whether there was any to draw.
fn days(drawing: &mut Drawing, timeline: &Timeline, scale: &Scale, y: f64) -> bool {
    let mut free = f64::MIN;
    let mut any = false;
    for (at, label) in timeline.days.iter().filter(|(at, _)| scale.holds(*at)) {
        let x = scale.place(*at);
        drawing.line("day", &[(x, y - 6.0), (x, y)]);
        let flag = Flag { at: *at, label: label.clone(), clock: String::new(), mark: Mark::Pass, deadline: true };
        if x >= free && x + flag.width() < WIDTH {
            drawing.texts.push(Text { class: "date", ..flag.text(x + 4.0, y + 4.0) });
            free = x + flag.width() + 6.0;
        }
        any = true;
    }
    any
}

fn px(value: f64) -> i64 {
    value.round() as i64
}

fn duration(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    match minutes {
        ..=1 => "60 seconds".to_owned(),
        2..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", (minutes + 30) / 60),
        _ => format!("{} days", (minutes + 720) / 1440),
    }
}
