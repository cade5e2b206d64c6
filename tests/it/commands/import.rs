//! `chappe import`

use chappe::demo::school::College;
use chappe::people::PupilKey;
use serde_json::{Value, json};

use super::office::{Office, small_school};

fn import(office: &Office, files: &[String], more: &[&str]) -> super::office::Answer {
    let files = files.iter().map(String::as_str);
    let yes = (!more.contains(&"--dry-run")).then_some("--yes");
    let meant = yes.into_iter().chain(more.iter().copied());
    office.run(["import", "--json"].into_iter().chain(meant).chain(files))
}

#[test]
fn a_dry_run_shows_everything_and_changes_nothing() {
    let office = Office::new();
    let school = small_school();
    let files = office.export(&school);
    let shown = import(&office, &files, &["--dry-run"]).json();
    assert_eq!(shown["applied"], false);
    assert_eq!(
        shown["files"],
        json!([
            { "path": "ElevesSansAdresses.xml", "kind": "siecle-eleves" },
            { "path": "ResponsablesAvecAdresses.xml", "kind": "siecle-responsables" },
            { "path": files[2], "kind": "sts" },
        ])
    );
    let census = school.census();
    let added = |n: usize| json!({ "added": n, "changed": 0, "archived": 0, "unchanged": 0 });
    assert_eq!(shown["pupils"], added(census.pupils));
    assert_eq!(shown["guardians"], added(census.guardians));
    assert_eq!(shown["staff"], added(census.staff));
    assert!(shown["households"]["total"].as_u64() > Some(30), "{shown}");
    let aside = shown["set_aside"].as_array().unwrap();
    assert!(!aside.is_empty());
    for one in aside {
        assert!(one["file"].is_string() && one["line"].is_u64(), "{one}");
        assert!(one["what"].is_string() && one["reason"].is_string(), "{one}");
    }
    let audience = office.run(["audience", "familles", "--json"]).json();
    assert_eq!(audience["total"], 0);
}

#[test]
fn the_same_files_twice_change_nothing() {
    let office = Office::new();
    let school = small_school();
    assert_eq!(office.import(&school)["applied"], true);
    let before = office.rows();
    let again = office.import(&school);
    for kind in ["pupils", "guardians", "staff"] {
        for change in ["added", "changed", "archived"] {
            assert_eq!(again[kind][change], 0, "{kind} {change}");
        }
    }
    assert_eq!(again["pupils"]["unchanged"], 60);
    assert!(before == office.rows(), "rows changed");
}

/// The school without its first pupils: a complete export that lacks them.
fn without(school: &College, count: usize) -> College {
    let mut school = school.clone();
    let gone: Vec<PupilKey> = school.pupils.drain(..count).map(|pupil| pupil.key).collect();
    school.guardianships.retain(|tie| !gone.contains(&tie.pupil));
    school
}

#[test]
fn a_known_pupil_missing_from_a_complete_file_is_archived() {
    let office = Office::new();
    let school = small_school();
    office.import(&school);
    let before = office.run(["audience", "familles", "--json"]).json();
    let after = office.import(&without(&school, 2));
    assert_eq!(after["pupils"]["archived"], 2);
    assert_eq!(after["pupils"]["unchanged"], 58);
    let now = office.run(["audience", "familles", "--json"]).json();
    assert!(now["total"].as_u64() < before["total"].as_u64());
    // They come back with the complete file.
    assert_eq!(office.import(&school)["pupils"]["added"], 2);
}

#[test]
fn more_than_a_tenth_gone_needs_a_second_word_and_changes_nothing_without() {
    let office = Office::new();
    let school = small_school();
    office.import(&school);
    let before = office.rows();
    let files = office.export(&without(&school, 20));
    let refused = import(&office, &files, &[]);
    let shown: Value = serde_json::from_str(refused.out.lines().next().unwrap()).unwrap();
    assert_eq!((&shown["applied"], &shown["pupils"]["archived"]), (&json!(false), &json!(20)));
    let reason = refused.failed_in_json();
    assert!(reason.contains("Nothing was changed") && reason.contains("--archive-many"));
    assert!(before == office.rows(), "rows changed");
    let applied = import(&office, &files, &["--archive-many"]).json();
    assert_eq!(applied["pupils"]["archived"], 20);
}

