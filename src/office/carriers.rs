//! The providers of a school, made ready: each by itself, its secrets read where the configuration places them.

mod secrets;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::School;
use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::Config;
use crate::providers::{
    Carrier, CarrierError, Guard, Provider, ProviderSettings, Site, WhenUnknown,
};
use crate::settings::SecretPlace;

/// Every provider of a configuration that is called, each made ready by itself.
#[must_use]
pub fn providers(config: &Config, folder: &Path, clock: &Clock, guard: Guard) -> Vec<Carrier> {
    let called = config.providers.iter().filter(|(_, settings)| settings.by_hand().is_none());
    called.map(|(name, settings)| carrier(name, settings, (folder, clock, guard))).collect()
}

/// One of them.
pub(super) fn carrier(
    name: &str,
    settings: &ProviderSettings,
    (folder, clock, guard): (&Path, &Clock, Guard),
) -> Carrier {
    Carrier {
        name: name.to_owned(),
        kind: settings.name_of_kind(),
        channel: settings.channel(),
        built: make_ready(name, settings, folder, clock, guard),
    }
}

/// One provider, made ready.
pub fn make_ready(
    name: &str,
    settings: &ProviderSettings,
    folder: &Path,
    clock: &Clock,
    guard: Guard,
) -> Result<Arc<dyn Provider>, CarrierError> {
    let read_secret = |key: &str, place: &SecretPlace| secrets::read(key, place, folder);
    settings.build(&Site { name, folder, clock, guard, read_secret: &read_secret })
}

/// The files that hold the secrets of a configuration, each with its key.
#[must_use]
pub fn secret_files(config: &Config, folder: &Path) -> Vec<(String, PathBuf)> {
    secrets::files(config, folder)
}

/// The secret of `key`, wherever the configuration places it.
pub fn read_secret(
    key: &str,
    place: &SecretPlace,
    folder: &Path,
) -> Result<secrecy::SecretString, crate::settings::SecretError> {
    secrets::read(key, place, folder)
}

/// The channels whose provider can be asked what became of a delivery, each with its name. Where several serve
/// one, nobody knows which of them has it: one that says that it has not is not believed. One that cannot be
/// used is not asked.
#[must_use]
pub fn can_be_asked(school: &School, guard: Guard) -> BTreeMap<Channel, String> {
    let settings = || school.config.providers.values();
    let is_alone = |channel| settings().filter(|it| it.channel() == channel).count() == 1;
    let all = providers(&school.config, &school.folder, &school.clock, guard);
    let built = all.into_iter().filter_map(|carrier| carrier.built.ok());
    let askable =
        built.filter(|it| it.when_unknown() == WhenUnknown::Ask && is_alone(it.channel()));
    askable.map(|provider| (provider.channel(), provider.name().to_owned())).collect()
}
