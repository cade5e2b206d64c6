//! Signing in by OpenID Connect, at a real provider, which stands on another site than the school.

use chappe::accounts::{AccountRole, TotpSecret};
use chappe::office;
use chappe::people::{Act, Actor};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::site::{PASSWORD, Site, families};
use crate::browser::{Browser, Visitor};
use crate::openid::OpenIdProvider;
use crate::scripted::http;

const OUT: &str = "/connexion/ailleurs?vers=%2Fannonces%2Fnouvelle";
/// What only a form may carry, and Basic must write otherwise.
const SECRET: &str = "un secret: 100 % long + bien garde";
/// The login, and the address that the provider vouches for.
const CAMILLE: &str = "camille@example.org";

/// A school and the provider at which its people identify themselves.
struct Both {
    site: Site,
    settings: Value,
    provider: Option<OpenIdProvider>,
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Both {
    async fn open() -> Self {
        Self::with(&[], &json!({})).await
    }

    /// With other settings of ours, and with what the provider has noted of us otherwise.
    async fn with(ours: &[(&str, &str)], client: &Value) -> Self {
        let port = free_port();
        let issuer = format!("http://localhost:{port}");
        let mut settings = vec![
            ("WEB__OPENID__ISSUER", issuer.as_str()),
            ("WEB__OPENID__CLIENT_ID", "chappe"),
            ("WEB__OPENID__CLIENT_SECRET", "{ file = \"openid\" }"),
            ("WEB__OPENID__NAME", "Académie"),
        ];
        settings.extend(ours);
        let site = Site::with(families(), &settings).await;
        std::fs::write(site.scene.folder.path().join("openid"), format!("{SECRET}\n")).unwrap();
        let mut noted = json!({
            "client_id": "chappe",
            "client_secret": SECRET,
            "redirect_uris": [format!("{}/connexion/retour", site.root)],
            "post_logout_redirect_uris": [format!("{}/connexion", site.root)],
            "token_endpoint_auth_method": "client_secret_post",
            "id_token_signed_response_alg": "ES256",
            "userinfo_signed_response_alg": "RS256",
        });
        let noted_of_us = noted.as_object_mut().unwrap();
        noted_of_us.extend(client.as_object().unwrap().clone());
        noted_of_us.retain(|_, value| !value.is_null());
        let accounts = json!({
            "camille": { "email": "Camille@example.org", "email_verified": true },
            "dominique": { "email": "dominique@example.org", "email_verified": true },
            "usurpe": { "email": CAMILLE, "email_verified": false },
            "tacite": { "email": CAMILLE },
        });
        let settings = json!({ "port": port, "client": noted, "accounts": accounts });
        let provider = Some(OpenIdProvider::start(&settings));
        Self { site, settings, provider }
    }

    fn root(&self) -> String {
        format!("http://localhost:{}", self.settings["port"])
    }

    /// What the provider answers to whoever set out, who says that they are somebody: the way back.
    async fn answers(&self, set_out: &str, who: &str) -> String {
        let root = self.root();
        let mut there = Visitor::of(&root);
        let path = |url: &str| url.strip_prefix(&root).unwrap_or(url).to_owned();
        let asked = there.fetch(&path(set_out)).await;
        let asks = path(asked.location().unwrap_or_else(|| panic!("{}", asked.text())));
        let said = there.fetch(&format!("{asks}?{who}")).await;
        let back = there.fetch(&path(said.location().unwrap())).await;
        let back = back.location().unwrap_or_else(|| panic!("{}", back.text()));
        back.strip_prefix(&self.site.root).unwrap().to_owned()
    }

    /// Where somebody is sent who sets out.
    async fn sets_out(&self, visitor: &mut Visitor) -> String {
        let out = visitor.fetch(OUT).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
        out.location().unwrap().to_owned()
    }

    /// Somebody who went there as this one, and the page to which they come back.
    async fn comes_back(&self, who: &str) -> (Visitor, crate::browser::Page) {
        let mut visitor = self.site.stranger();
        let there = self.sets_out(&mut visitor).await;
        let back = self.answers(&there, who).await;
        let page = visitor.get(&back).await;
        (visitor, page)
    }

    async fn acts(&self) -> Vec<(Act, String)> {
        let noted = office::journal(self.site.school(), 10).await.unwrap();
        noted.into_iter().map(|it| (it.act, it.about)).collect()
    }
}

fn is_out(visitor: &Visitor) -> bool {
    !visitor.cookies.contains_key("chappe")
}

#[tokio::test]
async fn whoever_the_provider_vouches_for_signs_in_and_out_without_scripts() {
    let both = Both::open().await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/annonces/nouvelle", both.site.root)).await;
    browser.is_fit().await;
    browser.scripts(false).await;
    browser.click("S’identifier avec Académie").await;
    browser.fill("Nom chez le fournisseur", "camille").await;
    browser.click("Continuer").await;
    browser.arrives(&format!("{}/annonces/nouvelle", both.site.root)).await;
    let cookies = browser.cookies().await;
    let holds = |name: &str| cookies.iter().any(|it| it.name == name && it.http_only);
    assert!(holds("chappe") && !holds("chappe-ailleurs"), "{cookies:?}");
    let acts = both.acts().await;
    assert!(acts.contains(&(Act::TieIdentity, CAMILLE.to_owned())), "{acts:?}");
    assert!(acts.contains(&(Act::SignIn, "openid".to_owned())), "{acts:?}");

    browser.click("Se déconnecter").await;
    browser.click("Quitter").await;
    browser.sees("Mot de passe").await;
    assert!(browser.url().await.starts_with(&format!("{}/connexion?state=", both.site.root)));
    browser.click("S’identifier avec Académie").await;
    browser.sees("Qui êtes-vous ?").await;
}

#[tokio::test]
async fn what_the_provider_signs_and_how_we_prove_ourselves_there_may_be_otherwise() {
    let basic = json!({
        "token_endpoint_auth_method": "client_secret_basic",
        "id_token_signed_response_alg": "RS256",
        "userinfo_signed_response_alg": null,
    });
    let both = Both::with(&[], &basic).await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let (_, page) = both.comes_back("who=camille").await;
    assert!(page.title().starts_with("Nouvelle annonce"), "{}", page.text());
}

#[tokio::test]
async fn nobody_is_let_in_without_an_account_and_none_is_made() {
    let both = Both::open().await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    // Of the addresses of the last two, the provider says that they are not theirs, or nothing.
    for who in ["who=dominique", "who=personne", "who=usurpe", "who=tacite"] {
        let (visitor, page) = both.comes_back(who).await;
        let text = page.text();
        assert!(text.contains("Aucun compte de l’établissement n’est rattaché"), "{who}: {text}");
        assert!(text.contains("Connectez-vous par votre mot de passe"), "{text}");
        assert!(is_out(&visitor), "{who}");
    }
    assert_eq!(office::accounts(both.site.school()).await.unwrap().len(), 1);
    let vouching = [("WEB__OPENID__VOUCHES_FOR_EMAIL", "true")];
    let both = Both::with(&vouching, &json!({})).await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    assert!(
        is_out(&both.comes_back("who=usurpe").await.0),
        "what it denies, it does not vouch for"
    );
    assert!(!is_out(&both.comes_back("who=tacite").await.0));
    // An address that was given to somebody else leads to no account that is tied already.
    assert!(is_out(&both.comes_back("who=camille").await.0));
}

#[tokio::test]
async fn a_closed_account_is_told_so_and_stays_closed() {
    let both = Both::open().await;
    let account = both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let (mut signed_in, _) = both.comes_back("who=camille").await;
    office::disable_account(both.site.school(), Actor::Program, account.id).await.unwrap();
    let (visitor, page) = both.comes_back("who=camille").await;
    assert!(page.text().contains("Ce compte est fermé"), "{}", page.text());
    assert!(is_out(&visitor));
    assert!(signed_in.get("/").await.title().starts_with("Se connecter"));
}

#[tokio::test]
async fn whoever_gives_up_there_is_told_so_and_their_password_lets_them_in() {
    let both = Both::open().await;
    both.site.account("camille", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/connexion", both.site.root)).await;
    browser.click("S’identifier avec Académie").await;
    browser.click("Renoncer").await;
    browser.sees("Vous avez renoncé chez Académie").await;
    // Of the provider's own page, and that ours is no success.
    browser.complaints().await;
    browser.is_fit().await;
    browser.scripts(false).await;
    browser.click("Se connecter").await;
    browser.fill("Identifiant", "camille").await;
    browser.fill("Mot de passe", PASSWORD).await;
    browser.click("Se connecter").await;
    browser.sees("À faire par quelqu’un").await;
}

#[tokio::test]
async fn an_answer_is_good_in_the_browser_that_set_out_and_once() {
    let both = Both::open().await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let lost = "Vous n’êtes pas connecté";
    let mut attacker = both.site.stranger();
    let there = both.sets_out(&mut attacker).await;
    let back = both.answers(&there, "who=camille").await;

    // Somebody is made to open the answer to another: who set out from nowhere, who set out too.
    let mut victim = both.site.stranger();
    assert!(victim.get(&back).await.text().contains(lost) && is_out(&victim));
    both.sets_out(&mut victim).await;
    assert!(victim.get(&back).await.text().contains(lost) && is_out(&victim));

    // The code of one flow in the place of another's: its verifier and its nonce are others.
    let own = both.sets_out(&mut victim).await;
    let state = own.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let mixed = format!("/connexion/retour?code={code}&state={state}");
    assert!(victim.get(&mixed).await.text().contains(lost) && is_out(&victim));
    assert!(!victim.cookies.contains_key("chappe-ailleurs"), "a way that ended badly goes on");

    // An answer that says that another provider gave it.
    let own = both.sets_out(&mut victim).await;
    let answer = both.answers(&own, "who=camille").await;
    let foreign = answer.replace("iss=http", "iss=https");
    assert_ne!(answer, foreign);
    assert!(victim.get(&foreign).await.text().contains("ne convient pas") && is_out(&victim));

    // The same answer a second time: the cookie is gone; and with the cookie, the code is.
    let mut again = both.site.stranger();
    let there = both.sets_out(&mut again).await;
    let held = again.cookies.clone();
    let back = both.answers(&there, "who=camille").await;
    again.cookies.insert("chappe".to_owned(), "0".repeat(64));
    assert!(again.get(&back).await.title().starts_with("Nouvelle annonce"));
    assert_ne!(
        again.cookies["chappe"],
        "0".repeat(64),
        "a session that was brought becomes nobody's"
    );
    let mut replay = both.site.stranger();
    assert!(replay.get(&back).await.text().contains(lost) && is_out(&replay));
    replay.cookies = held;
    assert!(replay.get(&back).await.text().contains("a déjà servi") && is_out(&replay));
}

#[tokio::test]
async fn new_keys_of_the_provider_lock_nobody_out() {
    let mut both = Both::open().await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    assert!(!is_out(&both.comes_back("who=camille").await.0));
    both.provider = None;
    both.provider = Some(OpenIdProvider::start(&both.settings));
    assert!(!is_out(&both.comes_back("who=camille").await.0));
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_of_and_the_password_lets_in() {
    let mut both = Both::open().await;
    both.site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = both.site.stranger();
    let there = both.sets_out(&mut visitor).await;
    let back = both.answers(&there, "who=camille").await;
    both.provider = None;
    for path in [back.as_str(), OUT] {
        let page = visitor.get(path).await;
        let text = page.text();
        assert!(text.contains("Académie ne répond pas"), "{text}");
        assert!(text.contains("Votre mot de passe marche toujours"), "{text}");
    }
    visitor.get("/connexion").await;
    let typed = [("identifiant", "camille"), ("mot-de-passe", PASSWORD), ("vers", "/compte")];
    assert!(visitor.post("/connexion", &typed).await.title().starts_with("Mon compte"));
}

#[tokio::test]
async fn the_code_of_the_telephone_is_asked_for_unless_the_provider_asked_for_a_second_factor() {
    let both = Both::with(&[("WEB__OPENID__SECOND_FACTOR", "[\"mfa\"]")], &json!({})).await;
    let account = both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let school = both.site.school();
    let here = chappe::accounts::Whence::new("127.0.0.1".parse().unwrap(), "essai");
    let offered = office::begin_second_factor(school, &account, PASSWORD.into(), &here).await;
    let key = TotpSecret::from_base_32(&offered.unwrap().secret).unwrap();
    let code = |key: &TotpSecret| key.code_at(both.site.scene.clock.now()).unwrap();
    office::confirm_second_factor(school, &account, "", &code(&key)).await.unwrap();

    let (mut visitor, page) = both.comes_back("who=camille").await;
    assert!(page.title().starts_with("Le code du téléphone"), "{}", page.text());
    assert!(visitor.get("/").await.title().starts_with("Se connecter"), "half a sign-in is none");
    let is_tied = async || office::account(school, CAMILLE).await.unwrap().has_identity;
    assert!(!is_tied().await, "half a sign-in ties nobody");
    both.site.scene.clock.advance(std::time::Duration::from_secs(30));
    visitor.get("/connexion/code").await;
    let typed = [("code", code(&key)), ("vers", "/compte".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, it)| (*name, it.as_str())).collect();
    assert!(visitor.post("/connexion/code", &typed).await.title().starts_with("Mon compte"));
    assert!(is_tied().await);
    let (_, page) = both.comes_back("who=camille&otp=1").await;
    assert!(page.title().starts_with("Nouvelle annonce"), "{}", page.text());
}

#[tokio::test]
async fn what_is_asked_for_is_what_proconnect_takes() {
    let settings = [("WEB__OPENID__ACR_VALUES", "[\"eidas1-mfa\", \"eidas2\"]")];
    let both = Both::with(&settings, &json!({})).await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let out = both.sets_out(&mut both.site.stranger()).await;
    let asked: Vec<(String, String)> =
        reqwest::Url::parse(&out).unwrap().query_pairs().into_owned().collect();
    let names: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
    // Any other parameter ends on its page of errors.
    let known = [
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "claims",
    ];
    assert_eq!(names, known);
    let of = |wanted: &str| &asked.iter().find(|(name, _)| name == wanted).unwrap().1;
    assert!(of("state").len() >= 32 && of("nonce").len() >= 32);
    let claims: Value = serde_json::from_str(of("claims")).unwrap();
    let acr = json!({ "essential": true, "values": ["eidas1-mfa", "eidas2"] });
    assert_eq!(claims, json!({ "id_token": { "acr": acr } }));
    let (_, page) = both.comes_back("who=camille&otp=1").await;
    assert!(page.title().starts_with("Nouvelle annonce"), "{}", page.text());
}

#[tokio::test]
async fn somebody_ties_their_account_by_their_password_and_unties_it() {
    let both = Both::open().await;
    let site = &both.site;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let other = site.account("sasha", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}/compte", site.root)).await;
    browser.click("Rattacher mon compte à Académie").await;
    browser.sees("Académie vous demandera qui vous êtes").await;
    browser.is_fit().await;
    browser.scripts(false).await;
    browser.fill("Mot de passe", "cinq canards bleus").await;
    browser.click("Rattacher à Académie").await;
    browser.sees("Le mot de passe actuel n’est pas le bon").await;
    browser.fill("Mot de passe", PASSWORD).await;
    browser.click("Rattacher à Académie").await;
    browser.fill("Nom chez le fournisseur", "dominique").await;
    browser.click("Continuer").await;
    browser.sees("Votre compte est rattaché").await;
    assert!(!is_out(&both.comes_back("who=dominique").await.0));

    // It lets nobody in to a second account, and a way that was not begun by a password ties nothing.
    let mut visitor = site.signed_in(&other).await;
    let back = sets_out_to_tie(&both, &mut visitor, "who=dominique").await;
    let page = visitor.get(&back).await;
    assert!(page.text().contains("Un autre compte est déjà rattaché"), "{}", page.text());
    let there = both.sets_out(&mut visitor).await;
    let back = both.answers(&there, "who=personne").await;
    assert!(visitor.get(&back).await.text().contains("Aucun compte"));
    let accounts = office::accounts(site.school()).await.unwrap();
    let tied: Vec<&str> =
        accounts.iter().filter(|it| it.has_identity).map(|it| it.login.as_str()).collect();
    assert_eq!(tied, ["camille"]);

    let mut visitor = site.signed_in(&account).await;
    visitor.get("/compte/identite").await;
    let page = visitor.post("/compte/identite/retirer", &[]).await;
    assert!(page.text().contains("n’est plus rattaché"), "{}", page.text());
    assert!(is_out(&both.comes_back("who=dominique").await.0));
}

/// Somebody who gave their password to tie their account: the answer with which they come back.
async fn sets_out_to_tie(both: &Both, visitor: &mut Visitor, who: &str) -> String {
    visitor.get("/compte/identite").await;
    visitor.send("/compte/identite", &[("mot-de-passe", PASSWORD)]).await;
    let on_the_way = visitor.fetch("/connexion/en-route").await;
    let refresh = on_the_way.headers["refresh"].to_str().unwrap().to_owned();
    both.answers(refresh.strip_prefix("0; url=").unwrap(), who).await
}

#[tokio::test]
async fn an_account_that_was_untied_is_tied_again_by_its_owner_alone() {
    let both = Both::open().await;
    let site = &both.site;
    let account = site.account(CAMILLE, AccountRole::Secretariat).await;
    let (mut visitor, _) = both.comes_back("who=camille").await;
    visitor.get("/compte/identite").await;
    visitor.post("/compte/identite/retirer", &[]).await;
    assert!(visitor.get("/").await.title().starts_with("Accueil"), "their own session goes on");
    let (stranger, page) = both.comes_back("who=camille").await;
    assert!(is_out(&stranger) && page.text().contains("Aucun compte"), "{}", page.text());

    let mut visitor = site.signed_in(&account).await;
    let back = sets_out_to_tie(&both, &mut visitor, "who=camille").await;
    assert!(visitor.get(&back).await.text().contains("Votre compte est rattaché"));
    let (mut let_in, _) = both.comes_back("who=camille").await;
    assert!(let_in.get("/").await.title().starts_with("Accueil"));
    office::untie_identity(site.school(), Actor::Program, account.id).await.unwrap();
    assert!(let_in.get("/").await.title().starts_with("Se connecter"), "another took it away");
    assert!(is_out(&both.comes_back("who=camille").await.0));
}

#[tokio::test]
async fn an_account_that_a_provider_alone_opens_is_open_and_a_colleague_unties_it() {
    let both = Both::open().await;
    let site = &both.site;
    let account = site.account_without_password(CAMILLE, AccountRole::Secretariat, None).await;
    let head = site.account("ines", AccountRole::Direction).await;
    let mut head = site.signed_in(&head).await;
    let one = format!("/reglages/comptes/{}", account.id);
    let text = head.get(&one).await.text();
    assert!(text.contains("sans mot de passe") && !text.contains("Détacher"), "{text}");
    both.comes_back("who=camille").await;
    let text = head.get(&one).await.text();
    assert!(!text.contains("sans mot de passe"), "{text}");
    assert!(text.contains("la personne n’entre que par Académie"), "{text}");
    site.is_fit(&head, &format!("{one}/detacher")).await;
    let asked = head.get(&format!("{one}/detacher")).await.text();
    assert!(asked.contains("il faudra lui faire un code"), "{asked}");
    let text = head.post(&format!("{one}/detacher"), &[]).await.text();
    assert!(text.contains("Le compte est détaché"), "{text}");
    assert!(is_out(&both.comes_back("who=camille").await.0));
}

#[tokio::test]
async fn whoever_ties_their_account_and_gives_up_is_not_told_that_they_are_out() {
    let both = Both::open().await;
    let account = both.site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = both.site.signed_in(&account).await;
    let back = sets_out_to_tie(&both, &mut visitor, "cancel=1").await;
    let text = visitor.get(&back).await.text();
    assert!(text.contains("Vous avez renoncé chez Académie. Vous restez connecté"), "{text}");
    assert!(!text.contains("pas connecté") && !text.contains("Se connecter"), "{text}");
}

#[tokio::test]
async fn an_address_alone_leaves_neither_the_school_nor_the_provider() {
    let both = Both::open().await;
    both.site.account(CAMILLE, AccountRole::Secretariat).await;
    let (mut visitor, _) = both.comes_back("who=camille").await;
    let answer = visitor.fetch("/connexion/depart").await;
    assert_eq!(answer.location(), Some("/connexion"), "{}", answer.text());
    assert!(visitor.get("/").await.title().starts_with("Accueil"));
    let answer = visitor.send("/deconnexion", &[]).await;
    assert_eq!(answer.location(), Some("/connexion/depart"));
    assert!(!visitor.cookies.contains_key("chappe-identite"), "{:?}", visitor.cookies);
    let answer = visitor.fetch("/connexion/depart").await;
    let refresh = answer.headers["refresh"].to_str().unwrap();
    assert!(refresh.starts_with(&format!("0; url={}/session/end?", both.root())), "{refresh}");
    assert!(!visitor.cookies.contains_key("chappe-depart"), "{:?}", visitor.cookies);
}

#[tokio::test]
async fn however_many_set_out_the_provider_is_asked_once_in_ten_seconds() {
    let provider = http::start(vec![("GET /.well-known/", vec![http::json("{}")])]).await;
    let settings = [
        ("WEB__OPENID__ISSUER", provider.root.as_str()),
        ("WEB__OPENID__CLIENT_ID", "chappe"),
        ("WEB__OPENID__CLIENT_SECRET", "{ file = \"openid\" }"),
    ];
    let site = Site::with(families(), &settings).await;
    for asked in [1, 2] {
        for _ in 0..5 {
            let page = site.stranger().get(OUT).await;
            assert!(page.text().contains("ne répond pas"), "{}", page.text());
        }
        assert_eq!(provider.asked().len(), asked);
        site.scene.clock.advance(std::time::Duration::from_secs(10));
    }
}

#[tokio::test]
async fn where_no_provider_is_named_nothing_speaks_of_one() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    assert!(!site.stranger().get("/connexion").await.text().contains("S’identifier avec"));
    assert!(!visitor.get("/compte").await.text().contains("Rattach"));
    for path in ["/connexion/ailleurs", "/connexion/retour?code=a&state=b", "/compte/identite"] {
        assert_eq!(visitor.fetch(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
