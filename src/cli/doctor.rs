//! `chappe doctor`: checks everything, sends nothing.

use std::sync::Arc;

use anyhow::bail;

use super::context::Context;
use super::output;
use super::refusals::worded;
use super::sms_advice::BY_SHORT_NUMBER;
use crate::app;
use crate::clock::Clock;
use crate::identity::OpenId;
use crate::office::{self, Check, Finding, Inspection, Severity};
use crate::providers::Guard;
use crate::store::IfMissing;

pub(super) async fn run(context: &Context) -> anyhow::Result<()> {
    let (config, folder, clock) = (context.read_config()?, context.folder(), Clock::system());
    let inspection = Inspection {
        config: &config,
        file: context.config_path(),
        folder: &folder,
        examples_left: context.examples_left()?,
        secrets: app::secret_files(&config, &folder),
        store: app::open_store(&config.store, &folder, IfMissing::Refuse).map_err(Into::into),
        renderer: app::renderer(&config, &folder).map(Arc::new),
        carriers: app::providers(&config, &folder, &clock, Guard::Anywhere),
        openid: config.web.openid.clone().map(|it| OpenId::new(it, clock.clone(), Guard::Anywhere)),
        program: office::this_program(),
        now: clock.now(),
    };
    let checks = office::health(inspection).await;
    for check in &checks {
        context.answer(check, present);
    }
    let failing = checks.iter().filter(|check| check.state == Severity::Failing);
    let failing: Vec<&str> = failing.map(|check| check.check.as_str()).collect();
    if !failing.is_empty() {
        bail!(
            "{} of {} checks failed: {}; nothing was sent",
            failing.len(),
            checks.len(),
            failing.join(", ")
        );
    }
    Ok(())
}

/// One line, of the worst only where something is wrong.
fn present(Check { check, state, findings }: &Check) {
    let mark = match state {
        Severity::Sound => "ok  ",
        Severity::Doubtful => "warn",
        Severity::Failing => "FAIL",
    };
    let worth_saying =
        |finding: &&Finding| *state != Severity::Failing || finding.state() != Severity::Sound;
    let words = findings.iter().filter(worth_saying).map(told).collect::<Vec<_>>();
    output::line(format!("{mark} {check}: {}", words.join("; ")));
}

/// What is so, what follows, and what to type.
#[expect(clippy::too_many_lines, reason = "one match: a finding without words does not compile")]
fn told(finding: &Finding) -> String {
    match finding {
        Finding::Configuration { file } => file.display().to_string(),
        Finding::ExamplesLeft { keys } => examples_told(keys),
        Finding::OddUai { doubt } => doubt.clone(),
        Finding::Unsaid { keys } => format!(
            "families do not read {}, which [school] does not say: put it there",
            keys.join(", ")
        ),
        Finding::Overseas { zone, region } => format!(
            "the UAI is of an overseas school, whose hours and numbers are read as those of another place: \
             put zone = \"{zone}\" and region = \"{region}\" under [school]"
        ),
        Finding::School { uai, region, zone } => format!("{uai}, region {region}, {zone}"),
        Finding::BadPhone { why, region } => format!(
            "[school] phone {why} in the region {region}, and nobody could call back: put phone or region right"
        ),
        Finding::BadEmail { why } => format!("[school] email {why}: put it right"),
        Finding::Secrets { files } => format!("{files} files, not for everybody"),
        Finding::OpenSecret { key, file } => {
            let file = file.display();
            format!("everybody on this machine may read {file}, which holds {key}: chmod o= {file}")
        }
        Finding::Certificate { until } => format!("a certificate that holds until {until}"),
        Finding::CertificateEnds { until } => format!(
            "their certificate holds until {until}: put the next one and its key in its place, and they are taken up"
        ),
        Finding::CertificateOver { since } => format!(
            "their certificate is over since {since}, and browsers refuse it: put another one and its key in its place"
        ),
        Finding::NoCertificate { why } => {
            format!("{why}; nobody reaches them until [web] tls names a certificate and its key")
        }
        Finding::People { pupils, adults } => format!("{pupils} pupils, {adults} adults"),
        Finding::Nobody => "nobody can be written to: chappe import FILES…".to_owned(),
        Finding::OnHold => {
            "on hold: nothing is sent; chappe release shows what would leave".to_owned()
        }
        Finding::NoDaemon => {
            "no daemon is at work: nothing leaves until chappe serve runs".to_owned()
        }
        Finding::Room { megabytes } => format!("{megabytes} MB free"),
        Finding::LittleRoom { megabytes } => {
            format!(
                "{megabytes} MB free, and messages will be refused for want of it: free some space"
            )
        }
        Finding::Templates { sound } => format!("{sound} sound"),
        Finding::ShortNumber => BY_SHORT_NUMBER.to_owned(),
        Finding::BadTemplate { template, what } => format!("{template}: {what}"),
        Finding::Printed { folder } => format!("one printed in {}, and removed", folder.display()),
        Finding::NotPrinted { why } => format!(
            "{why}: see memory_mb and time_limit under [letters], and whether letters go there"
        ),
        Finding::NoFolder { folder, why } => {
            format!("cannot write in {}: {why}: see [letters] folder", folder.display())
        }
        Finding::Answers { summary, .. } => summary.clone(),
        Finding::ByHand { program } => {
            format!("nothing is called: a person publishes in {program} what chappe cards shows")
        }
        Finding::Printer => "waits for work".to_owned(),
        Finding::PrinterStands { hindrances } => {
            format!("somebody has to see to it ({})", hindrances.join(", "))
        }
        Finding::OneSidedPrinter => {
            "it prints one side, and batches are made for both: put sides = \"one\" under [letters]"
                .to_owned()
        }
        Finding::Seals => "batches can be sealed for them".to_owned(),
        Finding::NoSealing => "age is not installed: apt-get install age".to_owned(),
        Finding::NoPrinter { why } => format!("{why}: see its url under [printers]"),
        Finding::Unusable { table, why } => in_the_way(why, "nothing leaves by it", table),
        Finding::NoSignIn { why } => in_the_way(why, "passwords alone let people in", "web.openid"),
        Finding::LeftAlone { until, reason } => {
            // The reason is what the office reads, and French.
            format!("it refuses what we send, and is left alone until {until}:\n     {reason}")
        }
        Finding::Broken { why } => worded(why.as_ref()),
    }
}

/// Why a table of the configuration cannot be used, and what is so until it can.
fn in_the_way(why: &office::Why, meanwhile: &str, table: &str) -> String {
    let why = worded(why.as_ref());
    format!(
        "{why}; {meanwhile} until that is put right: if it is not used, remove the table [{table}]"
    )
}

fn examples_told(keys: &[String]) -> String {
    let table = keys.first().and_then(|key| key.rsplit_once('.')).map_or("", |(table, _)| table);
    let names = keys.iter().filter_map(|key| key.rsplit('.').next()).collect::<Vec<_>>().join(", ");
    if table.starts_with("providers.") {
        return format!(
            "[{table}] {names}: still the example's, so it was not asked: put your own there, or remove the \
             table if it is not used"
        );
    }
    format!(
        "[{table}] {names}: still the example's, and families would read them: put your own there"
    )
}