#[test]
fn a_file_of_staff_alone_archives_no_family() {
    let office = Office::with_school();
    let files = office.export(&small_school());
    let told = import(&office, &files[2..], &[]).json();
    assert_eq!(told["pupils"], json!({"added": 0, "changed": 0, "archived": 0, "unchanged": 60}));
}

#[test]
fn no_file_at_all_is_used_wrongly() {
    assert_eq!(Office::new().run(["import"]).code, Some(2));
}

/// A table of the staff as a secretary keeps it, with a title that tells nothing.
const STAFF_TABLE: &str = "Nom;Prénom;Fonction;Courriel;Joignable au\r\n\
                           PETIT;Tom;AED;tom.petit@example.org;06 39 98 00 77\r\n";

fn import_staff(office: &Office, more: &[&str]) -> Value {
    import(office, &["staff.csv".to_owned()], more).json()
}

fn field_of(answer: &Value, title: &str) -> Value {
    let columns = answer["columns"][0]["columns"].as_array().unwrap();
    columns.iter().find(|column| column[0] == title).unwrap()[1].clone()
}

#[test]
fn a_column_that_was_explained_once_is_understood_the_next_time() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    let guessed = import_staff(&office, &["--dry-run"]);
    assert_eq!(guessed["files"][0]["kind"], "table");
    assert_eq!(field_of(&guessed, "Courriel"), "email");
    assert_eq!(field_of(&guessed, "Joignable au"), Value::Null, "it tells nothing");
    let told = import_staff(&office, &["--map", "Joignable au=mobile-phone"]);
    assert_eq!(field_of(&told, "Joignable au"), "mobile-phone");
    assert_eq!(told["staff"]["added"], 1, "{told}");
    let again = import_staff(&office, &[]);
    assert_eq!(field_of(&again, "Joignable au"), "mobile-phone");
    assert_eq!(again["staff"]["unchanged"], 1, "{again}");
    let reached = office.run(["audience", "personnels fonction:AED", "--json"]).json();
    assert_eq!(reached["recipients"][0]["channels"], serde_json::json!(["email", "sms", "phone"]));
}

#[test]
fn a_dry_run_remembers_nothing_and_an_unknown_field_is_refused() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    import_staff(&office, &["--dry-run", "--map", "Joignable au=mobile-phone"]);
    assert_eq!(field_of(&import_staff(&office, &["--dry-run"]), "Joignable au"), Value::Null);
    let unknown = ["import", "staff.csv", "--map", "Joignable au=telepathy"];
    let answer = office.run(unknown);
    assert_eq!(answer.code, Some(2));
    assert!(answer.err.contains("mobile-phone"), "the words are not listed: {}", answer.err);
}

#[test]
fn a_table_without_titles_is_refused_with_how_to_say_what_its_columns_are() {
    let office = Office::new();
    office.write("untitled.csv", "1;2;3\n4;5;6\n");
    let told = office.run(["import", "untitled.csv"]).failed();
    let way_on = "give the columns usual titles, or say what they are with --map \"TITLE=FIELD\"";
    assert!(told.trim_end().ends_with(way_on), "{told}");
}

#[test]
fn every_record_that_changes_is_named_with_its_line_and_the_reason() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    let added = import_staff(&office, &[]);
    let change = &added["changes"][0];
    assert_eq!((&change["change"], &change["line"]), (&"added".into(), &2.into()), "{added}");
    assert_eq!(change["name"], "Tom PETIT");
    office.write("staff.csv", STAFF_TABLE.replace("AED", "AESH"));
    let changed = import_staff(&office, &[]);
    assert_eq!(changed["changes"][0]["reason"], "fonction");
    let shown = office.run(["import", "staff.csv", "--dry-run"]).done();
    assert!(shown.contains("« Joignable au » → non lue"), "{shown}");
    assert!(shown.contains("Nothing was changed."), "{shown}");
}

