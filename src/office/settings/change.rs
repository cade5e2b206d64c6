//! What somebody wants to change, and which keys that is.

use std::time::Duration;

use jiff::civil::Date;

use super::bad::{
    BadSetting, can_go, chain_holds, facts_hold, hours_hold, pace_holds, plan_holds, route_holds,
    sender_holds,
};
use crate::channel::Channel;
use crate::config::{Config, Facts, NewValue, PricedThing, Setting, StandIn};
use crate::delivery::{Quiet, QuietSpan};
use crate::message::Rung;
use crate::providers::{ProviderSettings, Sender};
use crate::settings::{Pace, Price};

/// Letters of a text, and texts of a list: more than any school needs.
const LONGEST: usize = 200;
const MOST: usize = 100;
/// Lines of an address.
const MOST_LINES: usize = 6;

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
    /// What things cost the school; of which there is no price, nobody says what.
    Prices(Vec<(PricedThing, Option<Price>)>),
    /// How fast a provider may be used; 0: no such limit.
    Pace {
        /// Its name.
        provider: String,
        /// In any second, minute, hour and day.
        limits: [Option<u32>; 4],
        /// At the same time.
        at_once: Option<u32>,
    },
    /// As whom a provider writes.
    Sender {
        /// Its name.
        provider: String,
        /// As whom from now on.
        sender: Sender,
    },
    /// In which order the providers of a channel are used that several serve.
    Route {
        /// The channel.
        channel: Channel,
        /// Place after place; those of one place share it.
        places: Vec<Vec<String>>,
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

impl SettingsChange {
    /// Refused: what cannot be, before the file is touched. `approving` are the logins that may approve.
    pub(super) fn check(&self, said: &Config, approving: &[String]) -> Result<(), BadSetting> {
        self.sizes(said)?;
        match self {
            Self::Facts(facts) => facts_hold(facts, &said.school.region),
            Self::Hours { channel, spans, .. } => hours_hold(*channel, spans.as_deref()),
            Self::Rhythm { .. } | Self::Prices(_) => Ok(()),
            Self::Pace { provider, at_once, .. } => pace_holds(said, provider, *at_once),
            Self::Sender { provider, sender } => sender_holds(said, provider, sender),
            Self::Route { channel, places } => route_holds(said, *channel, places),
            Self::Approval { chain, .. } => chain_holds(approving, chain.as_deref()),
            Self::Plan { name, rungs, is_new } => plan_holds(said, name, rungs, *is_new),
            Self::NoPlan(name) => can_go(said, name),
        }
    }

    fn sizes(&self, said: &Config) -> Result<(), BadSetting> {
        let settings = self.all(said);
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
        self.all(said).into_iter().filter(|setting| !says(said, setting)).collect()
    }

    /// Every key that it names.
    fn all(&self, said: &Config) -> Vec<Setting> {
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
            Self::Prices(prices) => {
                let set = |(thing, price): &(PricedThing, Option<Price>)| {
                    Setting::new(["prices", thing.key()], price_or_none(*price))
                };
                prices.iter().map(set).collect()
            }
            Self::Pace { provider, limits, at_once } => {
                let kind = said.providers.get(provider).map_or("", ProviderSettings::name_of_kind);
                let [second, minute, hour, day] = limits.map(|it| it.map(NewValue::Number));
                of(
                    &["providers", provider, kind, "pace"],
                    [
                        ("per_second", second),
                        ("per_minute", minute),
                        ("per_hour", hour),
                        ("per_day", day),
                        ("at_once", at_once.map(NewValue::Number)),
                    ],
                )
            }
            Self::Sender { provider, sender } => of_sender(said, provider, sender),
            Self::Route { channel, places } => {
                vec![Setting::new(["routes", channel.as_str()], NewValue::Route(places.clone()))]
            }
            Self::Plan { name, rungs, .. } => {
                vec![Setting::new(["plans", name], NewValue::Rungs(rungs.clone()))]
            }
            Self::NoPlan(name) => vec![Setting::new(["plans", name], NewValue::Gone)],
        }
    }
}

fn price_or_none(price: Option<Price>) -> NewValue {
    price.map_or(NewValue::Gone, NewValue::Price)
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

fn of_sender(said: &Config, provider: &str, sender: &Sender) -> Vec<Setting> {
    let kind = said.providers.get(provider).map_or("", ProviderSettings::name_of_kind);
    let or_none = |text: &String| match text.as_str() {
        "" => NewValue::Gone,
        _ => NewValue::Text(text.clone()),
    };
    let key = |key| ["providers", provider, kind, key];
    match sender {
        Sender::Mail { address, name, answers } => {
            let settings = [
                ("from", NewValue::Text(address.clone())),
                ("from_name", or_none(name)),
                ("reply_to", or_none(answers)),
            ];
            let settings = settings.map(|(it, value)| Setting::new(key(it), value)).into_iter();
            let kept = kept_domain(said, provider, address);
            let kept = kept.map(|it| Setting::new(key("message_id_domain"), NewValue::Text(it)));
            settings.chain(kept).collect()
        }
        Sender::Text { name } => vec![Setting::new(key("sender"), or_none(name))],
    }
}

/// A second copy of what is under way keeps its Message-ID, which people and programs know it by: its domain is said from
/// now on where it was that of the address.
fn kept_domain(said: &Config, provider: &str, address: &str) -> Option<String> {
    let ProviderSettings::Smtp(relay) = said.providers.get(provider)? else { return None };
    let (_, before) = relay.from.rsplit_once('@')?;
    let (_, after) = address.rsplit_once('@')?;
    (relay.message_id_domain.is_none() && before != after).then(|| before.to_owned())
}

/// The keys of a table to which something is said.
fn of<const N: usize>(table: &[&str], keys: [(&str, Option<NewValue>); N]) -> Vec<Setting> {
    let said = keys.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let key = |key| table.iter().copied().chain([key]);
    said.map(|(name, value)| Setting::new(key(name), value)).collect()
}

/// Whether a configuration says this already.
fn says(said: &Config, setting: &Setting) -> bool {
    let Setting { key, value } = setting;
    let key: Vec<&str> = key.iter().map(String::as_str).collect();
    match key.as_slice() {
        ["school", key] => says_fact(said, key, value),
        ["hours", channel, key] => says_hours(said, channel, key, value),
        ["plans", name] => match value {
            NewValue::Rungs(rungs) => said.plan(name).is_ok_and(|plan| plan.rungs() == rungs),
            _ => false,
        },
        ["providers", name, _, "pace", key] => {
            let pace = said.providers.get(*name).map(ProviderSettings::pace);
            pace.is_some_and(|pace| *value == NewValue::Number(said_pace(pace, key)))
        }
        ["providers", name, _, _] => {
            let sender = said.providers.get(*name).and_then(ProviderSettings::sender);
            sender.is_some_and(|it| of_sender(said, name, &it).contains(setting))
        }
        ["routes", channel] => {
            let places = channel.parse().map(|it| said.places_on(it));
            places.is_ok_and(|places| *value == NewValue::Route(places))
        }
        ["prices", key] => {
            let thing = PricedThing::ALL.into_iter().find(|it| it.key() == *key);
            thing.is_some_and(|it| *value == price_or_none(said.prices.of(it)))
        }
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

fn said_pace(pace: &Pace, key: &str) -> u32 {
    match key {
        "per_second" => pace.per_second,
        "per_minute" => pace.per_minute,
        "per_hour" => pace.per_hour,
        "per_day" => pace.per_day,
        _ => pace.at_once,
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
