//! A picture of how many were reached by when, and the sentence that says the same.

use askama::Template;

use super::super::words::{hour_of, readable};
use crate::clock::Moment;
use crate::office::School;

/// The picture's own units: its width, and where its ground lies.
const WIDTH: i64 = 680;
const GROUND: i64 = 150;
const TOP: i64 = 26;

/// A line that rises to all who were reached, under the line of all whom it is for.
#[derive(Template)]
#[template(path = "announcements/chart.html", config = "src/web/askama.toml")]
pub(super) struct ReachChart {
    told: String,
    line: String,
    first: String,
    last: String,
    total: String,
    reached: String,
    reached_at: i64,
}

impl ReachChart {
    /// Of these steps; nothing before two of them: there is no line then.
    pub(super) fn of(
        school: &School,
        since: Moment,
        total: usize,
        steps: &[(Moment, usize)],
    ) -> Option<Self> {
        let [.., (until, reached)] = steps else { return None };
        if steps.len() < 2 || total == 0 {
            return None;
        }
        let span = (until.0 - since.0).max(1);
        let across = |at: Moment| (at.0 - since.0).clamp(0, span) * WIDTH / span;
        let up = |count: usize| GROUND - share(count, total) * (GROUND - TOP) / 1_000;
        let steps_up = steps.iter().map(|(at, count)| format!("H{}V{}", across(*at), up(*count)));
        let line = format!("M0 {GROUND}{}", steps_up.collect::<Vec<_>>().concat());
        Some(Self {
            told: told(school, total, steps),
            line,
            first: hour_of(school, since),
            last: hour_of(school, *until),
            total: readable(total),
            reached: readable(*reached),
            reached_at: up(*reached),
        })
    }
}

/// In thousandths.
fn share(count: usize, total: usize) -> i64 {
    i64::try_from((count * 1_000).checked_div(total).unwrap_or(0)).unwrap_or(1_000)
}

/// When a half of those who were reached were, when nine in ten, and when all.
fn told(school: &School, total: usize, steps: &[(Moment, usize)]) -> String {
    let reached = steps.last().map_or(0, |(_, count)| *count);
    let by = |tenths: usize| steps.iter().find(|(_, count)| count * 10 >= reached * tenths);
    let marks = [by(5), by(9), steps.last()].into_iter().flatten();
    let mut said: Vec<String> = Vec::new();
    for (at, count) in marks {
        let mark = format!("{} {}", readable(*count), hour_of(school, *at));
        if said.last() != Some(&mark) {
            said.push(mark);
        }
    }
    format!("Destinataires joints au fil du temps, sur {} : {}.", readable(total), said.join(", "))
}
