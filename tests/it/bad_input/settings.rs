//! Settings, templates and databases that cannot be used.

use std::net::TcpListener;
use std::path::Path;

use crate::commands::office::{FIELDS, FOLDERS, Office, answer, small_school};
use crate::databases;

fn with_change(from: &str, to: &str) -> Office {
    let office = Office::new();
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    assert!(text.contains(from), "no {from}");
    office.write("chappe.toml", text.replacen(from, to, 1));
    office
}

#[test]
fn a_typo_in_the_configuration_is_told_with_its_line_and_what_is_allowed() {
    let office = with_change("look_every =", "look_evry =");
    for command in [["serve"], ["doctor"], ["status"]] {
        let told = office.run(command.into_iter().chain(["--json"])).failed_in_json();
        for part in ["chappe.toml", "line 18", "look_evry", "`look_every`"] {
            assert!(told.contains(part), "no {part}: {told}");
        }
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_told_with_its_line() {
    let told = with_change("\"50ms\"", "\"often\"").run(["status"]).failed();
    assert!(told.contains("line 18") && told.contains("500ms, 30s"), "{told}");
    let told = with_change("\"sms\"", "\"pigeon\"").run(["status"]).failed();
    assert!(told.contains("line ") && told.contains("channel"), "{told}");
    assert!(told.contains("letter") && !told.contains("pigeon"), "{told}");
}

#[test]
fn a_region_without_telephone_numbers_is_refused_with_those_that_are_known() {
    for region in ["France", "ZZ", "", "fr"] {
        let change = format!("town = \"Valclair\"\nregion = \"{region}\"");
        let office = with_change("town = \"Valclair\"", &change);
        for command in [["doctor"], ["status"]] {
            let told = office.run(command.into_iter().chain(["--json"])).failed_in_json();
            assert!(told.contains("school.region") && told.contains("FR, GP, MQ"), "{told}");
        }
    }
    let office = with_change("town = \"Valclair\"", "town = \"Valclair\"\nregion = \"NC\"");
    office.run(["status"]).done();
}

#[test]
fn a_uai_whose_letter_does_not_fit_is_told_to_a_person_and_stops_nothing() {
    let office = Office::new().of_a_real_school();
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", text.replace("0310053P", "0310053A"));
    let told = office.run(["doctor"]).done();
    assert!(told.contains("warn configuration: chappe.toml; school.uai: 0310053A"), "{told}");
    assert!(told.contains("would be P"), "{told}");
    office.write(
        "6a.csv",
        "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1\nARAGO;Lou;6A;ARAGO;Eva\n",
    );
    let answer = office.run(["import", "6a.csv", "--dry-run"]);
    assert!(answer.err.contains("warning: school.uai"), "{answer:?}");
    assert_eq!(office.run(["import", "6a.csv", "--dry-run", "--json"]).err, "");
    assert_eq!(office.run(["status"]).err, "", "it is told where it matters, not everywhere");
    let sound = Office::new().of_a_real_school();
    sound.write(
        "6a.csv",
        "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1\nARAGO;Lou;6A;ARAGO;Eva\n",
    );
    assert_eq!(sound.run(["import", "6a.csv", "--dry-run"]).err, "");
    assert!(sound.run(["doctor"]).done().contains("ok   configuration: chappe.toml\n"));
}

#[test]
fn a_configuration_that_is_not_there_says_how_to_write_one() {
    let told = Office::empty().run(["status", "--json"]).failed_in_json();
    assert!(told.contains("cannot read chappe.toml") && told.contains("chappe init"), "{told}");
}

#[test]
fn a_wrong_variable_of_the_environment_is_named() {
    let office = Office::new();
    let mut command = office.command(["status"]);
    let told = crate::commands::office::answer(command.env("CHAPPE__HTTP__LISTN", "x")).failed();
    assert!(told.contains("CHAPPE__HTTP__LISTN") && told.contains("listen"), "{told}");
}

fn relay_with_password(place: &str) -> Office {
    Office::with_providers(&format!(
        "[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\n\
         from = \"a@example.org\"\nuser = \"a\"\npassword = {place}\n"
    ))
}

#[test]
fn a_missing_secret_is_named_with_its_key_and_its_place() {
    for (place, told_as) in [
        ("{ env = \"NO_SUCH_SECRET\" }", "environment variable NO_SUCH_SECRET"),
        ("{ file = \"secrets/relay\" }", "secrets/relay"),
    ] {
        let office = relay_with_password(place);
        let doctor = office.run(["doctor"]);
        assert!(doctor.out.contains("providers.relay.smtp.password"), "{doctor:?}");
        assert!(doctor.out.contains(told_as), "{doctor:?}");
        doctor.failed();
    }
}

#[test]
fn an_empty_secret_is_no_secret() {
    let office = relay_with_password("{ file = \"relay\" }");
    office.write("relay", "\n");
    assert!(office.run(["doctor"]).out.contains("it is empty"));
}

#[test]
fn a_port_in_use_is_told_with_its_address_and_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let office = with_change("127.0.0.1:0", &address);
    let told = office.run(["serve", "--json"]).failed_in_json();
    assert!(told.contains(&format!("cannot listen on {address}")), "{told}");
    assert!(told.contains("[http] listen"), "{told}");
}

#[test]
fn a_broken_template_is_told_with_its_file_and_line() {
    let office = with_change("[dispatch]", "[templates]\nfolder = \"ours\"\n\n[dispatch]");
    copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("message-templates/fermeture").as_path(),
        &office,
    );
    office.run(["templates", "list"]).done();
    office.write("ours/fermeture/sms.hbs", "Bonjour\n{{objett}}\n");
    let send = ["send", "fermeture", "--to", "familles"];
    for command in [vec!["templates", "check"], send.into_iter().chain(FIELDS).collect()] {
        let told = office.run(command.into_iter().chain(["--json"])).failed_in_json();
        assert!(told.contains("fermeture/sms.hbs, line 2") && told.contains("objett"), "{told}");
    }
    let doctor = office.run(["doctor"]);
    assert!(doctor.out.contains("FAIL templates: fermeture/sms.hbs, line 2"), "{doctor:?}");
}

