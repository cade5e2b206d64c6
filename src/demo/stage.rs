//! Sets the scene: a fictional school in a folder, stand-ins for every service, and the shipped
//! configuration pointed at them.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::ent::{self, EntAccount, EntStandIn, Weather};
use super::mailbox::{MailStandIn, Vacant};
use super::school::{self, College, Size, fictional_college};
use super::sms_service::{self, Behaviour, SmsStandIn};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::{self, ConfigError};
use crate::message::Fields;
use crate::people::{Person, Pupil, SchoolYear};
use crate::private_file;
use crate::wording::dates::without_year;

/// The seed of the fictional school: the same people at every run.
const SEED: u64 = 1794;
/// The ENT is saturated; then its gateway gives up on messages that it takes all the same; then it shows
/// its page of excuses, says nothing, and recovers.
const BAD_DAY: [(u64, Weather); 5] = [
    (0, Weather::Quota509),
    (2, Weather::TimesOut504),
    (5, Weather::HtmlPage),
    (6, Weather::Silent),
    (8, Weather::Fine),
];

/// Of so many mailboxes, nobody has one any more: the relay finds that out once it has taken a mail.
const ONE_IS_VACANT_IN: usize = 20;
/// How long after it has taken it.
const COMES_BACK_AFTER: Duration = Duration::from_secs(1);

/// Within so long of a message the ENT tells nobody of another: a tenth of what a real one takes, as is the pace.
const ANTI_FLOOD: Duration = Duration::from_millis(300);

/// The scene, set. The services stop when it is dropped.
pub struct Stage {
    /// The folder where everything stands.
    pub folder: PathBuf,
    /// The school's exports, as they were written.
    pub files: Vec<PathBuf>,
    /// The school as it was made up.
    pub college: College,
    /// The ENT.
    pub ent: EntStandIn,
    /// The accounts there that their owners have opened.
    opened: BTreeSet<String>,
    /// The mail server.
    pub mailbox: MailStandIn,
    /// The mailboxes that nobody has any more, though the mail server takes what is written to them.
    pub vacant: BTreeSet<String>,
    /// The SMS service.
    pub sms: SmsStandIn,
}

/// The configuration, in the folder.
pub const CONFIG: &str = "chappe.toml";
/// Where the school's exports lie in the folder.
const EXPORTS: &str = "exports";
/// What marks a folder as the demo's.
pub const MARKER: &str = ".chappe-demo";
/// Where the ENT's messages lie in the folder.
pub const ENT_MESSAGES: &str = "ENT";
/// Where the e-mails lie in the folder.
pub const MAILDIR: &str = "Maildir";
/// Where a copy of what came back by e-mail lies in the folder.
pub const RETURNS: &str = "Retours";
/// The socket in the folder where it comes back.
const RETURNS_SOCKET: &str = "retours.sock";
/// Where the text messages lie in the folder, one a line.
pub const SMS_LOG: &str = "sms.jsonl";

/// Sets the scene in `folder`.
pub async fn set(folder: &Path, today: Date, size: Size, clock: &Clock) -> io::Result<Stage> {
    std::fs::create_dir_all(folder)?;
    let college = fictional_college(SEED, SchoolYear::of(today), size);
    let files = write_files(folder, &college, today)?;
    let accounts = accounts(&college);
    let opened = accounts.iter().filter(|it| it.active).map(|it| it.id.clone()).collect();
    let ent = EntStandIn::start(accounts, Vec::new(), clock.clone()).await?;
    ent.keep_in(folder.join(ENT_MESSAGES))?;
    ent.set_anti_flood(ANTI_FLOOD);
    let (mailbox, vacant) = mail_server(folder, &college).await?;
    let sms = SmsStandIn::start(behaviour(folder, &college, clock)).await?;
    Ok(Stage { folder: folder.to_owned(), files, college, ent, opened, mailbox, vacant, sms })
}

impl Stage {
    /// Where the school's exports lie.
    #[must_use]
    pub fn exports(&self) -> PathBuf {
        self.folder.join(EXPORTS)
    }

    /// The shipped configuration, pointed at the stand-ins, with a patience fit for a minute's show.
    pub fn config(&self) -> Result<String, ConfigError> {
        config::lay_over(config::SHIPPED, self.overrides())
    }

    /// From now on the ENT fares as it did in March 2020, and then recovers.
    pub fn begin_bad_day(&self) {
        let bad_day = BAD_DAY.map(|(second, weather)| (Duration::from_secs(second), weather));
        self.ent.play(bad_day.to_vec());
    }

    /// How many of these accounts of the ENT their owners have opened, and how many of those it has told of a
    /// message: one that comes too soon after another lies there, and nobody is told.
    #[must_use]
    pub fn in_use_and_notified(&self, accounts: &[String]) -> (usize, usize) {
        let in_use = || accounts.iter().filter(|id| self.opened.contains(*id));
        (in_use().count(), in_use().filter(|id| self.ent.notified(id) > 0).count())
    }

