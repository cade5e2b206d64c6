//! What was sent is followed, looked through by name, and decided about.

use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::channel::Channel;
use chappe::demo::ent::Weather;
use chappe::message::{Message, MessageState, Urgency};
use chappe::office;
use chappe::people::{Act, By};
use chappe::queue::Status;
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::browser::Visitor;
use crate::promises::people::{People, Way};
use crate::promises::scene::is_settled;

/// A school of three families, to whom an announcement went that nothing more happens to.
async fn sent() -> (Site, Message, Visitor) {
    sent_to(families()).await
}

async fn sent_to(people: People) -> (Site, Message, Visitor) {
    let site = Site::of(people).await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    let visitor = site.secretary().await;
    (site, message, visitor)
}

fn path(message: &Message, rest: &str) -> String {
    format!("/annonces/{}{rest}", message.code)
}

/// Families of whom one has no way at all.
fn with_one_out_of_reach() -> People {
    let mut people = families();
    people.family("Mei <b>OUEDRAOGO", &[]);
    people
}

#[tokio::test]
async fn an_announcement_says_where_it_stands_in_a_sum_that_adds_up() {
    let (site, message, mut visitor) = sent().await;
    let page = visitor.get(&path(&message, "")).await;
    let text = page.text();
    assert!(text.contains("2 + 1 = 3 destinataires."), "{text}");
    assert!(text.contains("Ce que les voies ont fait"), "{text}");
    for level in [
        "Remis\n2au service, ou posté",
        "Arrivé\n0le service le confirme",
        "Vu\n0ouvert par eux",
        "Répondu\n0coupon, SMS, appel",
    ] {
        assert!(text.contains(level), "{level}: {text}");
    }
    assert!(text.contains("pour : familles · plan « famille »"), "{text}");
    assert!(!page.html.contains("<svg class=\"chart\""), "all at once is no line");
    site.scene.pass(Duration::from_mins(30));
    let (queue, now) = (&site.school().queue, site.scene.clock.now());
    let batch = queue.letters().gather(None, now).await.unwrap().unwrap();
    queue.letters().mark_posted(&batch, By::program(now)).await.unwrap();
    let page = visitor.get(&path(&message, "")).await;
    let chart = page.html.split("<svg class=\"chart\"").nth(1).unwrap();
    let told = "Destinataires joints au fil du temps, sur 3 : 2 à 8 h, 3 à 8 h 30.";
    assert!(chart.split('>').next().unwrap().contains(told), "{chart}");
    let list = visitor.get("/annonces").await.text();
    assert!(list.contains("1 annonce envoyée") && list.contains(message.code.as_str()), "{list}");
}

#[tokio::test]
async fn whom_nothing_reached_stands_there_by_name_and_what_was_tried() {
    let (_site, message, mut visitor) = sent_to(with_one_out_of_reach()).await;
    let page = visitor.get(&path(&message, "")).await;
    let text = page.text();
    assert!(text.contains("1 personne que rien n’a jointe"), "{text}");
    assert!(text.contains("Mei <B>OUEDRAOGO") && text.contains("aucune adresse connue"), "{text}");
    assert!(!page.html.contains("<B>OUEDRAOGO"));
}

#[tokio::test]
async fn addressees_are_found_by_state_by_way_by_class_and_by_name() {
    let (_site, message, mut visitor) = sent().await;
    let mut found = async |query: &str| {
        visitor.get(&path(&message, &format!("/destinataires{query}"))).await.text()
    };
    let all = found("").await;
    assert!(all.contains("3 destinataires") && all.contains("Marc PETIT"), "{all}");
    let paper = found("?etat=on_letter").await;
    assert!(paper.contains("1 destinataire") && paper.contains("Lea MOREAU"), "{paper}");
    let email = found("?voie=email").await;
    assert!(email.contains("Marc PETIT") && !email.contains("Lea MOREAU"), "{email}");
    assert!(found("?classe=3C").await.contains("Personne ne correspond."));
    assert!(found("?etat=nowhere&voie=pigeon&page=99").await.contains("3 destinataires"));
    assert!(found("?nom=durand").await.contains("3 destinataires"), "no address holds a name");
    let named = visitor
        .post(&path(&message, "/destinataires"), &[("nom", "durand"), ("classe", "6A")])
        .await
        .text();
    assert!(named.contains("Ines DURAND") && named.contains("1 destinataire"), "{named}");
    // Without a name there is nothing to hide, and an address that can be given on.
    let filtered = [("nom", ""), ("etat", "on_letter"), ("classe", "6A")];
    let answer = visitor.send(&path(&message, "/destinataires"), &filtered).await;
    let list = path(&message, "/destinataires?etat=on_letter&classe=6A&page=1");
    assert_eq!(answer.location(), Some(list.as_str()));
}