fn copy(template: &Path, office: &Office) {
    for file in std::fs::read_dir(template).unwrap() {
        let file = file.unwrap();
        let name = format!("ours/fermeture/{}", file.file_name().to_str().unwrap());
        office.write(&name, std::fs::read(file.path()).unwrap());
    }
}

#[test]
fn a_template_folder_that_is_not_there_is_named() {
    let office = with_change("[dispatch]", "[templates]\nfolder = \"ours\"\n\n[dispatch]");
    assert!(office.run(["templates", "check"]).failed().contains("ours"));
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let office = Office::new();
    let text = "a letter to the rectorat, long enough to be taken for a header of a database";
    office.write("chappe.sqlite3", text);
    let told = office.run(["status", "--json"]).failed_in_json();
    assert!(told.contains("chappe.sqlite3 is no database"), "{told}");
    assert!(told.contains("[store] database") && told.contains("nothing was changed"), "{told}");
    assert_eq!(std::fs::read_to_string(office.path("chappe.sqlite3")).unwrap(), text);
}

#[test]
fn a_database_that_cannot_be_made_is_named() {
    let office =
        with_change("[dispatch]", "[store]\ndatabase = \"nowhere/chappe.sqlite3\"\n\n[dispatch]");
    let files = office.export(&small_school());
    let import = ["import", "--yes"].into_iter().chain(files.iter().map(String::as_str));
    let told = office.run(import).failed();
    assert!(told.contains("nowhere/chappe.sqlite3") && told.contains("folder exists"), "{told}");
}

#[test]
fn a_locked_database_is_told_and_nothing_is_kept() {
    let office = Office::with_school();
    let before = office.rows();
    let other = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let send = ["send", "fermeture", "--to", "familles", "--json"];
    let told = office.run(send.into_iter().chain(FIELDS)).failed_in_json();
    assert!(told.contains("locked") && told.contains("do it again"), "{told}");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(before == office.rows(), "rows changed");
    office.send_to("familles");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let office = Office::with_providers(FOLDERS);
    office.run(["status"]).done();
    let database = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    database.execute("INSERT INTO migrations VALUES (4711, 'x')", []).unwrap();
    for command in [["serve", "--json"], ["status", "--json"]] {
        let told = office.run(command).failed_in_json();
        assert!(told.contains("newer version (schema 4711"), "{told}");
        assert!(told.contains("nothing was changed"), "{told}");
    }
}