    fn overrides(&self) -> Vec<(String, String)> {
        let (host, port) = (self.mailbox.address().ip(), self.mailbox.address().port());
        let secret = |value: &str| format!("{{ file = \"secrets/{value}\" }}");
        let pairs = [
            ("HTTP__LISTEN", "127.0.0.1:0".to_owned()),
            ("DISPATCH__RETRY", "[\"1s\", \"2s\", \"3s\"]".to_owned()),
            ("DISPATCH__RECEIPTS_EVERY", "1s".to_owned()),
            ("DISPATCH__LOOK_EVERY", "200ms".to_owned()),
            ("DISPATCH__LEASE", "4s".to_owned()),
            ("BREAKER__FIRST_PAUSE", "1s".to_owned()),
            ("BREAKER__LONGEST_PAUSE", "2s".to_owned()),
            ("PROVIDERS__ENT__EDIFICE__URL", self.ent.url().to_owned()),
            ("PROVIDERS__ENT__EDIFICE__CLIENT_SECRET", secret("ent")),
            (
                "PROVIDERS__ENT__EDIFICE__GRANT",
                format!(
                    "{{ kind = \"password\", user = \"{}\", password = {} }}",
                    ent::LOGIN,
                    secret("ent-account")
                ),
            ),
            ("PROVIDERS__ENT__EDIFICE__ANSWER_LIMIT", "1s".to_owned()),
            ("PROVIDERS__ENT__EDIFICE__PACE", "{ every = \"330ms\", at_once = 1 }".to_owned()),
            ("PROVIDERS__ENT__EDIFICE__NOTIFIES_AFTER", format!("{}ms", ANTI_FLOOD.as_millis())),
            ("PROVIDERS__RELAY__SMTP__HOST", format!("\"{host}\"")),
            ("PROVIDERS__RELAY__SMTP__PORT", port.to_string()),
            ("PROVIDERS__RELAY__SMTP__SECURITY", "\"none\"".to_owned()),
            ("PROVIDERS__RELAY__SMTP__SUBADDRESSES", "true".to_owned()),
            (
                "PROVIDERS__RELAY__SMTP__MAILBOX",
                format!("{{ lmtp = {{ socket = \"{RETURNS_SOCKET}\" }} }}"),
            ),
            ("PROVIDERS__SMS__OVH__ENDPOINT", self.sms.endpoint().to_owned()),
            ("PROVIDERS__SMS__OVH__SERVICE", sms_service::SERVICE.to_owned()),
            ("PROVIDERS__SMS__OVH__APPLICATION_KEY", sms_service::APPLICATION_KEY.to_owned()),
            ("PROVIDERS__SMS__OVH__APPLICATION_SECRET", secret("ovh-application")),
            ("PROVIDERS__SMS__OVH__CONSUMER_KEY", secret("ovh-consumer")),
            ("PROVIDERS__SMS__OVH__PACE", "{ per_second = 40, at_once = 8 }".to_owned()),
            // A show runs at once, at any hour.
            ("DISPATCH__UNDO", "0s".to_owned()),
            ("DISPATCH__UNDO_URGENT", "0s".to_owned()),
            ("HOURS__ENT__QUIET", "[]".to_owned()),
            ("HOURS__SMS__QUIET", "[]".to_owned()),
            ("PLANS__FAMILLE", plan().to_owned()),
        ];
        pairs.into_iter().map(|(key, value)| (format!("CHAPPE__{key}"), value)).collect()
    }

    /// Writes the secrets of the stand-ins where the configuration places them.
    pub fn write_secrets(&self) -> io::Result<()> {
        let folder = self.folder.join("secrets");
        std::fs::create_dir_all(&folder)?;
        let write = |name: &str, secret: &str| {
            private_file::create(&folder.join(name))?.write_all(secret.as_bytes())
        };
        write("ent", ent::CLIENT_SECRET)?;
        write("ent-account", ent::PASSWORD)?;
        write("ovh-application", sms_service::APPLICATION_SECRET)?;
        write("ovh-consumer", sms_service::CONSUMER_KEY)
    }
}

/// The first day of school after `today` on which the doors may be closed.
#[must_use]
pub fn closing_day(today: Date) -> Date {
    let free = [Weekday::Saturday, Weekday::Sunday];
    days_after(today).find(|day| !free.contains(&day.weekday())).unwrap_or(today)
}

/// The days after this one, as far as the calendar goes.
fn days_after(day: Date) -> impl Iterator<Item = Date> {
    day.series(1.day()).skip(1)
}

