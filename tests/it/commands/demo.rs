//! `chappe demo`: run once with `--exit --json`, and once to stay up, in a folder that a demo left.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::demo::school::Size;
use chappe::demo::stage::{self, MARKER, announcement, closing_day};
use chappe::demo::story::{Mood, notified};
use chappe::wording::dates::without_year;
use jiff::ToSpan as _;
use jiff::civil::{Weekday, date};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

use super::office::{answer, command_in, get, signal};
use crate::browser::{Page, Visitor};

/// What the two runs left.
struct Runs {
    picture: Value,
    pages: Vec<String>,
    mails: Vec<String>,
    texts: Vec<Value>,
    pdf: Vec<u8>,
    /// The addresses of which a report came back.
    returned: Vec<String>,
    families: Vec<Family>,
    /// Deliveries that left or wait in their own name; the others go along with one of these.
    own: Box<dyn Fn(&str) -> usize + Send + Sync>,
    stayed: Stayed,
}

/// Somebody whom the announcement was for: their mailbox, and the ways that were tried, each with its rung and state.
struct Family {
    mailbox: Option<String>,
    ways: Vec<(i64, String, String)>,
}

/// The run that stayed up.
struct Stayed {
    told: String,
    /// What it said to type next, each line typed: its exit code, and what it said.
    typed: Vec<(String, Option<i32>, String)>,
    /// The pages that its first link leads to: the first one, the directory, the journal.
    pages: [Page; 3],
    /// What the doctor says of it.
    doctor: String,
    healthy: String,
    ready: String,
    code: Option<i32>,
}

fn runs() -> &'static Runs {
    static RUNS: OnceLock<Runs> = OnceLock::new();
    RUNS.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let (first, stayed) = std::thread::scope(|scope| {
            let stayed = scope.spawn(|| stay(folder.path()));
            let mut once =
                command_in(folder.path(), ["demo", "--exit", "--json", "--folder", "show"]);
            (answer(&mut once), stayed.join().unwrap())
        });
        let show = folder.path().join("show");
        let log = std::fs::read_to_string(show.join("sms.jsonl")).unwrap();
        Runs {
            picture: first.json(),
            pages: files(&show.join("ENT")),
            mails: files(&show.join("Maildir/new")),
            texts: log.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
            pdf: std::fs::read(show.join("letters/lettres-0001.pdf")).unwrap(),
            returned: files(&show.join("Retours")).iter().map(|it| recipient(it)).collect(),
            families: families(&show),
            own: Box::new(own_deliveries(&show)),
            stayed,
        }
    })
}

fn files(folder: &Path) -> Vec<String> {
    let found = std::fs::read_dir(folder).unwrap();
    found.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

/// How many deliveries of a channel left or wait in their own name.
fn own_deliveries(show: &Path) -> impl Fn(&str) -> usize + use<> {
    let database = rusqlite::Connection::open(show.join("chappe.sqlite3")).unwrap();
    let sql = "SELECT channel FROM deliveries WHERE leader_id IS NULL \
               AND state IN ('waiting', 'sending', 'accepted', 'proven', 'uncertain')";
    let mut query = database.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let channels: Vec<String> = rows.map(Result::unwrap).collect();
    move |channel| channels.iter().filter(|one| *one == channel).count()
}

/// Of whom a report speaks.
fn recipient(report: &str) -> String {
    let (_, rest) = report.split_once("Final-Recipient: rfc822; ").unwrap();
    rest.lines().next().unwrap().to_owned()
}

/// Everybody, with what was tried.
fn families(show: &Path) -> Vec<Family> {
    let database = rusqlite::Connection::open(show.join("chappe.sqlite3")).unwrap();
    let sql = "SELECT a.number, a.recipient, d.rung, d.channel, d.state FROM addressees a \
               JOIN deliveries d ON d.addressee_id = a.id ORDER BY d.leg";
    let mut query = database.prepare(sql).unwrap();
    let mut families: BTreeMap<i64, Family> = BTreeMap::new();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let to: Value = serde_json::from_str(&row.get::<_, String>(1).unwrap()).unwrap();
        let mailbox = to["email"].as_str().map(str::to_owned);
        let family = families.entry(row.get(0).unwrap());
        let family = family.or_insert(Family { mailbox, ways: Vec::new() });
        family.ways.push((row.get(2).unwrap(), row.get(3).unwrap(), row.get(4).unwrap()));
    }
    families.into_values().collect()
}

