//! The configuration: one file a section. Pure: somebody else reads the file and the environment.
//!
//! A file is checked as it stands, so that an error names its line and what is allowed; then the
//! environment is laid over it: `CHAPPE__HTTP__LISTEN=…` is `listen` in `[http]`.

mod approval;
mod breaker;
mod calls;
mod dispatch;
mod fresh;
mod hours;
mod household;
mod http;
mod inbox;
mod letters;
mod load;
mod plan;
mod prices;
mod rewrite;
mod routes;
mod school;
mod shipped;
mod store;
mod templates;
mod told;
mod waves;
mod web;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

pub use approval::{ApprovalSettings, StandIn};
pub use breaker::BreakerSettings;
pub use calls::{CallsSettings, DutyLine};
pub use dispatch::DispatchSettings;
pub use fresh::{Facts, Relay};
pub use hours::HoursSettings;
pub use http::HttpSettings;
pub use inbox::InboxSettings;
pub use letters::LettersSettings;
pub use load::LoadSettings;
pub use plan::RungSettings;
pub use prices::{PriceSettings, PricedThing};
pub use rewrite::{NewValue, Setting, rewritten};
pub use school::{Overseas, SchoolSettings, overseas};
pub use shipped::{SHIPPED, examples_left};
pub use store::{Database, StoreSettings};
pub use templates::TemplatesSettings;
pub use waves::WavesSettings;
pub use web::{TlsSettings, WebSettings};

use household::HouseholdPlans;
use routes::{ChannelRoute, RouteOrder};

use crate::channel::Channel;
use crate::delivery::{self, ByHand, Hours, Recaller, Timing};
use crate::message::{Plan, PlansBeside};
use crate::paper_printer::PaperPrinterSettings;
use crate::people::Connectivity;
use crate::providers::{ManualSettings, ProviderSettings};
use crate::sealed_file::PartnerSettings;

/// The plan of whoever names none.
pub const USUAL_PLAN: &str = "famille";

/// The whole configuration of one school.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The school.
    pub school: SchoolSettings,
    /// The database.
    #[serde(default)]
    pub store: StoreSettings,
    /// The address on which the daemon listens.
    #[serde(default)]
    pub http: HttpSettings,
    /// The secretariat's pages.
    #[serde(default)]
    pub web: WebSettings,
    /// Leases, tries, receipts.
    #[serde(default)]
    pub dispatch: DispatchSettings,
    /// When a provider is left alone for a while.
    #[serde(default)]
    pub breaker: BreakerSettings,
    /// Letters.
    #[serde(default)]
    pub letters: LettersSettings,
    /// Message templates.
    #[serde(default)]
    pub templates: TemplatesSettings,
    /// When a channel leaves people in peace: `[hours.sms]`.
    #[serde(default)]
    hours: BTreeMap<Channel, HoursSettings>,
    /// Level after level.
    #[serde(default)]
    pub waves: WavesSettings,
    /// When a second person says yes.
    #[serde(default)]
    pub approval: ApprovalSettings,
    /// What waits for a person.
    #[serde(default)]
    pub inbox: InboxSettings,
    /// What things cost the school.
    #[serde(default)]
    pub prices: PriceSettings,
    /// How much a household gets in a week.
    #[serde(default)]
    pub load: LoadSettings,
    /// When people are called, and who answers which line.
    #[serde(default)]
    pub calls: CallsSettings,
    /// Who carries, by name: `[providers.relay.smtp]`.
    #[serde(default)]
    pub providers: BTreeMap<String, ProviderSettings>,
    /// The printers on the network, by name: `[printers.salle-des-profs]`.
    #[serde(default)]
    pub printers: BTreeMap<String, PaperPrinterSettings>,
    /// Who prints and posts batches in the school's place, by name: `[partners.mairie]`.
    #[serde(default)]
    pub partners: BTreeMap<String, PartnerSettings>,
    /// In which order, where several carry on one channel: `[routes] sms = ["sms-a", "sms-b"]`.
    #[serde(default)]
    routes: RouteOrder,
    /// The plans of households that cannot use every channel of a message's plan:
    /// `[households] none = { plan = "papier", urgent = "appel" }`.
    #[serde(default)]
    households: BTreeMap<Connectivity, HouseholdPlans>,
    /// In which order, by name: `[[plans.famille]]`, a table a rung.
    #[serde(default)]
    plans: BTreeMap<String, Vec<RungSettings>>,
}

