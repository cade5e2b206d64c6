//! `chappe contacts`: which ways to reach people work, and what is done about those that do not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use serde_json::json;

use super::context::Context;
use super::who::{self, Named};
use super::{asker, output, send};
use crate::audience::{Rule, find};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::directory::{self, ContactLine, ContactList, Right};
use crate::email_address::EmailAddress;
use crate::export;
use crate::message::{Fields, Plan, PlansBeside, Terms};
use crate::office::{self, Among, Request, School};
use crate::people::{ContactState, PersonKey, PostalAddress};
use crate::phone_number::PhoneNumber;
use crate::private_file;
use crate::wording::dates;

/// Arguments of `chappe contacts`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Count each list (also without a subcommand).
    Count,
    /// Show a list: all, never-verified, failing, dead, missing, to-correct.
    List {
        /// Which list.
        #[arg(value_parser = list)]
        list: ContactList,
        /// Only of this audience.
        #[arg(long, value_name = "AUDIENCE")]
        to: Option<String>,
        /// Write it as CSV to this file.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    /// Put a contact right by hand; it survives every import, until the source says the same.
    Correct(Correct),
    /// Send a short message that asks for an answer to those on a list (never-verified by default).
    Verify(Campaign),
    /// Print a sheet for the family to correct, for those on a list (missing by default).
    Slips(Campaign),
}

/// Arguments of `chappe contacts correct`.
#[derive(Debug, clap::Args)]
struct Correct {
    /// Whose.
    #[command(flatten)]
    who: Named,
    /// The right e-mail address; empty when there is none any more.
    #[arg(long, group = "what")]
    email: Option<String>,
    /// The right telephone number; empty when there is none any more.
    #[arg(long, group = "what")]
    phone: Option<String>,
    /// The right postal address, its lines between `;`: `12 rue des Lilas; 31000 TOULOUSE`.
    #[arg(long, group = "what", value_parser = super::when::one_line)]
    address: Option<String>,
    /// The e-mail address or the number that was wrong.
    #[arg(long)]
    was: Option<String>,
}

/// Arguments of `chappe contacts verify` and `chappe contacts slips`.
#[derive(Debug, clap::Args)]
struct Campaign {
    /// To whom: those on this list.
    #[arg(long, value_parser = list)]
    list: Option<ContactList>,
    /// Only of this audience.
    #[arg(long, value_name = "AUDIENCE", default_value = "familles")]
    to: String,
    /// The day by which an answer is asked for, as it is to be read.
    #[arg(long, value_name = "DAY")]
    before: Option<String>,
    /// Show what would leave, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(context: &Context, arguments: Arguments) -> anyhow::Result<()> {
    let command = arguments.command.unwrap_or(Command::Count);
    let app = context.app_to(!matches!(command, Command::Count | Command::List { .. })).await?;
    match command {
        Command::Count => count(context, &app).await,
        Command::List { list, to, csv } => {
            let among = match to {
                Some(audience) => Some(persons_of(&app, &audience).await?),
                None => None,
            };
            let lines = directory::contacts(app.store(), app.queue.school(), list, among).await?;
            match csv {
                Some(path) => write_csv(context, &app, &lines, &path)?,
                None => present(context, &lines, app.clock.now()),
            }
            Ok(())
        }
        Command::Correct(correct) => put_right(context, &app, &correct).await,
        Command::Verify(campaign) => {
            let channels = [Channel::Email, Channel::Sms];
            let list = campaign.list.unwrap_or(ContactList::NeverVerified);
            let plan = Plan::verification(&channels)?;
            let mut ready = draft(&app, &campaign, "verification", (list, &channels), plan).await?;
            let waiting = office::still_waiting(&app, "verification").await?;
            ready.chosen.retain(|one| !waiting.contains(&one.person));
            if ready.chosen.is_empty() {
                bail!(
                    "everybody on the list was asked already and still has time to answer; nothing \
                     was sent: `chappe status` shows the campaign"
                );
            }
            send::launch_or_show(context, &app, ready, campaign.dry_run).await
        }
        Command::Slips(campaign) => {
            let list = campaign.list.unwrap_or(ContactList::Missing);
            let plan = app.config.plan("papier").map_err(|reason| anyhow!(reason))?;
            let of_any = (list, &Channel::ALL[..]);
            let ready = draft(&app, &campaign, "fiche-coordonnees", of_any, plan).await?;
            let ready = ready.by_pupil(&app.renderer)?;
            send::launch_or_show(context, &app, ready, campaign.dry_run).await
        }
    }
}

