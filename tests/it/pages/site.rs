//! A school whose daemon serves its pages, and people of it who are signed in.

use std::sync::Arc;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::app::Daemon;
use chappe::directory;
use chappe::message::Message;
use chappe::office::{self, NewAccount, School};
use chappe::people::{Actor, By};
use chappe::web::{self, Address, Door};
use secrecy::SecretString;

use crate::browser::{Browser, Visitor};
use crate::promises::people::{People, Way};
use crate::promises::scene::{FAMILLE, Scene};
use crate::town::settings::{DEADLINE, LOOK};

/// A password of every account that has one here.
pub(crate) const PASSWORD: &str = "quatre lapins verts";

/// A school at work, with its pages.
pub(crate) struct Site {
    pub(crate) scene: Scene,
    /// Where its pages are: `http://127.0.0.1:8470`.
    pub(crate) root: String,
    daemon: Daemon,
}

/// Three families of 6A: one on every way, one by e-mail, one on paper.
pub(crate) fn families() -> People {
    let mut people = People::none();
    people.family(
        "Ines DURAND",
        &[Way::Account, Way::Email("ines@example.org"), Way::Home("1 rue du Port")],
    );
    people.family("Marc PETIT", &[Way::Email("marc@example.org")]);
    people.family("Lea MOREAU", &[Way::Home("3 rue du Port")]);
    people
}

impl Site {
    /// The site of these families.
    pub(crate) async fn open() -> Self {
        Self::of(families()).await
    }

    /// The site of a school with these people.
    pub(crate) async fn of(people: People) -> Self {
        Self::with(people, &[]).await
    }

    /// The same, with other settings.
    pub(crate) async fn with(people: People, settings: &[(&str, &str)]) -> Self {
        let scene = Scene::set_with(people, FAMILLE, settings).await;
        let daemon = scene.start().await;
        let root = daemon.pages.as_ref().unwrap().origin().to_owned();
        Self { scene, root, daemon }
    }

    /// Ends its daemon, as a restart does.
    pub(crate) async fn stop(self) {
        self.daemon.stop().await;
    }

    /// Ends its daemon, and starts another one.
    pub(crate) async fn restarted(self) -> Self {
        let Self { scene, daemon, .. } = self;
        daemon.stop().await;
        let daemon = scene.start().await;
        let root = daemon.pages.as_ref().unwrap().origin().to_owned();
        Self { scene, root, daemon }
    }

    /// The daemon's own address.
    pub(crate) const fn door(&self) -> std::net::SocketAddr {
        self.daemon.address
    }

    pub(crate) fn school(&self) -> &School {
        &self.scene.app
    }

    /// Every address, and what it needs.
    pub(crate) fn doors(&self) -> Vec<Door> {
        let address = Address::of_url(&self.root).unwrap();
        web::table(Arc::clone(&self.scene.app), address)
    }

    /// Somebody with the usual rights of a role, not signed in; their password is [`PASSWORD`].
    pub(crate) async fn account(&self, login: &str, role: AccountRole) -> Account {
        self.account_with(login, role, None).await
    }

    /// Somebody with these rights and no other.
    pub(crate) async fn account_with(
        &self,
        login: &str,
        role: AccountRole,
        rights: Option<&[Right]>,
    ) -> Account {
        let account = self.account_without_password(login, role, rights).await;
        let code = office::reset_code(self.school(), Actor::Program, account.id).await.unwrap();
        let password = SecretString::from(PASSWORD);
        office::claim_password(self.school(), &code.expose(), password).await.unwrap()
    }

    /// The same, and no password was chosen yet.
    pub(crate) async fn account_without_password(
        &self,
        login: &str,
        role: AccountRole,
        rights: Option<&[Right]>,
    ) -> Account {
        let rights = rights.map(|rights| rights.iter().copied().collect());
        let (login, name) = (login.to_owned(), "Camille Arago".to_owned());
        let new = NewAccount { login, name, role, rights, classes: Vec::new(), pupils: Vec::new() };
        office::add_account(self.school(), Actor::Program, new).await.unwrap()
    }

    /// The professeur principal of a class, with the usual rights.
    pub(crate) async fn head_of(&self, class: &str) -> Account {
        let new = NewAccount {
            login: format!("prof.{}", class.to_lowercase()),
            name: "Louise PRAT".to_owned(),
            role: AccountRole::HeadTeacher,
            rights: None,
            classes: vec![class.to_owned()],
            pupils: Vec::new(),
        };
        office::add_account(self.school(), Actor::Program, new).await.unwrap()
    }

    /// A link that signs in to an account once.
    pub(crate) async fn link(&self, account: &Account) -> String {
        let link = office::make_link(self.school(), Actor::Program, account.id).await.unwrap();
        format!("/lien/{}", link.expose())
    }

    /// Whoever reads pages without a browser, not signed in.
    pub(crate) fn stranger(&self) -> Visitor {
        Visitor::of(&self.root)
    }

    /// The same, signed in to an account.
    pub(crate) async fn signed_in(&self, account: &Account) -> Visitor {
        let mut visitor = self.stranger();
        visitor.get(&self.link(account).await).await;
        visitor
    }

    /// Somebody of the secretariat, signed in.
    pub(crate) async fn secretary(&self) -> Visitor {
        let account = self.account("camille.arago", AccountRole::Secretariat).await;
        self.signed_in(&account).await
    }

    /// Imports the school's files anew, with these people in them.
    pub(crate) async fn import(&self, people: People) {
        let (app, by) = (self.school(), By::program(self.scene.clock.now()));
        let (store, of) = (app.store(), app.queue.school());
        let diff = directory::diff(store, of, people.reading).await.unwrap();
        directory::apply(store, of, &diff, by).await.unwrap();
    }

    /// The announcements that were sent, once there are so many.
    pub(crate) async fn sent(&self, many: usize) -> Vec<Message> {
        let sent = tokio::time::timeout(DEADLINE, async {
            loop {
                let sent = office::newest(self.school(), many + 1).await.unwrap();
                if sent.len() >= many {
                    return sent;
                }
                tokio::time::sleep(LOOK).await;
            }
        });
        let sent = sent.await.expect("not all were sent");
        assert_eq!(sent.len(), many);
        sent
    }

    /// Holds that a page is fit for everybody, as somebody sees it who is signed in.
    pub(crate) async fn is_fit(&self, visitor: &Visitor, path: &str) {
        let browser = Browser::start().await;
        browser.goes_on_as(visitor).await;
        browser.open(&format!("{}{path}", self.root)).await;
        browser.is_fit().await;
        browser.pictures(&path.replace(['/', '?'], "-")).await;
    }

    /// Signs a browser in to an account; it stands on the first page then.
    pub(crate) async fn sign_in(&self, browser: &Browser, account: &Account) {
        browser.open(&format!("{}{}", self.root, self.link(account).await)).await;
    }
}