#[test]
fn the_exports_are_taken_as_siecle_gives_them_each_in_its_archive() {
    let office = Office::new();
    let names: Vec<String> = office
        .export(&super::office::small_school())
        .into_iter()
        .map(|name| {
            let bytes = std::fs::read(office.path(&name)).unwrap();
            let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            archive.start_file(&*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut archive, &bytes).unwrap();
            let packed = format!("{name}.zip");
            office.write(&packed, archive.finish().unwrap().into_inner());
            packed
        })
        .collect();
    let arguments = ["import", "--json", "--yes"];
    let answer = office.run(arguments.into_iter().chain(names.iter().map(String::as_str))).json();
    assert_eq!(answer["applied"], true);
    assert!(answer["pupils"]["added"].as_u64() > Some(50), "{}", answer["pupils"]);
    assert!(answer["files"][0]["path"].as_str().unwrap().contains(".zip/"), "{}", answer["files"]);
}

#[test]
fn a_mapping_of_a_title_that_is_not_there_is_refused() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    let told = office.run(["import", "staff.csv", "--map", "Joignabel au=mobile-phone"]).failed();
    assert!(told.contains("« Joignable au »") && told.contains("nothing was changed"), "{told}");
}

#[test]
fn an_archive_of_nothing_is_refused_and_the_database_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::new();
    let empty = zip::ZipWriter::new(std::io::Cursor::new(Vec::new())).finish().unwrap();
    office.write("empty.zip", empty.into_inner());
    let told = office.run(["import", "empty.zip"]).failed();
    assert!(told.contains("empty") && told.contains("nothing was changed"), "{told}");
    let rights = std::fs::metadata(office.path("chappe.sqlite3")).unwrap().permissions().mode();
    assert_eq!(rights & 0o077, 0, "others may read the families' data");
}

#[test]
fn a_title_means_what_it_meant_in_a_table_that_got_one_more_column() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    import_staff(&office, &["--map", "Joignable au=mobile-phone"]);
    let wider = STAFF_TABLE.replace(";Courriel", ";Bureau;Courriel").replace(";tom", ";B12;tom");
    office.write("staff.csv", wider);
    let again = import_staff(&office, &["--dry-run"]);
    assert_eq!(field_of(&again, "Joignable au"), "mobile-phone");
    assert_eq!(again["staff"]["unchanged"], 1, "{again}");
}

#[test]
fn a_refused_import_answers_with_one_object_and_a_dry_run_says_that_it_would_ask() {
    let office = Office::new();
    let school = small_school();
    office.import(&school);
    let files = office.export(&without(&school, 20));
    let refused = import(&office, &files, &[]);
    assert_eq!(refused.out.lines().count(), 1, "{}", refused.out);
    let dry = import(&office, &files, &["--dry-run"]).json();
    assert_eq!(dry["doubt"]["kind"], "many_archived");
    assert!(dry.get("error").is_none());
}

/// A table that brings no adult, though one of its columns may tell whom to reach.
const NOBODY_TOLD: &str = "Nom;Prénom;Classe;Contact\r\nDURAND;Zoé;6A;06 39 98 00 01\r\n\
                           PETIT;Max;6A;max@example.org\r\n";

#[test]
fn pupils_of_whom_nobody_would_be_told_are_not_applied_whatever_is_said() {
    let office = Office::new();
    office.write("eleves.csv", NOBODY_TOLD);
    let before = office.run(["import", "eleves.csv", "--dry-run", "--json"]).json();
    assert_eq!(before["doubt"]["kind"], "nobody_told");
    assert_eq!(before["doubt"]["of"][0]["pupils"], 2, "{before}");
    for more in [&[][..], &["--archive-many"][..]] {
        let told = import(&office, &["eleves.csv".to_owned()], more).failed_in_json();
        assert!(told.contains("« Contact »") && told.contains("Nothing was changed"), "{told}");
    }
    assert_eq!(office.run(["audience", "familles", "--json"]).json()["total"], 0);
    let map = ["--map", "Contact=relative-1-mobile-phone"];
    let applied = import(&office, &["eleves.csv".to_owned()], &map).json();
    assert_eq!((&applied["applied"], &applied["guardians"]["added"]), (&json!(true), &json!(1)));
}

