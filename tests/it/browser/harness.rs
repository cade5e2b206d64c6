//! The harness itself, on small pages of its own: what it says is there is there, and what is wrong is found.

mod site;

use std::fs;
use std::path::Path;
use std::process::Command;

use reqwest::{Method, StatusCode};
use tempfile::TempDir;

use super::page::sample::FORM;
use super::session::patiently;
use super::{Browser, Visitor, axe};
use site::{PAGE, Site};

fn with(good: &str, bad: &str) -> String {
    assert!(PAGE.contains(good), "{good} is not in the page");
    PAGE.replacen(good, bad, 1)
}

async fn opened(browser: &Browser, html: &str) -> Site {
    let site = Site::open([("/", html.to_owned())]).await;
    browser.open(&site.root).await;
    site
}

#[tokio::test]
async fn a_form_is_filled_and_sent_by_the_words_on_it_with_scripts_and_without() {
    let (browser, folder) = (Browser::start().await, TempDir::new().unwrap());
    let list = folder.path().join("liste.csv");
    fs::write(&list, "nom;classe\n").unwrap();
    for may_run in [true, false] {
        let site = Site::open([("/", FORM.to_owned()), ("/envoi", PAGE.to_owned())]).await;
        browser.scripts(may_run).await;
        browser.open(&site.root).await;
        assert_eq!(browser.title().await, "Écrire – Collège");
        browser.fill("Objet :", "avant").await;
        browser.fill("Objet :", "Neige à l’école").await;
        assert_eq!(browser.filled("Objet :").await, "Neige à l’école");
        assert!(browser.text().await.contains("Écrire L’école est fermée : « neige »"));
        browser.attach("La liste", &list).await;
        browser.choose("Plus tard").await;
        browser.check("M’envoyer une copie").await;
        browser.check("M’envoyer une copie").await;
        browser.choose_from("Voie", "Lettre").await;
        browser.click("Envoyer à 12 familles").await;
        browser.sees("Toutes les annonces").await;
        let posts = site.posts();
        let [post] = posts.as_slice() else { panic!("{posts:?}") };
        for sent in
            ["jeton", "Neige à l’école", "nom;classe", "\r\n\r\n2\r\n", "\r\n\r\non\r\n", "Lettre"]
        {
            assert!(post.contains(sent), "no {sent:?} in {post}");
        }
        browser.back().await;
        browser.sees("Une ligne.").await;
        browser.reload().await;
        assert_eq!(site.posts().len(), 1, "{may_run}");
    }
}

#[tokio::test]
async fn a_double_click_sends_a_form_twice() {
    let browser = Browser::start().await;
    let site = Site::slow(FORM).await;
    browser.open(&site.root).await;
    browser.double_click("Envoyer à 12 familles").await;
    site.has_posts(2).await;
}

#[tokio::test]
async fn the_keyboard_alone_goes_through_a_page_and_comes_round() {
    let browser = Browser::start().await;
    let site = opened(&browser, PAGE).await;
    let stops =
        ["link: Aller au contenu", "textbox: Nom", "button: Chercher", "link: Toutes les annonces"];
    assert_eq!(browser.focus().await, "page");
    assert_eq!(browser.tab_stops().await, stops);
    browser.open(&site.root).await;
    browser.press("Tab").await;
    browser.press("Tab").await;
    browser.press("Anne").await;
    browser.press("Shift+Tab").await;
    assert_eq!(browser.focus().await, stops[0]);
    browser.press("Tab").await;
    browser.press("Enter").await;
    browser.arrives(&format!("{}/recherche?nom=Anne", site.root)).await;
}

#[tokio::test]
#[should_panic(expected = "Tab is caught at textbox: Nom")]
async fn a_page_that_keeps_the_keyboard_is_found() {
    let browser = Browser::start().await;
    let trap = "document.querySelector('button').addEventListener('focus', () => document.querySelector('input').focus());";
    let site = Site::open([("/", PAGE.to_owned()), ("/page.js", trap.to_owned())]).await;
    browser.open(&site.root).await;
    browser.tab_stops().await;
}

#[tokio::test]
async fn a_page_as_it_should_be_is_fit_for_everybody() {
    let browser = Browser::start().await;
    for html in [PAGE, FORM] {
        let _site = opened(&browser, html).await;
        browser.is_fit().await;
    }
}

