//! Whether everything that a school sends by is in order. Looks at all of it, changes nothing, sends nothing.

mod finding;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

pub use finding::{ClockTime, Finding, Severity, Why};

use super::{press, read_secret};
use crate::audience::Roll;
use crate::clock::Moment;
use crate::config::{self, Config, Database, TlsSettings};
use crate::email_address::EmailAddress;
use crate::identity::{OpenId, OpenIdSettings};
use crate::paper_printer::{PaperPrinter, PaperPrinterSettings, PaperPrinterState};
use crate::phone_number::PhoneNumber;
use crate::private_file;
use crate::providers::{Carrier, Health};
use crate::queue::Queue;
use crate::render::letters::Sides;
use crate::render::{Renderer, TemplateError, letter_job};
use crate::sealed_file;
use crate::store::{Store, StoreError, gates, room};
use crate::tls::{ServedPair, Validity};

/// Free bytes that a school of a thousand families does not fill in a week.
const ENOUGH: u64 = 100_000_000;

/// What is looked at.
pub struct Inspection<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The file where it stands.
    pub file: &'a Path,
    /// The folder that its relative paths start from.
    pub folder: &'a Path,
    /// Its keys whose value is still the example's.
    pub examples_left: Vec<String>,
    /// The files of its secrets, each with its key.
    pub secrets: Vec<(String, PathBuf)>,
    /// The database, or why it cannot be opened.
    pub store: Result<Store, Why>,
    /// The templates, or what is wrong with them.
    pub renderer: Result<Arc<Renderer>, TemplateError>,
    /// The providers, made ready or not.
    pub carriers: Vec<Carrier>,
    /// Where people identify themselves, if they can elsewhere.
    pub openid: Option<OpenId>,
    /// The program that prints.
    pub program: PathBuf,
    /// The time.
    pub now: Moment,
}

/// What was found out about one thing.
#[derive(Debug, Serialize)]
pub struct Check {
    /// Which: `school`, `database`, `relay (email)`.
    pub check: String,
    /// How bad the worst of it is.
    pub state: Severity,
    /// All of it.
    pub findings: Vec<Finding>,
}

impl Check {
    pub(super) fn new(check: impl Into<String>, findings: Vec<Finding>) -> Self {
        let state = findings.iter().map(Finding::state).max().unwrap_or(Severity::Sound);
        Self { check: check.into(), state, findings }
    }
}

/// Looks at everything, one thing after the other.
pub async fn health(inspection: Inspection<'_>) -> Vec<Check> {
    let Inspection { config, folder, now, .. } = inspection;
    let (of_school, of_providers): (Vec<String>, Vec<String>) =
        inspection.examples_left.into_iter().partition(|key| !key.starts_with("providers."));
    let refusing = match &inspection.store {
        Ok(store) => refusing(config, store, now).await,
        // That is a line of its own.
        Err(_) => BTreeMap::new(),
    };
    let mut checks = vec![
        Check::new("configuration", configuration(config, inspection.file, of_school)),
        Check::new("school", school(&config.school)),
        Check::new("secrets", secrets(config, inspection.file, inspection.secrets)),
        Check::new("database", database(config, inspection.store, now).await),
    ];
    if let Some(tls) = &config.web.tls {
        checks.push(Check::new("pages", vec![certificate(config, tls, folder, now)]));
    }
    // A server's disk is looked after where it stands.
    if let Database::File(file) = &config.store.database {
        checks.push(Check::new("disk", vec![disk(&folder.join(file))]));
    }
    checks.push(Check::new("templates", templates(&inspection.renderer)));
    checks.push(Check::new(
        "letters",
        vec![letters((config, inspection.program), folder, &inspection.renderer).await],
    ));
    if let Some(openid) = inspection.openid {
        checks.push(Check::new("openid", vec![sign_in(&openid, folder).await]));
    }
    for carrier in inspection.carriers {
        let label = carrier.label();
        let left_alone = refusing.get(&carrier.name).cloned();
        let findings = provider(carrier, &of_providers).await;
        checks.push(Check::new(label, findings.into_iter().chain(left_alone.map(left)).collect()));
    }
    checks.extend(config.providers.iter().filter_map(|(name, settings)| {
        let program = settings.by_hand()?.called().to_owned();
        let label = format!("{name} ({})", settings.channel());
        Some(Check::new(label, vec![Finding::ByHand { program }]))
    }));
    for (name, settings) in &config.printers {
        let finding = paper_printer(settings, config.letters.sides).await;
        checks.push(Check::new(format!("{name} (printer)"), vec![finding]));
    }
    let can_seal = sealed_file::installed().is_some();
    checks.extend(config.partners.keys().map(|name| {
        let finding = if can_seal { Finding::Seals } else { Finding::NoSealing };
        Check::new(format!("{name} (partner)"), vec![finding])
    }));
    checks
}

