//! Names as people have them, as programs spoil them, and as attackers write them.

use super::Case;

/// A first name as it stands in the file, and as the school then has it.
const NAMES: [(&str, &str); 32] = [
    ("Zoé", "Zoé"),
    ("Anne-Lise", "Anne-Lise"),
    ("D’Artagnan", "D’Artagnan"),
    ("Şükrü", "Şükrü"),
    ("Łukasz", "Łukasz"),
    ("Nguyễn", "Nguyễn"),
    ("محمد", "محمد"),
    ("می\u{200c}خواهم", "می\u{200c}خواهم"),
    ("王芳", "王芳"),
    ("Ана", "Ана"),
    ("O'Neil", "O'Neil"),
    ("L'Haÿ", "L'Haÿ"),
    ("Jean  Paul", "Jean  Paul"),
    ("Ana\u{1F600}", "Ana\u{1F600}"),
    ("\u{202e}anA", "anA"),
    ("A\u{200b}na", "Ana"),
    ("A\u{ad}na", "Ana"),
    ("\u{feff}Ana", "Ana"),
    ("A\u{9b}31mna", "A31mna"),
    ("A\u{7f}na", "Ana"),
    ("Ana\u{2028}Lou", "Ana Lou"),
    ("Ana\nLou", "Ana Lou"),
    ("Ana\r\nLou", "Ana Lou"),
    ("=1+1", "=1+1"),
    ("@SUM(A1)", "@SUM(A1)"),
    ("#let x = 1", "#let x = 1"),
    ("{{objet}}", "{{objet}}"),
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("a', 1); DROP TABLE pupils; --", "a', 1); DROP TABLE pupils; --"),
    ("%s%n\\u001b", "%s%n\\u001b"),
    ("../../etc/passwd", "../../etc/passwd"),
    ("\u{e0041}Ana", "Ana"),
];

pub(super) fn cases() -> Vec<Case> {
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Courriel parent 1";
    let case = |(typed, kept): &(&str, &str)| {
        let file = format!("{head}\nDURAND;\"{typed}\";6A;DURAND;Inès;i@example.org\n");
        Case::taken(format!("the name {typed:?}"), file, [1, 1], &[kept])
    };
    NAMES.iter().map(case).collect()
}
