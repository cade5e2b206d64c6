//! A page without a fault, and the same with each fault that a page can have: every check can fail.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::Page;

/// The headers of a page of ours.
pub(crate) const HEADERS: [(&str, &str); 3] = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
];

/// A form as pages of ours have it.
pub(crate) const FORM: &str = r##"<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Écrire – Collège</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a href="#contenu">Aller au contenu</a>
<form action="/deconnexion" method="post"><input type="hidden" name="csrf" value="jeton"><button>Se déconnecter</button></form>
<main id="contenu" tabindex="-1">
<h1>Écrire</h1>
<p>L’école est <strong>fermée</strong> : « neige » ; ouverte lundi ?</p>
<p>Créé par <span translate="no">Anne O'Brien "la" vraie : non!</span> à 8:30</p>
<form action="/envoi" method="post" enctype="multipart/form-data">
<input type="hidden" name="csrf" value="jeton">
<p><label for="objet">Objet :</label> <input id="objet" name="objet" aria-describedby="aide"></p>
<p id="aide">Une ligne.</p>
<p><label for="liste">La liste</label> <input id="liste" name="liste" type="file"></p>
<fieldset><legend>Quand ?</legend>
<label><input type="radio" name="quand" value="1"> Maintenant</label>
<label><input type="radio" name="quand" value="2"> Plus tard</label>
</fieldset>
<p><input type="checkbox" id="copie" name="copie"> <label for="copie">M’envoyer une copie</label></p>
<p><label for="voie">Voie <span>(facultatif)</span></label> <select id="voie" name="voie"><option>Courriel</option><option>Lettre</option></select></p>
<button>Envoyer à 12 familles</button>
</form>
</main>
</body>
</html>
"##;