/// Commands that work on a school's database, one of each kind.
const ON_A_DATABASE: [&[&str]; 16] = [
    &["status"],
    &["serve"],
    &["watch", "7K4M"],
    &["hold", "--reason", "panne"],
    &["release"],
    &["backup", "copy.sqlite3"],
    &["letters"],
    &["letters", "list"],
    &["channel", "list"],
    &["audience", "familles"],
    &["lists", "show", "voyage"],
    &["contacts", "count"],
    &["handouts", "list"],
    &["pause", "7K4M"],
    &["retry", "7K4M"],
    &["correct", "7K4M", "--set", "objet=Neige"],
];

#[test]
fn no_command_but_init_and_import_makes_a_database() {
    let office = Office::without_database(FOLDERS);
    let send = ["send", "fermeture", "--to", "familles"].into_iter().chain(FIELDS);
    let send: Vec<&str> = send.collect();
    for empty in [false, true] {
        if empty {
            office.write("chappe.sqlite3", "");
        }
        for command in ON_A_DATABASE.into_iter().chain([send.as_slice()]) {
            let answer = office.run(command.iter().copied());
            assert_ne!(answer.code, Some(2), "{command:?} is no command: {answer:?}");
            let told = answer.failed();
            assert!(told.contains("no database stands at ./chappe.sqlite3"), "{command:?}: {told}");
            assert!(told.contains("chappe import"), "{told}");
        }
        let doctor = office.run(["doctor"]);
        assert!(doctor.out.contains("FAIL database: no database stands"), "{doctor:?}");
        let stands = office.path("chappe.sqlite3").metadata().map_or(0, |about| about.len());
        assert_eq!((stands, office.path("chappe.sqlite3").exists()), (0, empty));
        assert!(!office.path("copy.sqlite3").exists());
    }
    office.import(&small_school());
    office.send_to("familles");
}

#[test]
fn a_database_of_something_else_is_not_given_our_tables() {
    let office = Office::without_database(FOLDERS);
    let other = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    other.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    let told = office.run(["status"]).failed();
    assert!(told.contains("no database stands"), "{told}");
    let tables = "SELECT COUNT(*) FROM sqlite_schema";
    assert_eq!(other.query_row(tables, [], |row| row.get::<_, i64>(0)), Ok(1));
}

#[test]
fn an_empty_database_of_a_server_is_refused_until_something_is_imported() {
    let office = Office::without_database(FOLDERS);
    let url = databases::empty_on_server();
    let run = |arguments: &[&str]| {
        let mut command = office.command(arguments.iter().copied());
        answer(command.env("CHAPPE__STORE__DATABASE", &url))
    };
    assert!(run(&["status"]).failed().contains("no database stands at chappe_"));
    let files = office.export(&small_school());
    let import: Vec<&str> =
        ["import", "--yes"].into_iter().chain(files.iter().map(String::as_str)).collect();
    run(&import).done();
    run(&["status"]).done();
}

/// Passwords that break a URL, with what must be seen nowhere.
const PASSWORDS: [(&str, &[&str]); 9] = [
    ("postgres://chappe:hunt3r@w1ld@127.0.0.1:1/school", &["hunt3r", "w1ld"]),
    ("postgres://chappe:hunt3r@w1ld/ca7@127.0.0.1:1/school", &["hunt3r", "w1ld", "ca7"]),
    ("postgres://chappe:hunt3r/w1ld@127.0.0.1:1/school", &["hunt3r", "w1ld"]),
    ("postgres://chappe:hunt3r?w1ld=ca7@127.0.0.1:1/school", &["hunt3r", "w1ld", "ca7"]),
    ("postgres://chappe:hunt3r@w1ld?user=ca7@127.0.0.1:1/school", &["hunt3r", "w1ld", "ca7"]),
    ("postgres://chappe:hunt3r%40w1ld@127.0.0.1:1/school", &["hunt3r", "w1ld"]),
    ("postgres://127.0.0.1:1/school?password=hunt3r@w1ld", &["hunt3r", "w1ld"]),
    ("postgres://127.0.0.1:1/school?user=chappe&password=hunt3r", &["hunt3r"]),
    ("postgresql://@hunt3r@127.0.0.1:1/school", &["hunt3r"]),
];

