//! Who carries, in a table: what it is, where, how it is, what it lacks. No secret, and nothing about one, is shown.

use super::super::fault::Fault;
use super::super::health;
use super::super::visitor::Visitor;
use super::{pace, sender};
use crate::office::{self, SecretStands, ServiceStands};
use crate::providers::Sender;

/// One service.
pub(super) struct ServiceShown {
    pub(super) name: String,
    pub(super) is_called: bool,
    pub(super) kind: String,
    pub(super) host: Option<String>,
    /// As whom it writes, and where that is changed.
    pub(super) sender: Option<(String, String)>,
    pub(super) pace: String,
    /// Where its pace is changed.
    pub(super) pace_address: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) secrets: Vec<SecretStands>,
}

/// Every service of the school.
pub(super) async fn shown(visitor: &Visitor) -> Result<Vec<ServiceShown>, Fault> {
    let school = visitor.school();
    let stands = office::channels(school).await?;
    let told = |name: &str| {
        let one = stands.iter().find(|it| it.provider.as_deref() == Some(name));
        one.map(|it| health::told(school, it))
    };
    let services = office::services(school).into_iter().map(|service| {
        let (state, tone) = told(&service.name).unwrap_or_default();
        ServiceShown::of(service, state, tone)
    });
    Ok(services.collect())
}

impl ServiceShown {
    fn of(service: ServiceStands, state: String, tone: &'static str) -> Self {
        let ServiceStands { name, channel, kind, by_hand, host, sender, pace, secrets } = service;
        let channel = channel.in_french();
        let (kind, state, tone, is_called) = match by_hand {
            Some(program) => (
                format!("{channel}, publié à la main dans {program}"),
                "une personne publie".to_owned(),
                "",
                false,
            ),
            None => (format!("{channel}, {kind}"), state, tone, true),
        };
        let sender = sender.map(|it| (in_words(it), sender::address(&name)));
        let pace_address = pace::address(&name);
        Self { name, is_called, kind, host, sender, pace, pace_address, state, tone, secrets }
    }
}

fn in_words(sender: Sender) -> String {
    match sender {
        Sender::Mail { address, name, .. } if name.is_empty() => address,
        Sender::Mail { address, name, .. } => format!("{name} <{address}>"),
        Sender::Text { name } if name.is_empty() => "un numéro court".to_owned(),
        Sender::Text { name } => name,
    }
}
