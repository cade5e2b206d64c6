//! Builds, starts and stops: the only room that knows all the others.

mod at_work;
mod certificate;
mod daemon;
mod database;
mod doors;
mod idle;
mod moving;
mod not_started;
mod provider_tasks;
mod reminders;
mod renewal;
mod shared;
mod task;
mod turns;

use std::path::Path;
use std::sync::Arc;

use crate::accounts::Passwords;
use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::delivery::SendError;
use crate::directory::Listings;
use crate::inbox::Entrance;
use crate::office::{self, School, make_ready};
use crate::providers::{CarrierError, Guard, Inbox, NotKept, Provider, Word};
use crate::queue::Queue;
use crate::render::{Renderer, ReplyWays, SchoolFacts, SmsRules, TemplateError, Templates};
use crate::store::{IfMissing, Store, StoreError};

pub use crate::office::{providers, secret_files};
pub use at_work::tasks;
pub use daemon::{Daemon, Ended};
pub use database::{DatabaseError, open_store};
pub use moving::{LeaveError, move_school};
pub use not_started::ServeError;
pub use task::{Task, start};

/// Why the parts could not be put together. Nothing was started.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database.
    #[error("{0}")]
    Database(#[from] DatabaseError),
    /// A template.
    #[error("{0}")]
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
    #[error("{0}")]
    Carrier(#[from] CarrierError),
    /// The ENT.
    #[error("{0}")]
    Provider(#[from] SendError),
    /// The inbox.
    #[error("{0}")]
    Inbox(#[from] NotKept),
}

/// Opens the database, makes it where none stands, and reads the templates. `folder` is where the
/// configuration file stands.
pub fn build(config: Config, folder: &Path, clock: Clock) -> Result<School, BuildError> {
    build_or(config, folder, clock, IfMissing::Make)
}

/// The same, with a choice.
pub fn build_or(
    config: Config,
    folder: &Path,
    clock: Clock,
    if_missing: IfMissing,
) -> Result<School, BuildError> {
    let store = open_store(&config.store, folder, if_missing)?;
    Ok(build_on(store, config, folder, clock)?)
}

/// The same on a database that is open.
pub fn build_on(
    store: Store,
    config: Config,
    folder: &Path,
    clock: Clock,
) -> Result<School, TemplateError> {
    let queue = Queue::new(store, config.school.uai.clone())
        .with_timing(config.timing())
        .with_by_hand(config.by_hand())
        .with_recallers(config.recallers());
    let renderer = Arc::new(renderer(&config, folder)?);
    let passwords = Passwords::default();
    let program = office::this_program();
    let ent = config.routes(Channel::Ent).into_iter();
    let listings = Listings::of(ent.filter(|(_, it)| it.lists_accounts()).map(|(name, _)| name));
    Ok(School {
        memory: Arc::default(),
        listings,
        folder: folder.to_owned(),
        queue,
        renderer,
        clock,
        passwords,
        program,
        config,
        file: None,
    })
}

/// The providers of a school; their secrets are read now.
pub fn carriers(school: &School, guard: Guard) -> Result<Vec<Arc<dyn Provider>>, CarrierError> {
    let built = providers(&school.config, &school.folder, &school.clock, guard);
    built.into_iter().map(|carrier| carrier.built).collect()
}

/// Ties the accounts of an ENT to the persons of the directory.
pub async fn link_accounts(school: &School, ent: &dyn Provider) -> Result<(), LinkError> {
    let accounts = ent.fetch_accounts().await?;
    Ok(inbox(school, ent).take(vec![Word::Accounts(accounts)]).await?)
}

/// Where the words of a provider come in.
fn inbox(school: &School, provider: &dyn Provider) -> Entrance {
    let every = school.config.dispatch.receipts_every.0;
    Entrance::of(provider, school.queue.clone(), school.clock.clone(), every)
        .beside(school.listings.clone())
}

/// The same with each of our accounts in the ENT, of which nothing else is made ready. One that cannot be asked keeps
/// no other from it: it fails where none can.
pub async fn ask_the_ent(school: &School, guard: Guard) -> Result<(), LinkError> {
    let (mut is_asked, mut failed) = (false, None);
    for (name, settings) in school.config.routes(Channel::Ent) {
        if settings.by_hand().is_some() {
            continue;
        }
        let linked = match make_ready(name, settings, &school.folder, &school.clock, guard) {
            Ok(ent) => link_accounts(school, ent.as_ref()).await,
            Err(error) => Err(error.into()),
        };
        match linked {
            Ok(()) => is_asked = true,
            Err(error) => {
                tracing::warn!(provider = name, %error, "Cannot link ENT accounts.");
                failed.get_or_insert(error);
            }
        }
    }
    failed.filter(|_| !is_asked).map_or(Ok(()), Err)
}

/// The renderer that a configuration asks for; needs no database.
pub fn renderer(config: &Config, folder: &Path) -> Result<Renderer, TemplateError> {
    let own = config.templates.read_from(folder);
    let sms = SmsRules {
        max_segments: config.templates.sms_segments,
        by_short_number: config.sends_sms_by_short_number(),
    };
    let templates = Templates::load(own.as_deref())?.with_sms_rules(sms);
    let ways = ReplyWays {
        ent: config.takes_replies(Channel::Ent),
        sms: config.takes_replies(Channel::Sms),
    };
    Ok(Renderer::new(templates, school_facts(&config.school)).answered_by(ways))
}

fn school_facts(school: &config::SchoolSettings) -> SchoolFacts {
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
