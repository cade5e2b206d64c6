//! The pages by TLS of the daemon's own: shown, renewed while it works, and never a key that others may read.

use std::fs;
use std::io::BufRead;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::tls::{self, PairError, ServedPair, Validity};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::browser::{Browser, Visitor};
use crate::commands::office::{Daemon, Office, get};
use crate::identity::Identity;
use crate::pages::site::{Site, families};
use crate::town::settings::DEADLINE;

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What a configuration says of TLS, as its environment has it.
fn settings(port: u16, certificate: &Path, key: &Path) -> [(&'static str, String); 4] {
    [
        ("WEB__URL", format!("https://localhost:{port}")),
        ("WEB__TLS__CERTIFICATE", certificate.display().to_string()),
        ("WEB__TLS__KEY", key.display().to_string()),
        ("WEB__TLS__LISTEN", format!("127.0.0.1:{port}")),
    ]
}

/// A school whose daemon shows this certificate.
async fn secure(identity: &Identity) -> Site {
    let settings = settings(free_port(), &identity.certificate, &identity.key);
    let settings = settings.each_ref().map(|(key, value)| (*key, value.as_str()));
    Site::with(families(), &settings).await
}

/// Whoever trusts this certificate and the machine's authorities.
fn client(certificate: &Path) -> Client {
    let tls = tls::client_config(Some(certificate)).unwrap();
    let client = Client::builder().tls_backend_preconfigured(tls).no_proxy();
    client.redirect(Policy::none()).build().unwrap()
}

#[tokio::test]
async fn pages_are_reached_by_tls_alone_and_browsers_are_told_so() {
    let identity = Identity::of_days(90);
    let site = secure(&identity).await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let mut visitor = Visitor::by(client(&identity.certificate), &site.root);
    let page = visitor.get(&site.link(&account).await).await;
    assert!(page.text().contains("Bonjour Camille Arago"));
    assert!(page.headers["strict-transport-security"].to_str().unwrap().starts_with("max-age="));
    assert!(visitor.cookies.contains_key("__Host-chappe"), "{:?}", visitor.cookies.keys());
    let ready = visitor.request(Method::GET, "/healthz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK, "programs are answered there too");
    let plain = site.root.replace("https://", "http://");
    let told = client(&identity.certificate).get(format!("{plain}/annonces")).send().await.unwrap();
    assert_eq!(told.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(told.headers()["location"], format!("{}/", site.root));
    let inside = format!("http://{}", site.door());
    assert!(client(&identity.certificate).get(format!("{inside}/healthz")).send().await.is_ok());
    let pages = client(&identity.certificate).get(format!("{inside}/connexion")).send().await;
    assert_eq!(pages.unwrap().status(), StatusCode::NOT_FOUND, "no page in the clear");
}

#[tokio::test]
async fn a_browser_signs_in_by_tls() {
    let identity = Identity::of_days(90);
    let site = secure(&identity).await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.sees("Bonjour Camille Arago").await;
    let cookies = browser.cookies().await;
    let session = cookies.iter().find(|it| it.name == "__Host-chappe").unwrap();
    assert!(session.secure && session.http_only);
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_shake_hands_is_cut_off_within_five_seconds() {
    let identity = Identity::of_days(90);
    let served = tls::Served::default();
    served.show(&ServedPair::read(&identity.certificate, &identity.key).unwrap());
    let door = chappe::http::SecureDoor::new(&served, "https://localhost".to_owned()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stopper, stop) = chappe::stop::channel();
    tokio::spawn(chappe::http::serve(listener, Some(door), axum::Router::new(), None, stop));
    for said in [&b""[..], b"\x16\x03\x01"] {
        let knocked = tokio::time::Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(said).await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        assert!((4..=6).contains(&knocked.elapsed().as_secs()), "{:?}", knocked.elapsed());
    }
}

#[test]
fn a_pair_is_shown_only_where_it_fits_and_nobody_else_may_read_its_key() {
    let (one, other) = (Identity::of_days(30), Identity::of_days(30));
    let pair = ServedPair::read(&one.certificate, &one.key).unwrap();
    let days = |days: u64| pair.ends_at - Duration::from_hours(24 * days);
    assert_eq!(pair.validity(days(22)), Validity::Sound);
    assert_eq!(pair.validity(days(20)), Validity::SoonOver);
    assert_eq!(pair.validity(pair.ends_at), Validity::Over);
    let unfit = ServedPair::read(&one.certificate, &other.key);
    assert!(matches!(unfit, Err(PairError::Unfit { .. })), "{unfit:?}");
    for (certificate, key) in [(&one.key, &one.key), (&one.certificate, &one.certificate)] {
        let wrong = ServedPair::read(certificate, key);
        assert!(matches!(wrong, Err(PairError::Other { .. } | PairError::OpenKey(_))), "{wrong:?}");
    }
    fs::set_permissions(&one.key, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(matches!(ServedPair::read(&one.certificate, &one.key), Err(PairError::OpenKey(_))));
    let missing = ServedPair::read(Path::new("/nowhere.pem"), &other.key).unwrap_err().to_string();
    assert!(missing.starts_with("/nowhere.pem cannot be read"), "{missing}");
}

// ---- the real program --------------------------------------------------------------------------

/// An office whose configuration names the files of a certificate.
struct SecureOffice {
    office: Office,
    port: u16,
}

impl SecureOffice {
    fn showing(identity: &Identity) -> Self {
        let it = Self { office: Office::with_school(), port: free_port() };
        it.put(&identity.certificate, "pages.pem");
        it.put(&identity.key, "pages.key");
        it
    }

    /// Puts a file in the place of another one, at once, as whoever renews certificates does.
    fn put(&self, from: &Path, name: &str) {
        let beside = self.office.path(&format!("{name}.new"));
        fs::copy(from, &beside).unwrap();
        fs::rename(beside, self.office.path(name)).unwrap();
    }

    fn command(&self, arguments: &[&'static str]) -> std::process::Command {
        let mut command = self.office.command(arguments.iter().copied());
        for (key, value) in settings(self.port, Path::new("pages.pem"), Path::new("pages.key")) {
            command.env(format!("CHAPPE__{key}"), value);
        }
        command
    }

    async fn shows(&self, identity: &Identity) -> bool {
        let address = format!("https://localhost:{}/healthz", self.port);
        client(&identity.certificate).get(address).send().await.is_ok()
    }
}

fn hang_up(daemon: &Daemon) {
    let sent = std::process::Command::new("kill").args(["-HUP", &daemon.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn a_certificate_is_renewed_while_the_daemon_works_and_one_that_does_not_fit_is_not_taken() {
    let (first, second) = (Identity::of_days(90), Identity::of_days(90));
    let office = SecureOffice::showing(&first);
    let (daemon, log) = Daemon::start_with_log(office.command(&["serve", "--json"]));
    assert!(office.shows(&first).await && !office.shows(&second).await);
    let staying = client(&first.certificate);
    let address = format!("https://localhost:{}/healthz", office.port);
    staying.get(&address).send().await.unwrap();
    office.put(&second.certificate, "pages.pem");
    hang_up(&daemon);
    let mut log = log.lines().map_while(Result::ok);
    assert!(log.any(|line| line.contains("do not fit each other")), "the log does not tell");
    assert!(office.shows(&first).await, "the one before it is shown on");
    let ready = get(daemon.address, "/readyz");
    assert!(ready.contains("503") && ready.contains("the new certificate"), "{ready}");
    office.put(&second.key, "pages.key");
    hang_up(&daemon);
    let shown = async { while !office.shows(&second).await {} };
    tokio::time::timeout(DEADLINE, shown).await.expect("the new one is not shown");
    assert!(!office.shows(&first).await);
    assert!(staying.get(&address).send().await.is_ok(), "who was there was dropped");
    assert!(!get(daemon.address, "/readyz").contains("certificate"));
    assert_eq!(daemon.terminate(), Some(0));
}

#[test]
fn the_doctor_tells_when_the_certificate_ends() {
    let office = SecureOffice::showing(&Identity::of_days(2));
    let told =
        |office: &SecureOffice| crate::commands::office::answer(&mut office.command(&["doctor"]));
    let soon = told(&office);
    assert!(soon.out.contains("warn pages: their certificate holds until"), "{soon:?}");
    office.put(&Identity::of_days(90).key, "pages.key");
    let unfit = told(&office);
    assert!(unfit.out.contains("FAIL pages: ") && unfit.out.contains("do not fit"), "{unfit:?}");
}

#[test]
fn tls_without_an_address_to_type_is_refused() {
    let office = SecureOffice::showing(&Identity::of_days(2));
    let answer =
        crate::commands::office::answer(office.command(&["serve"]).env_remove("CHAPPE__WEB__URL"));
    assert!(answer.err.contains("set web.url to it"), "{answer:?}");
}
