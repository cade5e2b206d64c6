//! One school, as every door and the daemon are given it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::settings_file::SettingsFile;
use crate::accounts::Passwords;
use crate::audience::{AudienceError, Memory, Rule, Selection};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::Config;
use crate::directory::Listings;
use crate::message::Fields;
use crate::people::{Actor, By};
use crate::providers::ProviderSettings;
use crate::queue::Queue;
use crate::render::Renderer;
use crate::render::press::Press;
use crate::scan::Scanner;
use crate::store::Store;
use crate::store::daemons::IdleProvider;
use crate::store::gates::KeptGate;

/// Everything that an act or the daemon works with, for one school.
pub struct School {
    /// The configuration.
    pub config: Config,
    /// The directory, as it was last read.
    pub memory: Arc<Memory>,
    /// The folder that relative paths of the configuration start from.
    pub folder: PathBuf,
    /// The queue, and under it the database.
    pub queue: Queue,
    /// Templates, made ready.
    pub renderer: Arc<Renderer>,
    /// The time.
    pub clock: Clock,
    /// The program that prints, and reads scans: this one.
    pub program: PathBuf,
    /// Where passwords are worked out, a few at a time.
    pub passwords: Passwords,
    /// The accounts that its ENT has, as each of our accounts there sees them.
    pub listings: Listings,
    /// The file of the configuration, where it was read from one.
    pub file: Option<SettingsFile>,
}

impl School {
    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.queue.store()
    }

    /// Everybody whom a rule means today.
    pub(super) async fn find(&self, rule: &Rule) -> Result<Selection, AudienceError> {
        self.memory.find(self.store(), self.queue.school(), rule, self.today()).await
    }

    /// What a message is about, as people of the school call it.
    #[must_use]
    pub fn subject(&self, template: &str, fields: &Fields) -> String {
        self.renderer.templates().subject(template, fields)
    }

    /// An act of somebody, now.
    #[must_use]
    pub fn by(&self, actor: Actor) -> By {
        By { actor, at: self.clock.now() }
    }

    /// The channels on which a provider carries.
    #[must_use]
    pub fn carried(&self) -> Vec<Channel> {
        self.config.providers.values().map(ProviderSettings::channel).collect()
    }

    /// The channels on which only these would carry.
    #[must_use]
    pub fn carried_by_idle(&self, idle: &[IdleProvider]) -> Vec<Channel> {
        let able = self.carried_without(idle);
        self.carried().into_iter().filter(|channel| !able.contains(channel)).collect()
    }

    /// The channels on which a provider carries that is none of these.
    #[must_use]
    pub fn carried_without(&self, idle: &[IdleProvider]) -> Vec<Channel> {
        let is_idle = |name: &str| idle.iter().any(|it| it.provider == name);
        let able = self.config.providers.iter().filter(|(name, _)| !is_idle(name));
        able.map(|(_, settings)| settings.channel()).collect()
    }

    /// The channels that fall to people who publish by hand: no provider of theirs is called, or every one that is
    /// refuses or cannot be used.
    #[must_use]
    pub fn left_to_hands(&self, gates: &[KeptGate], idle: &[IdleProvider]) -> Vec<Channel> {
        let is_out = |name: &str| {
            let refuses = gates.iter().any(|gate| gate.provider == name && !gate.is_admitting());
            refuses || idle.iter().any(|it| it.provider == name)
        };
        let are_left = |channel: &Channel| {
            let routes = self.config.routes(*channel);
            let (by_hand, called): (Vec<_>, Vec<_>) =
                routes.into_iter().partition(|(_, it)| it.by_hand().is_some());
            !by_hand.is_empty() && called.iter().all(|(name, _)| is_out(name))
        };
        Channel::ALL.into_iter().filter(are_left).collect()
    }

    /// The day that it is in the school's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        let now = jiff::Timestamp::from_millisecond(self.clock.now().0).unwrap_or_default();
        now.to_zoned(self.config.school.time_zone()).date()
    }

    /// The process that prints.
    #[must_use]
    pub fn press(&self) -> Press {
        press(self.program.clone(), &self.config)
    }

    /// The process that reads scans.
    #[must_use]
    pub fn scanner(&self) -> Scanner {
        Scanner::new(self.program.clone())
    }

    /// The folder where letter batches go.
    #[must_use]
    pub fn letters_folder(&self) -> PathBuf {
        self.folder.join(&self.config.letters.folder)
    }
}

/// The process that prints, under the limits of a configuration; needs no database.
#[must_use]
pub fn press(program: PathBuf, config: &Config) -> Press {
    Press {
        program,
        memory_limit: config.letters.memory_mb.saturating_mul(1_024 * 1_024),
        time_limit: config.letters.time_limit.0,
    }
}

/// This program, which prints when it is called so.
#[must_use]
pub fn this_program() -> PathBuf {
    // By this name Linux runs the very program that we are, even after an upgrade replaced it.
    let ourselves = PathBuf::from("/proc/self/exe");
    let by_name = || std::env::current_exe().unwrap_or_else(|_| PathBuf::from("chappe"));
    if ourselves.exists() { ourselves } else { by_name() }
}
