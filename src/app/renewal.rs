//! The daemon's work goes on with other settings: what goes on by the former ones ends as when the daemon stops, and all
//! begins anew by the new ones, on each channel as soon as nothing is under way there any more (`turns`). The door stays
//! open meanwhile, and its pages say what holds.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::at_work::end_limit;
use super::idle;
use super::shared::Shared;
use super::turns::{Ends, Turns};
use crate::config::ConfigError;
use crate::dispatch::Routes;
use crate::http::{Fitness, Hooks, PresentPages};
use crate::office::{School, TakeUp};
use crate::providers::Guard;
use crate::render::TemplateError;
use crate::stop::{self, Stop, Stopper};
use crate::store::daemons::IdleProvider;
use crate::web::{Address, Pages};

/// What stays while settings change.
pub(super) struct Lasting {
    guard: Guard,
    /// What the daemon finds out about itself.
    pub fitness: Fitness,
    /// Where providers push.
    pub hooks: Hooks,
    /// The end of the daemon.
    pub stop: Stop,
    /// How long what goes on now may take to end.
    end_limit: watch::Sender<Duration>,
    /// The pages, and where they are answered from.
    pages: Option<(Pages, PresentPages)>,
}

/// Everything that goes on by some settings.
pub(super) struct Work {
    stopper: Stopper,
    tasks: JoinSet<()>,
    end_limit: Duration,
    ends: Ends,
}

/// Why the former settings stay in force.
#[derive(Debug, thiserror::Error)]
enum RenewalError {
    /// There is no file, or it cannot be read.
    #[error("the configuration file cannot be read: {0}")]
    Read(#[from] io::Error),
    /// What it says.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The templates, as they are now.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// The school has another number.
    #[error("school.uai: another school's settings are taken up by a start alone")]
    AnotherSchool,
}

impl Lasting {
    /// Of a daemon that begins, its pages at this address.
    pub(super) fn of(
        school: &Arc<School>,
        guard: Guard,
        pages: Option<Address>,
        stop: Stop,
    ) -> Self {
        let pages = pages.map(|it| {
            let pages = Pages::new(Arc::clone(school), it, guard, stop.clone());
            (pages.clone(), PresentPages::new(pages.routes()))
        });
        let (fitness, hooks) = (Fitness::of_new(Vec::new(), Vec::new()), Hooks::default());
        let end_limit = watch::Sender::new(end_limit(school));
        Self { guard, fitness, hooks, stop, end_limit, pages }
    }

    /// The pages, whichever are answered.
    pub(super) fn pages(&self) -> Option<PresentPages> {
        self.pages.as_ref().map(|(_, present)| present.clone())
    }

    /// How long what goes on may take to end, as it is then.
    pub(super) fn end_limit(&self) -> watch::Receiver<Duration> {
        self.end_limit.subscribe()
    }

    /// Begins all that goes on by the settings of a school, on each channel once what went on before has ended; what it
    /// cannot use stands beside it.
    pub(super) fn begin(
        &self,
        school: Arc<School>,
        before: Option<&Ends>,
    ) -> (Work, Vec<IdleProvider>) {
        let (providers, idle) = idle::apart(&school, self.guard);
        let secrets = super::secret_files(&school.config, &school.folder).into_iter();
        self.fitness.begin_anew(secrets.map(|(_, file)| file).collect(), idle.clone());
        let (stopper, stop) = stop::channel();
        let (end_limit, routes) = (end_limit(&school), Routes::new(&school.config, &providers));
        self.end_limit.send_replace(end_limit);
        let turns = Turns::after(before);
        let ends = turns.ends();
        let (guard, fitness, hooks) = (self.guard, self.fitness.clone(), self.hooks.clone());
        let shared = Shared { school, guard, fitness, hooks, routes, turns, stop };
        shared.hooks.keep(|name| shared.school.config.providers.contains_key(name));
        for provider in &providers {
            shared.let_push(provider);
        }
        let mut tasks = JoinSet::new();
        shared.start(shared.all_tasks(&providers, &idle), &mut tasks);
        (Work { stopper, tasks, end_limit, ends }, idle)
    }

    /// Works by the settings of a school until the end, and by new ones whenever somebody asks for that.
    pub(super) async fn go_on(
        self,
        mut school: Arc<School>,
        mut work: Work,
        mut asked: mpsc::Receiver<TakeUp>,
    ) {
        let mut former = JoinSet::new();
        loop {
            let ask = tokio::select! {
                biased;
                () = self.stop.given() => break,
                Some(ask) = asked.recv() => ask,
            };
            let Some(renewed) = self.take_up(&school, ask) else { continue };
            school = renewed;
            work.stopper.stop();
            let (new, _) = self.begin(Arc::clone(&school), Some(&work.ends));
            former.spawn(std::mem::replace(&mut work, new).end());
            while former.try_join_next().is_some() {}
        }
        work.stopper.stop();
        all_end(&mut work.tasks).await;
        all_end(&mut former).await;
    }

    /// The school as its file says now, which the pages are of from now on. Whoever asks is answered; where it cannot
    /// be, all goes on as it was.
    fn take_up(&self, former: &Arc<School>, ask: TakeUp) -> Option<Arc<School>> {
        match renewed(former) {
            Ok(school) => {
                let school = Arc::new(school);
                if let Some((pages, present)) = &self.pages {
                    present.put(pages.clone().of(Arc::clone(&school)).routes());
                }
                tracing::info!("The settings have changed.");
                // Who asked may have gone meanwhile.
                let _ = ask.send(true);
                Some(school)
            }
            Err(error) => {
                tracing::error!(%error, "The settings cannot be taken up; the former ones hold.");
                let _ = ask.send(false);
                None
            }
        }
    }
}

impl Work {
    /// Lets it end, for as long as it may take.
    async fn end(mut self) {
        self.stopper.stop();
        // What is left ends where it waits next.
        let _ = timeout(self.end_limit, all_end(&mut self.tasks)).await;
    }
}

async fn all_end(tasks: &mut JoinSet<()>) {
    while tasks.join_next().await.is_some() {}
}

/// The school as its file says now, on the same database. Where it listens, where its pages are and what it is kept in
/// stay as they were at the start.
fn renewed(former: &School) -> Result<School, RenewalError> {
    let file = former.file.as_ref().ok_or(io::ErrorKind::NotFound).map_err(io::Error::from)?;
    let text = file.read()?;
    let mut config = file.config(&text)?;
    if config.school.uai != former.config.school.uai {
        return Err(RenewalError::AnotherSchool);
    }
    config.store = former.config.store.clone();
    config.http = former.config.http.clone();
    config.web = former.config.web.clone();
    let (store, clock) = (former.store().clone(), former.clock.clone());
    let since = clock.now();
    let school = super::build_on(store, config, &former.folder, clock)?;
    Ok(School {
        program: former.program.clone(),
        passwords: former.passwords.clone(),
        file: Some(file.taken_up(text, since)),
        ..school
    })
}