#[tokio::test]
async fn one_addressee_is_told_as_it_happened() {
    let (_site, message, mut visitor) = sent().await;
    let list = visitor.get(&path(&message, "/destinataires")).await;
    let one = list.link("Marc PETIT").unwrap().to_owned();
    let text = visitor.get(&one).await.text();
    for told in
        ["L’annonce est lancée.", "Essai par courriel : pris en charge.", "marc@example.org"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    for none in ["/destinataires/99", "/destinataires/x"] {
        let answer = visitor.fetch(&path(&message, none)).await;
        assert!(answer.status.is_client_error(), "{none}: {}", answer.status);
    }
}

#[tokio::test]
async fn an_announcement_that_is_suspended_goes_on_when_somebody_says_so() {
    let site = Site::with(families(), &[("DISPATCH__UNDO", "1h")]).await;
    let message = site.scene.launch().await;
    let mut visitor = site.secretary().await;
    visitor.get(&path(&message, "")).await;
    let page = visitor.post(&path(&message, "/suspendre"), &[]).await;
    assert!(page.text().contains("Suspendue : rien ne part"), "{}", page.text());
    let twice = visitor.send(&path(&message, "/suspendre"), &[]).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER);
    assert_eq!(site.scene.status(&message).await.state, MessageState::Paused);
    let page = visitor.post(&path(&message, "/reprendre"), &[]).await;
    assert!(page.text().contains("Les envois reprennent."), "{}", page.text());
    assert_eq!(site.scene.status(&message).await.state, MessageState::Running);
}

