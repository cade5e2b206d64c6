//! Builds, starts and stops: the only room that knows all the others.

mod carriers;
mod daemon;
mod database;
mod moving;
mod secrets;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::{self, Config, ProviderSettings};
use crate::delivery::SendError;
use crate::directory::{self, Linked};
use crate::providers::{Guard, Provider};
use crate::queue::Queue;
use crate::render::press::Press;
use crate::render::{Renderer, SchoolFacts, SmsRules, TemplateError, Templates};
use crate::store::{IfMissing, Store, StoreError};

pub use carriers::CarrierError;
pub use daemon::{Daemon, Ended, ServeError, at_work};
pub use database::{DatabaseError, open_store};
pub use moving::{LeaveError, move_school};
pub use secrets::SecretError;

/// Everything that a command or the daemon works with, for one school.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The folder that relative paths of the configuration start from.
    pub folder: PathBuf,
    /// The queue, and under it the database.
    pub queue: Queue,
    /// Templates, made ready.
    pub renderer: Arc<Renderer>,
    /// The time.
    pub clock: Clock,
}

/// Why the parts could not be put together. Nothing was started.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A template.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl BuildError {
    /// Whether all that is wrong is that no database stands there.
    #[must_use]
    pub fn is_missing_database(&self) -> bool {
        matches!(self, Self::Database(DatabaseError::Store(StoreError::NoDatabase(_))))
    }
}

/// Why accounts could not be tied to persons; what was tied before stays.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The ENT's section in the configuration, or a secret of it.
    #[error(transparent)]
    Carrier(#[from] CarrierError),
    /// The ENT.
    #[error(transparent)]
    Provider(#[from] SendError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Opens the database, makes it where none stands, and reads the templates. `folder` is where the
    /// configuration file stands.
    pub fn build(config: Config, folder: &Path, clock: Clock) -> Result<Self, BuildError> {
        Self::build_or(config, folder, clock, IfMissing::Make)
    }

    /// The same, with a choice.
    pub fn build_or(
        config: Config,
        folder: &Path,
        clock: Clock,
        if_missing: IfMissing,
    ) -> Result<Self, BuildError> {
        let store = open_store(&config.store, folder, if_missing)?;
        Ok(Self::on(store, config, folder, clock)?)
    }

    /// The same on a database that is open.
    pub fn on(
        store: Store,
        config: Config,
        folder: &Path,
        clock: Clock,
    ) -> Result<Self, TemplateError> {
        let queue = Queue::new(store, config.school.uai.clone()).with_timing(config.timing());
        let renderer = Arc::new(renderer(&config, folder)?);
        Ok(Self { folder: folder.to_owned(), queue, renderer, clock, config })
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.queue.store()
    }

    /// The providers of the configuration; their secrets are read now.
    pub fn providers(&self, guard: Guard) -> Result<Vec<Arc<dyn Provider>>, CarrierError> {
        let built = providers(&self.config, &self.folder, &self.clock, guard);
        built.into_iter().map(|carrier| carrier.built).collect()
    }

    /// The channels on which a provider carries.
    #[must_use]
    pub fn carried(&self) -> Vec<Channel> {
        self.config.providers.values().map(config::ProviderSettings::channel).collect()
    }

    /// The day that it is in the school's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        let now = jiff::Timestamp::from_millisecond(self.clock.now().0).unwrap_or_default();
        now.to_zoned(self.config.school.time_zone()).date()
    }

    /// The process that prints: this program, under the limits of the configuration.
    pub fn press(&self) -> std::io::Result<Press> {
        press(&self.config)
    }

    /// Ties the accounts of an ENT to the persons of the directory.
    pub async fn link_accounts(&self, ent: &dyn Provider) -> Result<Linked, LinkError> {
        let accounts = ent.fetch_accounts().await?;
        let (school, now) = (self.queue.school(), self.clock.now());
        Ok(directory::link_ent_accounts(self.store(), school, accounts, now).await?)
    }

    /// The same with the ENT of the configuration, of which nothing else is made ready.
    pub async fn ask_the_ent(&self, guard: Guard) -> Result<(), LinkError> {
        let Some((name, settings)) = self.config.provider_of(Channel::Ent) else { return Ok(()) };
        let ent = carriers::build(name, settings, &self.folder, self.clock.clone(), guard)?;
        self.link_accounts(ent.as_ref()).await.map(drop)
    }

    /// The files that hold its secrets, each with its key.
    #[must_use]
    pub fn secret_files(&self) -> Vec<(String, PathBuf)> {
        secret_files(&self.config, &self.folder)
    }

    /// The folder where letter batches go.
    #[must_use]
    pub fn letters_folder(&self) -> PathBuf {
        self.folder.join(&self.config.letters.folder)
    }
}

/// A provider of the configuration, made ready or not.
pub struct Carrier {
    /// `relay (email)`: its name and its channel.
    pub label: String,
    /// The provider, or why there is none.
    pub built: Result<Arc<dyn Provider>, CarrierError>,
}

/// Every provider that a configuration names, each made ready by itself.
#[must_use]
pub fn providers(config: &Config, folder: &Path, clock: &Clock, guard: Guard) -> Vec<Carrier> {
    let build = |(name, settings): (&String, &ProviderSettings)| Carrier {
        label: format!("{name} ({})", settings.channel()),
        built: carriers::build(name, settings, folder, clock.clone(), guard),
    };
    config.providers.iter().map(build).collect()
}

/// The process that prints: this program, under the limits of a configuration; needs no database.
pub fn press(config: &Config) -> std::io::Result<Press> {
    // By this name Linux runs the very program that we are, even after an upgrade replaced it.
    let ourselves = PathBuf::from("/proc/self/exe");
    let program = if ourselves.exists() { ourselves } else { std::env::current_exe()? };
    Ok(Press {
        program,
        memory_limit: config.letters.memory_mb.saturating_mul(1_024 * 1_024),
        time_limit: config.letters.time_limit.0,
    })
}

/// The files that hold the secrets of a configuration, each with its key.
#[must_use]
pub fn secret_files(config: &Config, folder: &Path) -> Vec<(String, PathBuf)> {
    secrets::files(config, folder)
}

/// The renderer that a configuration asks for; needs no database.
pub fn renderer(config: &Config, folder: &Path) -> Result<Renderer, TemplateError> {
    let overrides = config.templates.folder.as_ref().map(|path| folder.join(path));
    let sms = SmsRules {
        max_segments: config.templates.sms_segments,
        by_short_number: config.sends_sms_by_short_number(),
    };
    let templates = Templates::load(overrides.as_deref())?.with_sms_rules(sms);
    Ok(Renderer::new(templates, school_facts(&config.school)))
}

fn school_facts(school: &config::School) -> SchoolFacts {
    SchoolFacts {
        name: school.name.clone(),
        address_lines: school.address.clone(),
        phone: school.phone.clone(),
        email: school.email.clone(),
        website: school.website.clone(),
        signatory_name: school.signatory_name.clone(),
        signatory_title: school.signatory_title.clone(),
        town: school.town.clone(),
    }
}