fn list(word: &str) -> Result<ContactList, String> {
    ContactList::from_word(word).ok_or_else(|| {
        let known = ContactList::ALL.map(ContactList::as_str).join(", ");
        format!("\"{word}\" is no list; there are: {known}")
    })
}

async fn count(context: &Context, app: &School) -> anyhow::Result<()> {
    let mut counts = Vec::new();
    for list in ContactList::ALL {
        let lines = directory::contacts(app.store(), app.queue.school(), list, None).await?;
        counts.push((list.as_str(), lines.len()));
    }
    if context.json {
        output::json(&counts.into_iter().collect::<BTreeMap<_, _>>());
        return Ok(());
    }
    for (list, count) in counts {
        output::line(format!("{count:>6}  {list}"));
    }
    Ok(())
}

/// Everybody of an audience.
async fn persons_of(app: &School, audience: &str) -> anyhow::Result<BTreeSet<PersonKey>> {
    let rule: Rule = audience.parse()?;
    let chosen = find(app.store(), app.queue.school(), &rule, app.today()).await?.chosen;
    let everybody = chosen.into_iter().map(|one| one.person);
    Ok(everybody.collect())
}

fn present(context: &Context, lines: &[ContactLine], now: Moment) {
    if context.json {
        output::json(&lines);
        return;
    }
    for line in lines {
        let state = match line.state {
            Some(state) => state.as_str(),
            None if line.was.is_some() => "to correct at the source",
            None => "missing",
        };
        let proof = line.proof.zip(line.proven_at);
        let proof = proof.map(|(proof, at)| {
            let days = now.since(at).as_secs() / 86_400;
            format!(", {} {days} days ago", proof.as_str())
        });
        let proof = proof.unwrap_or_default();
        let value = if line.value.is_empty() { "—".to_owned() } else { readable(&line.value) };
        let was = line.was.as_deref().filter(|was| !was.is_empty());
        let was =
            was.map(|was| format!(" (the source says {})", readable(was))).unwrap_or_default();
        let (name, about) = (&line.name, line.about.join(", "));
        output::line(format!("{name} — {about} [{}: {state}{proof}] {value}{was}", line.channel));
    }
    output::line(format!("{} contacts.", lines.len()));
}

const HEAD: [&str; 9] = [
    "Personne",
    "Élèves",
    "Moyen",
    "Coordonnée",
    "Remarque",
    "État",
    "Dernière preuve",
    "Source",
    "La source dit",
];

fn write_csv(
    context: &Context,
    app: &School,
    lines: &[ContactLine],
    path: &Path,
) -> anyhow::Result<()> {
    let zone = app.config.school.time_zone();
    let day = |at: Moment| {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone());
        Some(dates::in_full(at.date()))
    };
    let rows = lines.iter().map(|line| {
        let state = match line.state {
            Some(state) => state_in_french(state),
            None if line.was.is_some() => "à corriger à la source",
            None => "manquante",
        };
        [
            line.name.clone(),
            line.about.join(", "),
            line.channel.in_french().to_owned(),
            readable(&line.value),
            line.typed.clone().unwrap_or_default(),
            state.to_owned(),
            line.proven_at.and_then(day).unwrap_or_default(),
            source_in_french(&line.source),
            line.was.as_deref().map(readable).unwrap_or_default(),
        ]
    });
    let head = HEAD;
    let table = export::table(&head, rows)?;
    private_file::create_new(path)
        .and_then(|mut file| file.write_all(&table))
        .with_context(|| format!("cannot write {}; the list was not kept", path.display()))?;
    if context.json {
        output::json(&json!({ "file": path, "contacts": lines.len() }));
    } else {
        output::line(format!("{} contacts in {}.", lines.len(), path.display()));
    }
    Ok(())
}

/// A number as people read it.
fn readable(value: &str) -> String {
    PhoneNumber::from_e164(value).map_or_else(|| value.to_owned(), |number| number.in_pairs())
}

fn source_in_french(source: &str) -> String {
    match source {
        "hand" => "à la main".to_owned(),
        "table" => "tableau".to_owned(),
        other => other.to_uppercase(),
    }
}

const fn state_in_french(state: ContactState) -> &'static str {
    match state {
        ContactState::Unverified => "jamais vérifiée",
        ContactState::Working => "fonctionne",
        ContactState::Failing => "en échec",
        ContactState::Dead => "morte",
        ContactState::OptedOut => "refusée par la personne",
    }
}

