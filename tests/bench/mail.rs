//! How fast a mailbox full of bounces is read, matched and settled: a real Dovecot, and bounces as Postfix writes them.
//!
//! `cargo bench --bench mail`, `CHAPPE_BENCH=small cargo bench --bench mail`, or `cargo bench --bench mail -- 5000`.

#[expect(dead_code, reason = "other benches use more of it")]
mod measure;
mod one_message;
#[expect(dead_code, unused_imports, reason = "the bench of dispatch uses more of it")]
mod peers;
#[expect(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "the tests start the others, and use more of it"
)]
#[path = "../it/mail/servers/mod.rs"]
mod servers;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use chappe::app;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::email_address::EmailAddress;
use chappe::inbox::Entrance;
use chappe::office::School;
use chappe::people::ContactState;
use chappe::providers::{
    Guard, ImapSecurity, ImapSettings, MailboxSettings, Provider as _, Smtp, SmtpSecurity,
    SmtpSettings,
};
use chappe::settings::{Pace, SecretPlace, Span};
use chappe::stop;
use chappe::store::contact_points;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use measure::{Meter, Role, Used, line, table};
use one_message::{Bench, LIMIT};
use peers::Sink;
use servers::{Dovecot, free_port};

/// What 10,000 may take.
const SECONDS: f64 = 20.0;
const MEGABYTES: f64 = 100.0;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const FROM: &str = "secretariat@example.org";
/// As Postfix wrote one, of a reference and an address of its own.
const BOUNCE: &str = include_str!("../it/mail/real/postfix-unknown.eml");
const REFERENCE: &str = "PK4M-000B-TTTTTTT0";
const ADDRESS: &str = "inconnu@familles.example.org";

/// What is told of a part.
#[derive(Serialize, Deserialize)]
struct Told {
    settled: usize,
    used: Used,
}

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(10_000, 500)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } if part == "send" => send(&folder, count),
        Role::Child { folder, count, .. } => read(&folder, count),
    }
}

/// Lays mails into the inbox of a mailbox, as if they had been handed over.
fn lay(mailbox: &Path, mails: impl Iterator<Item = String>) -> anyhow::Result<()> {
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(mailbox.join(part))?;
    }
    for (number, mail) in mails.enumerate() {
        std::fs::write(mailbox.join("new").join(format!("{number}.mail.host")), mail)?;
    }
    let given = Command::new("chown").args(["-R", "nobody:nogroup"]).arg(mailbox).status()?;
    ensure!(given.success(), "the mailbox is not its server's");
    Ok(())
}

fn compare(count: usize) -> anyhow::Result<()> {
    line(format!("mail: {count} bounces in a mailbox, over IMAP on loopback, SQLite on disk"))?;
    if !servers::can_start() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    measure::in_child::<Told>("send", folder.path(), count)?;
    let dovecot = Dovecot::start_at(free_port(), free_port());
    let marks = std::fs::read_to_string(folder.path().join("sent.txt"))?;
    let sent = marks.lines().filter_map(|line| line.split_once(' '));
    lay(&dovecot.mailbox("retours"), sent.map(|(sealed, address)| bounce(sealed, address)))?;
    std::fs::write(folder.path().join("port.txt"), dovecot.imap.to_string())?;
    let told: Told = measure::in_child("read", folder.path(), count)?;
    let Used { seconds, processor_seconds, peak_memory_mb, .. } = told.used;
    let row = [
        told.settled.to_string(),
        format!("{seconds:.1}"),
        format!("{processor_seconds:.1}"),
        format!("{peak_memory_mb:.0}"),
    ];
    table(["settled", "seconds", "processor seconds", "megabytes at most"], &[row])?;
    line(format!("wanted of 10,000: at most {SECONDS:.0} s and {MEGABYTES:.0} MB"))
}

fn bounce(sealed: &str, address: &str) -> String {
    let (small, theirs) = (sealed.to_lowercase(), REFERENCE.to_lowercase());
    BOUNCE.replace(REFERENCE, sealed).replace(&theirs, &small).replace(ADDRESS, address)
}

/// Sends everybody an e-mail; what each is known by, and where it went.
#[tokio::main]
async fn send(folder: &Path, count: usize) -> anyhow::Result<()> {
    let meter = Meter::start()?;
    let sink = Sink::start().await?;
    let bench = Bench::set(folder, Channel::Email, count).await?;
    let relay = Arc::new(Smtp::new(
        "relay",
        &relay(sink.port),
        None,
        Clock::system(),
        Guard::LoopbackOnly,
    )?);
    bench.carry(relay, &pace()).await?;
    let key = bench.app.queue.seal_key().await?;
    let mut sent = String::new();
    for (number, to) in (0..).zip(&bench.recipients) {
        let sealed = key.sealed(&bench.message.code.delivery(number, 0));
        let address = to.email.as_ref().map(EmailAddress::as_str).unwrap_or_default();
        sent.extend([&sealed, " ", address, "\n"]);
    }
    std::fs::write(folder.join("sent.txt"), sent)?;
    measure::say(&Told { settled: 0, used: meter.read()? })
}

/// Reads the mailbox until every address of which something came back is known to be dead.
#[tokio::main]
async fn read(folder: &Path, count: usize) -> anyhow::Result<()> {
    let config = Config::read("chappe.toml", config::SHIPPED, [])?;
    let app = app::build(config, folder, Clock::system())?;
    let port: u16 = std::fs::read_to_string(folder.join("port.txt"))?.parse()?;
    let smtp = Smtp::new("relay", &relay(port), None, Clock::system(), Guard::LoopbackOnly)?;
    let smtp =
        smtp.reading(&mailbox(port), Some(SecretString::from("secret")), Guard::LoopbackOnly)?;
    let entrance =
        Entrance::of(&smtp, app.queue.clone(), app.clock.clone(), Duration::from_mins(1));
    let (stopper, stop) = stop::channel();
    let (meter, begun) = (Meter::start()?, Instant::now());
    let listening = tokio::spawn(async move { smtp.listen(&entrance, stop).await });
    let mut settled = 0;
    while settled < count {
        anyhow::ensure!(begun.elapsed() < LIMIT, "{settled} are settled, and no more");
        tokio::time::sleep(LOOK_EVERY).await;
        settled = dead(&app).await?;
    }
    let used = meter.read()?;
    stopper.stop();
    listening.await?;
    measure::say(&Told { settled, used })
}

async fn dead(app: &School) -> anyhow::Result<usize> {
    let school = app.queue.school().clone();
    let counts = app.store().read(move |tx| contact_points::count_states(tx, &school)).await?;
    let is_dead = |it: &&contact_points::StateCount| {
        (it.channel, it.state) == (Channel::Email, ContactState::Dead)
    };
    Ok(counts.iter().find(is_dead).map_or(0, |it| it.count))
}

fn relay(port: u16) -> SmtpSettings {
    SmtpSettings {
        port: Some(port),
        security: SmtpSecurity::None,
        pace: pace(),
        ..SmtpSettings::new("127.0.0.1", FROM)
    }
}

fn pace() -> Pace {
    Pace { at_once: 16, ..Pace::default() }
}

fn mailbox(port: u16) -> MailboxSettings {
    MailboxSettings::Imap(ImapSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security: ImapSecurity::None,
        authority: None,
        user: "retours".to_owned(),
        password: SecretPlace::Env("unused".to_owned()),
        folder: "INBOX".to_owned(),
        moved_to: "Lus".to_owned(),
        answer_limit: Span::secs(30),
        idle_limit: Span::secs(300),
    })
}