#[test]
fn a_column_that_is_passed_over_is_shown_with_what_it_holds() {
    let office = Office::new();
    office.write("eleves.csv", NOBODY_TOLD);
    let arguments = ["import", "eleves.csv", "--yes", "--map", "Contact=ignore"];
    let shown = office.run(arguments).done();
    let line = "« Contact » → non lue : 2 cases remplies, par exemple « 06 39 98 00 01 »";
    assert!(shown.contains(line) && shown.ends_with("Applied.\n"), "{shown}");
    let told = office.run(["import", "eleves.csv", "--dry-run", "--json"]).json();
    let unread = &told["columns"][0]["not_read"][0];
    assert_eq!((&unread["title"], &unread["filled"]), (&json!("Contact"), &json!(2)));
}

#[test]
fn more_set_aside_than_a_screen_takes_goes_into_a_file_of_its_owner_s() {
    let office = Office::new();
    let rows: Vec<String> = (0..60).map(|at| format!("DURAND;Zoé{at};\r\n")).collect();
    office.write("eleves.csv", format!("Nom;Prénom;Classe\r\n{}", rows.concat()));
    let shown = office.run(["import", "eleves.csv", "--yes"]).done();
    assert!(shown.contains("60 fiches ou coordonnées écartées :"), "{shown}");
    assert_eq!(shown.matches("Sans classe").count(), 40, "{shown}");
    assert!(shown.contains("et 20 autres ; toutes sont dans ./import-set-aside.txt"), "{shown}");
    let kept = std::fs::read_to_string(office.path("import-set-aside.txt")).unwrap();
    assert_eq!(kept.lines().count(), 60);
    assert_eq!(office.rights_of("import-set-aside.txt"), 0o600);
}

#[test]
fn a_pipe_or_a_folder_is_refused_at_once() {
    let office = Office::new();
    let pipe = office.path("tube.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::create_dir(office.path("dossier")).unwrap();
    for name in ["tube.csv", "dossier", "/dev/zero"] {
        let told = office.run(["import", name]).failed();
        assert!(told.contains("a pipe or a device; nothing was changed"), "{told}");
    }
}

#[test]
fn the_words_that_a_mapping_knows_stand_in_the_help() {
    let help = Office::new().run(["import", "--help"]).done();
    for field in chappe::import::Field::all() {
        assert!(help.contains(&field.to_string()), "{field} is missing: {help}");
    }
    assert!(help.contains("NOM Prénom") && help.contains("ignore"), "{help}");
}

#[test]
fn the_last_import_is_taken_back_until_something_was_launched() {
    let office = Office::with_school();
    let before = office.rows();
    let files = office.export(&without(&small_school(), 2));
    import(&office, &files, &[]).json();
    assert!(before != office.rows());
    let undone = office.run(["import", "undo", "--yes", "--json"]).json();
    super::answers::holds("import_undo", &undone);
    assert!(before == office.rows(), "rows differ");
    let nothing = office.run(["import", "undo"]).failed();
    assert!(nothing.contains("there is no import to take back"), "{nothing}");

    import(&office, &files, &[]).json();
    office.send_to("familles classe:6A");
    let launched = office.rows();
    let told = office.run(["import", "undo"]).failed();
    assert!(told.contains("was launched since the import"), "{told}");
    assert!(launched == office.rows());
}

#[test]
fn where_nobody_can_be_asked_an_undo_is_shown_and_takes_nothing_back() {
    let office = Office::with_school();
    import(&office, &office.export(&without(&small_school(), 2)), &[]).json();
    let before = office.rows();
    let shown = office.run(["import", "undo"]);
    assert_eq!(shown.code, Some(2), "{shown:?}");
    assert!(shown.out.contains("would be taken back: 0 pupils"), "{shown:?}");
    assert!(shown.err.contains("say it again with --yes"), "{shown:?}");
    let told = office.run(["import", "undo", "--json"]);
    assert_eq!((told.code, told.out.lines().count()), (Some(2), 1), "{told:?}");
    let answer: Value = serde_json::from_str(&told.out).unwrap();
    assert!(before == office.rows(), "rows changed");
    let undone = office.run(["import", "undo", "--yes", "--json"]).json();
    for part in ["applied_at", "pupils", "persons"] {
        assert_eq!(answer[part], undone[part], "{part}");
    }
    assert!(shown.err.contains(answer["error"].as_str().unwrap()), "{answer}");
}

#[test]
fn what_the_office_reads_of_a_change_is_in_one_language() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    let shown = office.run(["import", "staff.csv", "--dry-run"]).done();
    let line = "  ajouté, personnel : Tom PETIT, staff.csv, ligne 2 — nouveau dans le fichier";
    assert!(shown.lines().any(|shown| shown == line), "{shown}");
}