async fn put_right(context: &Context, app: &School, correct: &Correct) -> anyhow::Result<()> {
    let (store, school) = (app.store(), app.queue.school());
    let who = correct.who.clone().into();
    let person = who::found(directory::find_person(store, school, &who).await)?;
    let right = right(correct, &app.config.school.region)?;
    directory::correct(store, school, &person.key, right, asker::by(app)).await?;
    if context.json {
        output::json(&json!({ "corrected": person.key }));
    } else {
        output::line("Corrected; it stands on the list to-correct until the source says the same.");
    }
    Ok(())
}

fn right(correct: &Correct, region: &str) -> anyhow::Result<Right> {
    let given = |typed: &Option<String>| typed.clone().filter(|typed| !typed.trim().is_empty());
    let email = |typed: String| {
        EmailAddress::parse(&typed)
            .map_err(|_| anyhow!("\"{typed}\" is no e-mail address; nothing was changed"))
    };
    let phone = |typed: String| {
        PhoneNumber::parse(&typed, region)
            .map_err(|bad| anyhow!("\"{typed}\" {bad}; nothing was changed"))
    };
    let was = given(&correct.was);
    if correct.email.is_some() {
        let is = given(&correct.email).map(email).transpose()?;
        return Ok(Right::Email { was: was.map(email).transpose()?, is });
    }
    if correct.phone.is_some() {
        let is = given(&correct.phone).map(phone).transpose()?;
        return Ok(Right::Phone { was: was.map(phone).transpose()?, is });
    }
    match given(&correct.address) {
        Some(typed) => postal_address(&typed).map(Right::Post),
        None => bail!("say what is right: --email, --phone or --address; nothing was changed"),
    }
}

/// `12 rue des Lilas; 31000 TOULOUSE`; abroad, `1 place du Jeu; 1000 BRUXELLES; BELGIQUE`.
pub(super) fn postal_address(typed: &str) -> anyhow::Result<PostalAddress> {
    let parts = typed.split(';').map(|line| line.trim().to_owned());
    let mut lines: Vec<String> = parts.filter(|line| !line.is_empty()).collect();
    let country = lines.pop_if(|last| !last.contains(|it: char| it.is_ascii_digit()));
    let town = lines.pop().unwrap_or_default();
    let is_postcode = |code: &str| {
        country.is_some() || (code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let Some((postcode, town)) = town.split_once(' ').filter(|(code, _)| is_postcode(code)) else {
        bail!(
            "end the address with the postcode and the town, like \"12 rue des Lilas; 31000 \
             TOULOUSE\"; nothing was changed"
        );
    };
    Ok(PostalAddress { lines, postcode: postcode.to_owned(), town: town.to_owned(), country })
}

/// The contacts that a message would use now and that were never verified. A second number is not asked
/// for: a message goes to the first, and would ask for ever.
async fn in_use_and_unverified(app: &School) -> anyhow::Result<Vec<ContactLine>> {
    let (store, school) = (app.store(), app.queue.school());
    let lines = directory::contacts(store, school, ContactList::All, None).await?;
    let mut seen = BTreeSet::new();
    let in_use = lines.into_iter().filter(|line| {
        line.state.is_some_and(ContactState::is_usable)
            && seen.insert((line.person.clone(), line.channel))
    });
    Ok(in_use.filter(|line| line.state == Some(ContactState::Unverified)).collect())
}

/// A campaign to those of an audience who stand on a list with one of the channels.
async fn draft(
    app: &School,
    campaign: &Campaign,
    template: &str,
    (list, channels): (ContactList, &[Channel]),
    plan: Plan,
) -> anyhow::Result<office::Ready> {
    let (store, school) = (app.store(), app.queue.school());
    let lines = match list {
        ContactList::NeverVerified => in_use_and_unverified(app).await?,
        list => directory::contacts(store, school, list, None).await?,
    };
    let on_list = lines.into_iter().filter(|line| channels.contains(&line.channel));
    let field = campaign.before.clone().map(|day| ("echeance".to_owned(), day));
    let request = Request {
        template: template.to_owned(),
        fields: field.into_iter().collect::<Fields>(),
        audience: campaign.to.clone(),
        plan,
        plans: PlansBeside::default(),
        urgency: None,
        plain_sms: false,
        terms: Terms::default(),
        among: Some(Among::Persons(on_list.map(|line| line.person).collect())),
        again: true,
    };
    Ok(office::prepare(app, request).await?)
}
