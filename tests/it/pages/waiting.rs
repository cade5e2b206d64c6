//! Boîte de réception: what waits for a person, seen to from its page.

use chappe::accounts::AccountRole;
use chappe::channel::Channel;
use chappe::delivery::ReplyKind;
use chappe::id::Id;
use chappe::mail::Attachment;
use chappe::office;
use chappe::people::{Act, Handle, PersonKey, Right};
use chappe::store::replies::{self, KeptReply};
use chappe::store::{Tx, attachments};
use reqwest::StatusCode;

use super::site::Site;
use crate::promises::people::{People, Way};

/// Ines, who has a mobile; Marc, whom nothing reaches.
fn people() -> People {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 10 01")]);
    let marc = people.guardian("Marc PETIT", &[]);
    people.pupil("Zoe PETIT", "6B", &[&marc]);
    people
}

async fn wrote(site: &Site, body: &'static str) {
    wrote_with(site, body, &[]).await;
}

async fn wrote_with(site: &Site, body: &'static str, attached: &[Attachment]) {
    let now = site.scene.clock.now();
    let reply = KeptReply {
        id: Id::new(now),
        kind: ReplyKind::Reply,
        channel: Channel::Sms,
        provider: "sms".to_owned(),
        provider_ref: body.to_owned(),
        answers: None,
        person: Some(PersonKey("siecle:1".to_owned())),
        sender: Some("+33639981001".to_owned()),
        subject: None,
        body: body.to_owned(),
        received_at: now,
    };
    let (id, attached) = (site.school().queue.school().clone(), attached.to_vec());
    let write = move |tx: &Tx<'_>| {
        replies::insert(tx, &id, &reply)?;
        attachments::insert(tx, &id, reply.id, &attached)
    };
    site.school().store().write(write).await.unwrap();
}