#[tokio::test]
async fn a_cancellation_is_asked_with_its_number_and_ends_what_had_not_left() {
    let (site, message, mut visitor) = sent().await;
    let page = visitor.get(&path(&message, "/annuler")).await;
    let text = page.text();
    assert!(text.contains("1 destinataire ne la recevra pas ; 2 autres l’ont déjà"), "{text}");
    let page = visitor.post(&path(&message, "/annuler"), &[]).await;
    assert!(page.text().contains("annulée pour 1 destinataire"), "{}", page.text());
    assert_eq!(site.scene.status(&message).await.addressees.cancelled, 1);
    let again = visitor.send(&path(&message, "/reprendre"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_was_pressed_before_anything_left_is_asked_again_once_something_has() {
    let (site, message, mut visitor) = sent().await;
    visitor.get(&path(&message, "")).await;
    let answer = visitor.send(&path(&message, "/annuler"), &[("avant-depart", "oui")]).await;
    assert_eq!(answer.location(), Some(path(&message, "/annuler").as_str()));
    assert_eq!(site.scene.status(&message).await.state, MessageState::Running);
}

#[tokio::test]
async fn a_correction_shows_what_changes_and_goes_to_those_who_had_the_text() {
    let (site, message, mut visitor) = sent().await;
    let form = visitor.get(&path(&message, "/rectifier")).await;
    let subject = form.value("champ-objet").unwrap().to_owned();
    assert_eq!(Some(&subject), message.fields.get("objet"));
    let mut fields: Vec<(String, String)> =
        message.fields.iter().map(|(name, text)| (format!("champ-{name}"), text.clone())).collect();
    let unchanged = fields.clone();
    let unchanged: Vec<(&str, &str)> =
        unchanged.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let refused = visitor.send(&path(&message, "/rectifier"), &unchanged).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, text) in &mut fields {
        if name == "champ-objet" {
            text.push_str(" (corrigé)");
        }
    }
    let mut fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let looked = visitor.send(&path(&message, "/rectifier"), &fields).await;
    assert_eq!(looked.status, StatusCode::OK);
    let looked = looked.page();
    let (text, seen) = (looked.text(), looked.value("vu").unwrap());
    assert!(text.contains("Envoyer le rectificatif à 3 destinataires"), "{text}");
    assert_eq!(office::newest(site.school(), 9).await.unwrap().len(), 1);
    fields.extend([("envoyer", "oui"), ("vu", seen)]);
    let page = visitor.post(&path(&message, "/rectifier"), &fields).await;
    assert!(page.title().contains("(corrigé)"), "{}", page.title());
    let earlier = visitor.get(&path(&message, "")).await.text();
    assert!(earlier.contains("Rectifiée par"), "{earlier}");
}

#[tokio::test]
async fn those_whom_nothing_reached_are_tried_again_once_they_can_be() {
    let (site, message, mut visitor) = sent_to(with_one_out_of_reach()).await;
    let nobody = visitor.fetch(&path(&message, "/relancer")).await;
    assert_eq!(nobody.status, StatusCode::CONFLICT);
    let page = visitor.get(&path(&message, "")).await;
    assert!(!page.html.contains("/relancer"), "nobody can be tried again: {}", page.text());
    let mut people = families();
    people.family("Mei <b>OUEDRAOGO", &[Way::Email("mei@example.org")]);
    site.import(people).await;
    let leads_on = visitor.get(&path(&message, "")).await;
    assert_eq!(leads_on.link("Relancer les non joints"), Some(&*path(&message, "/relancer")));
    let text = visitor.get(&path(&message, "/relancer")).await.text();
    assert!(text.contains("Relancer 1 personne") && !text.contains("deux fois"), "{text}");
    site.scene.pass(Duration::from_secs(1));
    let page = visitor.post(&path(&message, "/relancer"), &[]).await;
    assert!(page.text().contains("1 destinataire"), "{}", page.text());
    let newest = &office::newest(site.school(), 9).await.unwrap()[0];
    assert_eq!(newest.terms.retries.as_ref(), Some(&message.code));
}

/// Of two families the ENT loses the answers for a day, so that nobody knows whether they have it; a third has no way.
async fn uncertain() -> (Site, Message) {
    let mut people = People::none();
    people.families(2, true, false);
    people.family("Mei OUEDRAOGO", &[]);
    let ent_only = "[{ channels = [\"ent\"], patience = \"1h\" }]";
    let site = Site::with(people, &[("PLANS__FAMILLE", ent_only)]).await;
    site.scene.ent.set_weather(Weather::TimesOut504);
    let message = site.scene.launch().await;
    let is_lost = |it: &Status| it.channels[&Channel::Ent].uncertain == 2;
    site.scene.until(&message, is_lost).await;
    site.scene.pass(Duration::from_hours(2));
    site.scene.until(&message, |it| it.addressees.uncertain == 2).await;
    (site, message)
}

#[tokio::test]
async fn what_is_uncertain_goes_again_where_somebody_says_so_with_a_warning() {
    let (site, message) = uncertain().await;
    let mut visitor = site.secretary().await;
    let to_do = visitor.get("/a-traiter/incertains").await.text();
    assert!(
        to_do.contains("relancez les envois incertains depuis la page de l’annonce"),
        "{to_do}"
    );
    let page = visitor.get(&path(&message, "")).await;
    let form = path(&message, "/relancer?incertains=oui");
    assert_eq!(page.link("Relancer les envois incertains"), Some(&*form));
    let asked = visitor.fetch(&path(&message, "/relancer")).await;
    assert_eq!(asked.location(), Some(&*form), "nobody else can be tried again");
    let text = visitor.get(&form).await.text();
    let warning =
        "2 personnes ont peut-être déjà reçu cette annonce : elles l’auront alors deux fois.";
    assert!(text.contains(warning) && text.contains("Relancer 2 personnes"), "{text}");
    let plain = visitor.send(&path(&message, "/relancer"), &[]).await;
    assert_eq!(plain.status, StatusCode::CONFLICT, "it is not what was chosen");
    visitor.get(&form).await;
    let page = visitor.post(&path(&message, "/relancer"), &[("incertains", "oui")]).await;
    assert!(page.text().contains("2 destinataires"), "{}", page.text());
    let newest = &office::newest(site.school(), 9).await.unwrap()[0];
    assert_eq!(newest.terms.retries.as_ref(), Some(&message.code));
    let page = visitor.get(&path(&message, "")).await;
    assert!(!page.html.contains("/relancer"), "they are on their way again: {}", page.text());

    // Who can be reached now beside others who may have it is offered both.
    let mut people = People::none();
    people.families(2, true, false);
    people.family("Mei OUEDRAOGO", &[Way::Account]);
    site.import(people).await;
    let page = visitor.get(&path(&message, "")).await;
    assert_eq!(page.link("Relancer les non joints"), Some(&*path(&message, "/relancer")));
}

#[tokio::test]
async fn a_table_leaves_with_its_line_in_the_journal_for_whoever_may_take_one() {
    let (site, message, mut visitor) = sent().await;
    visitor.get(&path(&message, "")).await;
    let answer = visitor.send(&path(&message, "/exporter"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.headers["content-disposition"].to_str().unwrap().contains(".csv"));
    assert!(answer.text().contains("Ines DURAND"));
    let noted = office::journal(site.school(), 20).await.unwrap();
    let noted = noted.iter().find(|noted| noted.act == Act::Export).unwrap();
    assert_eq!(noted.by.name(), "Camille Arago");
}

#[tokio::test]
async fn whoever_may_see_no_family_sees_the_sum_and_no_name() {
    let (site, message, _) = sent_to(with_one_out_of_reach()).await;
    let account = site.account("machine", AccountRole::It).await;
    let mut visitor = site.signed_in(&account).await;
    let page = visitor.get(&path(&message, "")).await;
    assert!(page.text().contains("= 4 destinataires."), "{}", page.text());
    for name in ["DURAND", "PETIT", "MOREAU", "OUEDRAOGO", "/destinataires"] {
        assert!(!page.html.contains(name), "{name}");
    }
}

#[tokio::test]
async fn a_professeur_principal_sees_the_families_of_the_class_and_no_other() {
    let mut people = families();
    let other = people.guardian("Paul AUTRE", &[Way::Email("paul@example.org")]);
    people.pupil("Jean AUTRE", "3C", &[&other]);
    let (site, message, _) = sent_to(people).await;
    let account = site.head_of("3C").await;
    let mut visitor = site.signed_in(&account).await;
    let list = visitor.get(&path(&message, "/destinataires")).await;
    let text = list.text();
    assert!(text.contains("1 destinataire") && text.contains("Paul AUTRE"), "{text}");
    assert!(!list.html.contains("DURAND"));
    let own = list.link("Paul AUTRE").unwrap().to_owned();
    for number in 0..4 {
        let one = path(&message, &format!("/destinataires/{number}"));
        let status = visitor.fetch(&one).await.status;
        assert_eq!(status == StatusCode::OK, one == own, "{one}: {status}");
    }
    let page = visitor.get(&path(&message, "")).await;
    assert!(!page.html.contains("DURAND") && !page.html.contains("PETIT"));
}

#[tokio::test]
async fn an_announcement_that_is_not_there_is_not_found() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    for rest in ["", "/destinataires", "/destinataires/0", "/annuler", "/rectifier", "/relancer"] {
        let answer = visitor.fetch(&format!("/annonces/ZZZZ{rest}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{rest}");
    }
    let text = visitor.get("/annonces").await.text();
    assert!(text.contains("Aucune annonce n’a encore été envoyée."), "{text}");
}

#[tokio::test]
async fn before_it_leaves_one_press_takes_an_announcement_back_from_everybody() {
    let site = Site::with(families(), &[("DISPATCH__UNDO", "1h")]).await;
    let message = site.scene.launch_to("familles", Urgency::Bulk).await;
    site.scene.pass(Duration::from_secs(1));
    let mut visitor = site.secretary().await;
    let text = visitor.get(&path(&message, "")).await.text();
    assert!(text.contains("Annuler l’envoi : rien n’est encore parti"), "{text}");
    let page = visitor.post(&path(&message, "/annuler"), &[("avant-depart", "oui")]).await;
    assert!(page.text().contains("personne ne l’a reçue"), "{}", page.text());
}