fn stay(folder: &Path) -> Stayed {
    let show = folder.join("stayed");
    std::fs::create_dir(&show).unwrap();
    let left = show.join("left");
    for file in [&show.join(MARKER), &left] {
        std::fs::write(file, "").unwrap();
    }
    let mut command = command_in(folder, ["demo", "--folder", "stayed"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut told = String::new();
    while !told.contains("/healthz répond") {
        assert!(out.read_line(&mut told).unwrap() > 0, "it did not stay up:\n{told}");
    }
    assert!(!left.exists(), "it is made anew");
    let address = told.rsplit_once("http://").unwrap().1.split('/').next().unwrap();
    let address = address.parse().unwrap();
    let (healthy, ready) = (get(address, "/healthz"), get(address, "/readyz"));
    let (mut watcher, first) = Watcher::of(&told);
    let pages = [first, watcher.look("/annuaire"), watcher.look("/journal")];
    let typed = type_next(folder, &told);
    let doctor = answer(&mut command_in(&show, ["doctor"])).out;
    signal(&child, "INT");
    out.read_to_string(&mut told).unwrap();
    let code = child.wait().unwrap().code();
    Stayed { told, typed, pages, doctor, healthy, ready, code }
}

/// Somebody who opened the first link that the demo printed.
struct Watcher {
    runtime: Runtime,
    visitor: Visitor,
}

impl Watcher {
    /// They, and the page that it leads to.
    fn of(told: &str) -> (Self, Page) {
        let (_, link) = told.split_once("http://").unwrap();
        let link = link.split(|c: char| c.is_whitespace() || c.is_control()).next().unwrap();
        let (place, path) = link.split_once('/').unwrap();
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let visitor = runtime.block_on(async { Visitor::of(&format!("http://{place}")) });
        let mut watcher = Self { runtime, visitor };
        let page = watcher.look(&format!("/{path}"));
        (watcher, page)
    }

    /// What they see there, by a new line: a door keeps none open for long.
    fn look(&mut self, path: &str) -> Page {
        self.runtime.block_on(async {
            let mut visitor = Visitor::of(&self.visitor.root);
            visitor.cookies = std::mem::take(&mut self.visitor.cookies);
            let page = visitor.get(path).await;
            self.visitor = visitor;
            page
        })
    }
}

/// Types what the demo says to type, in its folder: the alias, then each line.
fn type_next(folder: &Path, told: &str) -> Vec<(String, Option<i32>, String)> {
    let (_, rest) = told.split_once("alias ").unwrap();
    let mut lines = rest.lines();
    let alias = format!("alias {}", lines.next().unwrap());
    let typed = lines.take_while(|line| !line.is_empty()).map(|line| {
        let mut shell = Command::new("sh");
        let done = shell.current_dir(folder).args(["-c", &format!("{alias}\n{line}")]).output();
        let done = done.unwrap();
        let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        (line.to_owned(), done.status.code(), said)
    });
    typed.collect()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[test]
fn the_demo_ends_and_its_numbers_add_up() {
    let Runs { picture, .. } = runs();
    assert!(picture["message"].is_string() && picture["seconds"].as_f64() > Some(1.0));
    let all = &picture["addressees"];
    let parts = ["reached", "waiting", "on_letter", "on_call", "unreached", "uncertain"];
    let sum: usize = parts.iter().map(|part| count(&all[part])).sum();
    assert_eq!(sum, count(&all["total"]), "{all}");
    assert!(sum > 800 && count(&all["reached"]) > 700, "{all}");
    assert_eq!(count(&all["waiting"]), 0, "{all}");
    assert!(count(&all["on_letter"]) > 0 && count(&all["unreached"]) > 0, "{all}");
    let levels = &picture["levels"];
    let by_proof = ["handed_over", "arrived", "seen", "answered"].map(|it| count(&levels[it]));
    assert_eq!(by_proof.iter().sum::<usize>(), count(&all["reached"]), "{all} {levels}");
}

#[test]
fn the_closing_table_adds_up() {
    let (_, table) = runs().stayed.told.split_once("\nSur ").unwrap();
    let numbers = |line: &str| -> Vec<usize> {
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect()
    };
    let mut lines = table.lines();
    let total = numbers(lines.next().unwrap())[0];
    let parts: Vec<&str> = lines.take_while(|it| it.starts_with(' ')).collect();
    let counts: Vec<usize> = parts.iter().map(|it| numbers(it)[0]).collect();
    assert!(counts.len() >= 4 && counts.iter().sum::<usize>() == total, "{total}: {parts:?}");
    let reached = numbers(parts[0]);
    assert!(reached.len() == 5 && reached[1..].iter().sum::<usize>() == reached[0], "{parts:?}");
}

/// The relay takes them all the same: its report comes back by the way by which a school's would.
#[test]
fn an_email_to_a_mailbox_that_nobody_has_comes_back_and_its_reader_goes_on() {
    let Runs { returned, families, mails, .. } = runs();
    let vacant: BTreeSet<&str> = returned.iter().map(String::as_str).collect();
    assert!(vacant.len() > 3 && vacant.len() == returned.len(), "each once: {returned:?}");
    for address in vacant {
        let to = format!("<{address}>");
        assert!(!mails.iter().any(|mail| mail.contains(&to)), "{address} lies in the Maildir");
        let theirs = families.iter().filter(|it| it.mailbox.as_deref() == Some(address));
        let mut went_on = 0;
        for Family { ways, .. } in theirs {
            let by_email = ways.iter().find(|(_, channel, _)| channel == "email");
            let Some((rung, _, state)) = by_email else { continue };
            assert_eq!(state, "failed", "{address}: {ways:?}");
            assert!(ways.iter().any(|(next, ..)| next > rung), "{address}: {ways:?}");
            went_on += 1;
        }
        assert!(went_on > 0, "nobody reads {address}");
    }
}

#[test]
fn every_channel_proves_what_it_carried() {
    let channels = &runs().picture["channels"];
    for name in ["ent", "email", "sms"] {
        let channel = &channels[name];
        assert!(count(&channel["proven"]) > 0, "{name}: {channel}");
        assert!(count(&channel["sent"]) >= count(&channel["proven"]), "{name}: {channel}");
        assert!(count(&channel["failed"]) > 0, "{name}: {channel}");
    }
    for number in ["sent", "proven", "failed"] {
        assert!(channels["letter"][number].is_u64(), "{channels}");
    }
}

/// The gateway of the ENT gives up on messages that the servers behind it take all the same.
#[test]
fn each_ent_message_lies_once_as_its_reader_sees_it() {
    let Runs { pages, own, .. } = runs();
    let reference = |page: &String| {
        let (_, after) = page.split_once("Référence de ce message").unwrap();
        after.split('<').next().unwrap().to_owned()
    };
    let references: HashSet<String> = pages.iter().map(reference).collect();
    assert_eq!(references.len(), pages.len());
    let most = own("ent").div_ceil(10);
    assert!(!pages.is_empty() && pages.len() <= most, "{} pages for {}", pages.len(), own("ent"));
    assert!(pages.len() <= 20, "{} calls", pages.len());
    for part in ["<h1>Fermeture du collège", "<dt>À :</dt>", "Ce qui change"] {
        assert!(pages.iter().all(|page| page.contains(part)), "{part}: {}", pages[0]);
    }
}

#[test]
fn the_announcement_names_days_of_school_whose_weekdays_fit() {
    for today in date(2026, 9, 1).series(1.day()).take(365) {
        let closing = closing_day(today);
        let is_free = matches!(closing.weekday(), Weekday::Saturday | Weekday::Sunday);
        assert!(closing > today && !is_free, "{today}: {closing}");
        let fields = announcement(closing);
        assert!(fields["objet"].ends_with(&without_year(closing)), "{}", fields["objet"]);
        let next = &fields["prochain_rendez_vous"];
        assert!(
            next.starts_with("vendredi ") && !next.starts_with(&without_year(closing)),
            "{next}"
        );
    }
}

#[test]
fn each_email_lies_once_in_the_maildir() {
    let Runs { picture, mails, own, .. } = runs();
    let id = |mail: &String| {
        let line = mail.lines().find(|line| line.to_lowercase().starts_with("message-id:"));
        line.unwrap_or_else(|| panic!("no Message-ID in {mail}")).to_owned()
    };
    let ids: HashSet<String> = mails.iter().map(id).collect();
    assert_eq!(ids.len(), mails.len());
    assert_eq!(mails.len(), own("email"));
    let sent = count(&picture["channels"]["email"]["sent"]);
    assert!(sent >= mails.len() && sent - mails.len() < sent / 10, "{} of {sent}", mails.len());
}

#[test]
fn no_number_gets_a_text_twice() {
    let Runs { picture, texts, own, .. } = runs();
    let numbers: HashSet<&str> = texts.iter().map(|text| text["to"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), texts.len());
    let sms = &picture["channels"]["sms"];
    assert!(texts.len() >= own("sms"), "{} texts for {}", texts.len(), own("sms"));
    assert!(texts.len() <= count(&sms["sent"]) + count(&sms["failed"]), "{sms}");
}

#[test]
fn the_letters_hold_everybody_who_is_on_paper() {
    let Runs { picture, pdf, own, .. } = runs();
    let on_letter = count(&picture["addressees"]["on_letter"]);
    let letters = own("letter");
    assert!(letters > 0 && letters <= on_letter, "{letters} letters for {on_letter}");
    let pages = lopdf::Document::load_mem(pdf).unwrap().get_pages().len();
    assert!(pages >= letters, "{pages} pages for {letters} letters");
}

/// What was told between two lines of the second run.
fn told_between(begin: &str, end: &str) -> Vec<&'static str> {
    let lines = runs().stayed.told.lines().skip_while(move |line| !line.contains(begin));
    let end = end.to_owned();
    lines.skip(1).take_while(|line| !line.contains(&end)).collect()
}

/// The turns of the second run: seconds after the launch, and what happened.
fn turns() -> Vec<(u64, &'static str)> {
    let turn = |line: &'static str| {
        let (time, told) = line.split_once("  ")?;
        let (minutes, seconds) = time.split_once(':')?;
        Some((minutes.parse::<u64>().ok()? * 60 + seconds.parse::<u64>().ok()?, told))
    };
    runs().stayed.told.lines().filter_map(turn).collect()
}

#[test]
fn the_import_is_told_in_five_lines() {
    let lines = runs().stayed.told.lines().skip_while(|line| !line.starts_with("Collège"));
    let told: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    assert_eq!(told.len(), 5, "{told:?}");
    for (line, words) in told.iter().zip(["Collège", "600 élèves", "responsables", "personnels"])
    {
        assert!(line.contains(words), "{words}: {told:?}");
    }
    assert!(told[4].contains("remarques"), "{told:?}");
}

#[test]
fn each_turn_is_told_in_its_order_with_its_time() {
    let turns = turns();
    assert!(turns.is_sorted_by_key(|(at, _)| *at), "{turns:?}");
    let in_order = [
        "D’abord ",
        "L’ENT ne répond plus (",
        "L’ENT répond de nouveau",
        "ENT : ",
        "Plus personne n’attend",
        "lettres sont imprimées",
        "L’ENT a prévenu chacun des ",
    ];
    let mut rest = turns.iter();
    for words in in_order {
        assert!(rest.any(|(_, told)| told.contains(words)), "{words}: {turns:?}");
    }
    for words in [
        "Courriel : ",
        "courriels reviennent, personne à ces adresses",
        "SMS : ",
        "SMS sont arrivés",
        "« Merci, bien reçu »",
    ] {
        assert!(turns.iter().any(|(_, told)| told.contains(words)), "{words}: {turns:?}");
    }
}

#[test]
fn every_account_in_use_is_notified_and_whoever_has_none_goes_on() {
    let Runs { picture, stayed, .. } = runs();
    let (_, told) = stayed.told.split_once("L’ENT a prévenu chacun des ").unwrap();
    let in_use: usize = told.split(' ').next().unwrap().parse().unwrap();
    let ent = &picture["channels"]["ent"];
    let [waiting, withdrawn, sent, failed, uncertain] =
        ["waiting", "withdrawn", "sent", "failed", "uncertain"].map(|state| count(&ent[state]));
    assert_eq!((waiting, withdrawn), (0, 0), "nobody was given up there: {ent}");
    // The same school at both runs.
    assert!(in_use > 500 && in_use <= sent + uncertain, "{in_use}: {ent}");
    assert!(failed > 50, "who never opened their account goes on: {ent}");
    let first = stayed.told.lines().find(|line| line.contains("D’abord ")).unwrap();
    let linked = sent + failed + uncertain;
    assert!(first.contains(&format!("D’abord {linked} par l’ENT")), "{first}: {ent}");
}

#[tokio::test]
async fn nobody_has_one_mailbox_in_twenty_and_the_relay_does_not_say_so_at_once() {
    let folder = TempDir::new().unwrap();
    let size = Size { pupils: 300, classes: 12 };
    let stage = stage::set(folder.path(), date(2026, 11, 2), size, &Clock::system()).await.unwrap();
    let points = stage.college.guardians.iter().flat_map(|it| &it.contact_points);
    let mailboxes = points.filter(|it| it.channel() == Channel::Email);
    let mailboxes: BTreeSet<String> = mailboxes.map(|it| it.value().to_owned()).collect();
    assert!(stage.vacant.is_subset(&mailboxes));
    assert_eq!(stage.vacant.len(), mailboxes.len() / 20);
}

#[tokio::test]
async fn an_account_in_use_that_is_not_notified_is_told_of() {
    let folder = TempDir::new().unwrap();
    let size = Size { pupils: 60, classes: 4 };
    let stage = stage::set(folder.path(), date(2026, 11, 2), size, &Clock::system()).await.unwrap();
    let accounts = |numbers: &[usize]| {
        let ids: Vec<String> = numbers.iter().map(|number| format!("ent-{number}")).collect();
        stage.in_use_and_notified(&ids)
    };
    assert_eq!(accounts(&[5, 11]), (0, 0), "their owners never opened these");
    let (in_use, told) = accounts(&[0, 1, 2, 5]);
    assert!(in_use > 0 && told == 0);
    let turn = notified(Duration::ZERO, (in_use, told), 1);
    assert_eq!(turn.mood, Mood::Trouble);
    let said = format!("L’ENT n’a pas prévenu {in_use} des {in_use} comptes ouverts");
    assert_eq!(turn.told, said);
}

#[test]
fn in_a_pipe_it_speaks_in_plain_lines_of_eighty_columns() {
    let Stayed { told, .. } = &runs().stayed;
    assert!(!told.contains('\u{1b}') && !told.contains('\r'), "{told}");
    // A path and an address do not break.
    let with_paths =
        |line: &&str| !line.contains("alias chappe=") && !line.starts_with("  http://");
    let wide: Vec<&str> =
        told.lines().filter(with_paths).filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn it_tells_in_french_and_types_in_english() {
    let is_typed = |line: &&str| line.starts_with("  chappe ") || line.starts_with("  alias ");
    for line in runs().stayed.told.lines().filter(|line| !is_typed(line)) {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).collect();
        for word in ["the", "of", "reached", "waiting", "sent", "refusing", "answers"] {
            assert!(!words.contains(&word), "{word}: {line}");
        }
    }
}

#[test]
fn the_four_levels_are_told_apart_and_the_unreached_named() {
    let summary = told_between("Sur ", "À joindre autrement").join("\n");
    for level in ["remis", "arrivé", "vu", "répondu", "en échec", "ENT", "courriel", "SMS"] {
        assert!(summary.contains(level), "no {level}: {summary}");
    }
    let named = told_between("À joindre autrement", "Tout est dans");
    assert!(named.iter().any(|line| line.contains("aucune adresse")), "{named:?}");
    assert!(named.iter().any(|line| line.contains("courriel : adresse inconnue")), "{named:?}");
    assert!(named.iter().any(|line| line.contains(", pour ")), "{named:?}");
}

#[test]
fn what_is_there_to_type_next_works_line_by_line() {
    let typed = &runs().stayed.typed;
    assert!(typed.len() > 4, "{typed:?}");
    for (line, code, out) in typed {
        assert_eq!(*code, Some(0), "{line}: {out}");
    }
    let said =
        |words: &str| typed.iter().any(|(line, _, out)| line.contains(words) && !out.is_empty());
    assert!(said("status") && said("people show") && said("show") && said("letters"), "{typed:?}");
}

#[test]
fn its_first_link_opens_the_pages_of_the_school_that_it_imported() {
    let [first, directory, journal] = &runs().stayed.pages;
    for page in [first, directory, journal] {
        assert!(page.title().ends_with("Collège Claude-Chappe"), "{}", page.title());
    }
    let text = first.text();
    assert!(text.contains("Bonjour Camille Arago") && text.contains("Fermeture"), "{text}");
    assert!(directory.text().contains("6A"), "{}", directory.text());
    let text = journal.text();
    for act in ["a importé les fichiers de l’établissement", "a envoyé une annonce"] {
        assert!(text.contains(act), "{act}: {text}");
    }
}

/// The demo on a terminal, watched from its first link on, until the ENT has choked; and its journal by then.
fn on_a_terminal(no_color: bool) -> (String, String) {
    let folder = TempDir::new().unwrap();
    let demo = command_in(folder.path(), ["demo", "--folder", "show"]);
    let typed = format!("'{}' demo --folder show", demo.get_program().to_string_lossy());
    let mut script = Command::new("script");
    script.args(["-qefc", &typed, "/dev/null"]).current_dir(folder.path());
    script.env("TERM", "xterm-256color").env_remove("NO_COLOR").env_remove("CHAPPE_LOG");
    if no_color {
        script.env("NO_COLOR", "1");
    }
    let mut child = script.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let (mut said, mut part, mut watcher) = (Vec::new(), [0; 4_096], None);
    let mut told = String::new();
    while !told.contains("ne répond plus") || !told.contains("joints") {
        let read = out.read(&mut part).unwrap();
        assert!(read > 0, "it ended:\n{told}");
        // A sign may come in two parts.
        said.extend_from_slice(&part[..read]);
        told = String::from_utf8_lossy(&said).into_owned();
        if watcher.is_none() && told.contains("quand ce lien est ouvert") {
            watcher = Some(Watcher::of(&told).0);
        }
    }
    let journal = watcher.unwrap().look("/journal").text();
    signal(&child, "TERM");
    drop(out);
    child.wait().unwrap();
    (told, journal)
}

#[test]
fn a_terminal_waits_to_be_watched_and_shows_bars_and_colour_unless_it_wants_none() {
    let ((coloured, journal), (plain, _)) = std::thread::scope(|scope| {
        let plain = scope.spawn(|| on_a_terminal(true));
        (on_a_terminal(false), plain.join().unwrap())
    });
    for told in [&coloured, &plain] {
        assert!(told.contains("━") || told.contains("─"), "no bar: {told:?}");
    }
    assert!(coloured.contains("\u{1b}[33m"), "{coloured:?}");
    let colours = plain.split("\u{1b}[").skip(1).filter(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
    });
    assert_eq!(colours.count(), 0, "{plain:?}");
    // The newest first: the story began once somebody had opened its link.
    let at = |act: &str| journal.find(act).unwrap_or_else(|| panic!("{act}: {journal}"));
    assert!(at("a importé les fichiers") < at("s’est connecté"), "{journal}");
}

