//! `chappe demo`: everything at work, with a fictional school, in under a minute.

mod ending;
mod enrol;
mod pages;
mod telling;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::context::{Context, start_logs};
use super::{letters, output, serve};
use crate::app::{self, Daemon};
use crate::clock::Clock;
use crate::demo::caller;
use crate::demo::look::{Look, linked, unreached};
use crate::demo::stage::{self, CONFIG, MARKER, Stage};
use crate::demo::story::{Mood, Story, Turn, notified};
use crate::message::{Message, Terms};
use crate::office::{self, Actor, LettersRequest, Request, School, SettingsFile};
use crate::providers::Guard;
use telling::Telling;

/// How often the announcement is looked at.
const EVERY: Duration = Duration::from_millis(250);
/// How long the story waits for whoever opens the link, where somebody sits in front of it.
const WAITS_TO_BE_WATCHED: Duration = Duration::from_secs(15);

/// Arguments of `chappe demo`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Return when every addressee is reached or on a list, in place of running on.
    #[arg(long)]
    exit: bool,
    /// Where to set it up; made anew at each run.
    #[arg(long, default_value = "target/demo", value_name = "FOLDER")]
    folder: PathBuf,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    start_logs_quietly();
    let clock = Clock::system();
    let telling = Telling::new(context.json);
    let stage = set_stage(&arguments.folder, &clock).await?;
    let school = Arc::new(build(&stage, clock)?);
    // First of all: whoever opens a page sees the school come in.
    let daemon = Daemon::start(Arc::clone(&school), Guard::LoopbackOnly).await?;
    // Told to stop before the end, it stops as gracefully as after it.
    let shown: anyhow::Result<()> = tokio::select! {
        shown = play(context, arguments.exit, (&school, &stage, &daemon), telling) => shown,
        told = serve::told_to_stop() => told,
    };
    serve::stop(daemon).await.and(shown)
}

/// The whole story, from the import to the last letter, and what to look at afterwards; `exit`: no longer.
async fn play(
    context: &Context,
    exit: bool,
    (school, stage, daemon): (&School, &Stage, &Daemon),
    telling: Telling,
) -> anyhow::Result<()> {
    let link = pages::link(school, daemon).await?;
    telling.say(&format!("À suivre dans un navigateur :\n  {link}"));
    if telling.is_watched() && !exit {
        let most = WAITS_TO_BE_WATCHED.as_secs();
        telling.say(&format!(
            "L’histoire commence quand ce lien est ouvert, ou dans {most} secondes."
        ));
        pages::await_visitor(school, WAITS_TO_BE_WATCHED).await?;
    }
    enrol::enrol(school, stage, &telling).await?;
    caller::note_homes(school, stage).await?;
    link_accounts(school).await?;
    stage.begin_bad_day();
    let told = show(context, school, stage, telling).await?;
    if exit {
        return Ok(());
    }
    // The link signs in once.
    let way_in = if pages::has_visitor(school).await? { pages::origin(daemon) } else { link };
    told.say(&format!("\nTout se regarde et se fait dans un navigateur :\n  {way_in}"));
    told.say(&format!("http://{}/healthz répond ; Ctrl-C arrête tout.", daemon.address));
    std::future::pending().await
}

