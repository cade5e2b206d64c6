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

#[test]
fn a_file_of_a_timetable_editor_is_refused() {
    let file = staff(ANNE)
        .replace("<PARAMETRES>", "<PARAMETRES><APPLICATION_SOURCE>X</APPLICATION_SOURCE>");
    assert_eq!(refusal(file).1, Reason::FromTimetableEditor);
}