#[test]
fn in_a_pipe_nothing_is_applied_that_nobody_said_yes_to() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    let before = office.rows();
    let shown = office.run(["import", "staff.csv"]);
    assert_eq!(shown.code, Some(2), "{shown:?}");
    assert!(shown.out.contains("ajouté, personnel : Tom PETIT"), "{shown:?}");
    assert!(shown.err.contains("nothing was changed") && shown.err.contains("--yes"), "{shown:?}");
    let told = office.run(["import", "staff.csv", "--json"]);
    let answer: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((told.code, &answer["applied"]), (Some(2), &json!(false)));
    assert!(told.err.contains(answer["error"].as_str().unwrap()), "{told:?}");
    assert!(before == office.rows(), "rows changed");
    office.run(["import", "staff.csv", "--yes"]).done();
    assert!(before != office.rows());
}

#[test]
fn on_a_terminal_it_is_applied_after_a_yes_alone() {
    let office = Office::new();
    office.write("staff.csv", STAFF_TABLE);
    let before = office.rows();
    let no = office.on_a_terminal(&["import", "staff.csv"], "ouais\n");
    assert!(no.out.contains("Appliquer ces changements ? (oui / non)"), "{no:?}");
    assert!(no.out.contains("Nothing was changed.") && before == office.rows(), "{no:?}");
    let yes = office.on_a_terminal(&["import", "staff.csv"], "oui\n");
    assert!(yes.out.contains("Applied.") && before != office.rows(), "{yes:?}");
}

#[test]
fn what_is_doubted_is_told_in_french_and_what_to_type_in_english() {
    let office = Office::new();
    office.write("eleves.csv", NOBODY_TOLD);
    let shown = office.run(["import", "eleves.csv", "--dry-run"]).done();
    let doubt = "À vérifier : eleves.csv : 2 élèves, et personne ne serait prévenu.";
    let way_on = "Say what each column is with --map \"Contact=FIELD\"";
    assert!(shown.contains(doubt) && shown.contains(way_on), "{shown}");
    let refused = office.run(["import", "eleves.csv", "--yes"]);
    assert!(refused.out.contains(doubt) && refused.err.contains(way_on), "{refused:?}");
}

#[test]
fn what_an_import_answers_keeps_its_form() {
    let office = Office::new();
    office.write("eleves.csv", NOBODY_TOLD);
    let dry = office.run(["import", "eleves.csv", "--dry-run", "--json"]).json();
    super::answers::holds("import_dry_run", &dry);
    let map = ["--map", "Contact=relative-1-mobile-phone"];
    super::answers::holds("import", &import(&office, &["eleves.csv".to_owned()], &map).json());
}
