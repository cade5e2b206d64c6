//! Staff, from STS.

use super::*;

const ANNE: &str = "<INDIVIDU ID=\"24\" TYPE=\"epp\"><CIVILITE>2</CIVILITE>\
    <NOM_USAGE>LEROY</NOM_USAGE><NOM_PATRONYMIQUE>PETIT</NOM_PATRONYMIQUE><PRENOM>ANNE</PRENOM>\
    <FONCTION>ENS</FONCTION><PROFS_PRINC>\
    <PROF_PRINC><CODE_STRUCTURE>6A</CODE_STRUCTURE><DATE_FIN>2026-11-20</DATE_FIN></PROF_PRINC>\
    <PROF_PRINC><CODE_STRUCTURE>5B</CODE_STRUCTURE><DATE_FIN>2026-11-19</DATE_FIN></PROF_PRINC>\
    </PROFS_PRINC></INDIVIDU>";

#[test]
fn a_teacher_has_a_function_and_the_classes_in_their_charge_today() {
    let reading = reading(&[&staff(ANNE)]).unwrap();
    let anne = &reading.persons[0];
    assert_eq!(anne.key.0, "sts:epp:24");
    assert_eq!(anne.display_name(), "ANNE LEROY");
    assert_eq!(anne.family_name, "PETIT");
    assert_eq!(anne.civility, Some(Civility::Mme));
    let Role::Staff(duties) = &anne.role else { panic!("Anne works there") };
    assert_eq!(
        (duties.function.as_str(), duties.form_teacher_of.as_slice()),
        ("ENS", &["6A".to_owned()][..])
    );
    assert!(reading.covers.staff && !reading.covers.pupils);
}

#[test]
fn one_id_of_two_types_is_two_people_and_of_one_type_one() {
    let local = ANNE.replace("epp", "local");
    let reading = reading(&[&staff(&format!("{ANNE}{local}{ANNE}"))]).unwrap();
    assert_eq!(reading.persons.len(), 2);
    assert_eq!(causes(&reading), [Cause::Duplicate]);
}

/// A DIVISION or a GROUPE, with what else it holds, taught by these (TYPE, ID).
fn taught(element: &str, code: &str, more: &str, teachers: &[(&str, &str)]) -> String {
    let services: Vec<String> = teachers
        .iter()
        .map(|(kind, id)| {
            format!(
                "<SERVICE CODE_MATIERE=\"030201\"><ENSEIGNANTS><ENSEIGNANT ID=\"{id}\" \
                 TYPE=\"{kind}\"><HEURES>3</HEURES></ENSEIGNANT></ENSEIGNANTS></SERVICE>"
            )
        })
        .collect();
    let services = services.concat();
    format!("<{element} CODE=\"{code}\">{more}<SERVICES>{services}</SERVICES></{element}>")
}

fn with_structure(individuals: &str, classes: &str, groups: &str) -> String {
    let structure = format!(
        "</INDIVIDUS><STRUCTURE><DIVISIONS>{classes}</DIVISIONS><GROUPES>{groups}</GROUPES>\
         </STRUCTURE>"
    );
    staff(individuals).replace("</INDIVIDUS>", &structure)
}

fn teaches(person: &Person) -> &[String] {
    let Role::Staff(duties) = &person.role else { panic!("they work there") };
    &duties.teaches
}

#[test]
fn who_teaches_a_group_teaches_its_classes() {
    let of_two = "<DIVISIONS_APPARTENANCE><DIVISION_APPARTENANCE CODE=\"6A\"/>\
                  <DIVISION_APPARTENANCE CODE=\"6B\"/></DIVISIONS_APPARTENANCE>";
    let local = ANNE.replace("epp", "local");
    let classes = taught(
        "DIVISION",
        "6A",
        "<LIBELLE_LONG>6EME A</LIBELLE_LONG>",
        &[("epp", "24"), ("epp", "24"), ("epp", "99")],
    ) + &taught("DIVISION", "5C", "", &[("local", "24")]);
    let groups = taught("GROUPE", "6LATIN", of_two, &[("epp", "24")]);
    let file = with_structure(&format!("{ANNE}{local}"), &classes, &groups);
    let reading = reading(&[&file]).unwrap();
    assert_eq!(teaches(&reading.persons[0]), ["6A", "6B", "6LATIN"]);
    assert_eq!(teaches(&reading.persons[1]), ["5C"]);
    assert_eq!(reading.persons.len(), 2, "who has a service alone is nobody");
    assert!(reading.set_aside.is_empty());
}

#[test]
fn services_that_would_fill_the_memory_are_refused() {
    let classes: Vec<String> =
        (0..20_000).map(|n| format!("<DIVISION_APPARTENANCE CODE=\"{n}\"/>")).collect();
    let list = format!("<DIVISIONS_APPARTENANCE>{}</DIVISIONS_APPARTENANCE>", classes.concat());
    let ids: Vec<String> = (0..5_000).map(|n| n.to_string()).collect();
    let teachers: Vec<(&str, &str)> = ids.iter().map(|id| ("epp", id.as_str())).collect();
    let group = taught("GROUPE", "G", &list, &teachers);
    assert_eq!(refusal(with_structure(ANNE, "", &group)).1, Reason::TooLarge);
}

#[test]
fn a_file_of_a_timetable_editor_is_refused() {
    let file = staff(ANNE)
        .replace("<PARAMETRES>", "<PARAMETRES><APPLICATION_SOURCE>X</APPLICATION_SOURCE>");
    assert_eq!(refusal(file).1, Reason::FromTimetableEditor);
}