/// The memo's fields, all filled: the school closes from this day on.
#[must_use]
pub fn announcement(closing: Date) -> Fields {
    let from = without_year(closing);
    let friday = days_after(closing).find(|day| day.weekday() == Weekday::Friday);
    let (subject, change, next) = (
        format!("Fermeture du collège à partir du {from}"),
        format!(
            "Le collège ferme ses portes aux élèves **à partir du {from}**. Les cours \
             continuent à la maison, avec vos professeurs, aux heures habituelles."
        ),
        format!("{} à 18h, sur le site du collège", without_year(friday.unwrap_or(closing))),
    );
    let fields = [
        ("objet", subject.as_str()),
        ("ce_qui_change", &change),
        (
            "circuit",
            "Le professeur principal suit chaque élève et appelle chaque famille une fois par \
             semaine. Pour toute question, la vie scolaire vous répond.",
        ),
        (
            "moyens",
            "Le travail est donné dans l’ENT. Sans connexion, un dossier papier est prêt à \
             l’accueil du collège, ou arrive par la poste.",
        ),
        ("agenda", "Connexion à l’ENT par niveau : 6e à 8h30, 5e à 9h30, 4e à 10h30, 3e à 11h30."),
        ("contacts", "- Vie scolaire : 05 36 49 00 02\n- Secrétariat : 05 36 49 00 00"),
        ("prochain_rendez_vous", &next),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The shipped plan with the patience of a show. The ENT has enough to recover: nobody leaves it who is told there
/// all the same, and whoever has no account in use goes on at once.
const fn plan() -> &'static str {
    "[{ channels = [\"ent\"], patience = \"30s\" }, \
      { channels = [\"email\"], patience = \"10s\" }, \
      { channels = [\"sms\"], enough = \"delivered\", patience = \"6s\" }, \
      { channels = [\"letter\"] }]"
}

fn write_files(folder: &Path, school: &College, today: Date) -> io::Result<Vec<PathBuf>> {
    let exports = folder.join(EXPORTS);
    std::fs::create_dir_all(&exports)?;
    school
        .siecle_files(today)
        .into_iter()
        .map(|(name, bytes)| {
            let path = exports.join(name);
            std::fs::write(&path, bytes)?;
            Ok(path)
        })
        .collect()
}

/// Most guardians have an account in the ENT; one in six never opened theirs.
fn accounts(school: &College) -> Vec<EntAccount> {
    let with_account = |(number, person): &(usize, &Person)| number % 5 != 4 && is_at_home(person);
    let accounts =
        school.guardians.iter().enumerate().filter(with_account).map(|(number, person)| {
            EntAccount {
                id: format!("ent-{number}"),
                display_name: person.display_name(),
                profile: "Relative".to_owned(),
                active: number % 6 != 5,
                children: pupils_of(school, person),
            }
        });
    accounts.collect()
}

/// The names of somebody's pupils.
fn pupils_of(school: &College, guardian: &Person) -> Vec<String> {
    let is_tied = |pupil: &&Pupil| {
        let mut ties = school.guardianships.iter();
        ties.any(|tie| tie.pupil == pupil.key && tie.person == guardian.key)
    };
    school.pupils.iter().filter(is_tied).map(Pupil::display_name).collect()
}

/// Those of whom the school knows no way but an e-mail address, or none, have no account either.
fn is_at_home(person: &Person) -> bool {
    person.postal_address.is_some()
}

/// A mail server that refuses some addresses at once, and finds out later that nobody has some others; these.
async fn mail_server(
    folder: &Path,
    school: &College,
) -> io::Result<(MailStandIn, BTreeSet<String>)> {
    let mut mailbox = MailStandIn::start(folder.join(MAILDIR)).await?;
    let gone = school.on_email_only().filter_map(|person| address(person, Channel::Email));
    let refused: BTreeSet<String> =
        some(school, Channel::Email, 17).into_iter().chain(gone).collect();
    for address in &refused {
        mailbox.refuse(address);
    }
    mailbox.offer_reports(true);
    let all: BTreeSet<String> = some(school, Channel::Email, 1).into_iter().collect();
    let sound = all.difference(&refused).cloned();
    let mut chance = fastrand::Rng::with_seed(SEED);
    let vacant = chance.choose_multiple(sound, all.len() / ONE_IS_VACANT_IN);
    let vacant: BTreeSet<String> = vacant.into_iter().collect();
    mailbox.vacate(Vacant {
        addresses: vacant.clone(),
        gives_back_at: folder.join(RETURNS_SOCKET),
        after: COMES_BACK_AFTER,
        copies: folder.join(RETURNS),
    })?;
    Ok((mailbox, vacant))
}

fn behaviour(folder: &Path, school: &College, clock: &Clock) -> Behaviour {
    let replies = some(school, Channel::Sms, 23).into_iter().enumerate().map(|(number, from)| {
        let text = if number % 4 == 3 { "STOP" } else { "Merci, bien reçu" };
        (from, text.to_owned())
    });
    Behaviour {
        log: folder.join(SMS_LOG),
        receipt_after: Duration::from_secs(1),
        failing: some(school, Channel::Sms, 19),
        invalid: some(school, Channel::Sms, 29),
        replies: replies.collect(),
        credits: 10_000,
        clock: clock.clone(),
    }
}

/// The address of one guardian in `every` on a channel.
fn some(school: &College, channel: Channel, every: usize) -> Vec<String> {
    let addresses = school.guardians.iter().filter_map(|person| address(person, channel));
    addresses.step_by(every).collect()
}

fn address(person: &Person, channel: Channel) -> Option<String> {
    let point = person.contact_points.iter().find(|point| point.channel() == channel)?;
    Some(point.value().to_owned())
}

/// A collège of the usual size.
#[must_use]
pub fn usual_size() -> Size {
    school::Size::default()
}