/// What is put in the place of what, and the fault that is found then.
const FAULTS: [(&str, &str, &str); 38] = [
    (r#"<html lang="fr">"#, "<html>", "the page is not said to be in French: lang"),
    ("<h1>Écrire</h1>", "<p>Écrire</p>", "one h1, not []"),
    ("<p>L’", "<h1>Lire</h1><p>L’", r#"one h1, not ["Écrire", "Lire"]"#),
    (
        "<title>Écrire",
        "<title>Lire",
        r#"the title "Lire – Collège" does not begin with the h1 "Écrire""#,
    ),
    (
        r#"id="contenu" tabindex"#,
        r#"id="haut" tabindex"#,
        r##"<a href="#contenu"> names "contenu", which is nowhere"##,
    ),
    ("<main id", "<div id", "one main, not 0"),
    (r#"id="aide""#, r#"id="objet""#, r#"the id "objet" stands twice"#),
    (r#"describedby="aide""#, r#"describedby="aide note""#, r#"names "note", which is nowhere"#),
    (
        r#"label for="copie""#,
        r#"label for="copies""#,
        r#"<label> names "copies", which is nowhere"#,
    ),
    (
        "<label for=\"objet\">Objet\u{a0}:</label>",
        "Objet :",
        r#"<input id="objet" name="objet"> has no label"#,
    ),
    (
        r#"<label for="voie">Voie <span>(facultatif)</span></label>"#,
        "Voie",
        r#"<select id="voie" name="voie"> has no label"#,
    ),
    ("Aller au contenu</a>", "</a>", r##"<a href="#contenu"> says nothing"##),
    ("Envoyer à 12 familles</button>", "</button>", "<button> says nothing"),
    (r#" action="/envoi""#, "", "<form> has no action"),
    (r#"/envoi" method="post""#, r#"/envoi""#, "has no method"),
    (r#"/envoi" method="post""#, r#"/envoi" method="get""#, r#"has "csrf": true, method "get""#),
    (r#" value="jeton""#, "", r#"has "csrf": false, method "post""#),
    (r#" enctype="multipart/form-data""#, "", "sends a file's name alone"),
    ("<p>L’", r#"<p style="color:red">L’"#, "<p> has style="),
    ("<p>L’", r#"<p onclick="f()">L’"#, "<p> has onclick="),
    ("</main>", "</main><script>f()</script>", "<script> stands in the page"),
    ("</title>", "</title><style>p{}</style>", "<style> stands in the page"),
    (r##"href="#contenu""##, r#"href=" JavaScript:f()""#, "leads to a script"),
    (r#"href="/style.css""#, r#"href="//example.org/style.css""#, "asks another house"),
    ("lundi\u{202f}?", "{{ jour }}", "a trace of the program"),
    ("à 8:30", "à None", "a trace of the program"),
    (r#"value="jeton""#, r#"value="Some(jeton)""#, "a trace of the program"),
    ("L’école", "L'école", "’ for '"),
    ("«\u{a0}neige\u{a0}»", "\"neige\"", "« » for \""),
    ("«\u{a0}neige", "« neige", "a space that does not break, after"),
    ("neige\u{a0}»", "neige »", "a space that does not break, before"),
    ("</strong>\u{a0}:", "</strong> :", "a space that does not break, before"),
    ("</strong>\u{a0}:", "</strong>:", "a space that does not break, before"),
    ("»\u{202f};", "» ;", "a space that does not break, before"),
    ("lundi\u{202f}?", "lundi?", "a space that does not break, before"),
    ("école est", "école\u{a0} est", "two spaces"),
    ("lundi\u{202f}?", "lundi...", "… for ..."),
    ("</form>", "", "not HTML"),
];

fn headers() -> HeaderMap {
    let headers = HEADERS
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    headers.into_iter().collect()
}

fn faults(html: &str) -> Vec<String> {
    Page::read(StatusCode::OK, headers(), html.to_owned()).faults()
}

#[test]
fn a_page_as_it_should_be_has_no_fault() {
    assert_eq!(faults(&FORM.replace(" value=\"jeton\"", "")), [""; 0], "before one signs in");
    assert_eq!(faults(FORM), [""; 0]);
    assert_eq!(faults(&FORM.replace("<title>", "<title>Erreur\u{a0}: ")), [""; 0]);
}

#[test]
fn each_fault_of_a_page_is_found() {
    for (good, bad, told) in FAULTS {
        assert!(FORM.contains(good), "{good} is not in the page");
        let found = faults(&FORM.replacen(good, bad, 1));
        assert!(found.iter().any(|fault| fault.contains(told)), "{bad}: {found:?}");
    }
}

#[test]
fn a_page_that_weighs_too_much_is_found() {
    let heavy = FORM.replace("Une ligne.", &"Une ligne. ".repeat(10_000));
    assert_eq!(faults(&heavy), [format!("{} octets: more than 100000", heavy.len())]);
}

#[test]
fn each_fault_of_its_headers_is_found() {
    for (name, bad, told) in [
        ("content-type", "text/html", "Content-Type: text/html"),
        ("cache-control", "max-age=60", "it may be stored: Cache-Control"),
        ("content-security-policy", "default-src 'self'", "its policy has no frame-ancestors"),
        (
            "content-security-policy",
            "style-src 'unsafe-inline'",
            "its policy allows what is unsafe",
        ),
    ] {
        let mut headers = headers();
        headers.insert(name, HeaderValue::from_static(bad));
        let found = Page::read(StatusCode::OK, headers, FORM.to_owned()).faults();
        assert!(found.iter().any(|fault| fault.contains(told)), "{name}: {bad}: {found:?}");
    }
}

#[test]
fn a_page_is_read_as_people_read_it() {
    let page = Page::checked(StatusCode::OK, headers(), FORM.to_owned());
    assert_eq!(page.title(), "Écrire – Collège");
    assert!(page.text().contains("\nL’école est fermée : « neige » ; ouverte lundi ?\n"));
    assert_eq!(page.link("Aller au contenu"), Some("#contenu"));
    assert_eq!(page.paths(), [""; 0]);
    assert_eq!((page.value("csrf"), page.value("objet")), (Some("jeton"), None));
}
