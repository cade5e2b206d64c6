//! Days and hours as a person types them, by the clocks of the school; and a person's word that an
//! urgent message passes quiet hours.

use anyhow::Context as _;
use jiff::Timestamp;

use crate::clock::Moment;
use crate::message::{Override, Terms};
use crate::office::School;
use crate::plain_text::is_signal;
use crate::wording::typed_dates::TypedDate;

/// What may be said of when a message leaves.
#[derive(Debug, clap::Args)]
pub(super) struct When {
    /// Why an urgent message must leave in quiet hours.
    #[arg(long, requires = "by", value_parser = said)]
    reason: Option<String>,
    /// Who says so.
    #[arg(long, requires = "reason", value_name = "NAME", value_parser = said)]
    by: Option<String>,
    /// Nothing leaves from then on, also after an outage; the template's own by default.
    #[arg(long, value_name = "DATE TIME", value_parser = day)]
    expires: Option<TypedDate>,
}

impl When {
    pub(super) fn terms(self, school: &School) -> anyhow::Result<Terms> {
        let passes = self.by.zip(self.reason);
        Ok(Terms {
            expires_at: self.expires.map(|day| moment(school, day)).transpose()?,
            passes_hours: passes.map(|(by, reason)| Override { by, reason }),
            ..Terms::default()
        })
    }
}

/// A reason or a name, for the colleagues who will read it.
pub(super) fn said(text: &str) -> Result<String, String> {
    match one_line(text)? {
        said if said.is_empty() => Err("it is blank; say it in a few words".to_owned()),
        said => Ok(said),
    }
}

/// What is kept in one line, and shown to colleagues.
pub(super) fn one_line(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.contains(|letter| letter == '\n' || is_signal(letter)) {
        return Err(
            "it takes one line, without characters that steer a terminal or hide".to_owned()
        );
    }
    Ok(text.to_owned())
}

/// A day and an hour, or the first minute of a day.
pub(super) fn day(text: &str) -> Result<TypedDate, String> {
    TypedDate::read(text).ok_or_else(|| {
        format!(
            "\"{text}\" is no day and hour; write for example \"04/12/2026 8h\", \"demain 18h\", \
             \"vendredi 18h30\" or \"2026-12-04 08:00\""
        )
    })
}

/// The moment at which the clocks of the school show this.
pub(super) fn moment(school: &School, day: TypedDate) -> anyhow::Result<Moment> {
    let now = Timestamp::from_millisecond(school.clock.now().0)?;
    let now = now.to_zoned(school.config.school.time_zone()).datetime();
    school.queue.timing().hours.at(day.seen_from(now)).context("that day is too far away")
}

/// A moment by the clocks of the school.
pub(super) fn shown(school: &School, at: Moment) -> String {
    school.queue.timing().hours.shown(at)
}
