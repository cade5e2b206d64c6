//! Live progress: one line a channel on a terminal, plain lines in a pipe.

use std::io::IsTerminal;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{output, status};
use crate::channel::Channel;
use crate::queue::{Addressees, ChannelCount, Levels};

/// What is shown at one moment.
pub(super) struct Scene {
    /// One a channel.
    pub lines: Vec<ChannelLine>,
    /// Where the addressees stand.
    pub addressees: Addressees,
    /// What is held of those reached.
    pub levels: Levels,
    /// Why nothing moves, and why they wait, a line each.
    pub notes: Vec<String>,
}

/// One channel.
pub(super) struct ChannelLine {
    /// Which.
    pub channel: Channel,
    /// Its deliveries.
    pub count: ChannelCount,
    /// Messages handed over a second.
    pub rate: f64,
    /// The breaker of its provider.
    pub gate: String,
}

/// The picture, redrawn in place or said again in lines.
pub(super) enum ProgressPicture {
    /// A terminal: bars.
    Bars { all: MultiProgress, bars: Vec<ProgressBar> },
    /// A pipe: a line whenever something changed.
    Lines { last: String },
    /// Nothing: the answer is for a program.
    Quiet,
}

impl ProgressPicture {
    pub(super) fn new(quiet: bool) -> Self {
        if quiet {
            Self::Quiet
        } else if std::io::stdout().is_terminal() {
            Self::Bars { all: MultiProgress::new(), bars: Vec::new() }
        } else {
            Self::Lines { last: String::new() }
        }
    }

    pub(super) fn show(&mut self, scene: &Scene) {
        match self {
            Self::Quiet => {}
            Self::Bars { all, bars } => {
                while bars.len() < scene.lines.len() + 1 {
                    bars.push(all.add(new_bar()));
                }
                let texts = scene.lines.iter().map(line_text).chain([total_text(scene)]);
                for (bar, text) in bars.iter().zip(texts) {
                    bar.set_message(text);
                    bar.tick();
                }
            }
            Self::Lines { last } => {
                let text = total_text(scene);
                if text != *last {
                    scene.lines.iter().for_each(|line| output::line(line_text(line)));
                    output::line(&text);
                    *last = text;
                }
            }
        }
    }

    pub(super) fn end(&mut self) {
        if let Self::Bars { bars, .. } = self {
            bars.iter().for_each(ProgressBar::abandon);
        }
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar
}

fn line_text(line: &ChannelLine) -> String {
    let ChannelCount { waiting, sent, proven, failed, uncertain, .. } = &line.count;
    format!(
        "{:<7} waiting {waiting:>5}  sent {sent:>5}  proven {proven:>5}  failed {failed:>4}  \
         uncertain {uncertain:>3}  {:>5.0}/s  {}",
        line.channel, line.rate, line.gate
    )
}

fn total_text(scene: &Scene) -> String {
    let all = scene.addressees;
    let total = format!(
        "{} of {} reached ({}), {} waiting, {} on paper, {} to call, {} unreached, {} uncertain, \
         {} cancelled",
        all.reached,
        all.total,
        status::levels(&scene.levels),
        all.waiting,
        all.on_letter,
        all.on_call,
        all.unreached,
        all.uncertain,
        all.cancelled
    );
    let lines = std::iter::once(&total).chain(&scene.notes).map(String::as_str);
    lines.collect::<Vec<_>>().join("\n")
}
