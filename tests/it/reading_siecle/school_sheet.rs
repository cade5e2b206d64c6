//! `Communs.xml`: the school itself.

use super::*;

const SHEET: &str = "<UAJ><ETAB_UAJ_ID>12</ETAB_UAJ_ID><DENOM_PRINC>COLLEGE</DENOM_PRINC>\
    <DENOM_COMPL>CLAUDE CHAPPE</DENOM_COMPL><NOM_RESP>LEROY</NOM_RESP>\
    <QUAL_RESP>PRINCIPALE</QUAL_RESP><LIGNE1_ADRESSE>1 RUE DU TELEGRAPHE</LIGNE1_ADRESSE>\
    <LIGNE2_ADRESSE/><BOITE_POST>123</BOITE_POST><CODE_POSTAL>31999</CODE_POSTAL>\
    <LL_COMMUNE_INSEE>VALCLAIR</LL_COMMUNE_INSEE><TELEPHONE>05 36 49 00 01</TELEPHONE>\
    <MEL_1>ce.0319999z@example.org</MEL_1></UAJ>";
const YEAR: &str = "<ANNEE_SCOLAIRE><DATE_DEBUT_ELEVE>01/09/2026</DATE_DEBUT_ELEVE>\
    <DATE_FIN_ELEVE>03/07/2027</DATE_FIN_ELEVE></ANNEE_SCOLAIRE>";

#[test]
fn the_school_is_read_in_any_order() {
    for data in [format!("{SHEET}{YEAR}"), format!("{YEAR}{SHEET}")] {
        let reading = reading(&[&school_sheet(&data)]).unwrap();
        let school = reading.school.expect("a sheet");
        assert_eq!(school.name, "COLLEGE CLAUDE CHAPPE");
        assert_eq!(school.head, "LEROY, PRINCIPALE");
        assert_eq!(school.address, ["1 RUE DU TELEGRAPHE", "BP 123", "31999 VALCLAIR"]);
        assert_eq!(school.phone, "05 36 49 00 01");
        assert_eq!(school.email, "ce.0319999z@example.org");
        assert_eq!(school.year_ends, Some(date(2027, 7, 3)));
        assert!(reading.set_aside.is_empty());
        assert_eq!(reading.covers, chappe::import::Covers::default(), "nobody is archived by it");
    }
}

#[test]
fn what_the_sheet_lacks_stays_empty() {
    let bare = "<UAJ><DENOM_PRINC>LYCEE</DENOM_PRINC><CODE_POSTAL>31999</CODE_POSTAL></UAJ>";
    let reading = reading(&[&school_sheet(bare)]).unwrap();
    let school = reading.school.expect("a sheet");
    assert_eq!((school.name.as_str(), school.head.as_str()), ("LYCEE", ""));
    assert_eq!(school.address, ["31999"]);
    assert_eq!(school.year_ends, None);
}

#[test]
fn an_unreadable_last_day_is_told() {
    let data = format!("{SHEET}{}", YEAR.replace("03/07/2027", "été"));
    let reading = reading(&[&school_sheet(&data)]).unwrap();
    assert_eq!(causes(&reading), [Cause::BadDate]);
    assert_eq!(reading.school.expect("a sheet").year_ends, None);
}

#[test]
fn the_sheet_of_another_school_or_year_and_one_without_school_are_refused() {
    let whole = school_sheet(SHEET);
    let of_another = whole.replace("<UAJ>0319999Z", "<UAJ>0310001A");
    assert!(matches!(refusal(of_another).1, Reason::OtherSchool { .. }));
    let of_last_year = whole.replace(">2026<", ">2025<");
    assert!(matches!(refusal(of_last_year).1, Reason::OtherYear { .. }));
    assert_eq!(refusal(school_sheet(YEAR)).1, Reason::Missing("UAJ"));
    let twice = reading(&[&whole, &whole]).unwrap_err();
    assert_eq!(twice.reason, Reason::SecondOfItsKind(Kind::SiecleCommuns));
}
