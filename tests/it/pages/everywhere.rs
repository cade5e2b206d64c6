//! Every page there is, found by its links in a school where something of each kind has happened: none is out of reach,
//! each is fit for everybody, and the keyboard alone comes everywhere on it.

use std::collections::BTreeMap;
use std::time::Duration;

use chappe::accounts::{AccountRole, Right};
use chappe::message::Message;

use super::composing::written;
use super::imports::{LIST, give, settled};
use super::letters::print;
use super::site::{Site, families};
use super::slips;
use super::to_do::PRONOTE;
use crate::browser::{Browser, Visitor};
use crate::promises::people::Way;
use crate::town::settings::until;

/// What stands on each page.
const HELP: &str = "<summary>Comment cela marche</summary>";
const STATEMENT: &str = "href=\"/accessibilite\"";

/// Addresses that no page of this school links to, each with why.
const NOT_LINKED: [(&str, &str); 30] = [
    ("/annonces/{code}/reponses", "stands where a question is asked"),
    ("/annuaire/personnes/{handle}/stop", "stands where somebody asked for no more"),
    ("/a-traiter/non-jointes", "stands where there are many"),
    ("/a-traiter/incertains", "stands where there are many"),
    ("/a-traiter/reponses", "stands where there are many"),
    ("/a-traiter/boite/{name}/pieces/{number}", "stands where something is attached"),
    ("/courriers/lots/{number}/etiquettes.pdf", "is asked for by a form"),
    ("/courriers/lots/{number}/liste.csv", "stands where there are piles or documents"),
    ("/documents/rendus/{number}", "stands where work came back"),
    ("/connexion", "a stranger is led there"),
    ("/connexion/code", "whoever gave a password is led there"),
    ("/code", "stands on a stranger's page"),
    ("/lien/{link}", "is given by the terminal"),
    ("/annonces/brouillons/{number}", "leads on to a step"),
    ("/annonces/brouillons/{number}/apercu/{place}/courriel", "stands in a frame"),
    ("/annonces/brouillons/{number}/apercu/{place}/lettre", "is a picture of a page"),
    ("/accords/{number}", "stands where a yes is asked for"),
    ("/accords/{number}/refuser", "stands where a yes is asked for"),
    ("/direct", "is asked by the script"),
    ("/annonces/{code}/direct", "is asked by the script"),
    ("/reglages/comptes/{id}/telephone-perdu", "stands where an account has a telephone"),
    ("/reglages/comptes/{id}/detacher", "stands where an account is tied to a provider"),
    ("/canaux/reprendre", "stands while nothing may leave"),
    ("/connexion/ailleurs", "stands where people identify themselves elsewhere"),
    ("/connexion/en-route", "stands where people identify themselves elsewhere"),
    ("/connexion/retour", "stands where people identify themselves elsewhere"),
    ("/connexion/depart", "stands where people identify themselves elsewhere"),
    ("/compte/identite", "stands where people identify themselves elsewhere"),
    ("/annuaire/import/{upload}/ecartees", "stands where something is set aside"),
    ("/annuaire/import/{upload}/confirmer", "stands where something is doubted"),
];

/// A school where each kind of thing has happened, and somebody who may do everything.
struct Full {
    site: Site,
    visitor: Visitor,
}

impl Full {
    async fn open() -> Self {
        let mut people = families();
        people.family("Karim BENALI", &[Way::Mobile("06 39 98 00 01")]);
        people.family("Mei OUEDRAOGO", &[]);
        let settings = [
            PRONOTE,
            ("PLANS__TELEPHONE", "[{ channels = [\"phone\"] }]"),
            ("PLANS__COURRIEL", "[{ channels = [\"email\"] }]"),
            // Where several serve a channel, their order is a setting.
            ("PROVIDERS__SECOURS", "{ folder = { channel = \"sms\", path = \"secours\" } }"),
            ("ROUTES__SMS", "[\"sms\", \"secours\"]"),
        ];
        let site = Site::with(people, &settings).await;
        let rights = Some(&Right::ALL[..]);
        let account = site.account_with("camille", AccountRole::Direction, rights).await;
        let mut visitor = site.signed_in(&account).await;
        site.account("sam", AccountRole::Tutor).await;
        let message = site.scene.launch().await;
        until(async || {
            site.scene.pass(Duration::from_mins(1));
            site.scene.status(&message).await.addressees.on_letter > 0
        })
        .await;
        site.scene.launch_by("telephone").await;
        let partly = site.scene.launch_by("courriel").await;
        site.scene.until(&partly, |status| status.addressees.unreached > 0).await;
        Self::fill(&mut visitor, &message).await;
        slips::read(&mut visitor, "pile.pdf", &slips::first_batch(&site)).await;
        // An import is taken back while nobody did anything after it.
        site.scene.clock.advance(Duration::from_secs(1));
        Self::import(&mut visitor).await;
        Self { site, visitor }
    }