#[test]
fn without_exit_it_stays_up_until_ctrl_c() {
    let Stayed { healthy, ready, code, .. } = &runs().stayed;
    assert!(healthy.contains("200 OK"), "{healthy}");
    assert!(ready.contains("200 OK"), "{ready}");
    assert_eq!(*code, Some(0));
}

#[test]
fn the_doctor_finds_a_demo_that_works_sound() {
    let doctor = &runs().stayed.doctor;
    for channel in ["ok   ent (ent): ", "ok   relay (email): ", "ok   sms (sms): "] {
        assert!(doctor.contains(channel), "no {channel}: {doctor}");
    }
    assert!(!doctor.contains("FAIL"), "{doctor}");
}

#[test]
fn a_folder_that_holds_something_else_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("thesis.odt"), "ten years").unwrap();
    let demo = |name: &str| {
        answer(&mut command_in(folder.path(), ["demo", "--exit", "--json", "--folder", name]))
            .failed_in_json()
    };
    for name in [".", "thesis.odt", "thesis.odt/inside"] {
        let told = demo(name);
        assert!(told.contains("it was left alone") && told.contains("--folder"), "{told}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1);
    assert_eq!(std::fs::read_to_string(folder.path().join("thesis.odt")).unwrap(), "ten years");
}

#[test]
fn a_demo_that_is_interrupted_before_its_end_stops_gracefully() {
    let folder = TempDir::new().unwrap();
    let mut command = command_in(folder.path(), ["demo", "--folder", "show"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let begins = lines.by_ref().map(Result::unwrap).find(|line| line.contains("Une annonce part"));
    assert!(begins.is_some(), "the demo never began");
    // The handler stands once something was heard of the message's progress.
    lines.next().unwrap().unwrap();
    signal(&child, "INT");
    let rest = lines.map(Result::unwrap).collect::<Vec<_>>().join("\n");
    assert_eq!(child.wait().unwrap().code(), Some(0), "{rest}");
    assert!(!rest.contains("/healthz répond"), "it was at its end already: {rest}");
}
