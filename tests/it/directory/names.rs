//! Whom a name finds, and by which index.

use chappe::directory::{Who, WhoError, find_asked_about, find_person};
use chappe::store::pupils;

use super::*;
use crate::architecture::statements_of_both;

fn adult(key: &str, family_name: &str, first_name: &str, usage_name: Option<&str>) -> Person {
    Person {
        key: PersonKey(key.to_owned()),
        role: Role::Guardian,
        civility: None,
        family_name: family_name.to_owned(),
        usage_name: usage_name.map(str::to_owned),
        first_name: first_name.to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    }
}

fn pupil_named(key: &str, family_name: &str, first_name: &str) -> Pupil {
    Pupil {
        key: PupilKey(key.to_owned()),
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        class: Some("6A".to_owned()),
        groups: Vec::new(),
        level: None,
        left_on: None,
    }
}

/// Families whose names are hard to type.
async fn families(store: &Store, id: &SchoolId) {
    let id = id.clone();
    let put = store.write(move |tx| {
        for adult in [
            adult("siecle:1", "de la Tour", "Jean-Pierre", None),
            adult("siecle:2", "Petit", "Hélène", Some("Ångström")),
            adult("siecle:3", "LE GOFF", "Yann", None),
            adult("siecle:4", "DUPONT-MARTIN", "Anne", None),
            adult("siecle:5", "MARTIN", "Anne", None),
            adult("siecle:6", "NGUYÊN", "Thi Mai", None),
        ] {
            people::put_person(tx, &id, &adult)?;
        }
        pupils::put(tx, &id, &pupil_named("siecle:90", "GOFFINET", "Maël"))?;
        let tie = Guardianship {
            pupil: PupilKey("siecle:90".to_owned()),
            person: PersonKey("siecle:3".to_owned()),
            standing: Standing::LegalRepresentative,
            kinship: 20,
        };
        pupils::put_guardianship(tx, &id, &tie)
    });
    put.await.unwrap();
}

async fn found(store: &Store, id: &SchoolId, typed: &str) -> Vec<String> {
    let who = Who { name: typed.to_owned(), ..Who::default() };
    match find_asked_about(store, id, &who).await {
        Ok(found) => found.into_iter().map(|person| person.key.0).collect(),
        Err(WhoError::Several { among, .. }) => among.into_iter().map(|it| it.name).collect(),
        Err(WhoError::Nobody(_)) => Vec::new(),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_name_is_found_however_it_is_typed_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let id = SchoolId::parse("0319999Z").unwrap();
    for store in databases::both(folder.path()) {
        families(&store, &id).await;
        for (typed, expected) in [
            ("jean pierre DE LA TOUR", &["siecle:1"][..]),
            ("Tour", &["siecle:1"]),
            ("Latour", &["siecle:1"]),
            ("helene angstrom", &["siecle:2"]),
            ("Petit Hél", &["siecle:2"]),
            ("Yann Legoff", &["siecle:3"]),
            ("Maël GOFFINET", &["siecle:3"]),
            ("goffinet", &["siecle:3"]),
            ("Dupont Anne", &["siecle:4"]),
            ("Anne MARTIN", &["siecle:5"]),
            ("martin", &["siecle:5"]),
            ("Anne", &["Anne DUPONT-MARTIN", "Anne MARTIN"]),
            ("ann", &["Anne DUPONT-MARTIN", "Anne MARTIN"]),
            ("Jean Pierre", &["siecle:1"]),
            ("pierre", &["siecle:1"]),
            ("maë", &["siecle:3"]),
            ("NGUYÊN", &["siecle:6"]),
            ("nguyen th", &["siecle:6"]),
            ("mai", &["siecle:6"]),
            ("Delatour", &["siecle:1"]),
            // A parent and their child: one family.
            ("Goff", &["siecle:3"]),
            ("Tournier", &[]),
            ("'", &[]),
        ] {
            assert_eq!(found(&store, &id, typed).await, expected, "{typed}");
        }
    }
}

#[tokio::test]
async fn whoever_acts_on_somebody_names_them_wholly() {
    let school = School::new();
    families(&school.store, &school.id).await;
    let find = async |name: &str| {
        let who = Who { name: name.to_owned(), ..Who::default() };
        find_person(&school.store, &school.id, &who).await.map(|person| person.key.0)
    };
    assert_eq!(find("PETIT Hélène").await.unwrap(), "siecle:2");
    assert!(matches!(find("Hélène").await, Err(WhoError::Nobody(_))));
    assert!(matches!(find("NGUYÊN").await, Err(WhoError::Nobody(_))));
    assert!(matches!(find("Tour Jean").await, Err(WhoError::Nobody(_))));
}

#[tokio::test]
async fn whoever_was_kept_before_names_were_filed_is_found_after_the_migration() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    let id = SchoolId::parse("0319999Z").unwrap();
    families(&Store::open(&path).unwrap(), &id).await;
    {
        let file = rusqlite::Connection::open(&path).unwrap();
        let before = "DROP INDEX persons_filed; DROP INDEX persons_also_filed; \
            DROP INDEX pupils_filed; DROP INDEX pupils_also_filed; \
            ALTER TABLE persons DROP COLUMN filed; ALTER TABLE persons DROP COLUMN also_filed; \
            ALTER TABLE pupils DROP COLUMN filed; ALTER TABLE pupils DROP COLUMN also_filed; \
            DROP INDEX persons_first_filed; DROP INDEX persons_within_filed; \
            DROP INDEX pupils_first_filed; DROP INDEX pupils_within_filed; \
            ALTER TABLE persons DROP COLUMN first_filed; ALTER TABLE persons DROP COLUMN within_filed; \
            ALTER TABLE pupils DROP COLUMN first_filed; ALTER TABLE pupils DROP COLUMN within_filed; \
            DELETE FROM migrations WHERE number IN (19, 24);";
        file.execute_batch(before).unwrap();
    }
    let store = Store::open(&path).unwrap();
    for (typed, expected) in [
        ("Tour", "siecle:1"),
        ("Petit", "siecle:2"),
        ("goffinet", "siecle:3"),
        ("Pierre", "siecle:1"),
        ("Hélène", "siecle:2"),
    ] {
        assert_eq!(found(&store, &id, typed).await, [expected], "{typed}");
    }
}

