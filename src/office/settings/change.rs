//! What somebody wants to change, which keys that is, and what cannot be.

use std::time::Duration;

use jiff::civil::Date;

use crate::channel::Channel;
use crate::config::{Config, Facts, NewValue, Setting, StandIn, USUAL_PLAN};
use crate::delivery::{Quiet, QuietSpan};
use crate::email_address::EmailAddress;
use crate::message::{Plan, PlanError, Rung};
use crate::phone_number::PhoneNumber;

/// Letters of a text, and texts of a list: more than any school needs.
const LONGEST: usize = 200;
const MOST: usize = 100;
/// Lines of an address.
const MOST_LINES: usize = 6;
/// Letters of a plan's name.
const LONGEST_NAME: usize = 40;

/// What somebody changes. What is `None` stays.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingsChange {
    /// What the school says of itself; its UAI and its relay stay.
    Facts(Facts),
    /// When a channel leaves people in peace.
    Hours {
        /// The channel.
        channel: Channel,
        /// Every day or every week.
        spans: Option<Vec<QuietSpan>>,
        /// On these days, first and last one.
        days_off: Option<Vec<(Date, Date)>>,
    },
    /// How fast what was launched leaves.
    Rhythm {
        /// How long a message can be undone.
        undo: Option<Duration>,
        /// The same for an urgent one.
        undo_urgent: Option<Duration>,
        /// From one level to the next.
        waves_every: Option<Duration>,
        /// The levels, first one first; none: all at once.
        waves_order: Option<Vec<String>>,
        /// Messages a household and week; 0: no cap.
        per_week: Option<u32>,
        /// When the rest leaves, in minutes since Monday.
        digest: Option<i64>,
    },
    /// When a second person says yes.
    Approval {
        /// Above this many recipients; 0: never for their number.
        above: Option<u32>,
        /// For whatever is urgent.
        urgent: Option<bool>,
        /// How long each has.
        pass_on: Option<Duration>,
        /// Who is asked, in this order.
        chain: Option<Vec<StandIn>>,
    },
    /// The rungs of a plan.
    Plan {
        /// Its name.
        name: String,
        /// First rung first.
        rungs: Vec<Rung>,
        /// Whether there is none of this name yet.
        is_new: bool,
    },
    /// A plan goes.
    NoPlan(String),
}

/// A value that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// A school has a name.
    #[error("school.name: it must not be empty")]
    NoName,
    /// A number that nobody could dial.
    #[error("school.phone: this is no telephone number")]
    Phone,
    /// No e-mail address.
    #[error("school.email: this is no e-mail address")]
    Email,
    /// No address of a page.
    #[error("school.website: this is no address of a page")]
    Website,
    /// Longer than anybody reads.
    #[error("{0}: this is too long")]
    TooLong(String),
    /// A channel without a free minute.
    #[error("hours.{0}: it would never be open")]
    NeverOpen(Channel),
    /// A channel that people carry, at their own hours.
    #[error("hours.{0}: people carry it, at their own hours")]
    ByPeople(Channel),
    /// A plan that cannot be followed.
    #[error("{0}")]
    Plan(#[from] PlanError),
    /// A name that a plan cannot have.
    #[error("a plan is named with small letters, digits and hyphens")]
    PlanName,
    /// There is one of this name.
    #[error("there is a plan \"{0}\" already")]
    PlanStands(String),
    /// There is none of this name.
    #[error("there is no plan \"{0}\"")]
    NoSuchPlan(String),
    /// It is the plan of whoever names none.
    #[error("the plan \"{0}\" is that of whoever names none")]
    UsualPlan(String),
    /// Some households follow it.
    #[error("households follow the plan \"{0}\"")]
    PlanOfHouseholds(String),
    /// Nobody signs in so who may approve.
    #[error("nobody who may approve signs in as \"{0}\"")]
    NotApproving(String),
    /// Somebody stands twice in the chain.
    #[error("\"{0}\" stands twice in the chain")]
    Twice(String),
    /// A last day before the first one.
    #[error("the last day of \"{0}\" comes before the first one")]
    Backwards(String),
}

impl SettingsChange {
    /// Refused: what cannot be, before the file is touched. `approving` are the logins that may approve.
    pub(super) fn check(&self, said: &Config, approving: &[String]) -> Result<(), BadSetting> {
        self.sizes()?;
        match self {
            Self::Facts(facts) => facts_hold(facts, &said.school.region),
            Self::Hours { channel, spans, .. } => hours_hold(*channel, spans.as_deref()),
            Self::Rhythm { .. } => Ok(()),
            Self::Approval { chain, .. } => chain_holds(approving, chain.as_deref()),
            Self::Plan { name, rungs, is_new } => plan_holds(said, name, rungs, *is_new),
            Self::NoPlan(name) => can_go(said, name),
        }
    }