/// A configuration that cannot be used. Nothing was started or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, an unknown key, or a value of the wrong kind: line, key and what is allowed.
    #[error("{file}: {reason}")]
    Unreadable {
        /// Which file.
        file: String,
        /// The parser's words, with line and column.
        reason: String,
    },
    /// A variable of the environment that does not fit.
    #[error("the environment variables {variables} do not fit the configuration: {reason}")]
    Environment {
        /// Their names.
        variables: String,
        /// What does not fit.
        reason: String,
    },
    /// Keys that contradict each other.
    #[error("{file}: {reason}")]
    Contradiction {
        /// Which file.
        file: String,
        /// Which keys, and what is allowed.
        reason: String,
    },
}

impl Config {
    /// Reads the text of `file`, with the environment's `CHAPPE__…` variables laid over it.
    pub fn read(
        file: &str,
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let unreadable = |error: toml::de::Error| ConfigError::Unreadable {
            file: file.to_owned(),
            reason: told::of_file(text, &error),
        };
        let mut config: Self = toml::from_str(text).map_err(unreadable)?;
        let overrides = overrides(environment);
        if !overrides.is_empty() {
            config = with_overrides(text, &overrides)?;
        }
        config
            .check()
            .map_err(|reason| ConfigError::Contradiction { file: file.to_owned(), reason })?;
        Ok(config)
    }

    /// The plan of whoever names none: `famille`, or the first there is.
    #[must_use]
    pub fn usual_plan(&self) -> Option<&str> {
        let named = self.plans.get_key_value(USUAL_PLAN).map(|(name, _)| name.as_str());
        named.or_else(|| self.plan_names().next())
    }

    /// The names of the plans.
    pub fn plan_names(&self) -> impl Iterator<Item = &str> {
        self.plans.keys().map(String::as_str)
    }

    /// The plan of this name, or the names that there are.
    pub fn plan(&self, name: &str) -> Result<Plan, String> {
        let Some(rungs) = self.plans.get(name) else {
            let known = self.listed_plans();
            return Err(format!("there is no plan \"{name}\"; there are: {known}"));
        };
        let rungs = rungs.iter().map(RungSettings::to_rung).collect();
        Plan::new(name, rungs).map_err(|error| error.to_string())
    }

    /// Whether households that cannot use every channel follow this plan.
    #[must_use]
    pub fn is_plan_of_households(&self, name: &str) -> bool {
        self.households.values().any(|it| it.plan == name || it.urgent.as_deref() == Some(name))
    }