/// How a printer of the network stands, and whether it prints batches as they are made.
async fn paper_printer(settings: &PaperPrinterSettings, sides: Sides) -> Finding {
    let looked = match PaperPrinter::new(settings) {
        Ok(printer) => printer.look().await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let stands = match looked {
        Ok(stands) => stands,
        Err(why) => return Finding::NoPrinter { why },
    };
    if !stands.takes_pdf {
        return Finding::NoPrinter { why: "it takes no PDF".to_owned() };
    }
    if sides == Sides::Two && !stands.prints_two_sided() {
        return Finding::OneSidedPrinter;
    }
    let hindrances: Vec<String> = stands.hindrances().into_iter().map(str::to_owned).collect();
    if hindrances.is_empty() && stands.state != PaperPrinterState::Stopped {
        return Finding::Printer;
    }
    Finding::PrinterStands { hindrances }
}

fn configuration(config: &Config, file: &Path, examples_left: Vec<String>) -> Vec<Finding> {
    let mut found = vec![Finding::Configuration { file: file.to_owned() }];
    if !examples_left.is_empty() {
        found.push(Finding::ExamplesLeft { keys: examples_left });
    }
    found.extend(config.school.doubt().map(|doubt| Finding::OddUai { doubt }));
    found
}

/// What families read of the school, and how its own numbers are read.
fn school(school: &config::SchoolSettings) -> Vec<Finding> {
    let config::SchoolSettings { uai, phone, region, zone, email, .. } = school;
    let mut found =
        vec![Finding::School { uai: uai.to_string(), region: region.clone(), zone: zone.clone() }];
    if let Err(bad) = PhoneNumber::parse(phone, region)
        && !phone.is_empty()
    {
        found.push(Finding::BadPhone { why: bad.to_string(), region: region.clone() });
    }
    if let Err(bad) = EmailAddress::parse(email)
        && !email.is_empty()
    {
        found.push(Finding::BadEmail { why: bad.to_string() });
    }
    let overseas = config::overseas(uai).filter(|it| it.zone != *zone || it.region != *region);
    found.extend(overseas.map(|it| Finding::Overseas { zone: it.zone, region: it.region }));
    let said = [
        ("address", school.address.is_empty()),
        ("phone", phone.is_empty()),
        ("signatory_name", school.signatory_name.is_empty()),
        ("town", school.town.is_empty()),
    ];
    let unsaid = said.into_iter().filter(|(_, is_empty)| *is_empty).map(|(key, _)| key);
    let keys: Vec<&str> = unsaid.collect();
    if !keys.is_empty() {
        found.push(Finding::Unsaid { keys });
    }
    found
}

/// Who else may read them.
fn secrets(config: &Config, file: &Path, mut files: Vec<(String, PathBuf)>) -> Vec<Finding> {
    if config.store.database.holds_password() {
        files.push(("store.database".to_owned(), file.to_owned()));
    }
    // One that is missing is told by whoever needs it.
    files.retain(|(_, file)| file.exists());
    let is_open =
        |file: &(String, PathBuf)| private_file::is_open_to_others(&file.1).unwrap_or(false);
    let (open, kept): (Vec<_>, Vec<_>) = files.into_iter().partition(is_open);
    let mut found = vec![Finding::Secrets { files: kept.len() }];
    found.extend(open.into_iter().map(|(key, file)| Finding::OpenSecret { key, file }));
    found
}

/// What whoever opens the pages is shown.
fn certificate(config: &Config, tls: &TlsSettings, folder: &Path, now: Moment) -> Finding {
    let pair = match ServedPair::read(&folder.join(&tls.certificate), &folder.join(&tls.key)) {
        Ok(pair) => pair,
        Err(error) => return Finding::NoCertificate { why: error.to_string() },
    };
    let at = ClockTime(config.timing().hours.wall(pair.ends_at));
    match pair.validity(now) {
        Validity::Sound => Finding::Certificate { until: at },
        Validity::SoonOver => Finding::CertificateEnds { until: at },
        Validity::Over => Finding::CertificateOver { since: at },
    }
}

async fn database(config: &Config, store: Result<Store, Why>, now: Moment) -> Vec<Finding> {
    let store = match store {
        Ok(store) => store,
        Err(why) => return vec![Finding::Broken { why }],
    };
    match look_into(config, store, now).await {
        Ok(found) => found,
        Err(error) => vec![Finding::broken(error)],
    }
}

async fn look_into(config: &Config, store: Store, now: Moment) -> Result<Vec<Finding>, StoreError> {
    store.check_rights()?;
    store.check_whole().await?;
    let roll = Roll::load(&store, &config.school.uai).await?;
    let (pupils, adults) = (roll.pupils.len(), roll.guardians.len() + roll.staff.len());
    let mut found = vec![Finding::People { pupils, adults }];
    if pupils + adults == 0 {
        found.push(Finding::Nobody);
    }
    let queue = Queue::new(store, config.school.uai.clone());
    if queue.holds().standing().await?.is_some() {
        found.push(Finding::OnHold);
    }
    if !queue.attendance().is_anybody_at_work(now).await? {
        found.push(Finding::NoDaemon);
    }
    Ok(found)
}

/// What is free for the database.
fn disk(database: &Path) -> Finding {
    match room::free_bytes(database) {
        Ok(free) if free < ENOUGH => Finding::LittleRoom { megabytes: free / 1_000_000 },
        Ok(free) => Finding::Room { megabytes: free / 1_000_000 },
        Err(error) => Finding::broken(error),
    }
}

fn templates(renderer: &Result<Arc<Renderer>, TemplateError>) -> Vec<Finding> {
    let templates = match renderer {
        Ok(renderer) => renderer.templates(),
        Err(error) => return vec![Finding::broken(error.to_string())],
    };
    let bad = templates.check().into_iter();
    let bad = bad.map(|it| Finding::BadTemplate { template: it.template, what: it.what });
    let mut found: Vec<Finding> = bad.collect();
    if found.is_empty() {
        found.push(Finding::Templates { sound: templates.list().count() });
        found.extend(templates.sms_rules().by_short_number.then_some(Finding::ShortNumber));
    }
    found
}

/// Prints a letter to nobody, where letters go and within their limits.
async fn letters(
    (config, program): (&Config, PathBuf),
    folder: &Path,
    renderer: &Result<Arc<Renderer>, TemplateError>,
) -> Finding {
    let folder = folder.join(&config.letters.folder);
    // What is wrong with the templates is told of them.
    let Ok(renderer) = renderer else {
        return Finding::NotPrinted { why: "the templates cannot be used".to_owned() };
    };
    let printed = print_one((config, program), &folder, renderer).await;
    match printed {
        Ok(None) => Finding::Printed { folder },
        Ok(Some(why)) => Finding::NotPrinted { why },
        Err(error) => Finding::NoFolder { folder, why: error.to_string() },
    }
}

/// Why it was not printed.
async fn print_one(
    (config, program): (&Config, PathBuf),
    folder: &Path,
    renderer: &Renderer,
) -> io::Result<Option<String>> {
    let press = press(program, config);
    std::fs::create_dir_all(folder)?;
    // A name that no batch has.
    let file = folder.join(format!(".essai-{}.pdf", std::process::id()));
    let job = letter_job(renderer.school(), jiff::civil::date(2020, 3, 16));
    match press.print(&job, &file, |_| {}).await {
        Err(error) => Ok(Some(error.to_string())),
        Ok(printed) => {
            std::fs::remove_file(&file)?;
            Ok(printed.set_aside.first().map(|aside| aside.reason.clone()))
        }
    }
}

/// Whether people can identify themselves there: our secret can be read, and it answers.
async fn sign_in(openid: &OpenId, folder: &Path) -> Finding {
    let place = &openid.settings().client_secret;
    if let Err(error) = read_secret(OpenIdSettings::SECRET, place, folder) {
        return Finding::NoSignIn { why: error.into() };
    }
    match openid.check().await {
        Ok(issuer) => Finding::Answers { in_french: issuer.clone(), summary: issuer },
        Err(error) => Finding::NoSignIn { why: error.into() },
    }
}

/// Whether a provider answers; one that is only an example is not called.
pub(super) async fn provider(carrier: Carrier, examples_left: &[String]) -> Vec<Finding> {
    let table = format!("providers.{}.{}", carrier.name, carrier.kind);
    let is_of_it = |key: &&String| key.starts_with(&format!("{table}."));
    let keys: Vec<String> = examples_left.iter().filter(is_of_it).cloned().collect();
    let is_example = !keys.is_empty();
    let mut found = if is_example { vec![Finding::ExamplesLeft { keys }] } else { Vec::new() };
    found.extend(match carrier.built {
        Err(error) => Some(Finding::Unusable { table, why: error.into() }),
        Ok(_) if is_example => None,
        Ok(provider) => Some(match provider.check().await {
            Ok(Health { summary, in_french }) => Finding::Answers { summary, in_french },
            Err(error) => Finding::Unusable { table, why: error.into() },
        }),
    });
    found
}

fn left((until, reason): (ClockTime, String)) -> Finding {
    Finding::LeftAlone { until, reason }
}

/// Which providers are left alone, until when and why.
async fn refusing(
    config: &Config,
    store: &Store,
    now: Moment,
) -> BTreeMap<String, (ClockTime, String)> {
    let school = config.school.uai.clone();
    let gates = store.read(move |tx| gates::all(tx, &school)).await.unwrap_or_default();
    let hours = config.timing().hours;
    let told = gates.into_iter().filter(|gate| !gate.is_admitting()).filter_map(|gate| {
        // The next message tries one whose pause is over.
        let until = ClockTime(hours.wall(gate.until.filter(|until| *until > now)?));
        Some((gate.provider, (until, gate.reason)))
    });
    told.collect()
}