    fn sizes(&self) -> Result<(), BadSetting> {
        let settings = self.all();
        let is_long = |text: &String| text.chars().count() > LONGEST;
        let wrong = settings.iter().find(|it| match &it.value {
            NewValue::Text(text) => is_long(text),
            NewValue::Texts(texts) => texts.len() > MOST || texts.iter().any(is_long),
            NewValue::QuietSpans(spans) => spans.len() > MOST,
            NewValue::DaysOff(days) => days.len() > MOST,
            NewValue::Chain(chain) => chain.len() > MOST,
            _ => false,
        });
        let lines = settings.iter().find(|it| match &it.value {
            NewValue::Texts(lines) => it.name() == "school.address" && lines.len() > MOST_LINES,
            _ => false,
        });
        wrong.or(lines).map_or(Ok(()), |it| Err(BadSetting::TooLong(it.name())))
    }

    /// The keys that would say something else than they do.
    pub(super) fn settings(&self, said: &Config) -> Vec<Setting> {
        self.all().into_iter().filter(|setting| !says(said, setting)).collect()
    }

    /// Every key that it names.
    fn all(&self) -> Vec<Setting> {
        let lasting = |it: &Option<Duration>| it.map(NewValue::Lasting);
        match self {
            Self::Facts(facts) => of_facts(facts),
            Self::Hours { channel, spans, days_off } => of(
                &["hours", channel.as_str()],
                [
                    ("quiet", spans.clone().map(NewValue::QuietSpans)),
                    ("days_off", days_off.clone().map(NewValue::DaysOff)),
                ],
            ),
            Self::Rhythm { undo, undo_urgent, waves_every, waves_order, per_week, digest } => {
                let undo = [("undo", lasting(undo)), ("undo_urgent", lasting(undo_urgent))];
                let order = waves_order.clone().map(NewValue::Texts);
                let waves = [("every", lasting(waves_every)), ("order", order)];
                let cap = per_week.map(NewValue::Number);
                let load = [("per_week", cap), ("digest", digest.map(NewValue::TimeOfWeek))];
                [of(&["dispatch"], undo), of(&["waves"], waves), of(&["load"], load)].concat()
            }
            Self::Approval { above, urgent, pass_on, chain } => of(
                &["approval"],
                [
                    ("above", above.map(NewValue::Number)),
                    ("urgent", urgent.map(NewValue::Flag)),
                    ("pass_on", lasting(pass_on)),
                    ("chain", chain.clone().map(NewValue::Chain)),
                ],
            ),
            Self::Plan { name, rungs, .. } => {
                vec![Setting::new(["plans", name], NewValue::Rungs(rungs.clone()))]
            }
            Self::NoPlan(name) => vec![Setting::new(["plans", name], NewValue::Gone)],
        }
    }
}

fn of_facts(facts: &Facts) -> Vec<Setting> {
    let text = |it: &Option<String>| it.clone().map(NewValue::Text);
    of(
        &["school"],
        [
            ("name", text(&facts.name)),
            ("address", facts.address.clone().map(NewValue::Texts)),
            ("town", text(&facts.town)),
            ("phone", text(&facts.phone)),
            ("email", text(&facts.email)),
            ("website", text(&facts.website)),
            ("signatory_name", text(&facts.signatory_name)),
            ("signatory_title", text(&facts.signatory_title)),
        ],
    )
}

/// The keys of a table to which something is said.
fn of<const N: usize>(table: &[&str], keys: [(&str, Option<NewValue>); N]) -> Vec<Setting> {
    let said = keys.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let key = |key| table.iter().copied().chain([key]);
    said.map(|(name, value)| Setting::new(key(name), value)).collect()
}

/// Whether a configuration says this already.
fn says(said: &Config, Setting { key, value }: &Setting) -> bool {
    let key: Vec<&str> = key.iter().map(String::as_str).collect();
    match key.as_slice() {
        ["school", key] => says_fact(said, key, value),
        ["hours", channel, key] => says_hours(said, channel, key, value),
        ["plans", name] => match value {
            NewValue::Rungs(rungs) => said.plan(name).is_ok_and(|plan| plan.rungs() == rungs),
            _ => false,
        },
        [table, key] => said_value(said, table, key).as_ref() == Some(value),
        _ => false,
    }
}

fn says_fact(said: &Config, key: &str, value: &NewValue) -> bool {
    let school = &said.school;
    let text = match key {
        "name" => &school.name,
        "town" => &school.town,
        "phone" => &school.phone,
        "email" => &school.email,
        "website" => &school.website,
        "signatory_name" => &school.signatory_name,
        "signatory_title" => &school.signatory_title,
        _ => return *value == NewValue::Texts(school.address.clone()),
    };
    *value == NewValue::Text(text.clone())
}

