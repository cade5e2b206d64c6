//! The floors of the house and the homes of outside crates, held.

mod apostrophes;
mod circles;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first. A module sees only the floors below its own; rooms of one floor never see each
/// other. A new arrow changes this table in the same commit, and the commit says why.
const FLOORS: [&[&str]; 9] = [
    &[
        "channel",
        "chat_address",
        "clock",
        "confined",
        "crash",
        "email_address",
        "how_far",
        "id",
        "installed",
        "media_kind",
        "phone_number",
        "plain_text",
        "private_file",
        "stop",
        "tls",
    ],
    &["people", "message", "delivery", "mail", "wording", "settings"],
    &[
        "store",
        "providers",
        "identity",
        "render",
        "scan",
        "import",
        "export",
        "paper_printer",
        "sealed_file",
    ],
    &["queue", "audience", "directory", "accounts", "config"],
    &["dispatch", "inbox", "batches", "upkeep"],
    &["http", "office"],
    &["web"],
    &["app", "demo"],
    &["cli"],
];

/// Arrows between rooms of one floor, each with its reason.
const ARROWS: [(&str, &str); 11] = [
    // An id of version 7 holds the moment of its making.
    ("id", "clock"),
    // Between a file and its name the power may go, and a test lets it.
    ("private_file", "crash"),
    // A test lets the child die at a point too.
    ("confined", "crash"),
    // What was typed for a number or an address may hold characters that nobody sees.
    ("phone_number", "plain_text"),
    ("email_address", "plain_text"),
    // A certificate ends at a moment, and its key is nobody else's.
    ("tls", "clock"),
    ("tls", "private_file"),
    // The words are one language: a delivery follows a message's plan, and both name people.
    ("message", "people"),
    ("delivery", "message"),
    ("delivery", "people"),
    // Who carries and who identifies are called in one way: its limits, its guard.
    ("identity", "providers"),
];

/// Rooms that app and demo share: the stand-ins start what app builds.
const APP_ARROWS: [(&str, &str); 1] = [("demo", "app")];