/// The statement by which a name is asked for in this column.
fn statement(column: &str) -> String {
    let all = statements_of_both();
    let mut asks = all.into_iter().filter(|sql| sql.contains(&format!("{column} >= $2")));
    asks.next().expect("a statement that asks for a name")
}

#[tokio::test]
async fn a_name_is_asked_of_the_index_on_both_databases() {
    for columns in [["filed", "also_filed"], ["first_filed", "within_filed"]] {
        let statement = statement(columns[1]);
        let (steps, there) = (plan_in_file(&statement), plan_on_server(&statement));
        for (table, column) in
            ["persons", "pupils"].into_iter().flat_map(|table| columns.map(|it| (table, it)))
        {
            let index = format!("{table}_{column}");
            let is_asked = |step: &String| step.contains(&format!("USING INDEX {index} ("));
            assert!(steps.iter().any(is_asked), "{index}: {steps:?}");
            assert!(there.contains(&format!(" {index} ")), "{index}: {there}");
        }
        // What each part found is read whole, and is little; no table is.
        assert!(!steps.iter().any(|step| step.starts_with("SCAN p")), "{steps:?}");
    }
}

fn plan_in_file(statement: &str) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    drop(Store::open(&path).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    let values = rusqlite::params!["0319999Z", b"TOUR", b"TOURZ", 200];
    let mut plan = file.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let steps = plan.query_map(values, |row| row.get::<_, String>(3)).unwrap();
    steps.map(Result::unwrap).collect()
}

fn plan_on_server(statement: &str) -> String {
    let url = databases::on_server();
    drop(Store::connect(&url, None).unwrap());
    let explained = statement
        .replace("$1", "'0319999Z'")
        .replace("$2", "'TOUR'::bytea")
        .replace("$3", "'TOURZ'::bytea")
        .replace("$4", "200");
    // On a table without a row, PostgreSQL would rather read all of it.
    databases::answer_of(&url, &format!("SET enable_seqscan = off; EXPLAIN {explained}"))
}

/// What reads every name of a table would be asked without a bound on any of them.
#[test]
fn no_statement_that_asks_for_a_name_reads_everybody() {
    let all = statements_of_both();
    let names =
        all.iter().filter(|sql| sql.contains("SELECT 0, key,") && sql.contains("SELECT 1,"));
    let names: Vec<&String> = names.collect();
    assert_eq!(names.len(), 2, "{names:?}");
    for sql in names {
        for one in sql.split("UNION ALL") {
            assert!(one.contains(">= $2") && one.contains("< $3"), "{one}");
        }
    }
}

#[tokio::test]
async fn of_many_of_one_name_some_are_told_and_all_are_counted() {
    let school = School::new();
    let id = school.id.clone();
    let put = school.store.write(move |tx| {
        (0..90).try_for_each(|at| {
            let key = format!("siecle:{at}");
            people::put_person(tx, &id, &adult(&key, "MARTIN", &format!("Anne {at:02}"), None))
        })
    });
    put.await.unwrap();
    let who = Who { name: "Martin".to_owned(), ..Who::default() };
    let refused = find_asked_about(&school.store, &school.id, &who).await.unwrap_err();
    let WhoError::Several { of, among, .. } = refused else { panic!("{refused}") };
    assert_eq!((of, among.len(), among[0].name.as_str()), (90, 20, "Anne 00 MARTIN"));
}
