//! Standard output and standard error, and whether they show colour.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::ColourChoice;
use crate::error::{Error, Result};
use crate::report::check::Out;

/// The two streams of a command.
pub(super) struct Terminal {
    out_colour: bool,
    err_colour: bool,
    quiet: bool,
}

/// What a style is for.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    /// Broken.
    Bad,
    /// To be looked at.
    Care,
    /// Good.
    Good,
    /// Less important.
    Dim,
    /// More important.
    Strong,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Care => AnsiColor::Yellow.on_default().bold(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Strong => Style::new().bold(),
        }
    }
}

impl Terminal {
    /// Looks at both streams. `NO_COLOR` and `CLICOLOR_FORCE` are honoured where the choice is left to us.
    pub(super) fn new(choice: ColourChoice, quiet: bool) -> Self {
        let colour = |terminal: bool| match choice {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
                set("CLICOLOR_FORCE")
                    || (terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb"))
            }
        };
        Self { out_colour: colour(io::stdout().is_terminal()), err_colour: colour(io::stderr().is_terminal()), quiet }
    }

    /// Whether results are in colour.
    pub(super) fn colour(&self) -> bool {
        self.out_colour
    }

    /// How many columns a finding may take.
    pub(super) fn width(&self) -> usize {
        let wide = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        wide.filter(|w| (40..=400).contains(w)).unwrap_or(120)
    }

    /// A word of a result in a tone.
    pub(super) fn paint(&self, tone: Tone, text: &str) -> String {
        paint(self.out_colour, tone, text)
    }

    /// A text in colour; where there is none, between two signs.
    pub(super) fn mark(&self, tone: Tone, open: &str, text: &str, close: &str) -> String {
        if self.out_colour { paint(true, tone, text) } else { format!("{open}{text}{close}") }
    }

    /// Standard output, buffered, of a command whose result is what it says.
    pub(super) fn results(&self) -> Results {
        let out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        Results { out, is_account: false }
    }

    /// Standard output, buffered, of a command that says what it did: done is done, whether or not anybody reads of it.
    pub(super) fn account(&self) -> Results {
        Results { is_account: true, ..self.results() }
    }

    /// Whether messages are in colour.
    pub(super) fn colour_of_messages(&self) -> bool {
        self.err_colour
    }

    /// A message that `--quiet` does not silence.
    pub(super) fn always(&self, text: &str) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// A message that `--quiet` silences.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.always(text);
        }
    }

    /// Why the job could not be done.
    pub(super) fn error(&self, error: &Error) {
        let mut stderr = io::stderr();
        let _ = writeln!(stderr, "{}: {error}", paint(self.err_colour, Tone::Bad, "error"));
        if let Some(help) = error.help() {
            let _ = writeln!(stderr, "{}: {help}", paint(self.err_colour, Tone::Good, "help"));
        }
    }

    /// A line that says what takes long, on terminals only.
    pub(super) fn progress(&self, what: &'static str) -> ProgressBar {
        let target = if self.quiet || !io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg} {human_pos}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }
}

fn paint(colour: bool, tone: Tone, text: &str) -> String {
    if colour {
        let style = tone.style();
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

/// Standard output.
pub(super) struct Results {
    out: io::BufWriter<io::StdoutLock<'static>>,
    /// It only tells of a result that stands elsewhere.
    is_account: bool,
}

impl Out for Results {
    fn put(&mut self, text: &str) -> Result<()> {
        Self::put(self, text)
    }
}

impl Results {
    /// Writes a piece of a result.
    pub(super) fn put(&mut self, text: &str) -> Result<()> {
        self.put_bytes(text.as_bytes())
    }

    /// Writes what need not be text.
    pub(super) fn put_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.out.write_all(bytes);
        self.came_to(written)
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> Result<()> {
        let written = self.out.flush();
        self.came_to(written)
    }

    fn came_to(&self, written: io::Result<()>) -> Result<()> {
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::io("could not write to", "standard output", error))
            }
            Err(_) if !self.is_account => Err(Error::OutputClosed),
            _ => Ok(()),
        }
    }
}