    /// What people do by hand: letters posted, a card published, a call to make, a ruling, a draft, a template.
    async fn fill(visitor: &mut Visitor, message: &Message) {
        print(visitor).await;
        visitor.get("/courriers/lots/1").await;
        visitor.post("/courriers/lots/1/poster", &[]).await;
        let card = format!("/a-traiter/cartes/{}/ent", message.code);
        visitor.get(&card).await;
        visitor.post(&format!("{card}/publier"), &[("heure", ""), ("par", "Sylvie")]).await;
        let template = "/modeles/fermeture/modifier";
        visitor.get(template).await;
        for (version, said) in [("0", "Bonjour"), ("1", "Bonjour à tous")] {
            let said = format!("{{{{objet}}}} {said}");
            visitor.post(template, &[("version", version), ("fichier-sms.hbs", &said)]).await;
        }
        Self::rule(visitor).await;
        Self::give_an_address(visitor).await;
        let list = [("qui", "familles"), ("classe", "6A"), ("nom", "voyage")];
        visitor.get("/annuaire/listes/nouvelle").await;
        visitor.post("/annuaire/listes/nouvelle", &list).await;
        Self::add_a_plan(visitor).await;
        written(visitor).await;
    }

    /// A plan that nobody needs, and which may be removed.
    async fn add_a_plan(visitor: &mut Visitor) {
        let version = visitor.get("/reglages/plan?nom=").await.value("version").unwrap().to_owned();
        let plan = [("nouveau", "a-part"), ("place-0", "1"), ("voies-0", "letter")];
        let plan: Vec<_> = plan.into_iter().chain([("version", version.as_str())]).collect();
        visitor.post("/reglages/plan", &plan).await;
    }

    /// Notes a ruling about a pupil and a parent.
    async fn rule(visitor: &mut Visitor) {
        let pupil = found(visitor, "petit", "eleves").await;
        let pupil = pupil.rsplit('/').next().unwrap().to_owned();
        let decision = format!("{}/decision", found(visitor, "petit", "personnes").await);
        visitor.get(&format!("{decision}?eleve={pupil}")).await;
        let fields = [("eleve", pupil.as_str()), ("motif", "court"), ("note", "coffre")];
        visitor.post(&decision, &fields).await;
    }

    /// Applies a file, and gives another that waits.
    async fn import(visitor: &mut Visitor) {
        let path = give(visitor, "liste.csv", LIST).await;
        let page = settled(visitor, &path).await;
        let reading = page.value("lecture").unwrap().to_owned();
        visitor.post(&format!("{path}/appliquer"), &[("lecture", &reading)]).await;
        settled(visitor, &path).await;
        let path = give(visitor, "autre.csv", &[LIST, b"ROUX;Tom;6B;;;\r\n"].concat()).await;
        settled(visitor, &path).await;
    }

    /// Whom nothing could reach can be now.
    async fn give_an_address(visitor: &mut Visitor) {
        let contact = format!("{}/contact", found(visitor, "ouedraogo", "personnes").await);
        for reached_by in [("courriel", "mei@example.org"), ("telephone", "06 39 98 00 02")] {
            visitor.get(&contact).await;
            visitor.post(&contact, &[reached_by]).await;
        }
    }

