//! Which school a file is about, as far as these files tell.

use super::*;

/// Zoé of our school and Ali of another, with a relative and a teacher each.
fn two_schools() -> String {
    let of_another: &[(&str, &[&str])] = &[
        ("sn", &["BENALI"]),
        ("ENTEleveClasses", &["4000$6A"]),
        ("ENTElevePersRelEleve", &["8$20$1$1$1$1"]),
    ];
    let teacher: &[(&str, &[&str])] =
        &[("sn", &["ROUX"]), ("ENTPersonFonctions", &["4000$ENS$ENSEIGNEMENT"])];
    let records = [
        request("Eleve", "1", ZOE),
        request("Eleve", "2", of_another),
        request("PersRelEleve", "9", HER_MOTHER),
        request("PersRelEleve", "8", &[("sn", &["BENALI"])]),
        request("PersEducNat", "24", ANNE),
        request("PersEducNat", "25", teacher),
    ];
    file(&records.concat())
}

fn schools() -> String {
    file(&format!("{}{}", school("4000", "0310001A"), school("3000", "0319999Z")))
}

#[test]
fn of_an_export_of_several_schools_only_ours_is_taken_and_the_rest_counted() {
    let people = two_schools();
    for files in [[schools(), people.clone()], [people, schools()]] {
        let reading = reading(&[&files[0], &files[1]]).unwrap();
        let keys: Vec<&str> = reading.persons.iter().map(|one| one.key.0.as_str()).collect();
        assert_eq!(keys, ["aaf:9", "aaf:personnel-24"]);
        assert_eq!(reading.pupils.len(), 1);
        assert_eq!(causes(&reading), [Cause::OtherSchool]);
        assert_eq!(reading.set_aside[0].what, "2 fiches");
    }
}

#[test]
fn pupils_of_several_schools_without_the_schools_file_are_refused() {
    let refused = reading(&[&two_schools()]).unwrap_err();
    assert_eq!(refused.reason, Reason::SeveralSchools);
    assert!(refused.to_string().ends_with("give the EtabEducNat file of the same export too"));
    assert!(refused.in_french().contains("EtabEducNat"), "{}", refused.in_french());
}

#[test]
fn an_export_of_another_school_is_refused() {
    let other = file(&school("3000", "0310001A"));
    let refused = reading(&[&pupils(), &other]).unwrap_err();
    let expected = expected().school;
    let reason = Reason::OtherSchool { found: "0310001A".to_owned(), expected };
    assert_eq!((refused.line, refused.reason), (Some(4), reason));
}

#[test]
fn a_teacher_of_two_schools_keeps_what_they_do_at_ours() {
    let shared = with(
        "PersEducNat",
        "24",
        ANNE,
        &[
            ("ENTPersonFonctions", &["4000$DIR$DIRECTION", "3000$-$", "3000$ENS$ENSEIGNEMENT"]),
            ("ENTAuxEnsClassesPrincipal", &["4000$3C", "3000$6A"]),
            ("ENTAuxEnsClassesMatieres", &["4000$3C$030201", "3000$6A$030201", "3000$6A$030602"]),
        ],
    );
    let reading = reading(&[&schools(), &file(&shared)]).unwrap();
    let duties = duties(&reading.persons[0]);
    assert_eq!(duties.function, "ENS");
    assert_eq!(
        (&duties.form_teacher_of[..], &duties.teaches[..]),
        (&["6A".to_owned()][..], &["6A".to_owned()][..])
    );
}

#[test]
fn a_pupil_without_class_belongs_to_where_they_are_attached() {
    let attached = |school: &'static [&'static str]| {
        let own: &[(&str, &[&str])] =
            &[("ENTEleveClasses", &[]), ("ENTPersonStructRattach", school)];
        file(&with("Eleve", "1", ZOE, own))
    };
    let ours = reading(&[&schools(), &attached(&["3000"])]).unwrap();
    assert_eq!(ours.pupils.len(), 1);
    assert_eq!(causes(&ours), [Cause::NoClass]);
    let refused = reading(&[&schools(), &attached(&["4000"])]).unwrap_err();
    assert_eq!(refused.reason, Reason::NobodyInside);
}

#[test]
fn staff_who_are_at_no_school_are_counted_and_left_out() {
    let at_none: &[(&str, &[&str])] =
        &[("sn", &["ROUX"]), ("givenName", &["Ida"]), ("ENTPersonFonctions", &["-$-$"])];
    let staff = [
        request("PersEducNat", "24", ANNE),
        request("PersEducNat", "25", at_none),
        request("PersEducNat", "26", &[("sn", &["ROY"]), ("givenName", &["Max"])]),
    ];
    let staff = file(&staff.concat());
    for files in [vec![staff.clone()], vec![schools(), staff]] {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let reading = reading(&files).unwrap();
        let keys: Vec<&str> = reading.persons.iter().map(|one| one.key.0.as_str()).collect();
        assert_eq!(keys, ["aaf:personnel-24"]);
        assert_eq!(causes(&reading), [Cause::NoSchool]);
        assert_eq!(reading.set_aside[0].what, "2 fiches");
    }
}
