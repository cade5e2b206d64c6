//! The story on a screen: turns as they come, with bars below them on a terminal; lines alone in a pipe.

use std::io::IsTerminal;

use console::Style;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::channel::Channel;
use crate::cli::output;
use crate::demo::look::Look;
use crate::demo::story::{Mood, Turn};
use crate::queue::{Addressees, ChannelCount};

/// The channels of the demo's plan that have a bar; letters are people's.
const CHANNELS: [Channel; 3] = [Channel::Ent, Channel::Email, Channel::Sms];
/// A bar with its name and its numbers, in 80 columns; those of a channel and that of all.
const OF_CHANNEL: &str = "  {prefix:<9}{bar:28.cyan/blue} {msg}";
const OF_ALL: &str = "  {prefix:<9}{bar:28.green/blue} {msg}";

/// Who tells.
pub(super) enum Telling {
    /// A terminal.
    Bars { all: MultiProgress, bars: Vec<ProgressBar> },
    /// A pipe.
    Lines,
    /// Nobody listens: the answer is for a program.
    Quiet,
}

impl Telling {
    pub(super) fn new(quiet: bool) -> Self {
        if quiet {
            Self::Quiet
        } else if std::io::stdout().is_terminal() {
            let all = MultiProgress::with_draw_target(ProgressDrawTarget::stdout());
            Self::Bars { all, bars: Vec::new() }
        } else {
            Self::Lines
        }
    }

    /// Whether somebody sits in front of it.
    pub(super) const fn is_watched(&self) -> bool {
        matches!(self, Self::Bars { .. })
    }

    /// A heading.
    pub(super) fn heading(&self, text: &str) {
        self.line(text, &Style::new().bold());
    }

    /// A line that speaks of no moment.
    pub(super) fn say(&self, text: &str) {
        self.line(text, &Style::new());
    }

    /// Something that happened.
    pub(super) fn turn(&self, turn: &Turn) {
        let style = match turn.mood {
            Mood::Plain => Style::new(),
            Mood::Trouble => Style::new().yellow(),
            Mood::Relief => Style::new().green(),
        };
        self.line(&turn.line(), &style);
    }

    fn line(&self, text: &str, style: &Style) {
        match self {
            // A terminal that cannot draw has no line either: nothing is lost by that.
            Self::Bars { all, bars } if !bars.is_empty() => {
                drop(all.println(output::painted(text, style)));
            }
            Self::Bars { .. } | Self::Lines => output::styled_line(text, style),
            Self::Quiet => {}
        }
    }

    /// Where the channels stand.
    pub(super) fn show(&mut self, look: &Look) {
        let Self::Bars { all, bars } = self else { return };
        while bars.len() <= CHANNELS.len() {
            let template = if bars.len() < CHANNELS.len() { OF_CHANNEL } else { OF_ALL };
            bars.push(all.add(bar(template)));
        }
        let channels = CHANNELS.map(|channel| of_channel(look, channel));
        let pictures = channels.into_iter().chain([of_all(look)]);
        for (bar, picture) in bars.iter().zip(pictures) {
            bar.set_length(picture.length);
            bar.set_prefix(picture.name);
            bar.set_message(picture.numbers);
            bar.set_position(picture.done);
        }
    }

    /// The bars stay as they are; what follows stands below them.
    pub(super) fn without_bars(self) -> Self {
        match self {
            Self::Bars { bars, .. } => {
                bars.iter().for_each(ProgressBar::abandon);
                // The last bar ends no line.
                output::line("");
                Self::Lines
            }
            other => other,
        }
    }
}

/// What a bar shows.
struct Picture {
    name: &'static str,
    done: u64,
    length: u64,
    numbers: String,
}

fn of_channel(look: &Look, channel: Channel) -> Picture {
    let ChannelCount { waiting, sent, failed, .. } = look.count(channel);
    Picture {
        name: channel.in_french(),
        done: wide(sent + failed),
        length: wide(waiting + sent + failed),
        numbers: format!("{sent} remis, {failed} en échec, {waiting} attendent"),
    }
}

fn of_all(look: &Look) -> Picture {
    let Addressees { total, reached, .. } = look.status.addressees;
    Picture {
        name: "joints",
        done: wide(reached),
        length: wide(total),
        numbers: format!("{reached} sur {total}"),
    }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━━─"));
    }
    bar
}
