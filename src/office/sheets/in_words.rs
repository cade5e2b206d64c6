//! What a configuration says, as a colleague would.

use std::time::Duration;

use crate::channel::Channel;
use crate::config::DutyLine;
use crate::delivery::{DAY, Quiet, QuietSpan};
use crate::message::{Plan, Proof, Rung};
use crate::office::School;
use crate::settings::Pace;
use crate::wording::dates;

/// Every plan: its name, and its rungs in order.
pub(super) fn plans(school: &School) -> Vec<(String, String)> {
    let names = school.config.plan_names();
    let plans = names.filter_map(|name| school.config.plan(name).ok());
    plans.map(|plan| (plan.name.clone(), of_plan(&plan))).collect()
}

/// `ENT, pendant 4 heures ; puis courriel et SMS, pendant 2 heures ; puis courrier`.
fn of_plan(plan: &Plan) -> String {
    plan.rungs().iter().map(of_rung).collect::<Vec<_>>().join(" ; puis ")
}

fn of_rung(rung: &Rung) -> String {
    let channels: Vec<&str> = rung.channels.iter().map(|it| it.in_french()).collect();
    let channels = channels.join(" et ");
    if rung.is_carried_by_people() {
        return channels;
    }
    let enough = match rung.enough {
        Proof::Accepted => "",
        Proof::Delivered => ", jusqu’à la preuve d’arrivée",
        Proof::Read => ", jusqu’à l’ouverture",
        Proof::Acknowledged => ", jusqu’à une réponse",
    };
    format!("{channels}{enough}, pendant {}", span(rung.patience(), "un instant"))
}

/// When a channel leaves people in peace.
pub(super) fn quiet(school: &School, channel: Channel) -> String {
    let hours = school.config.hours();
    let Some(quiet) = hours.of(channel) else { return "à toute heure".to_owned() };
    of_quiet(quiet, school)
}

fn of_quiet(Quiet { spans, days_off }: &Quiet, school: &School) -> String {
    let today = school.today();
    let to_come = days_off.iter().filter(|(_, last)| *last >= today);
    let days = to_come.map(|(first, last)| {
        if first == last {
            format!("le {}", dates::in_full(*first))
        } else {
            format!("du {} au {}", dates::in_full(*first), dates::in_full(*last))
        }
    });
    let all: Vec<String> = spans.iter().map(of_span).chain(days).collect();
    format!("au repos {}", all.join(", "))
}

fn of_span(span: &QuietSpan) -> String {
    if span.period == DAY {
        return format!("chaque jour de {} à {}", hour(span.start), hour(span.end));
    }
    let day = |at: i64| {
        let index = usize::try_from(at.div_euclid(DAY).rem_euclid(7)).unwrap_or(0);
        dates::WEEKDAYS[index]
    };
    let (from, to) = (day(span.start), day(span.end));
    format!("du {from} {} au {to} {}", hour(span.start), hour(span.end))
}

fn hour(minutes: i64) -> String {
    let minutes = minutes.rem_euclid(DAY);
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

/// `Sylvie Martin, lundi et mardi, 8 h à 12 h ; renvoi vers 06 39 98 00 01 (composer **21*0639980001#)`.
pub(super) fn duty(line: &DutyLine) -> String {
    let DutyLine { who, when, forwarded_to, code, from, until, languages, .. } = line;
    let mut said = who.clone();
    if !when.is_empty() {
        said = format!("{said}, {when}");
    }
    match (from, until) {
        (Some(from), Some(until)) => {
            let (from, until) = (dates::in_full(*from), dates::in_full(*until));
            said = format!("{said}, du {from} au {until}");
        }
        (Some(from), None) => said = format!("{said}, à partir du {}", dates::in_full(*from)),
        (None, Some(until)) => said = format!("{said}, jusqu’au {}", dates::in_full(*until)),
        (None, None) => {}
    }
    if !languages.is_empty() {
        said = format!("{said} ; parle aussi : {}", languages.join(", "));
    }
    if let Some(number) = forwarded_to {
        let dialled = code.as_ref().map(|code| format!(" (composer {code})")).unwrap_or_default();
        said = format!("{said} ; renvoi vers {number}{dialled}");
    }
    said
}

/// How fast a provider may be used.
pub(super) fn pace(pace: &Pace) -> String {
    let windows = ["par seconde", "par minute", "par heure", "par jour"];
    let limits = pace.limits().into_iter().zip(windows).filter(|(limit, _)| *limit > 0);
    let limits: Vec<String> = limits.map(|(limit, span)| format!("{limit} {span}")).collect();
    if limits.is_empty() { "sans limite de débit".to_owned() } else { limits.join(", ") }
}

/// A span, or that there is none.
pub(super) fn span(span: Duration, none: &str) -> String {
    match span.as_secs() {
        0 => none.to_owned(),
        seconds @ 1..=119 => format!("{seconds} secondes"),
        _ => dates::lasting(span),
    }
}
