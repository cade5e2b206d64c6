//! Every channel: how it is, who carries it, how much of its rates is used.

use askama::Template;
use axum::extract::RawQuery;

use super::super::fault::Fault;
use super::super::health;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, readable};
use crate::channel::Channel;
use crate::office::{self, ChannelStands, RatesInUse, School, Standstill, WindowInUse};
use crate::store::gates::GateState;

#[derive(Template)]
#[template(path = "channels/list.html", config = "src/web/askama.toml")]
struct ChannelsPage<'a> {
    csrf: &'a str,
    done: String,
    is_held: bool,
    is_gone: bool,
    rows: Vec<ChannelShown>,
}

/// One channel, by one of its providers.
struct ChannelShown {
    word: &'static str,
    name: &'static str,
    carrier: String,
    state: String,
    tone: &'static str,
    rates: Vec<String>,
    /// Whether it can be closed here, and opened: once a channel.
    is_first: bool,
    can_open: bool,
    is_open: bool,
    /// Its service, where it can be asked whether it answers.
    asked: Option<String>,
}

/// Every channel.
pub(super) async fn list(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let (school, asked) = (visitor.school(), Form::asked(query.as_deref().unwrap_or_default()));
    let (stands, rates) = (office::channels(school).await?, office::rates_in_use(school).await?);
    let mut seen: Vec<Channel> = Vec::new();
    let rows = stands.iter().filter(|it| is_used(it)).map(|it| {
        let is_first = !seen.contains(&it.channel);
        seen.push(it.channel);
        ChannelShown::of(school, it, &rates, is_first)
    });
    let body = ChannelsPage {
        csrf: visitor.csrf(),
        done: done(&asked),
        rows: rows.collect(),
        is_gone: matches!(visitor.standstill(), Some(Standstill::Moved { .. })),
        is_held: matches!(visitor.standstill(), Some(Standstill::Hold { .. })),
    };
    visitor.page(Section::Channels, "Canaux", &body)
}

/// Whether the school has that way at all.
fn is_used(stands: &ChannelStands) -> bool {
    stands.provider.is_some() || stands.channel.is_carried_by_people() || !stands.open
}

fn done(asked: &Form) -> String {
    let moved: usize = asked.text("voies").parse().unwrap_or(0);
    match asked.text("fait") {
        "ferme" if moved > 0 => format!(
            "Le canal est fermé ; {} à la voie suivante.",
            count(moved, "personne est passée", "personnes sont passées")
        ),
        "ferme" => "Le canal est fermé ; personne n’y attendait.".to_owned(),
        "ouvert" => "Le canal est rouvert. Qui est passé à une autre voie y reste.".to_owned(),
        "essai" => {
            "Le message d’essai est parti : le service l’a accepté. Regardez s’il vous arrive."
                .to_owned()
        }
        "suspendu" => "Tous les envois sont suspendus.".to_owned(),
        "repris" => "Les envois reprennent.".to_owned(),
        _ => String::new(),
    }
}

impl ChannelShown {
    fn of(school: &School, stands: &ChannelStands, rates: &[RatesInUse], is_first: bool) -> Self {
        let (state, tone) = health::told(school, stands);
        let provider = stands.provider.as_deref();
        let of_provider = |it: &&RatesInUse| Some(it.provider.as_str()) == provider;
        let rates = rates.iter().find(of_provider).map(|it| it.windows.as_slice());
        let refuses = stands.breaker.is_some_and(|it| it != GateState::Admitting);
        Self {
            word: stands.channel.as_str(),
            name: stands.channel.in_french(),
            carrier: carrier(school, stands),
            state,
            tone,
            rates: rates.unwrap_or_default().iter().map(|window| told(*window)).collect(),
            is_first,
            can_open: is_first && (!stands.open || refuses),
            is_open: stands.open,
            asked: stands.provider.clone().filter(|name| is_called(school, name)),
        }
    }
}

fn is_called(school: &School, name: &str) -> bool {
    school.config.providers.get(name).is_some_and(|it| it.by_hand().is_none())
}

/// Who carries: the program in which people publish, the provider by its name, or people.
fn carrier(school: &School, stands: &ChannelStands) -> String {
    let Some(name) = &stands.provider else { return "à la main".to_owned() };
    let Some(settings) = school.config.providers.get(name) else { return name.clone() };
    if let Some(by_hand) = settings.by_hand() {
        return format!("publié à la main dans {}", by_hand.called());
    }
    let others = school.config.routes(stands.channel).len() > 1;
    let kind = settings.in_french();
    if others { format!("{kind} : {name}") } else { kind.to_owned() }
}

/// `412 sur 1 000 par heure`.
fn told(window: WindowInUse) -> String {
    let span = match window.seconds {
        1 => "par seconde",
        60 => "par minute",
        3_600 => "par heure",
        _ => "par jour",
    };
    let number = |it: u64| readable(usize::try_from(it).unwrap_or(usize::MAX));
    format!("{} sur {} {span}", number(window.used), number(u64::from(window.limit)))
}
