//! Réglages: what is in force in words, never a secret; what is changed from here, in the file and at once; and
//! whether everything is in order.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use chappe::accounts::{AccountRole, Right};
use chappe::app;
use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::config;
use chappe::demo::ent::Weather;
use chappe::id::Id;
use chappe::message::Urgency;
use chappe::office::School;
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::browser::{Browser, Page, Visitor};
use crate::town::settings::until;

async fn of_it(site: &Site) -> Visitor {
    let account = site.account("marie", AccountRole::It).await;
    site.signed_in(&account).await
}

/// Whoever may everything.
async fn of_all(site: &Site) -> Visitor {
    let account = site.account_with("sam", AccountRole::Direction, Some(&Right::ALL)).await;
    site.signed_in(&account).await
}

fn file(site: &Site) -> PathBuf {
    site.scene.folder.path().join("chappe.toml")
}

fn text(site: &Site) -> String {
    fs::read_to_string(file(site)).unwrap()
}

/// Posts a form of settings to the version that it was made from.
async fn save(visitor: &mut Visitor, path: &str, fields: &[(&str, &str)]) -> Page {
    let action = path.split('?').next().unwrap();
    let page = visitor.get(path).await;
    let version = page.value("version").unwrap().to_owned();
    let fields: Vec<_> = fields.iter().copied().chain([("version", version.as_str())]).collect();
    visitor.post(action, &fields).await
}

/// The school as another program reads it now.
fn as_now(site: &Site) -> School {
    let file = site.school().file.as_ref().unwrap();
    let mut config = file.config(&file.read().unwrap()).unwrap();
    config.store = site.school().config.store.clone();
    let (store, clock) = (site.school().store().clone(), site.scene.clock.clone());
    app::build_on(store, config, site.scene.folder.path(), clock).unwrap()
}

#[tokio::test]
async fn settings_are_told_in_words_and_no_page_of_them_shows_a_secret() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let text = visitor.get("/reglages").await.text();
    for said in [
        "0319999Z",
        "famille",
        "relais de courriel (SMTP)",
        "client_secret, gardé dans secrets/ent",
        "Ce qui est en vigueur depuis",
        "sur cet ordinateur seulement",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let secrets = fs::read_dir(site.scene.folder.path().join("secrets")).unwrap();
    let secrets = secrets.map(|it| fs::read_to_string(it.unwrap().path()).unwrap());
    let secrets: Vec<String> = secrets.collect();
    for path in [
        "/reglages",
        "/reglages/etablissement",
        "/reglages/heures/email",
        "/reglages/rythme",
        "/reglages/accord",
        "/reglages/prix",
        "/reglages/plan?nom=urgence",
        "/reglages/plan?nom=",
        "/reglages/plan/retirer?nom=papier",
        "/reglages/services/sms",
        "/reglages/verification",
    ] {
        let page = visitor.get(path).await;
        assert!(!page.text().contains("DURAND"), "{path}");
        for secret in &secrets {
            assert!(!page.html.contains(secret.trim()), "{path} shows a secret");
        }
    }
    fs::remove_file(site.scene.folder.path().join("secrets/ent")).unwrap();
    let text = visitor.get("/reglages").await.text();
    assert!(text.contains("client_secret, gardé dans secrets/ent : manque"), "{text}");
}

