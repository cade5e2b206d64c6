//! What the pages cost. A school of 2,000 pupils, a dozen announcements of which one is under way: every page that
//! links lead to, beside a bare page of the same server and `chappe status --json`; then 500 who look at what goes out
//! as it does; then a search among 100,000 people.
//!
//! `cargo bench --bench pages`, or one part of it: `-- pages`, `-- live`, `-- search`; `CHAPPE_BENCH=small` for a small school.

#[expect(dead_code, reason = "other benches use more of it")]
mod measure;
mod onlookers;
mod reader;
#[path = "../town/mod.rs"]
#[expect(dead_code, reason = "the bench of kills uses more of it")]
mod town;

use std::fs;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use chappe::app;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::demo::ent::Weather;
use chappe::demo::school::Size;
use chappe::message::{Draft, Message};
use chappe::office::{self, School};
use chappe::people::Actor;
use tokio::process::Child;

use measure::{line, table};
use reader::{Reader, doors, median_and_worst};
use town::Town;
use town::settings::{LOOK, until};

const PUPILS: usize = 2_000;
const FEW_PUPILS: usize = 200;
const CLASS: usize = 25;
/// Pupils who make 100,000 people with their parents.
const PUPILS_OF_MANY: usize = 40_000;
const PUPILS_OF_FEWER: usize = 1_000;
/// Announcements that have come to rest.
const AT_REST: usize = 11;
/// How often a page is asked for.
const TIMES: usize = 30;
/// What is asked for.
const WANTED_MS: f64 = 20.0;
const WANTED_KB: f64 = 100.0;
const WANTED_FIRST_KB: f64 = 15.0;
const WANTED_SEARCH_MS: f64 = 50.0;
const WANTED_MB: f64 = 100.0;
const WANTED_PERCENT: f64 = 5.0;
const LIMIT: Duration = Duration::from_mins(5);

const SETTINGS: [(&str, &str); 4] = [
    ("PLANS__COURRIEL", "[{ channels = [\"email\"] }]"),
    (
        "PLANS__FAMILLE",
        "[{ channels = [\"ent\"], patience = \"10s\" }, \
          { channels = [\"email\", \"sms\"], patience = \"5s\" }, { channels = [\"letter\"] }]",
    ),
    ("PROVIDERS__RELAY__SMTP__PACE", "{ at_once = 16 }"),
    ("PROVIDERS__SMS__OVH__PACE", "{ at_once = 16 }"),
];

/// A school, and the daemon that serves its pages.
pub struct Site {
    town: Town,
    root: String,
    daemon: Child,
}