#[tokio::test]
async fn what_a_family_wrote_is_read_given_to_a_colleague_and_answered_on_its_page() {
    let site = Site::of(people()).await;
    wrote(&site, "À quelle heure <i>demain</i> ?").await;
    let mut visitor = site.secretary().await;
    for path in ["/a-traiter", "/a-traiter/boite", "/a-traiter/boite?type=reponses"] {
        let page = visitor.get(path).await;
        assert_eq!(page.link("Ines DURAND"), Some("/a-traiter/boite/1"), "{path}");
        assert!(page.text().contains("« À quelle heure <i>demain</i> ? »"), "{}", page.text());
    }
    let page = visitor.get("/a-traiter/boite/1").await;
    let text = page.text();
    assert!(text.contains("Zoe DURAND (6A)") && text.contains("06 39 98 10 01"), "{text}");
    assert!(!page.html.contains("<i>demain"));
    let nobody = visitor.post("/a-traiter/boite/1/confier", &[("a", "")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = visitor.post("/a-traiter/boite/1/confier", &[("a", "Camille Arago")]).await;
    assert!(page.html.contains("<dt>Confié à</dt><dd>Camille Arago</dd>"), "{}", page.text());
    assert!(visitor.get("/a-traiter/boite?a=moi").await.text().contains("Ines DURAND"));
    let empty = visitor.post("/a-traiter/boite/1/repondre", &[("reponse", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = visitor.post("/a-traiter/boite/1/repondre", &[("reponse", "À 18 h.")]).await;
    let text = page.text();
    assert!(text.contains("La réponse est partie") && text.contains(": À 18 h."), "{text}");
    assert_eq!(site.scene.sms.messages()[0].message, "À 18 h.");
    assert!(visitor.get("/a-traiter/boite").await.text().contains("Rien n’attend personne."));
    let twice = visitor.send("/a-traiter/boite/1/fait", &[("quoi", "")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let page = visitor.post("/a-traiter/boite/1/rouvrir", &[]).await;
    assert!(page.text().contains("C’est de nouveau à traiter."), "{}", page.text());
}

#[tokio::test]
async fn a_contact_that_a_family_wrote_is_applied_with_one_press_over_what_was_kept() {
    let site = Site::of(people()).await;
    wrote(&site, "Mon numéro est le 06 39 98 10 77 <b>merci</b>, l'ancien 06 39 98 10 01.").await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/a-traiter/boite/1").await;
    assert!(page.text().contains("06 39 98 10 01 → 06 39 98 10 77"), "{}", page.text());
    let applied = |is| [("voie", "phone"), ("etait", "+33639981001"), ("est", is)];
    let path = "/a-traiter/boite/1/coordonnee";
    // What does not stand there is not believed, whatever is posted.
    let forged = visitor.send(path, &applied("+33639981099")).await;
    assert_eq!(forged.status, StatusCode::CONFLICT);
    // Whoever changes families and sees to no list does not settle what stands on it.
    let rights = Some(&[Right::SeeFamilies, Right::EditFamilies][..]);
    let editor = site.account_with("sam", AccountRole::Secretariat, rights).await;
    let mut editor = site.signed_in(&editor).await;
    editor.get("/annuaire").await;
    assert_eq!(editor.send(path, &applied("+33639981077")).await.status, StatusCode::FORBIDDEN);
    let page = visitor.post(path, &applied("+33639981077")).await;
    let text = page.text();
    assert!(
        text.contains("enregistré dans l’annuaire") && !text.contains("à mettre à jour"),
        "{text}"
    );
    assert!(text.contains("C’est traité"), "what was written waits for an answer still");
    let twice = visitor.send(path, &applied("+33639981077")).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let person = Handle::of_person(&PersonKey("siecle:1".to_owned()));
    let text = visitor.get(&format!("/annuaire/personnes/{person}")).await.text();
    assert!(text.contains("06 39 98 10 77"), "{text}");
}

#[tokio::test]
async fn whom_nothing_reached_leaves_the_list_once_somebody_says_what_was_done() {
    let site = Site::of(people()).await;
    let message = site.scene.launch().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/a-traiter/non-jointes").await;
    let path = format!("/a-traiter/boite/{}", message.code.delivery(1, 0));
    assert_eq!(page.link("Marc PETIT"), Some(path.as_str()), "{}", page.text());
    let page = visitor.get(&path).await;
    assert!(page.text().contains("rien ne l’a joint") && !page.html.contains("repondre"));
    let page = visitor.post(&format!("{path}/fait"), &[("quoi", "vu à la grille")]).await;
    assert!(page.text().contains(": vu à la grille"), "{}", page.text());
    let page = visitor.get("/a-traiter/non-jointes").await;
    assert!(page.text().contains("Tout le monde est joint, ou en chemin."));
    assert!(!visitor.get("/").await.text().contains("que rien n’a jointe"));
}

#[tokio::test]
async fn a_teacher_sees_to_what_is_about_their_class_alone() {
    let site = Site::of(people()).await;
    wrote(&site, "Merci").await;
    let message = site.scene.launch().await;
    let mut teacher = site.signed_in(&site.head_of("6B").await).await;
    let text = teacher.get("/a-traiter/boite").await.text();
    assert!(text.contains("Marc PETIT") && !text.contains("Ines DURAND"), "{text}");
    for nowhere in ["/a-traiter/boite/1", "/a-traiter/boite/99", "/a-traiter/boite/x"] {
        assert_eq!(teacher.fetch(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    let theirs = format!("/a-traiter/boite/{}", message.code.delivery(1, 0));
    assert_eq!(teacher.get(&theirs).await.status, StatusCode::OK);
    let others = teacher.send("/a-traiter/boite/1/fait", &[("quoi", "")]).await;
    assert_eq!(others.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_attached_is_kept_by_the_browser_as_it_came_and_the_journal_says_by_whom() {
    let site = Site::of(people()).await;
    let script = "<script>alert(1)</script>".as_bytes();
    let attached = [
        ("certificat médical.html", script.len(), Some(script.into())),
        ("vacances.mp4", 50_000_000, None),
    ];
    let attached = attached.map(|(name, octets, content)| Attachment {
        name: name.to_owned(),
        octets,
        content,
    });
    wrote_with(&site, "Voici", &attached).await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/a-traiter/boite/1").await;
    let path = "/a-traiter/boite/1/pieces/1";
    assert_eq!(page.link("certificat médical.html"), Some(path), "{}", page.text());
    assert!(page.text().contains("vacances.mp4 (50 Mo, trop pour être gardée)"), "{}", page.text());
    let given = visitor.fetch(path).await;
    let header = |name: &str| given.headers[name].to_str().unwrap();
    assert_eq!((given.status, given.body.as_slice()), (StatusCode::OK, script));
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"certificat m_dical.html\"; \
         filename*=UTF-8''certificat%20m%C3%A9dical.html"
    );
    assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(header("x-content-type-options"), "nosniff");
    for nothing in ["/a-traiter/boite/1/pieces/2", "/a-traiter/boite/1/pieces/3"] {
        assert_eq!(visitor.fetch(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    let mut teacher = site.signed_in(&site.head_of("6A").await).await;
    assert_eq!(teacher.fetch(path).await.status, StatusCode::NOT_FOUND, "what families write");
    let noted = office::journal(site.school(), 99).await.unwrap();
    let taken = noted.iter().filter(|it| it.act == Act::TakeAttachment);
    assert_eq!(taken.map(|it| it.about.as_str()).collect::<Vec<_>>(), ["1"]);
}