#[tokio::test]
async fn what_is_changed_is_one_line_of_the_file_and_in_force_at_once() {
    let site = Site::open().await;
    let mut visitor = of_all(&site).await;
    fs::set_permissions(file(&site), fs::Permissions::from_mode(0o640)).unwrap();
    let before = text(&site);
    site.scene.pass(Duration::from_hours(1));
    let signed = [("signataire", "Zoé Lunel"), ("ville", "Sète")];
    let page = save(&mut visitor, "/reglages/etablissement", &signed).await;
    let said = page.text();
    assert!(said.contains("C’est enregistré, et en vigueur."), "{said}");
    assert!(said.contains("en vigueur depuis 9 h") && said.contains("Zoé Lunel"), "{said}");
    let after = text(&site);
    let apart = before.lines().zip(after.lines()).filter(|(one, other)| one != other).count();
    assert_eq!((apart, before.lines().count()), (2, after.lines().count()), "{after}");
    let kept = site.scene.folder.path().join("chappe.toml.before");
    assert_eq!(fs::read_to_string(kept).unwrap(), before);
    let rights = fs::metadata(file(&site)).unwrap().permissions().mode() & 0o777;
    assert_eq!(rights, 0o640);
    let journal = visitor.get("/journal").await.text();
    assert!(journal.contains("a changé des réglages"), "{journal}");
    assert!(journal.contains("school.town, school.signatory_name"), "{journal}");
    assert!(!journal.contains("Lunel"), "keys, and no value: {journal}");
    let page = save(&mut visitor, "/reglages/etablissement", &signed).await;
    assert!(page.text().contains("Rien n’a changé"), "{}", page.text());
    assert_eq!(text(&site), after);
}

/// A form, what is typed into it, and what is said of that.
type Refused<'t> = (&'t str, &'t [(&'t str, &'t str)], &'t str);