impl Site {
    async fn open(pupils: usize, class: usize) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let size = Size { pupils, classes: pupils.div_ceil(class) };
        let settings: Vec<(&str, &str)> =
            SETTINGS.into_iter().chain([("HTTP__LISTEN", address.as_str())]).collect();
        let town = Town::set(size, &settings).await;
        let daemon = town.program(&["serve"]).env("CHAPPE_LOG", "warn").spawn()?;
        until(async || tokio::net::TcpStream::connect(&address).await.is_ok()).await;
        Ok(Self { town, root: format!("http://{address}"), daemon })
    }

    async fn close(mut self) -> anyhow::Result<()> {
        Ok(self.daemon.kill().await?)
    }

    /// What the daemon holds now, in megabytes.
    fn memory_mb(&self) -> anyhow::Result<f64> {
        let id = self.daemon.id().context("the daemon has ended")?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = held.and_then(|rest| rest.split_whitespace().next()).context("no VmRSS")?;
        Ok(kilobytes.parse::<f64>()? * 1_024.0 / 1e6)
    }

    /// Milliseconds of the processors' time that the daemon has used so far, its threads together.
    fn worked_ms(&self) -> anyhow::Result<f64> {
        let id = self.daemon.id().context("the daemon has ended")?;
        let status = fs::read_to_string(format!("/proc/{id}/stat"))?;
        // After the program's name: its own time and the system's are the 12th and the 13th, in hundredths of a second.
        let (_, after) = status.rsplit_once(") ").context("no stat")?;
        let used: Vec<f64> =
            after.split(' ').skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(10.0 * used.iter().sum::<f64>())
    }

    /// Nothing of an announcement waits for a machine any more.
    async fn comes_to_rest(&self, message: &Message) -> anyhow::Result<()> {
        let begun = Instant::now();
        while !self.town.is_at_rest(message).await {
            ensure!(begun.elapsed() < LIMIT, "an announcement did not come to rest");
            tokio::time::sleep(LOOK * 20).await;
        }
        Ok(())
    }

    /// A dozen announcements: the last one waits for an ENT that takes nothing.
    async fn fill(&self) -> anyhow::Result<Message> {
        let mut at_rest = Vec::new();
        for _ in 0..AT_REST {
            at_rest.push(self.town.launch().await);
        }
        for message in &at_rest {
            self.comes_to_rest(message).await?;
        }
        let printed = self.town.program(&["letters"]).status().await?;
        ensure!(printed.success(), "the letters were not printed: {printed}");
        self.town.ent.set_weather(Weather::Unavailable503);
        let under_way = self.town.launch().await;
        ensure!(self.town.status(&under_way).await.addressees.waiting > 0, "nobody waits");
        Ok(under_way)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let is_small = std::env::var("CHAPPE_BENCH").is_ok_and(|size| size == "small");
    let (pupils, of_many) =
        if is_small { (FEW_PUPILS, PUPILS_OF_FEWER) } else { (PUPILS, PUPILS_OF_MANY) };
    let only: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let is_wanted = |part: &str| only.is_empty() || only.iter().any(|it| it == part);
    if is_wanted("pages") || is_wanted("live") {
        let site = Site::open(pupils, CLASS).await?;
        let under_way = site.fill().await?;
        if is_wanted("pages") {
            pages(&site, &under_way).await?;
        }
        site.town.ent.set_weather(Weather::Fine);
        if is_wanted("live") {
            site.comes_to_rest(&under_way).await?;
            live(&site).await?;
        }
        site.close().await?;
    }
    if is_wanted("search") {
        // Classes larger than any, so that the list of them stays that of a school.
        let site = Site::open(of_many, of_many.div_ceil(100)).await?;
        search(&site).await?;
        site.close().await?;
    }
    Ok(())
}

/// A page, or what stands beside.
struct Measured {
    what: String,
    median: f64,
    worst: f64,
    bytes: Option<usize>,
}

impl Measured {
    fn row(&self) -> [String; 4] {
        let bytes = self.bytes.map_or_else(String::new, |bytes| format!("{:.1}", kilobytes(bytes)));
        [self.what.clone(), format!("{:.1}", self.median), format!("{:.1}", self.worst), bytes]
    }
}

async fn pages(site: &Site, under_way: &Message) -> anyhow::Result<()> {
    let mut reader = Reader::signed_in(&site.town.app, &site.root, "camille.arago").await?;
    let from = from(site, &mut reader, under_way).await?;
    let config = Config::read("chappe.toml", config::SHIPPED, site.town.settings.clone())?;
    let school = app::build(config, site.town.folder.path(), Clock::system())?;
    let found = reader.wander(&from, &doors(school, &site.root)?).await?;
    let mut measured = Vec::new();
    for (door, page) in &found {
        measured.push(repeat(&mut reader, door, &page.path).await?);
    }
    measured.sort_by(|one, other| other.median.total_cmp(&one.median));
    let beside = [bare(&reader).await?, status(site, under_way).await?];
    let rows: Vec<_> = measured.iter().chain(&beside).map(Measured::row).collect();
    line(format!(
        "pages: {} pupils, {} announcements, one under way; {TIMES} times each over one connection",
        site.town.school.pupils.len(),
        AT_REST + 1
    ))?;
    table(["page", "median ms", "worst ms", "kB"], &rows)?;
    let slow = measured.iter().filter(|it| it.median > WANTED_MS).count();
    let large = measured.iter().filter(|it| it.bytes.map_or(0.0, kilobytes) > WANTED_KB).count();
    line(format!(
        "{} pages; {slow} slower than {WANTED_MS} ms, {large} larger than {WANTED_KB} kB (wanted: none)",
        measured.len()
    ))?;
    first_page(&mut reader).await
}