    /// One path of each kind of page, by the address that it goes by.
    async fn pages(&mut self) -> BTreeMap<&'static str, String> {
        let mut pages = BTreeMap::new();
        let beside = NOT_LINKED.iter().map(|(path, _)| *path);
        let beside = beside.filter(|path| path.starts_with("/a-traiter/") && !path.contains('{'));
        let beside = beside.map(str::to_owned);
        let from = beside.chain(self.people().await).chain(["/".to_owned()]);
        let seen = self.visitor.wander(&from.collect::<Vec<_>>()).await;
        let doors = self.site.doors();
        for (path, what) in seen {
            let door = doors.iter().filter(|door| door.method == "GET");
            let Some(door) = door
                .filter(|door| goes_by(&path, door.path))
                .min_by_key(|door| door.path.matches('{').count())
            else {
                continue;
            };
            let is_page = !what.contains('/') && !what.starts_with("leads to");
            let kept = pages.entry(door.path).or_insert_with(String::new);
            if is_page && kept.len() < path.len() {
                *kept = path;
            }
        }
        pages
    }

    /// The people whom a search finds; no address holds a name, so no link does either.
    async fn people(&mut self) -> Vec<String> {
        self.visitor.get("/annuaire").await;
        let mut paths = Vec::new();
        for name in ["petit", "durand"] {
            let page = self.visitor.post("/annuaire", &[("q", name)]).await;
            paths.extend(page.paths().into_iter().filter(|path| path.starts_with("/annuaire/")));
        }
        paths
    }
}

/// The path of somebody who is looked for by name.
async fn found(visitor: &mut Visitor, name: &str, kind: &str) -> String {
    visitor.get("/annuaire").await;
    let paths = visitor.post("/annuaire", &[("q", name)]).await.paths();
    let mut paths = paths.into_iter();
    paths.find(|path| path.starts_with(&format!("/annuaire/{kind}/"))).unwrap()
}

fn goes_by(path: &str, door: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let (mut parts, mut wanted) = (path.split('/'), door.split('/'));
    loop {
        match (parts.next(), wanted.next()) {
            (None, None) => return true,
            (Some(part), Some(wanted)) if wanted.starts_with('{') || part == wanted => {}
            _ => return false,
        }
    }
}

#[tokio::test]
async fn every_address_is_led_to_by_a_link_and_each_page_says_how_it_works() {
    let mut full = Full::open().await;
    let pages = full.pages().await;
    let doors = full.site.doors();
    let gets = doors.iter().filter(|door| door.method == "GET").map(|door| door.path);
    let missing: Vec<&str> = gets
        .filter(|path| !pages.contains_key(path))
        .filter(|path| !NOT_LINKED.iter().any(|(known, _)| known == path))
        .collect();
    assert!(missing.is_empty(), "no page links to {missing:#?}");
    let mut wrong = Vec::new();
    let mut look = async |visitor: &mut Visitor, path: &str| {
        let html = visitor.fetch(path).await.text();
        for wanted in [HELP, STATEMENT] {
            if html.matches(wanted).count() != 1 {
                wrong.push(format!("{path}: {} times {wanted}", html.matches(wanted).count()));
            }
        }
    };
    for path in pages.values().filter(|path| !path.is_empty()) {
        look(&mut full.visitor, path).await;
    }
    let mut stranger = full.site.stranger();
    for path in ["/connexion", "/connexion/code", "/code", "/accessibilite"] {
        look(&mut stranger, path).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_page_is_for_everybody() {
    let mut full = Full::open().await;
    let pages = full.pages().await;
    let paths: Vec<&String> = pages.values().filter(|path| !path.is_empty()).collect();
    let browsers = Browser::several::<2>().await;
    let (one, other) = paths.split_at(paths.len() / 2);
    let look = async |browser: &Browser, paths: &[&String]| {
        browser.goes_on_as(&full.visitor).await;
        let mut wrong = Vec::new();
        for path in paths {
            browser.open(&format!("{}{path}", full.site.root)).await;
            let of_page = browser.unfit().await.into_iter().map(|fault| format!("{path}: {fault}"));
            wrong.extend(of_page);
            browser.pictures(&path.replace(['/', '?'], "-")).await;
        }
        wrong
    };
    let (one, other) = tokio::join!(look(&browsers[0], one), look(&browsers[1], other));
    let wrong = [one, other].concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