#[tokio::test]
async fn a_value_that_cannot_be_is_refused_in_french_and_the_file_stands() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let before = text(&site);
    let (long, huge) = ("x".repeat(201), "12h-13h\n".repeat(101));
    let facts = "/reglages/etablissement";
    let (hours, rhythm, approval) =
        ("/reglages/heures/email", "/reglages/rythme", "/reglages/accord");
    let (new, paper) = ("/reglages/plan?nom=", "/reglages/plan?nom=papier");
    let letter = [("place-0", "1"), ("voies-0", "letter")];
    let named = |name| [[("nouveau", name)].as_slice(), &letter].concat();
    let (odd, known) = (named("Sortie !"), named("papier"));
    let cases: [Refused<'_>; 21] = [
        (facts, &[("nom", "")], "L’établissement a un nom"),
        (facts, &[("nom", &long)], "C’est trop long"),
        (facts, &[("telephone", "05")], "Ce n’est pas un numéro de téléphone"),
        (facts, &[("courriel", "secretariat")], "Ce n’est pas une adresse"),
        (facts, &[("site", "notre site")], "l’adresse d’une page"),
        (hours, &[("repos", "la nuit")], "« la nuit » ne se lit pas"),
        (hours, &[("repos", "0h-12h\n12h-0h")], "Rien ne partirait jamais"),
        (hours, &[("repos", &huge)], "C’est trop long"),
        (hours, &[("jours", "Noël")], "« Noël » ne se lit pas"),
        (rhythm, &[("vague", "vite")], "Cette durée ne se lit pas"),
        (rhythm, &[("plafond", "beaucoup")], "Ce n’est pas un nombre"),
        (rhythm, &[("plafond", "")], "Ce n’est pas un nombre"),
        ("/reglages/prix", &[("sms", "6,5 centimes")], "Ce prix ne se lit pas"),
        (rhythm, &[("recapitulatif", "17h")], "Ce moment de la semaine"),
        (approval, &[("personne-0", "marie")], "ne peut pas approuver"),
        (approval, &[("personne-0", "x"), ("depuis-0", "demain")], "Ce jour ne se lit pas"),
        (new, &odd, "petites lettres"),
        (new, &known, "Il y a déjà un plan"),
        (paper, &[("nom", "papier"), ("place-0", "1"), ("place-1", "2")], "n’a pas de voie"),
        (
            paper,
            &[("nom", "papier"), ("place-0", "0"), ("place-1", "2")],
            "Le plan n’a plus d’étape",
        ),
        ("/reglages/plan/retirer?nom=appel", &[("nom", "appel")], "Des foyers peu connectés"),
    ];
    for (path, fields, told) in cases {
        let page = save(&mut visitor, path, fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}: {}", page.text());
        assert!(page.text().contains(told), "{told}: {}", page.text());
        assert_eq!(text(&site), before, "{told}");
    }
    for path in
        ["/reglages/heures/letter", "/reglages/heures/x", "/reglages/plan?nom=y", "/reglages/plan"]
    {
        assert_eq!(visitor.fetch(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!site.scene.folder.path().join("chappe.toml.before").exists());
}

#[tokio::test]
async fn no_text_breaks_out_of_its_place_in_the_file() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let was = &site.school().config;
    visitor.get("/reglages/etablissement").await;
    for name in [
        "\" uai = \"0310001A\"",
        "\\\" # [web]",
        "''' [http] listen = '",
        "{ env = \"CHAPPE_OVH_SECRET\" }",
        "<script>alert(1)</script>",
    ] {
        let address = format!("{name}\n[http]\nlisten = \"0.0.0.0:80\"");
        let page = visitor.fetch("/reglages/etablissement").await.text();
        let (_, version) = page.split_once("name=\"version\" value=\"").unwrap();
        let version = version.split('"').next().unwrap();
        let fields = [("nom", name), ("adresse", address.as_str()), ("version", version)];
        let answer = visitor.send("/reglages/etablissement", &fields).await;
        assert_eq!(
            answer.location(),
            Some("/reglages?fait=enregistre"),
            "{name}: {}",
            answer.text()
        );
        let now = as_now(&site);
        assert_eq!((now.config.school.name.as_str(), now.config.school.address.len()), (name, 3));
        let mut config = now.config.clone();
        config.school = was.school.clone();
        assert_eq!(config, *was);
    }
    let large = "x".repeat(1_000_000);
    let answer = visitor.send("/reglages/etablissement", &[("nom", &large)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_file_that_somebody_changed_meanwhile_is_not_written_over() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let page = visitor.get("/reglages/etablissement").await;
    let version = page.value("version").unwrap().to_owned();
    let by_hand = text(&site).replace("\"Principale\"", "\"Proviseur\"");
    fs::write(file(&site), &by_hand).unwrap();
    let fields = [("version", version.as_str()), ("ville", "Sète")];
    let page = visitor.post("/reglages/etablissement", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = "a été changé depuis que cette page est ouverte";
    assert!(page.text().contains(told), "{}", page.text());
    assert_eq!((page.value("ville"), text(&site)), (Some("Sète"), by_hand.clone()));
    // What is written by hand is told, and read again when somebody says so.
    let said = visitor.get("/reglages").await.text();
    assert!(said.contains("changé à la main depuis") && said.contains("Principale"), "{said}");
    let said = visitor.post("/reglages/relire", &[]).await.text();
    assert!(said.contains("Le fichier est relu") && said.contains("Proviseur"), "{said}");
    assert!(!said.contains("prochain démarrage du programme"), "{said}");
    let of_next_start = by_hand.replace("uploads = \"uploads\"", "uploads = \"depots\"");
    fs::write(file(&site), of_next_start).unwrap();
    let said = visitor.post("/reglages/relire", &[]).await.text();
    assert!(said.contains("Sous [web], le fichier dit autre chose"), "{said}");
    fs::write(file(&site), by_hand.replace("undo =", "undoo =")).unwrap();
    let said = visitor.get("/reglages").await.text();
    assert!(said.contains("a une faute") && said.contains("undoo"), "{said}");
    assert!(said.contains("Proviseur"), "what was in force goes on: {said}");
    assert_eq!(visitor.fetch("/reglages/rythme").await.status, StatusCode::CONFLICT);
    assert_eq!(visitor.send("/reglages/relire", &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_the_environment_says_is_shown_as_fixed() {
    let site = Site::with(families(), &[("SCHOOL__NAME", "Collège fixé")]).await;
    let mut visitor = of_it(&site).await;
    let page = visitor.get("/reglages/etablissement").await;
    assert!(page.text().contains("Fixé par la variable CHAPPE__SCHOOL__NAME"), "{}", page.text());
    assert_eq!(page.value("nom"), None);
    let page = save(&mut visitor, "/reglages/etablissement", &[("nom", "Autre")]).await;
    assert!(page.text().contains("« school.name » est fixé"), "{}", page.text());
    let page = visitor.get("/reglages/plan?nom=famille").await;
    assert!(page.text().contains("CHAPPE__PLANS__FAMILLE"), "{}", page.text());
    assert_eq!(text(&site), config::SHIPPED);
}

#[tokio::test]
async fn a_file_that_the_daemon_may_not_replace_stands_and_that_is_told() {
    let site = Site::open().await;
    let mut visitor = of_all(&site).await;
    // Something stands where the new text is written first.
    fs::create_dir(site.scene.folder.path().join(".chappe.toml.part")).unwrap();
    let page = visitor.get("/reglages/rythme").await;
    let version = page.value("version").unwrap().to_owned();
    let fields = [("version", version.as_str()), ("plafond", "5")];
    let answer = visitor.send("/reglages/rythme", &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let told = "ne peut pas écrire le fichier de réglages";
    assert!(answer.text().contains(told), "{}", answer.text());
    assert_eq!(text(&site), config::SHIPPED);
    assert!(!visitor.get("/journal").await.text().contains("a changé des réglages"));
}

#[tokio::test]
async fn a_plan_gains_loses_and_moves_rungs_and_goes() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let sortie = [
        ("nouveau", "sortie"),
        ("place-0", "1"),
        ("voies-0", "ent"),
        ("voies-0", "email"),
        ("suffit-0", "read"),
        ("attendre-0", "1 h 30"),
    ];
    let said = save(&mut visitor, "/reglages/plan?nom=", &sortie).await.text();
    assert!(said.contains("ENT et courriel, jusqu’à l’ouverture, pendant 90 minutes"), "{said}");
    let more = [
        ("nom", "sortie"),
        ("place-0", "1"),
        ("voies-0", "ent"),
        ("attendre-0", "30 min"),
        ("place-1", "1"),
        ("voies-1", "sms"),
        ("suffit-1", "delivered"),
        ("attendre-1", "2 h"),
    ];
    save(&mut visitor, "/reglages/plan?nom=sortie", &more).await;
    let plan = as_now(&site).config.plan("sortie").unwrap();
    let ways: Vec<&str> = plan.rungs().iter().map(|it| it.channels[0].as_str()).collect();
    assert_eq!(ways, ["sms", "ent"], "the new one was moved before the other");
    let fewer = [
        ("nom", "sortie"),
        ("place-0", "0"),
        ("place-1", "2"),
        ("voies-1", "ent"),
        ("attendre-1", "1 h"),
        ("place-2", "3"),
    ];
    save(&mut visitor, "/reglages/plan?nom=sortie", &fewer).await;
    assert_eq!(as_now(&site).config.plan("sortie").unwrap().rungs().len(), 1);
    let gone = [("nom", "sortie")];
    assert!(visitor.get("/reglages/plan?nom=sortie").await.text().contains("Retirer ce plan"));
    let page = visitor.get("/reglages/plan?nom=appel").await;
    assert!(!page.text().contains("Retirer ce plan"), "households follow it");
    let page = save(&mut visitor, "/reglages/plan/retirer?nom=sortie", &gone).await;
    assert!(!page.text().contains("sortie"), "{}", page.text());
    assert_eq!(text(&site), config::SHIPPED, "what came and went leaves no trace");
}

#[tokio::test]
async fn prices_are_said_as_people_write_them_and_taken_back() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let prices = [("sms", "0,065"), ("feuille", "0.03 €"), ("envoi", "1,52"), ("appel", "")];
    let said = save(&mut visitor, "/reglages/prix", &prices).await.text();
    assert!(said.contains("C’est enregistré, et en vigueur."), "{said}");
    assert!(said.contains("0,065 €") && said.contains("pas de prix"), "{said}");
    assert!(text(&site).contains("sms = \"0.065\"\n") && !text(&site).contains("\ncall = "));
    let page = visitor.get("/reglages/prix").await;
    assert_eq!((page.value("sms"), page.value("envoi")), (Some("0,065"), Some("1,52")));
    save(&mut visitor, "/reglages/prix", &[("sms", ""), ("feuille", ""), ("envoi", "")]).await;
    assert_eq!(text(&site), config::SHIPPED, "what came and went leaves no trace");
}

#[tokio::test]
async fn how_fast_a_service_is_used_is_changed_key_by_key() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let path = "/reglages/services/relay/debit";
    let slow = [("minute", "1 200"), ("a-la-fois", "4")];
    let said = save(&mut visitor, path, &slow).await.text();
    assert!(said.contains("C’est enregistré, et en vigueur."), "{said}");
    assert!(said.contains("1200 par minute"), "{said}");
    assert!(text(&site).contains("pace = { at_once = 4, per_minute = 1200 }"), "{}", text(&site));
    let page = save(&mut visitor, path, &[("a-la-fois", "0")]).await;
    assert!(page.text().contains("au moins un envoi à la fois"), "{}", page.text());
    let page = save(&mut visitor, path, &[("minute", "")]).await;
    assert!(page.text().contains("Ce n’est pas un nombre"), "{}", page.text());
    let nobody = visitor.fetch("/reglages/services/personne/debit").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn as_whom_a_service_writes_is_changed_and_second_copies_stay_known() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let path = "/reglages/services/relay/expediteur";
    let before = visitor.get(path).await.value("adresse").unwrap().to_owned();
    let new = [
        ("adresse", "secretariat@college.example.org"),
        ("nom", "Collège Victor-Hugo"),
        ("reponses", "vie-scolaire@college.example.org"),
    ];
    let said = save(&mut visitor, path, &new).await.text();
    assert!(said.contains("C’est enregistré, et en vigueur."), "{said}");
    assert!(said.contains("Collège Victor-Hugo <secretariat@college.example.org>"), "{said}");
    let (_, domain) = before.rsplit_once('@').unwrap();
    let kept = format!("message_id_domain = \"{domain}\"");
    assert!(text(&site).contains(&kept), "{}", text(&site));
    let message = site.scene.launch_in(&as_now(&site), "familles", Urgency::Bulk).await;
    site.scene.until(&message, |status| status.addressees.reached == 2).await;
    let mail = site.scene.mails().pop().unwrap();
    assert!(mail.contains("secretariat@college.example.org"), "{mail}");
    assert!(mail.contains(&format!("@{domain}>")), "its Message-ID: {mail}");
    let page = save(&mut visitor, path, &[("adresse", "secretariat")]).await;
    assert!(page.text().contains("Ce n’est pas une adresse"), "{}", page.text());
    let answers = save(&mut visitor, path, &[("reponses", "")]).await.text();
    assert!(
        answers.contains("en vigueur") && !text(&site).contains("reply_to = \"vie"),
        "{answers}"
    );
}

#[tokio::test]
async fn a_text_message_is_sent_under_a_name_that_an_operator_takes() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let path = "/reglages/services/sms/expediteur";
    for name in ["Collège VH", "COLLEGE VICTOR HUGO", "VH-34"] {
        let page = save(&mut visitor, path, &[("nom", name)]).await;
        assert!(page.text().contains("11 signes au plus"), "{name}: {}", page.text());
    }
    save(&mut visitor, path, &[("nom", "COLLEGE VH")]).await;
    assert!(text(&site).contains("sender = \"COLLEGE VH\""), "{}", text(&site));
    for name in ["ent", "personne"] {
        let path = format!("/reglages/services/{name}/expediteur");
        assert_eq!(visitor.fetch(&path).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn the_order_of_services_is_changed_where_several_serve_a_channel() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let path = "/reglages/ordre/sms";
    assert_eq!(visitor.fetch(path).await.status, StatusCode::NOT_FOUND, "one alone has no order");
    let second = "\n[providers.second.folder]\nchannel = \"sms\"\npath = \"drill\"\n\
                  \n[routes]\nsms = [\"sms\", \"second\"]\n";
    fs::write(file(&site), text(&site) + second).unwrap();
    visitor.post("/reglages/relire", &[]).await;
    assert!(visitor.get("/reglages").await.text().contains("Ordre des services : SMS"));
    let before = [("place-sms", "2"), ("place-second", "1")];
    save(&mut visitor, path, &before).await;
    assert!(text(&site).contains("sms = [\"second\", \"sms\"]"), "{}", text(&site));
    save(&mut visitor, path, &[("place-sms", "1"), ("place-second", "1")]).await;
    assert!(text(&site).contains("sms = [[\"second\", \"sms\"]]"), "{}", text(&site));
}

#[tokio::test]
async fn who_keeps_a_call_open_holds_up_no_other_channel_over_new_settings() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    site.scene.ent.set_weather(Weather::Silent);
    let first = site.scene.launch().await;
    site.scene.until(&first, |status| status.addressees.reached == 1).await;
    let said = save(&mut visitor, "/reglages/etablissement", &[("ville", "Sète")]).await.text();
    assert!(said.contains("en vigueur"), "{said}");
    let next = site.scene.launch_in(&as_now(&site), "familles", Urgency::Bulk).await;
    site.scene.until(&next, |status| status.addressees.reached == 1).await;
    // The call of before is still open.
    let ent = &site.scene.status(&first).await.channels[&Channel::Ent];
    assert_eq!((ent.uncertain, ent.failed), (0, 0), "{ent:?}");
}

#[tokio::test]
async fn the_hourly_look_is_not_made_anew_over_new_settings() {
    let site = Site::open().await;
    let uploads = site.scene.folder.path().join("uploads/0319999Z");
    let left_over = || {
        let folder = uploads.join(Id::<School>::new(Moment(0)).to_string());
        fs::create_dir_all(&folder).unwrap();
        folder
    };
    let swept = left_over();
    let site = site.restarted().await;
    until(async || !swept.exists()).await;
    let next = left_over();
    let mut visitor = of_it(&site).await;
    save(&mut visitor, "/reglages/etablissement", &[("ville", "Sète")]).await;
    // By then everything has begun anew.
    let message = site.scene.launch_in(&as_now(&site), "familles", Urgency::Bulk).await;
    site.scene.until(&message, |status| status.addressees.reached == 2).await;
    assert!(next.exists());
}

#[tokio::test]
async fn what_was_asked_for_is_done_to_its_end_though_the_browser_leaves() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let page = visitor.get("/reglages/etablissement").await;
    let version = page.value("version").unwrap().to_owned();
    // Whoever works by the settings takes a while to take them up.
    let mut asked = site.school().file.as_ref().unwrap().renewal.hear();
    let fields = [("version", version.as_str()), ("ville", "Sète")];
    let ask = tokio::select! {
        ask = asked.recv() => ask.unwrap(),
        answer = visitor.send("/reglages/etablissement", &fields) => panic!("{}", answer.text()),
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(ask.send(true).is_ok(), "the act was cut in the middle");
    assert!(text(&site).contains("Sète"));
}

#[tokio::test]
async fn no_page_calls_a_host_that_the_daemon_may_not() {
    let host = [("PROVIDERS__RELAY__SMTP__HOST", "smtp.example.org")];
    let site = Site::with(families(), &host).await;
    let page = of_it(&site).await.get("/reglages/services/relay").await;
    assert!(page.text().contains("is not this machine"), "{}", page.text());
}

#[tokio::test]
async fn who_is_asked_for_a_yes_is_chosen_among_those_who_may() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    site.account("camille", AccountRole::Direction).await;
    site.account("ines", AccountRole::Direction).await;
    let page = visitor.get("/reglages/accord").await;
    assert!(page.html.contains("value=\"camille\"") && !page.html.contains("value=\"marie\""));
    let chosen = [
        ("au-dessus", "100"),
        ("urgent", "oui"),
        ("suivant", "20 min"),
        ("personne-0", "ines"),
        ("jusque-0", "18/12/2026"),
        ("personne-1", "camille"),
    ];
    let said = save(&mut visitor, "/reglages/accord", &chosen).await.text();
    assert!(said.contains("au-dessus de 100 destinataires"), "{said}");
    assert!(said.contains("ines, puis camille"), "{said}");
    let approval = as_now(&site).config.approval;
    assert_eq!(approval.pass_on.0, Duration::from_mins(20));
    assert_eq!(approval.chain[0].until, Some(jiff::civil::date(2026, 12, 18)));
    let twice = [("personne-0", "ines"), ("personne-1", "ines")];
    let page = save(&mut visitor, "/reglages/accord", &twice).await;
    assert!(page.text().contains("deux fois dans la chaîne"), "{}", page.text());
}

#[tokio::test]
async fn the_daemon_holds_to_new_quiet_hours_and_loses_nothing_over_them() {
    let site = Site::open().await;
    let account = site.account_with("sam", AccountRole::Direction, Some(&Right::ALL)).await;
    let mut visitor = site.signed_in(&account).await;
    let page = save(&mut visitor, "/reglages/heures/email", &[("repos", "7h-12h")]).await;
    assert!(page.text().contains("C’est enregistré, et en vigueur."), "{}", page.text());
    let said = visitor.get("/canaux").await.text();
    assert!(said.contains("au repos jusqu’à 12 h"), "{said}");
    let message = site.scene.launch_in(&as_now(&site), "familles", Urgency::Bulk).await;
    // Who reads on the ENT has it; who has a mailbox alone waits for noon.
    site.scene.until(&message, |status| status.addressees.reached >= 1).await;
    assert!(site.scene.mails().is_empty());
    site.scene.pass(Duration::from_hours(4));
    site.scene.until(&message, |status| status.addressees.reached >= 2).await;
    assert_eq!(site.scene.mails().len(), 1);
    site.scene.pass(Duration::from_hours(20));
    // The session of yesterday is over.
    let mut visitor = site.signed_in(&account).await;
    let said = visitor.get("/canaux").await.text();
    assert!(said.contains("au repos jusqu’à 12 h"), "{said}");
    save(&mut visitor, "/reglages/heures/email", &[("repos", "")]).await;
    let said = visitor.get("/canaux").await.text();
    assert!(!said.contains("au repos jusqu"), "{said}");
    let message = site.scene.launch_in(&as_now(&site), "familles", Urgency::Bulk).await;
    site.scene.until(&message, |status| status.addressees.reached >= 2).await;
}

#[tokio::test]
async fn what_is_signed_is_signed_by_whoever_signs_from_now_on() {
    let site = Site::open().await;
    let account = site.account_with("sam", AccountRole::Direction, Some(&Right::ALL)).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}/reglages", site.root)).await;
    browser.click("Modifier l’établissement").await;
    browser.fill("Prénom et nom", "Zoé Lunel").await;
    browser.click("Enregistrer").await;
    browser.sees("C’est enregistré, et en vigueur.").await;
    browser.sees("Zoé Lunel").await;
    let mut visitor = site.signed_in(&account).await;
    super::composing::written(&mut visitor).await;
    let pages = ["", "?famille=1", "?famille=2"];
    let mut seen = String::new();
    for page in pages {
        let path = format!("/annonces/brouillons/1/verifier{page}");
        seen.push_str(&visitor.get(&path).await.text());
    }
    assert!(seen.contains("Zoé Lunel") && !seen.contains("Camille Arago, Principale"), "{seen}");
}

#[tokio::test]
async fn a_service_is_asked_whether_it_answers_and_everything_is_looked_at() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let page = visitor.get("/reglages/services/relay").await;
    let said = page.text();
    assert!(said.contains("Le service répond : relais 127.0.0.1:"), "{said}");
    assert!(said.contains(", en clair."), "{said}");
    assert!(site.scene.mails().is_empty(), "nothing was sent");
    assert_eq!(visitor.fetch("/reglages/services/personne").await.status, StatusCode::NOT_FOUND);
    let page = visitor.get("/reglages/verification").await;
    let text = page.text();
    for said in ["Base de données", "Un courrier d’essai a été imprimé", "3 élèves, 3 adultes"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}