    fn listed_plans(&self) -> String {
        self.plans.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// The plans of those households that cannot use every channel of `plan`.
    #[must_use]
    pub fn plans_beside(&self, plan: &Plan) -> PlansBeside {
        let channels = plan.channels();
        let cannot_follow =
            |kind: Connectivity| channels.iter().any(|channel| !kind.can_use(*channel));
        let mut beside = PlansBeside::default();
        for (kind, plans) in self.households.iter().filter(|(kind, _)| cannot_follow(**kind)) {
            beside.usual.extend(self.plan(&plans.plan).ok().map(|plan| (*kind, plan)));
            beside.urgent.extend(self.urgent_plan(plans).ok().map(|plan| (*kind, plan)));
        }
        beside
    }

    fn urgent_plan(&self, plans: &HouseholdPlans) -> Result<Plan, String> {
        match &plans.urgent {
            Some(name) => self.plan(name),
            None => self.plan(&plans.plan)?.calling_first().map_err(|error| error.to_string()),
        }
    }

    /// What it says about when messages leave.
    #[must_use]
    pub fn timing(&self) -> Timing {
        let WavesSettings { every, order } = self.waves.clone();
        Timing {
            hours: Arc::new(self.hours()),
            undo: self.dispatch.undo.0,
            undo_urgent: self.dispatch.undo_urgent.0,
            waves: delivery::Waves { every: every.0, order },
            load: self.load.load(),
            calls: self.calls.times(self.school.time_zone()),
        }
    }

    /// When each channel leaves people in peace, by the clocks of the school.
    #[must_use]
    pub fn hours(&self) -> Hours {
        let by_default = HoursSettings::default();
        let quiet = Channel::ALL.into_iter().filter_map(|channel| {
            let settings = self.hours.get(&channel).unwrap_or(&by_default);
            Some((channel, settings.quiet(channel)?))
        });
        Hours::new(self.school.time_zone(), quiet.collect())
    }

    /// The providers that carry on this channel, the preferred one first.
    #[must_use]
    pub fn routes(&self, channel: Channel) -> Vec<(&str, &ProviderSettings)> {
        let serving = self.providers.iter().filter(|(_, settings)| settings.channel() == channel);
        let mut serving: Vec<_> = serving.map(|(name, it)| (name.as_str(), it)).collect();
        let names = self.routes.get(&channel).map(ChannelRoute::names);
        serving.sort_by_key(|(name, _)| names.as_ref()?.iter().position(|it| it == name));
        serving
    }

    /// The places of a channel that several serve, as `[routes]` gives them.
    #[must_use]
    pub fn places_on(&self, channel: Channel) -> Vec<Vec<String>> {
        self.routes.get(&channel).map(ChannelRoute::places).unwrap_or_default()
    }

    /// How many share the work of the preferred one of a channel, that one too: each takes its part.
    #[must_use]
    pub fn sharing_first(&self, channel: Channel) -> usize {
        self.routes.get(&channel).map_or(1, ChannelRoute::sharing_first)
    }

    /// Which place `[routes]` gives a provider among those of its channel, 0 being the first; those who share
    /// the work have the same.
    #[must_use]
    pub fn place_on(&self, channel: Channel, name: &str) -> Option<usize> {
        self.routes.get(&channel)?.place_of(name)
    }

    /// The provider that carries on this channel, the preferred one of several.
    #[must_use]
    pub fn provider_of(&self, channel: Channel) -> Option<(&str, &ProviderSettings)> {
        self.routes(channel).into_iter().next()
    }

    /// The providers for which a person publishes, the preferred one of each channel first.
    #[must_use]
    pub fn by_hand(&self) -> Vec<ByHand> {
        let of_channel = |channel| {
            let routes = self.routes(channel);
            let is_only_way = routes.iter().all(|(_, it)| it.by_hand().is_some());
            let by_hand = routes.into_iter().filter_map(|(name, it)| Some((name, it.by_hand()?)));
            let way = |(name, it): (&str, &ManualSettings)| ByHand {
                provider: name.to_owned(),
                channel,
                readers: it.readers.clone(),
                is_only_way,
            };
            by_hand.map(way).collect::<Vec<_>>()
        };
        Channel::ALL.into_iter().flat_map(of_channel).collect()
    }

    /// The providers that take back what they handed out.
    #[must_use]
    pub fn recallers(&self) -> Vec<Recaller> {
        let within =
            self.providers.iter().filter_map(|(name, it)| Some((name, it.recalls_within()?)));
        within.map(|(name, within)| Recaller { provider: name.clone(), within }).collect()
    }

    /// Whether text messages leave by a short number of a provider: no sender is declared there. One text
    /// serves all routes.
    #[must_use]
    pub fn sends_sms_by_short_number(&self) -> bool {
        let carriers = self.routes(Channel::Sms);
        carriers.iter().any(|(_, settings)| settings.sends_by_short_number())
    }

    /// Whether what people answer on a channel comes to the school, whichever of its providers carries.
    #[must_use]
    pub fn takes_replies(&self, channel: Channel) -> bool {
        let carriers = self.routes(channel);
        !carriers.is_empty() && carriers.iter().all(|(_, settings)| settings.takes_replies())
    }

    fn check(&self) -> Result<(), String> {
        routes::check(&self.routes, &self.providers)?;
        self.plans.keys().try_for_each(|name| self.plan(name).map(|_| ()))?;
        for (kind, plans) in &self.households {
            let refusal = |reason| format!("households.{}: {reason}", kind.as_str());
            let mut names = std::iter::once(&plans.plan).chain(&plans.urgent);
            if !names.all(|name| self.plans.contains_key(name)) {
                let known = self.listed_plans();
                return Err(refusal(format!("there is no such plan; there are: {known}")));
            }
            self.urgent_plan(plans).map_err(refusal)?;
        }
        self.hours.iter().try_for_each(|(channel, hours)| hours.check(*channel))?;
        self.calls.check()?;
        self.web.check()?;
        self.school.check()
    }
}

/// The text of a configuration with `CHAPPE__…` variables laid over it, for a file of its own.
pub fn lay_over(
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<String, ConfigError> {
    let overrides = overrides(environment);
    let table = overlaid(text, &overrides)?;
    toml::to_string(&table).map_err(|error| misfit(&overrides, error.to_string()))
}

/// The variables that are ours, as path and value.
fn overrides(
    environment: impl IntoIterator<Item = (String, String)>,
) -> Vec<(String, Vec<String>, String)> {
    let ours = environment.into_iter().filter_map(|(name, value)| {
        let path = name.strip_prefix("CHAPPE__")?;
        let path = path.split("__").map(str::to_lowercase).collect();
        Some((name, path, value))
    });
    ours.collect()
}

/// The variable that is laid over this key, over a table that it stands in, or over a part of it: what the file
/// says there has no effect.
#[must_use]
pub fn variable_over(environment: &[(String, String)], key: &[String]) -> Option<String> {
    let is_over = |path: &[String]| key.iter().zip(path).all(|(one, other)| one == other);
    let mut over = overrides(environment.iter().cloned()).into_iter();
    over.find(|(_, path, _)| is_over(path)).map(|(name, ..)| name)
}

fn with_overrides(
    text: &str,
    overrides: &[(String, Vec<String>, String)],
) -> Result<Config, ConfigError> {
    let table = overlaid(text, overrides)?;
    Config::deserialize(table).map_err(|error| {
        let values = overrides.iter().map(|(.., value)| value.as_str());
        misfit(overrides, told::of_values(values, &error))
    })
}

fn overlaid(
    text: &str,
    overrides: &[(String, Vec<String>, String)],
) -> Result<toml::Table, ConfigError> {
    let unreadable = |error: toml::de::Error| misfit(overrides, error.message().to_owned());
    let mut table: toml::Table = text.parse().map_err(unreadable)?;
    for (name, path, value) in overrides {
        set(&mut table, path, value).ok_or_else(|| {
            misfit(overrides, format!("{name} names no section of the configuration"))
        })?;
    }
    Ok(table)
}

fn misfit(overrides: &[(String, Vec<String>, String)], reason: String) -> ConfigError {
    let names: Vec<&str> = overrides.iter().map(|(name, ..)| name.as_str()).collect();
    ConfigError::Environment { variables: names.join(", "), reason }
}

/// Sets the key at `path`: as TOML where `value` reads as such (`8080`, `true`), else as a text.
fn set(table: &mut toml::Table, path: &[String], value: &str) -> Option<()> {
    let (key, sections) = path.split_last()?;
    let mut place = table;
    for section in sections {
        let entry =
            place.entry(section.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        place = entry.as_table_mut()?;
    }
    place.insert(key.clone(), told::as_toml(value));
    Some(())
}