/// Where somebody begins who comes to every page: the menus, the announcement, one that is written, a few people.
async fn from(
    site: &Site,
    reader: &mut Reader,
    under_way: &Message,
) -> anyhow::Result<Vec<String>> {
    let number = write(&site.town.app).await?;
    let mut from = vec!["/".to_owned(), format!("/annonces/{}", under_way.code)];
    from.extend(
        ["envoi", "verifier", "apercu"].map(|step| format!("/annonces/brouillons/{number}/{step}")),
    );
    let token = reader.token("/annuaire").await?;
    for person in site.town.school.guardians.iter().take(3) {
        let fields = [("csrf", token.as_str()), ("q", person.family_name.as_str())];
        from.extend(reader.post("/annuaire", &fields).await?.links());
    }
    Ok(from)
}

/// An announcement to all families that nobody has sent yet; its number.
async fn write(school: &School) -> anyhow::Result<u32> {
    let mut fields = chappe::demo::stage::announcement(jiff::civil::date(2026, 11, 30));
    // What said the same within a day is refused on the last page.
    fields.insert("objet".to_owned(), "Réouverture du collège".to_owned());
    let draft = Draft {
        template: "fermeture".to_owned(),
        fields,
        audience: "familles".to_owned(),
        plan: "famille".to_owned(),
        plain_sms: true,
        question: None,
        ..Draft::default()
    };
    Ok(office::draft::save(school, Actor::Program, draft, None).await?.number)
}

async fn repeat(reader: &mut Reader, what: &str, path: &str) -> anyhow::Result<Measured> {
    let (mut took, mut bytes) = (Vec::with_capacity(TIMES), 0);
    for _ in 0..TIMES {
        let answer = reader.get(path).await?;
        took.push(answer.milliseconds);
        bytes = answer.body.len();
    }
    let (median, worst) = median_and_worst(took)?;
    Ok(Measured { what: what.to_owned(), median, worst, bytes: Some(bytes) })
}