/// Launches the announcement, tells what happens to it, and shows what became of it.
async fn show(
    context: &Context,
    school: &School,
    stage: &Stage,
    mut telling: Telling,
) -> anyhow::Result<Telling> {
    let message = launch(school).await?;
    telling.heading(
        "\nUne annonce part à toutes les familles ; l’ENT est saturé, comme en mars 2020 :",
    );
    telling.say(&format!("« {} »", school.subject(&message.template, &message.fields)));
    follow(school, stage, &message, &mut telling).await?;
    let called = caller::work(school).await?;
    telling.turn(&Turn {
        after: school.clock.now().since(message.launched_at),
        mood: Mood::Relief,
        told: called.told(),
    });
    let status = Look::at(school, &message, &stage.mailbox).await?.status;
    let request = LettersRequest { message: Some(message.id), ..LettersRequest::default() };
    let batches = letters::print_waiting(school, request, false).await?;
    let letters: usize = batches.iter().map(|batch| batch.letters).sum();
    telling.turn(&Turn {
        after: school.clock.now().since(message.launched_at),
        mood: Mood::Relief,
        told: format!("{letters} lettres sont imprimées, rangées par classe"),
    });
    let told_by_the_ent = stage.in_use_and_notified(&linked(school, &message).await?);
    let after = school.clock.now().since(message.launched_at);
    telling.turn(&notified(after, told_by_the_ent, stage.ent.taken()));
    let telling = telling.without_bars();
    if context.json {
        output::json(&status);
        return Ok(telling);
    }
    ending::table(&status, &message.plan, &telling);
    let unreached = unreached(school, &message).await?;
    ending::list(&unreached, &telling);
    ending::folder(stage, &batches, &telling);
    let somebody = unreached.first().map_or("", |it| it.name.as_str());
    ending::next(stage, &message, somebody, &telling);
    Ok(telling)
}

/// Tells what happens until every addressee is reached or on a list.
async fn follow(
    school: &School,
    stage: &Stage,
    message: &Message,
    telling: &mut Telling,
) -> anyhow::Result<()> {
    let mut story = Story::default();
    loop {
        let look = Look::at(school, message, &stage.mailbox).await?;
        telling.show(&look);
        story.hear(&look).iter().for_each(|turn| telling.turn(turn));
        if look.is_over() {
            return Ok(());
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// The configuration stands in the folder, so that every other command can be tried on the demo.
fn build(stage: &Stage, clock: Clock) -> anyhow::Result<School> {
    let (path, text, since) = (stage.folder.join(CONFIG), stage.config()?, clock.now());
    std::fs::write(&path, &text)?;
    let file = SettingsFile::at_start(path, Vec::new(), text, since);
    let school = app::build(file.config(&file.text)?, &stage.folder, clock)?;
    Ok(School { file: Some(file), ..school })
}

/// The demo's own lines are its log, unless somebody asks for more.
fn start_logs_quietly() {
    if std::env::var_os("CHAPPE_LOG").is_some() {
        start_logs(false);
    }
}

async fn set_stage(folder: &Path, clock: &Clock) -> anyhow::Result<Stage> {
    clear(folder)?;
    let today = jiff::Timestamp::from_millisecond(clock.now().0)?.to_zoned(jiff::tz::TimeZone::UTC);
    let stage = stage::set(folder, today.date(), stage::usual_size(), clock).await?;
    stage.write_secrets()?;
    Ok(stage)
}

/// Makes the folder, or makes it anew when a demo left it: nobody's own files are ever touched.
fn clear(folder: &Path) -> anyhow::Result<()> {
    let marker = folder.join(MARKER);
    if marker.exists() {
        std::fs::remove_dir_all(folder)
            .with_context(|| format!("cannot clear the demo of before in {}", folder.display()))?;
    }
    let in_use = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if in_use {
        bail!(
            "{} is no folder of a demo; it was left alone: name another with --folder",
            folder.display()
        );
    }
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&marker, ""))
        .with_context(|| format!("cannot make {}; name another with --folder", folder.display()))
}

async fn launch(school: &School) -> anyhow::Result<Message> {
    let plan = school.config.plan("famille").map_err(|reason| anyhow::anyhow!(reason))?;
    let request = Request {
        template: "fermeture".to_owned(),
        fields: stage::announcement(stage::closing_day(school.today())),
        audience: "familles".to_owned(),
        plans: school.config.plans_beside(&plan),
        plan,
        urgency: None,
        plain_sms: true,
        question: None,
        terms: Terms::default(),
        among: None,
        again: true,
    };
    let draft = office::prepare(school, request).await?;
    Ok(office::launch(school, Actor::Program, draft).await?)
}

/// Before the storm: whose ENT account is whose.
async fn link_accounts(school: &School) -> anyhow::Result<()> {
    for provider in app::carriers(school, Guard::LoopbackOnly)? {
        app::link_accounts(school, provider.as_ref()).await?;
    }
    Ok(())
}