#[test]
fn nothing_of_a_password_in_a_url_is_printed() {
    let office = Office::with_school();
    for (url, secrets) in PASSWORDS {
        let migrate = ["migrate", "--to", url];
        let status = ["status", "--json"];
        for arguments in [&migrate[..], &["doctor"], &["serve"], &status] {
            let mut command = office.command(arguments.iter().copied());
            command.env("CHAPPE_LOG", "trace");
            if arguments != migrate {
                command.env("CHAPPE__STORE__DATABASE", url);
            }
            let answer = answer(&mut command);
            assert_eq!(answer.code, Some(1), "{answer:?}");
            for secret in secrets {
                let said = format!("{}{}", answer.out, answer.err);
                assert!(!said.contains(secret), "{url}, {arguments:?}: {said}");
            }
        }
    }
}

/// What others write for a server.
const OF_OTHERS: [&str; 12] = [
    "POSTGRES://chappe:hunt3r@127.0.0.1:1/school",
    "PostgreSQL://chappe:hunt3r@127.0.0.1:1/school",
    " postgres://chappe:hunt3r@127.0.0.1:1/school",
    "postgres:/chappe:hunt3r@127.0.0.1:1/school",
    "postgresql+psycopg://chappe:hunt3r@127.0.0.1:1/school",
    "jdbc:postgresql://127.0.0.1:1/school?user=chappe&password=hunt3r",
    "mysql://chappe:hunt3r@127.0.0.1:1/school",
    "host=127.0.0.1 port=1 user=chappe password=hunt3r",
    "host=127.0.0.1 port=1 user=chappe PASSWORD = 'hunt3r'",
    "Server=127.0.0.1;Port=1;Uid=chappe;Pwd=hunt3r;",
    "chappe:hunt3r@127.0.0.1:1/school",
    "sqlite:///srv/hunt3r.sqlite3",
];

#[test]
fn a_server_in_the_words_of_another_program_is_refused_and_not_repeated() {
    let office = Office::with_school();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    for text in OF_OTHERS {
        let in_file = toml::Value::from(text).to_string();
        office.write("other.toml", format!("{config}\n[store]\ndatabase = {in_file}\n"));
        let migrate = ["migrate", "--to", text];
        let by_variable = ["status", "--json"];
        let by_file = ["doctor", "--config", "other.toml"];
        let import = ["import", "--config", "other.toml", "chappe.toml"];
        for arguments in [&migrate[..], &by_variable, &by_file, &import] {
            let mut command = office.command(arguments.iter().copied());
            if arguments == by_variable {
                command.env("CHAPPE__STORE__DATABASE", text);
            }
            let answer = answer(&mut command);
            let said = format!("{}{}", answer.out, answer.err);
            assert_eq!(answer.code, Some(1), "{answer:?}");
            assert!(!said.contains("hunt3r"), "{text}, {arguments:?}: {said}");
            let is_known = text.to_lowercase().starts_with("postgres");
            assert!(is_known || said.contains("postgres://USER@HOST"), "{said}");
        }
    }
    let is_database = |name: &str| name.contains("hunt3r") || name.contains("127.0.0.1");
    for file in std::fs::read_dir(office.path("")).unwrap() {
        let name = file.unwrap().file_name().to_string_lossy().into_owned();
        assert!(!is_database(&name), "{name} was made");
    }
}

#[test]
fn nothing_of_a_secret_that_is_no_text_is_printed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let office = relay_with_password("{ env = \"RELAY_PASSWORD\" }");
    let odd = OsStr::from_bytes(b"hunt3r\xff");
    for name in ["RELAY_PASSWORD", "CHAPPE__STORE__DATABASE"] {
        let answer = answer(office.command(["doctor"]).env(name, odd));
        let said = format!("{}{}", answer.out, answer.err);
        assert!(!said.contains("hunt3r") && said.contains(name), "{said}");
        assert!(said.contains("UTF-8"), "{said}");
        answer.failed();
    }
    // One that is nobody's matter here is no reason to fail.
    answer(office.command(["templates", "list"]).env("ELSEWHERE", odd)).done();
}