/// One outside crate, its homes. A crate that is not named may be used anywhere.
const HOMES: [(&str, &[&str]); 55] = [
    ("fail", &["crash"]),
    ("idna", &["email_address"]),
    ("icu_collator", &["people"]),
    ("toml_edit", &["config"]),
    ("rusqlite", &["store"]),
    ("rustix", &["store", "private_file", "render"]),
    ("tokio_postgres", &["store"]),
    ("tokio_postgres_rustls", &["store"]),
    ("bytes", &["store"]),
    (
        "sha2",
        &["store", "import", "providers", "accounts", "people", "identity", "delivery", "mail"],
    ),
    ("argon2", &["accounts"]),
    ("getrandom", &["accounts", "queue"]),
    ("axum", &["http", "web", "demo"]),
    ("askama", &["web"]),
    ("flate2", &["web"]),
    // What identity asks goes by the client of the providers.
    ("reqwest", &["providers", "identity", "paper_printer"]),
    ("ipp", &["paper_printer"]),
    ("lettre", &["providers"]),
    // What a calendar says may be written as a page of the web, as an e-mail may.
    ("mail_parser", &["mail", "import"]),
    ("async_imap", &["providers"]),
    ("rustls", &["tls", "providers", "http"]),
    ("tokio_rustls", &["providers", "http"]),
    ("x509_cert", &["tls"]),
    ("rustls_platform_verifier", &["tls"]),
    ("sha1", &["providers", "demo", "accounts"]),
    // A reference that comes back by e-mail is sealed.
    ("hmac", &["providers", "accounts", "delivery"]),
    ("base64", &["providers", "identity"]),
    // tls names it as what rustls works with.
    ("ring", &["identity", "tls"]),
    ("handlebars", &["render"]),
    ("include_dir", &["render"]),
    ("pulldown_cmark", &["wording"]),
    ("typst", &["render"]),
    ("typst_pdf", &["render"]),
    ("typst_svg", &["render"]),
    ("typst_layout", &["render"]),
    ("comemo", &["render"]),
    ("lopdf", &["render"]),
    ("qrcode", &["render"]),
    ("hayro", &["scan"]),
    ("image", &["media_kind", "scan", "render"]),
    ("kurbo", &["scan"]),
    ("rxing", &["scan"]),
    ("rlimit", &["confined", "app"]),
    ("hyper", &["http"]),
    ("hyper_util", &["http"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("console", &["cli"]),
    ("whoami", &["cli"]),
    ("quick_xml", &["import"]),
    ("csv", &["import", "export"]),
    ("zip", &["import", "render", "export"]),
    ("icalendar", &["import"]),
    ("encoding_rs", &["import", "demo"]),
    ("governor", &["dispatch"]),
];

/// Files of the store whose statements are not about one school: those of every school at once, or of
/// the database itself; what moves a school is held by the tests of `moving`.
const OF_NO_SCHOOL: [&str; 6] = ["backup", "migrations", "moving", "postgres", "rates", "sqlite"];
/// Statements that need not say `school_id = $n`, each by its beginning.
const UNBOUND: [&str; 2] = [
    // A backup holds all the schools of its database.
    "INSERT INTO holds (school_id, reason, since, as_of) SELECT school_id, ",
    // Locks the school's own number, which no row has.
    "SELECT pg_advisory_xact_lock(",
];

/// What each command calls its own arguments and subcommands.
const OF_EACH_COMMAND: [&str; 2] = ["Arguments", "Command"];

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The room of a file: the first name under `src`.
fn room(path: &Path) -> String {
    let under_src = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = under_src.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Rooms that a line of code names by `crate::room`, comments left out.
fn rooms_named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for after in line.split("crate::").skip(1) {
            let inside = after.strip_prefix('{').unwrap_or(after);
            let names =
                if after.starts_with('{') { inside.split(',').collect() } else { vec![inside] };
            for name in names {
                let name: String =
                    name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !name.is_empty() {
                    rooms.push(name);
                }
            }
        }
    }
    rooms
}

#[test]
fn every_module_stands_on_a_floor() {
    for (path, _) in sources() {
        let room = room(&path);
        let known = floor(&room).is_some() || room == "lib" || room == "main";
        assert!(known, "{} stands on no floor: add it to FLOORS", path.display());
    }
}

#[test]
fn no_module_looks_up_or_sideways() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let from = room(&path);
        let Some(own) = floor(&from) else { continue };
        for to in rooms_named(&code) {
            let Some(other) = floor(&to) else { continue };
            let arrow = (from.as_str(), to.as_str());
            let allowed = from == to
                || other < own
                || (other == own && (ARROWS.contains(&arrow) || APP_ARROWS.contains(&arrow)));
            if !allowed {
                wrong.push(format!("{}: {from} names {to}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a line names a crate; the end of a longer name is none.
fn names_crate(line: &str, krate: &str) -> bool {
    // What another crate has under the same name is that crate's.
    let within = |before: &str| {
        let before = before.strip_suffix("::").unwrap_or(before);
        before.ends_with(|it: char| it.is_alphanumeric() || it == '_')
    };
    let path = format!("{krate}::");
    line.match_indices(&path).any(|(at, _)| !within(line.split_at(at).0))
}

#[test]
fn an_outside_crate_stays_in_its_home() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let room = room(&path);
        for (krate, homes) in HOMES {
            let mut lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let is_named = lines.any(|line| names_crate(line, krate));
            if is_named && !homes.contains(&room.as_str()) {
                wrong.push(format!("{}: {krate} lives in {homes:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The statements that stand in a file, each on one line.
fn statements(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Odd pieces stand between quotes; no text of the store holds a quote of its own.
    for text in code.split('"').skip(1).step_by(2) {
        let text = text.split("\\\n").map(str::trim).collect::<Vec<_>>().join(" ");
        let is_sql = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "]
            .iter()
            .any(|word| text.starts_with(word));
        if is_sql {
            found.push(text);
        }
    }
    found
}

/// Every statement of the store that both databases are given.
pub(crate) fn statements_of_both() -> Vec<String> {
    const OF_ONE: [&str; 4] = ["backup.rs", "moving", "postgres", "sqlite.rs"];
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let of_both = |path: &Path| {
        let under = path.strip_prefix(&store);
        under.is_ok_and(|under| !OF_ONE.iter().any(|name| under.starts_with(name)))
    };
    let sources = sources().into_iter().filter(|(path, _)| of_both(path));
    sources.flat_map(|(_, code)| statements(&code)).collect()
}

/// Whether a statement reads and writes the rows of one school: it compares the school of the rows
/// with the one it is given, or gives the rows that it adds their school.
fn is_of_one_school(sql: &str) -> bool {
    let adds = sql.strip_prefix("INSERT INTO ").and_then(|rest| rest.split_once(" VALUES "));
    adds.is_some_and(|(columns, _)| columns.contains("school_id")) || sql.contains("school_id = $")
}

#[test]
fn a_statement_names_the_school_whose_rows_it_touches() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for (path, code) in sources() {
        let under_src =
            path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
        let is_apart = OF_NO_SCHOOL.iter().any(|name| {
            under_src.starts_with(Path::new("store").join(name))
                || under_src == Path::new("store").join(format!("{name}.rs"))
        });
        if is_apart {
            continue;
        }
        for sql in statements(&code) {
            seen += 1;
            if !is_of_one_school(&sql) && !UNBOUND.iter().any(|start| sql.starts_with(start)) {
                wrong.push(format!("{}: {sql}", path.display()));
            }
        }
    }
    assert!(seen > 100, "{seen} statements: they are no longer found");
    assert!(wrong.is_empty(), "AND school_id = $n is missing:\n{}", wrong.join("\n"));
}

/// The tables that audiences are read from, and kept in memory of.
const DIRECTORY: [&str; 7] = [
    "persons",
    "pupils",
    "guardianships",
    "contact_points",
    "profiles",
    "restrictions",
    "trusted_addresses",
];
/// Functions that write there without noting it: what they write no audience asks about, or who calls them notes it.
const NOTES_NOTHING: [&str; 4] =
    ["note_proof", "note_obeyed", "hand_over_person", "hand_over_pupil"];

/// The functions of a file that write what audiences are read from and do not note it.
fn unnoted(code: &str) -> Vec<String> {
    let functions = code.split("\nfn ").flat_map(|part| part.split("\npub fn "));
    let functions = functions.flat_map(|part| part.split("\npub(super) fn "));
    let writes = |sql: &String| {
        let into = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
        let mut tables = into.iter().filter_map(|verb| sql.strip_prefix(verb));
        tables.any(|rest| rest.split(' ').next().is_some_and(|it| DIRECTORY.contains(&it)))
    };
    let is_unnoted =
        |body: &&str| statements(body).iter().any(writes) && !body.contains("changes_directory(");
    let names = functions.filter(is_unnoted).map(|it| it.split(['(', '<']).next().unwrap());
    names.filter(|name| !NOTES_NOTHING.contains(name)).map(str::to_owned).collect()
}

#[test]
fn whoever_changes_the_directory_notes_it() {
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let is_apart = |path: &Path| {
        // The one works before anybody reads, the other notes it once for all that it writes.
        path.ends_with("migrations.rs") || path.ends_with("imports/taken_back.rs")
    };
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        if path.starts_with(&store) && !is_apart(&path) {
            wrong.extend(unnoted(&code).into_iter().map(|it| format!("{}: {it}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "tx.changes_directory is missing:\n{}", wrong.join("\n"));
}

/// The code of a file, comments left out, each text that goes on in the next line in one piece.
fn code_alone(code: &str) -> String {
    let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let lines = lines.map(|line| line.split(" // ").next().unwrap_or(line));
    lines.map(|line| line.trim_end_matches('\\').trim_end()).collect::<Vec<_>>().join(" ")
}

/// What only a door may say: options, commands of ours, lines that are printed.
fn words_of_a_door(code: &str) -> Vec<String> {
    let code = code_alone(code);
    let from = |at: usize| code.get(at..).unwrap_or_default().chars();
    let is_typed = |at: usize, word: &str| {
        from(at + word.len()).next().is_some_and(|next| next.is_ascii_lowercase())
    };
    // A comment of XML and a domain in Punycode are no options.
    let begins = |at: usize| {
        let before = code.get(..at).unwrap_or_default();
        !before.ends_with(|before: char| before.is_alphanumeric() || "-!".contains(before))
    };
    let options = code.match_indices("--").filter(|&(at, word)| begins(at) && is_typed(at, word));
    let commands = code.match_indices("chappe ").filter(|&(at, word)| is_typed(at, word));
    let prints = code.match_indices("println!");
    options.chain(commands).chain(prints).map(|(at, _)| from(at).take(24).collect()).collect()
}

#[test]
fn nothing_below_the_doors_speaks_of_commands_and_options() {
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        if floor(&room(&path)).is_some_and(|own| Some(own) <= floor("office")) {
            let words = words_of_a_door(&code).into_iter();
            wrong.extend(words.map(|words| format!("{}: {words}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "say it in cli/refusals:\n{}", wrong.join("\n"));
}

/// The door finds what there is to type about an error by its causes, and would step over one that is shown
/// as if it were the error itself.
#[test]
fn an_error_shows_what_caused_it() {
    let wrong = sources().into_iter().filter(|(_, code)| code.contains("error(transparent)"));
    let paths: Vec<_> = wrong.map(|(path, _)| path).collect();
    assert!(paths.is_empty(), "error(\"{{0}}\") in the place of transparent: {paths:?}");
}

/// Whether code names this word, as a whole.
fn names(code: &str, word: &str) -> bool {
    code_alone(code).split(|c: char| !c.is_alphanumeric() && c != '_').any(|it| it == word)
}

#[test]
fn no_room_above_the_office_names_a_transaction() {
    let wrong = sources().into_iter().filter(|(path, code)| {
        floor(&room(path)).is_some_and(|own| Some(own) > floor("office")) && names(code, "Tx")
    });
    let paths: Vec<_> = wrong.map(|(path, _)| path).collect();
    assert!(paths.is_empty(), "{paths:?}");
}

/// Where code makes a door's answer out of pieces, or reads and writes the database.
fn does_the_office_s_work(code: &str) -> bool {
    let code: String = code_alone(code).split_whitespace().collect();
    let closures = ["store().read(", "store().write(", "store.read(", "store.write("];
    code.contains("json!(") || closures.iter().any(|closure| code.contains(closure))
}

#[test]
fn a_command_asks_the_office_and_says_what_it_answers() {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    let files = sources().into_iter().filter(|(path, _)| path.starts_with(&cli));
    let wrong = files.filter(|(_, code)| does_the_office_s_work(code));
    let paths: Vec<_> = wrong.map(|(path, _)| path).collect();
    assert!(paths.is_empty(), "ask office::…, and let its answer derive Serialize: {paths:?}");
}

/// The types that a file declares; those of its tests, and what an `impl` gives a trait, are left out.
fn types_declared(code: &str) -> Vec<String> {
    let shipped = code.split("#[cfg(test)]").next().unwrap_or_default();
    let declared = |line: &str| {
        let bare = line.trim_start();
        let bare = bare.strip_prefix("pub").map_or(bare, |rest| match rest.split_once(") ") {
            Some((seen_by, rest)) if seen_by.starts_with('(') => rest,
            _ => rest.trim_start(),
        });
        let (keyword, rest) = bare.split_once(' ')?;
        let is_type = match keyword {
            "struct" | "enum" | "trait" => true,
            "type" => !line.starts_with(' '),
            _ => false,
        };
        let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next();
        name.filter(|_| is_type).map(str::to_owned)
    };
    shipped.lines().filter_map(declared).collect()
}

#[test]
fn a_type_name_has_one_meaning() {
    let mut declared: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, code) in sources() {
        for name in types_declared(&code) {
            declared.entry(name).or_default().push(path.clone());
        }
    }
    assert!(declared.len() > 500, "{} types: they are no longer found", declared.len());
    declared.retain(|name, paths| paths.len() > 1 && !OF_EACH_COMMAND.contains(&name.as_str()));
    assert!(declared.is_empty(), "name the less central one by what it is: {declared:#?}");
}

#[test]
fn the_checks_can_fail() {
    let sql = statements("read(\"SELECT a FROM b \\\n     WHERE id = $1\", \"text\")");
    assert_eq!(sql, ["SELECT a FROM b WHERE id = $1"]);
    assert!(!is_of_one_school(&sql[0]) && !is_of_one_school("UPDATE b SET school_id = school_id"));
    assert!(is_of_one_school("DELETE FROM b WHERE school_id = $1"));
    let writer = "x\npub fn put(tx) {\n  tx.execute(\"UPDATE pupils SET a = $1\", &[])\n}";
    assert_eq!(unnoted(writer), ["put"]);
    assert_eq!(unnoted(&writer.replace("  tx", "  tx.changes_directory(s); tx")), [""; 0]);
    assert_eq!(rooms_named("use crate::{store, cli::x};\n// crate::app"), ["store", "cli"]);
    assert_eq!(rooms_named("let x = crate::http::serve();"), ["http"]);
    assert!(floor("cli") > floor("store"));
    assert!(names_crate("use ring::x;", "ring") && !names_crate("String::new()", "ring"));
    assert!(does_the_office_s_work("let x = json!({});"));
    assert!(does_the_office_s_work("app\n  .store()\n  .read(move |tx| 1)"));
    assert!(!does_the_office_s_work("// json!(1)\noutput::json(&it)"));
    assert_eq!(words_of_a_door("\"(--map)\"; // --to\n// --at"), ["--map)\";"]);
    assert_eq!(words_of_a_door("\"run `chappe \\\n    import`\""), ["chappe import`\""]);
    assert_eq!(words_of_a_door("eprintln!()"), ["println!()"]);
    assert_eq!(words_of_a_door("\"<!--title--> xn--a Chappe is\""), [""; 0]);
    let types =
        "pub struct A(u8);\n  pub(super) enum B<T> {\n    type Err = C;\ntype D = E;\n/// struct F";
    assert_eq!(types_declared(types), ["A", "B", "D"]);
    assert!(names("fn at(tx: &Tx<'_>)", "Tx") && !names("Txt // Tx", "Tx"));
}
