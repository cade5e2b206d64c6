//! `chappe demo`: everything at work, with a fictional school, in under a minute.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::context::{Context, start_logs};
use super::{import, letters, output, serve, status, watch};
use crate::app::{self, Daemon};
use crate::batches::PrintedBatch;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::stage::{self, Stage};
use crate::message::{Message, Terms};
use crate::office::{self, Actor, Request, School};
use crate::providers::Guard;

/// The demo's configuration, in its folder.
const CONFIG: &str = "chappe.toml";

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
    let stage = set_stage(&arguments.folder, &clock).await?;
    let app = Arc::new(app::build(write_config(&stage)?, &stage.folder, clock)?);
    import::import(
        context,
        &app,
        &stage.files,
        Vec::new(),
        import::Mode::Apply(import::Sure::default()),
    )
    .await?;
    link_accounts(&app).await?;
    say(context, "\nThe daemon starts; the ENT is saturated, as it was in March 2020.");
    stage.begin_bad_day();
    let daemon = Daemon::start(Arc::clone(&app), Guard::LoopbackOnly).await?;
    let shown = async {
        show(context, &app, &stage).await?;
        if arguments.exit {
            return Ok(());
        }
        say(context, &format!("\nhttp://{}/healthz answers; Ctrl-C stops.", daemon.address));
        std::future::pending().await
    };
    // Told to stop before the end, it stops as gracefully as after it.
    let shown: anyhow::Result<()> = tokio::select! {
        shown = shown => shown,
        told = serve::told_to_stop() => told,
    };
    serve::stop(daemon).await.and(shown)
}

/// Launches the announcement, follows it, and shows what became of it.
async fn show(context: &Context, app: &School, stage: &Stage) -> anyhow::Result<()> {
    let message = launch(app).await?;
    let status = watch::follow(app, &message, context.json).await?;
    let batches = letters::print_waiting(app, Some(message.id), !context.json).await?;
    if context.json {
        output::json(&status);
        return Ok(());
    }
    say(context, "");
    status::present(app, &message, &status).await?;
    show_folder(stage, &batches);
    Ok(())
}

/// The configuration stands in the folder, so that every other command can be tried on the demo.
fn write_config(stage: &Stage) -> anyhow::Result<Config> {
    let text = stage.config()?;
    std::fs::write(stage.folder.join(CONFIG), &text)?;
    Ok(Config::read(CONFIG, &text, [])?)
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
    let marker = folder.join(".chappe-demo");
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

async fn launch(app: &School) -> anyhow::Result<Message> {
    let plan = app.config.plan("famille").map_err(|reason| anyhow::anyhow!(reason))?;
    let request = Request {
        template: "fermeture".to_owned(),
        fields: stage::announcement(stage::closing_day(app.today())),
        audience: "familles".to_owned(),
        plans: app.config.plans_beside(&plan),
        plan,
        urgency: None,
        plain_sms: true,
        terms: Terms::default(),
        among: None,
        again: true,
    };
    let draft = office::prepare(app, request).await?;
    Ok(office::launch(app, Actor::Program, draft).await?)
}

/// Before the storm: whose ENT account is whose.
async fn link_accounts(app: &School) -> anyhow::Result<()> {
    for provider in app::carriers(app, Guard::LoopbackOnly)? {
        app::link_accounts(app, provider.as_ref()).await?;
    }
    Ok(())
}

fn show_folder(stage: &Stage, batches: &[PrintedBatch]) {
    output::line(format!(
        "In {} (one copy for those who share an address):",
        stage.folder.display()
    ));
    let config = stage.folder.join(CONFIG);
    output::line(format!("  {CONFIG}    chappe status --config {} looks again", config.display()));
    output::line(format!("  Maildir    {} e-mails", stage.mailbox.messages()));
    output::line(format!("  sms.jsonl  {} text messages", stage.sms.messages().len()));
    for batch in batches {
        let PrintedBatch { file, letters, pages, sheets, .. } = batch;
        output::line(format!(
            "  {}  {letters} letters, {pages} pages on {sheets} sheets, by class",
            file.display()
        ));
    }
}

fn say(context: &Context, text: &str) {
    if !context.json {
        output::line(text);
    }
}
