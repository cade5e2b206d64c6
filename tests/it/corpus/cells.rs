//! What stands in the cells of telephones and e-mail addresses.

use super::Case;

const HEAD: &str =
    "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Tél. portable parent 1;Courriel parent 1";
const MOBILE: &str = "+33639980001";
const HOME: &str = "+33536490002";

/// A cell of telephones, the numbers that it holds, and whether something is left over.
const PHONES: [(&str, &[&str], bool); 42] = [
    ("0639980001", &[MOBILE], false),
    ("06 39 98 00 01", &[MOBILE], false),
    ("06.39.98.00.01.", &[MOBILE], false),
    ("06-39-98-00-01", &[MOBILE], false),
    ("06/39/98/00/01", &[MOBILE], false),
    ("06,39,98,00,01", &[MOBILE], false),
    ("06_39_98_00_01", &[MOBILE], false),
    ("06\u{202f}39\u{202f}98\u{202f}00\u{202f}01", &[MOBILE], false),
    ("06\u{a0}39\u{a0}98\u{a0}00\u{a0}01", &[MOBILE], false),
    ("06\u{200b}39980001", &[MOBILE], false),
    ("\u{202a}+33 6 39 98 00 01\u{202c}", &[MOBILE], false),
    ("06\u{2212}39\u{2212}98\u{2212}00\u{2212}01", &[MOBILE], false),
    ("06\u{2011}39\u{2013}98\u{2014}00\u{2010}01", &[MOBILE], false),
    ("+33 (0)6 39 98 00 01", &[MOBILE], false),
    ("0033639980001", &[MOBILE], false),
    ("33639980001", &[MOBILE], false),
    ("(06) 39 98 00 01", &[MOBILE], false),
    ("639980001", &[MOBILE], false),
    ("639980001.0", &[MOBILE], false),
    ("639980001,0", &[MOBILE], false),
    ("6.39980001E8", &[MOBILE], false),
    ("0639980001 / 0536490002", &[MOBILE, HOME], false),
    ("06 39 98 00 01 - 05 36 49 00 02", &[MOBILE, HOME], false),
    ("0639980001 0536490002", &[MOBILE, HOME], false),
    ("0639980001+0536490002", &[MOBILE, HOME], false),
    ("+33639980001+33536490002", &[MOBILE, HOME], false),
    ("06 39 98 00 01\n05 36 49 00 02", &[MOBILE, HOME], false),
    ("06 39 98 00 01 (05 36 49 00 02)", &[MOBILE, HOME], false),
    ("Mme 06 39 98 00 01, M. 05 36 49 00 02", &[MOBILE, HOME], false),
    ("06 39 98 00 01 (depuis le 01/09/2026)", &[MOBILE], false),
    ("06 39 98 00 01 après 18h30", &[MOBILE], false),
    ("06 39 98 00 01 (Hélène)", &[MOBILE], false),
    ("06 39 98 00 01 poste 12", &[MOBILE], false),
    ("06 39 98 00 01 / 02", &[MOBILE], true),
    ("06 39 98 00 01 ou 3949", &[MOBILE], true),
    ("06 39 98 00 01 ou 05 36 49", &[MOBILE], true),
    ("0596 50 00 00", &["+596596500000"], false),
    ("0508 41 00 00", &["+508410000"], false),
    ("06 39 98 00", &[], true),
    ("06 39 98 OO O1", &[], true),
    ("6,4E+08", &[], true),
    ("néant", &[], true),
];

/// The same of e-mail addresses.
const EMAILS: [(&str, &[&str], bool); 21] = [
    ("a@example.org", &["a@example.org"], false),
    ("a@EXAMPLE.org", &["a@example.org"], false),
    ("a@example.org.", &["a@example.org"], false),
    ("<a@example.org>", &["a@example.org"], false),
    ("Ida Delta <a@example.org>", &["a@example.org"], false),
    ("mailto:a@example.org", &["a@example.org"], false),
    ("MAILTO:a@example.org?subject=x", &["a@example.org"], false),
    ("\u{200b}a@example.org\u{feff}", &["a@example.org"], false),
    ("a@example.org\u{a0}", &["a@example.org"], false),
    ("'a@example.org'", &["a@example.org"], false),
    ("a@collège.example.org", &["a@xn--collge-6ua.example.org"], false),
    ("a@example.org ou b@example.org", &["a@example.org", "b@example.org"], false),
    ("a@example.org, b@example.org", &["a@example.org", "b@example.org"], false),
    ("a@example.org | b@example.org", &["a@example.org", "b@example.org"], false),
    ("a@example.org/b@example.org", &["a@example.org", "b@example.org"], false),
    ("a@example.org\nb@example.org", &["a@example.org", "b@example.org"], false),
    ("(mère) a@example.org (père) b@example.org", &["a@example.org", "b@example.org"], false),
    ("a@example.org, b@example", &["a@example.org"], true),
    ("a@@example.org", &[], true),
    ("a at example.org", &[], true),
    ("néant", &[], true),
];

pub(super) fn cases() -> Vec<Case> {
    let phones = PHONES.iter().map(|(typed, holds, is_left)| {
        (typed, format!("PA;Ana;6A;GA;Ida;\"{typed}\";"), *holds, *is_left)
    });
    let emails = EMAILS.iter().map(|(typed, holds, is_left)| {
        (typed, format!("PA;Ana;6A;GA;Ida;;\"{typed}\""), *holds, *is_left)
    });
    phones
        .chain(emails)
        .map(|(typed, row, holds, is_left)| {
            let file = format!("{HEAD}\n{row}\n");
            Case::taken(format!("{typed:?}"), file, [1, 1], holds)
                .setting_aside(usize::from(is_left))
        })
        .collect()
}