/// A page of the same size as the first one that nobody works out.
async fn bare(reader: &Reader) -> anyhow::Result<Measured> {
    let page = reader.clone().get("/").await?.text();
    let router = Router::new().route("/", get(|| async move { Html(page) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut reader = reader.at(&format!("http://{}", listener.local_addr()?));
    let served = tokio::spawn(axum::serve(listener, router).into_future());
    let measured = repeat(&mut reader, "(beside it: a bare page)", "/").await;
    served.abort();
    measured
}

/// The same announcement by the command line, from the call to its end.
async fn status(site: &Site, message: &Message) -> anyhow::Result<Measured> {
    let (mut took, mut bytes) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let mut program = site.town.program(&["status", message.code.as_str(), "--json"]);
        let output = program.stdout(Stdio::piped()).output().await?;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(output.status.success(), "status ended with {}", output.status);
        bytes = output.stdout.len();
    }
    let (median, worst) = median_and_worst(took)?;
    let what = "(beside it: chappe status --json)".to_owned();
    Ok(Measured { what, median, worst, bytes: Some(bytes) })
}

/// What a browser fetches that comes for the first time: the page, its style and its script, packed as they are sent.
async fn first_page(reader: &mut Reader) -> anyhow::Result<()> {
    let page = reader.get("/").await?;
    let mut sent = page.body.len();
    for asset in page.assets() {
        sent += reader.get(&asset).await?.body.len();
    }
    line(format!(
        "the first page with its style and script: {:.1} kB (wanted: {WANTED_FIRST_KB})",
        kilobytes(sent)
    ))
}

async fn live(site: &Site) -> anyhow::Result<()> {
    let cost = onlookers::measure(site).await?;
    let (before, with) = cost.memory;
    line(format!("live: {} look at what goes out, {} events", onlookers::STREAMS, cost.events))?;
    let turns = cost.turns.iter().map(|turn| {
        let who = if turn.with { "they look" } else { "nobody looks" };
        format!("{who} {:.0}/s, {:.3} ms each", turn.rate, turn.worked)
    });
    line(format!("turn by turn: {}", turns.collect::<Vec<_>>().join("; ")))?;
    let (rate, worked) = (|turn: &onlookers::Turn| turn.rate, |turn: &onlookers::Turn| turn.worked);
    let row = |what: &str, with: bool, held: f64| -> anyhow::Result<_> {
        let (rate, worked) = (cost.median(with, rate)?, cost.median(with, worked)?);
        Ok([
            what.to_owned(),
            format!("{rate:.0}"),
            format!("{worked:.3} ms"),
            format!("{held:.0} MB"),
        ])
    };
    let rows = [row("nobody looks", false, before)?, row("they look", true, with)?];
    table(["", "e-mails a second", "daemon's work for each", "daemon holds"], &rows)?;
    line(format!(
        "{:.1} % of the rate, {:.1} % of the work, {:.0} MB (wanted: at most {WANTED_PERCENT} %, {WANTED_MB} MB)",
        100.0 * (1.0 - cost.median(true, rate)? / cost.median(false, rate)?),
        100.0 * (1.0 - cost.median(false, worked)? / cost.median(true, worked)?),
        with - before
    ))
}

async fn search(site: &Site) -> anyhow::Result<()> {
    let mut reader = Reader::signed_in(&site.town.app, &site.root, "camille.arago").await?;
    let token = reader.token("/annuaire").await?;
    let people = &site.town.school.guardians;
    let some: Vec<_> = people.iter().step_by(people.len() / TIMES).take(TIMES).collect();
    let first = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let number = |one: &chappe::people::Person| {
        let mut points = one.contact_points.iter();
        points.find(|it| it.value().starts_with("+33")).map(|it| it.value().to_owned())
    };
    let typed: [(&str, Vec<String>); 8] = [
        ("first name and family name", some.iter().map(|it| it.display_name()).collect()),
        (
            "the same without accents, small",
            some.iter().map(|it| unaccented(&it.display_name())).collect(),
        ),
        (
            "the beginnings of both",
            some.iter()
                .map(|it| format!("{} {}", first(&it.family_name, 3), first(&it.first_name, 2)))
                .collect(),
        ),
        ("a family name", some.iter().map(|it| it.family_name.clone()).collect()),
        ("two letters", some.iter().map(|it| first(&it.family_name, 2)).collect()),
        ("one letter", some.iter().map(|it| first(&it.family_name, 1)).collect()),
        ("a telephone number", some.iter().filter_map(|it| number(it)).collect()),
        ("a class", vec!["6A".to_owned(); TIMES]),
    ];
    let mut rows = Vec::new();
    for (what, texts) in typed {
        let (mut took, mut bytes) = (Vec::new(), 0);
        for text in &texts {
            let answer = reader.post("/annuaire", &[("csrf", &token), ("q", text)]).await?;
            took.push(answer.milliseconds);
            bytes = bytes.max(answer.body.len());
        }
        let (median, worst) = median_and_worst(took)?;
        rows.push(Measured { what: what.to_owned(), median, worst, bytes: Some(bytes) }.row());
    }
    let all = people.len() + site.town.school.pupils.len();
    line(format!("search among {all} people (wanted: at most {WANTED_SEARCH_MS} ms)"))?;
    table(["what is typed", "median ms", "worst ms", "kB at most"], &rows)
}

fn unaccented(name: &str) -> String {
    chappe::people::unaccented_capitals(name).to_lowercase()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1e3
}