fn says_hours(said: &Config, channel: &str, key: &str, value: &NewValue) -> bool {
    let Ok(channel) = channel.parse() else { return false };
    let Quiet { spans, days_off } = said.hours().of(channel).cloned().unwrap_or_default();
    *value
        == match key {
            "quiet" => NewValue::QuietSpans(spans),
            _ => NewValue::DaysOff(days_off),
        }
}

fn said_value(said: &Config, table: &str, key: &str) -> Option<NewValue> {
    let (dispatch, approval, timing) = (&said.dispatch, &said.approval, said.timing());
    Some(match (table, key) {
        ("dispatch", "undo") => NewValue::Lasting(dispatch.undo.0),
        ("dispatch", "undo_urgent") => NewValue::Lasting(dispatch.undo_urgent.0),
        ("waves", "every") => NewValue::Lasting(timing.waves.every),
        ("waves", "order") => NewValue::Texts(timing.waves.order),
        ("load", "per_week") => NewValue::Number(timing.load.per_week),
        ("load", "digest") => NewValue::TimeOfWeek(timing.load.digest),
        ("approval", "above") => NewValue::Number(approval.above),
        ("approval", "urgent") => NewValue::Flag(approval.urgent),
        ("approval", "pass_on") => NewValue::Lasting(approval.pass_on.0),
        ("approval", "chain") => NewValue::Chain(approval.chain.clone()),
        _ => return None,
    })
}

fn facts_hold(facts: &Facts, region: &str) -> Result<(), BadSetting> {
    let said = |it: &Option<String>| it.clone().filter(|said| !said.is_empty());
    if facts.name.as_deref().is_some_and(str::is_empty) {
        return Err(BadSetting::NoName);
    }
    if said(&facts.phone).is_some_and(|it| PhoneNumber::parse(&it, region).is_err()) {
        return Err(BadSetting::Phone);
    }
    if said(&facts.email).is_some_and(|it| EmailAddress::parse(&it).is_err()) {
        return Err(BadSetting::Email);
    }
    if said(&facts.website).is_some_and(|it| !is_page(&it)) {
        return Err(BadSetting::Website);
    }
    Ok(())
}

/// Whether this may be the address of a page: families type it, or follow it.
fn is_page(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let rest = rest.unwrap_or(address);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_sound = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    host.contains('.')
        && !host.contains('@')
        && !rest.contains("://")
        && address.chars().all(is_sound)
}

fn hours_hold(channel: Channel, spans: Option<&[QuietSpan]>) -> Result<(), BadSetting> {
    if channel.is_carried_by_people() {
        return Err(BadSetting::ByPeople(channel));
    }
    let quiet = Quiet { spans: spans.unwrap_or_default().to_vec(), days_off: Vec::new() };
    if quiet.leaves_some_time() { Ok(()) } else { Err(BadSetting::NeverOpen(channel)) }
}

fn chain_holds(approving: &[String], chain: Option<&[StandIn]>) -> Result<(), BadSetting> {
    let chain = chain.unwrap_or_default();
    for (at, one) in chain.iter().enumerate() {
        let StandIn { login, from, until } = one;
        if !approving.contains(login) {
            return Err(BadSetting::NotApproving(login.clone()));
        }
        if chain.iter().take(at).any(|it| it == one) {
            return Err(BadSetting::Twice(login.clone()));
        }
        if from.zip(*until).is_some_and(|(from, until)| until < from) {
            return Err(BadSetting::Backwards(login.clone()));
        }
    }
    Ok(())
}

fn plan_holds(said: &Config, name: &str, rungs: &[Rung], is_new: bool) -> Result<(), BadSetting> {
    let stands = said.plan_names().any(|it| it == name);
    if !is_new && !stands {
        return Err(BadSetting::NoSuchPlan(name.to_owned()));
    }
    if is_new && stands {
        return Err(BadSetting::PlanStands(name.to_owned()));
    }
    let is_sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if is_new && (name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_sound)) {
        return Err(BadSetting::PlanName);
    }
    Plan::new(name, rungs.to_vec())?;
    Ok(())
}

fn can_go(said: &Config, name: &str) -> Result<(), BadSetting> {
    if !said.plan_names().any(|it| it == name) {
        return Err(BadSetting::NoSuchPlan(name.to_owned()));
    }
    if name == USUAL_PLAN || said.usual_plan() == Some(name) {
        return Err(BadSetting::UsualPlan(name.to_owned()));
    }
    if said.is_plan_of_households(name) {
        return Err(BadSetting::PlanOfHouseholds(name.to_owned()));
    }
    Ok(())
}