#[tokio::test]
async fn axe_finds_what_is_planted() {
    let browser = Browser::start().await;
    for (good, bad, rule) in [
        ("<html lang=\"fr\">", "<html>", "html-has-lang"),
        ("<title>Annonces – Collège</title>", "", "document-title"),
        ("<label for=\"nom\">Nom</label>", "", "label at #nom"),
        ("<img src=\"/icon.svg\" alt=\"\">", "<img src=\"/icon.svg\">", "image-alt"),
        ("<h2>", "<h4>", "heading-order"),
        ("class=\"note\"", "class=\"pale\"", "color-contrast at .pale"),
        ("<main id=\"contenu\" tabindex=\"-1\">", "<div id=\"contenu\">", "landmark-one-main"),
    ] {
        let _site = opened(&browser, &with(good, bad)).await;
        let found = axe(&browser).await;
        assert!(found.iter().any(|fault| fault.starts_with(rule)), "{rule}: {found:?}");
    }
}

/// A colour that is dark enough on paper-white may be too dark by night.
#[tokio::test]
async fn a_fault_of_the_dark_look_alone_is_found() {
    let browser = Browser::start().await;
    let _site = opened(&browser, &with("class=\"note\"", "class=\"day\"")).await;
    assert_eq!(axe(&browser).await, [""; 0]);
    browser.dark(true).await;
    let found = axe(&browser).await;
    assert!(found.len() == 1 && found[0].starts_with("color-contrast at .day"), "{found:?}");
}

#[tokio::test]
async fn a_page_that_is_too_wide_for_a_telephone_is_found() {
    let browser = Browser::start().await;
    let _site = opened(&browser, &with("class=\"note\"", "class=\"wide\"")).await;
    let found = browser.too_wide().await;
    let widths: Vec<&str> = found.iter().map(|fault| fault.split(':').next().unwrap()).collect();
    assert_eq!(widths, ["320", "390"], "{found:?}");
    assert!(found[0].contains("400 needed") && found[0].contains("p « Rien ne part"), "{found:?}");
    // What scrolls by itself may be as wide as it needs.
    let scrolls = "<div class=\"scroller\"><b class=\"wide\">Rien</b></div>";
    let _site =
        opened(&browser, &with("<p class=\"note\">Rien ne part avant 8 h.</p>", scrolls)).await;
    assert_eq!(browser.too_wide().await, [""; 0]);
    // A telephone would show a page that does not speak of it as if from afar.
    let _site = opened(&browser, &with("name=\"viewport\"", "name=\"nothing\"")).await;
    assert_eq!(browser.too_wide().await.len(), 2);
}

#[tokio::test]
async fn a_paragraph_whose_lines_are_too_long_is_found() {
    let browser = Browser::start().await;
    let note = "<p class=\"note\">Rien ne part avant 8 h.</p>";
    let long = "Rien ne part avant huit heures du matin. ".repeat(9);
    let _site = opened(&browser, &with(note, &format!("<main><p>{long}</p></main>"))).await;
    let found = browser.lines_too_long().await;
    assert!(found.len() == 1 && found[0].starts_with("1280: "), "{found:?}");
    let narrow = format!("<main><p class=\"wide\">{long}</p></main>");
    let _site = opened(&browser, &with(note, &narrow)).await;
    assert_eq!(browser.lines_too_long().await, [""; 0]);
}

#[tokio::test]
async fn what_the_browser_complains_of_is_heard() {
    let browser = Browser::start().await;
    for (good, bad, told) in [
        ("src=\"/icon.svg\"", "src=\"/nowhere.svg\"", "404"),
        ("class=\"note\"", "style=\"color:red\"", "Content Security Policy"),
        ("src=\"/page.js\"", "src=\"/bad.js\"", "boum"),
    ] {
        let bad_script = ("/bad.js", "throw new Error('boum')".to_owned());
        let site = Site::open([("/", with(good, bad)), bad_script]).await;
        browser.open(&site.root).await;
        let found = browser.complaints().await;
        assert!(found.len() == 1 && found[0].contains(told), "{told}: {found:?}");
    }
}

#[tokio::test]
async fn a_page_is_drawn_and_printed() {
    let (browser, folder) = (Browser::start().await, TempDir::new().unwrap());
    let _site = opened(&browser, PAGE).await;
    let picture = folder.path().join("une/page.png");
    browser.draw(&picture).await;
    assert!(fs::read(picture).unwrap().starts_with(b"\x89PNG"));
    browser.picture("harness").await;
    let paper = folder.path().join("page.pdf");
    fs::write(&paper, browser.print().await).unwrap();
    let text = Command::new("pdftotext").arg(&paper).arg("-").output().unwrap();
    assert!(String::from_utf8(text.stdout).unwrap().contains("Rien ne part"));
}

#[tokio::test]
async fn two_browsers_share_no_cookie() {
    let [one, other] = Browser::several().await;
    let site = opened(&one, PAGE).await;
    one.open(&format!("{}/cookie", site.root)).await;
    other.open(&site.root).await;
    let cookies = one.cookies().await;
    let [cookie] = cookies.as_slice() else { panic!("{cookies:?}") };
    assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("__Host-session", "abc"));
    assert!(cookie.http_only && cookie.secure && cookie.same_site.as_deref() == Some("Lax"));
    assert!(other.cookies().await.is_empty());
}

/// How many processes were started with this folder.
fn processes(folder: &Path) -> usize {
    let folder = folder.to_str().unwrap();
    let all = fs::read_dir("/proc").unwrap().map(|process| process.unwrap().path());
    let said = all.filter_map(|process| fs::read(process.join("cmdline")).ok());
    said.filter(|said| String::from_utf8_lossy(said).contains(folder)).count()
}

#[tokio::test]
async fn a_browser_ends_with_a_test_that_fails_and_leaves_nothing_behind() {
    let browser = Browser::start().await;
    let folder = browser.session.folder().to_owned();
    assert!(folder.exists() && processes(&folder) > 1);
    let failing = tokio::spawn(async move {
        browser.open("about:blank").await;
        panic!("as a test does");
    });
    assert!(failing.await.is_err());
    patiently(async || match (processes(&folder), folder.exists()) {
        (0, false) => Ok(()),
        left => Err(format!("{left:?}")),
    })
    .await;
}

#[tokio::test]
#[should_panic(expected = "ERR_NAME_NOT_RESOLVED")]
async fn a_browser_asks_nobody_but_this_machine() {
    Browser::start().await.open("http://example.org").await;
}

#[tokio::test]
async fn a_visitor_keeps_cookies_and_tokens_and_follows_where_a_form_leads() {
    let site = Site::open([("/", FORM.to_owned()), ("/envoi", PAGE.to_owned())]).await;
    let mut visitor = Visitor::of(&site.root);
    assert_eq!(visitor.get("/").await.status, StatusCode::OK);
    let page = visitor.post("/envoi", &[("objet", "l’été & moi")]).await;
    assert!(page.text().contains("Rien ne part") && page.headers.contains_key("cache-control"));
    assert_eq!(site.posts(), ["objet=l%E2%80%99%C3%A9t%C3%A9+%26+moi&csrf=jeton"]);
    let answer = visitor.send("/envoi", &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/envoi")));
    let answer = visitor.upload("/envoi", &[("a", "b")], ("liste", "l.csv", b"x;y")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(site.posts()[2].contains("name=\"liste\"; filename=\"l.csv\"\r\n\r\nx;y\r\n--"));
    visitor.fetch("/cookie").await;
    assert_eq!(visitor.cookies["__Host-session"], "abc");
    let raw = visitor.request(Method::POST, "/envoi").body("brut");
    assert!(visitor.answer(raw).await.text().is_empty());
    let browser = Browser::start().await;
    browser.goes_on_as(&visitor).await;
    assert_eq!(browser.cookies().await[0].value, "abc");
    visitor.fetch("/cookie-away").await;
    assert!(visitor.cookies.is_empty());
}

#[tokio::test]
async fn a_visitor_who_follows_every_link_has_seen_every_page() {
    let more = "<a href=\"/une#bas\">Une</a> <a href=\"/recherche\">Toutes</a>";
    let first = with("<h2>", &format!("<p>{more}</p><h2>"));
    let site = Site::open([("/", first), ("/une", PAGE.replace("Annonces", "Une"))]).await;
    let seen = Visitor::of(&site.root).wander(&["/".to_owned()]).await;
    let seen: Vec<(&str, &str)> = seen.iter().map(|(path, it)| (&**path, &**it)).collect();
    let kind = "text/plain";
    assert_eq!(
        seen,
        [("/", "Annonces – Collège"), ("/recherche", kind), ("/une", "Une – Collège")]
    );
}

#[tokio::test]
#[should_panic(expected = "/ links to /nulle-part: 404")]
async fn a_link_that_leads_nowhere_is_found() {
    let site = Site::open([("/", with("<a href=\"/\">", "<a href=\"/nulle-part\">"))]).await;
    Visitor::of(&site.root).wander(&["/".to_owned()]).await;
}

#[tokio::test]
#[should_panic(expected = "the id \"contenu\" stands twice")]
async fn a_visitor_sees_a_fault_that_no_test_looks_for() {
    let site = Site::open([("/", with("id=\"nom\"", "id=\"contenu\""))]).await;
    Visitor::of(&site.root).get("/").await;
}
