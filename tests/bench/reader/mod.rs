//! Who reads the pages of a daemon over one connection that is kept: what a page takes, and how large it is.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use chappe::accounts::{AccountRole, Right};
use chappe::office::{self, NewAccount, School};
use chappe::people::Actor;
use chappe::web::Door;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};

/// It calls every provider, and takes as long as they do.
const CALLS_OUTSIDE: &str = "/reglages/verification";
/// Pages of one address that are looked at: the largest one is measured.
const OF_ONE_ADDRESS: usize = 6;

/// One who is signed in.
#[derive(Clone)]
pub struct Reader {
    client: Client,
    root: String,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Answer {
    /// Its body, as it was sent.
    pub body: Vec<u8>,
    /// Where it leads on to, where it does.
    pub leads_to: Option<String>,
    /// Whether it is a page.
    pub is_page: bool,
    /// From the request to the last byte.
    pub milliseconds: f64,
}

/// The largest page of an address.
pub struct Found {
    /// Where it stands.
    pub path: String,
    /// How large it is.
    pub bytes: usize,
}

impl Reader {
    /// Signs in to a new account that may do everything.
    pub async fn signed_in(school: &School, root: &str, login: &str) -> anyhow::Result<Self> {
        let new = NewAccount {
            login: login.to_owned(),
            name: "Camille Arago".to_owned(),
            role: AccountRole::Secretariat,
            rights: Some(Right::ALL.into_iter().collect()),
            classes: Vec::new(),
            pupils: Vec::new(),
        };
        let account = office::add_account(school, Actor::Program, new).await?;
        let link = office::make_link(school, Actor::Program, account.id).await?;
        let tls = chappe::tls::no_authority().map_err(anyhow::Error::msg)?;
        let client = Client::builder().tls_backend_preconfigured(tls);
        let client = client.no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let mut reader = Self { client, root: root.to_owned(), cookies: BTreeMap::new() };
        reader.ask(Method::GET, &format!("/lien/{}", link.expose()), &[]).await?;
        reader.get("/").await?;
        Ok(reader)
    }

    /// The same one at another server.
    pub fn at(&self, root: &str) -> Self {
        Self { root: root.to_owned(), ..self.clone() }
    }

    /// What a path answers.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.ask(Method::GET, path, &[]).await
    }

    /// What a form's answer is.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        self.ask(Method::POST, path, fields).await
    }

    /// Asks, and lets the answer come in by itself.
    pub async fn open(&self, path: &str) -> anyhow::Result<reqwest::Response> {
        let asked = self.client.get(format!("{}{path}", self.root)).header(COOKIE, self.cookie());
        Ok(asked.send().await?.error_for_status()?)
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> anyhow::Result<Answer> {
        let asked = self.client.request(method.clone(), format!("{}{path}", self.root));
        let asked = asked.header(COOKIE, self.cookie()).header("origin", &self.root);
        let asked = asked.header("sec-fetch-site", "same-origin").header(ACCEPT_ENCODING, "gzip");
        let asked = if fields.is_empty() { asked } else { asked.form(fields) };
        let begun = Instant::now();
        let answer = asked.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await?.to_vec();
        let milliseconds = begun.elapsed().as_secs_f64() * 1e3;
        // What cannot be done just now is told on a page too.
        let is_told = status == StatusCode::CONFLICT && method == Method::GET;
        ensure!(
            is_told || !(status.is_client_error() || status.is_server_error()),
            "{path}: {status}"
        );
        for cookie in headers.get_all(SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie without a value")?;
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let said = |name| headers.get(name).and_then(|it| it.to_str().ok());
        Ok(Answer {
            body,
            leads_to: said(LOCATION).map(str::to_owned),
            is_page: said(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html")),
            milliseconds,
        })
    }

    fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// The token of the form on a page.
    pub async fn token(&mut self, path: &str) -> anyhow::Result<String> {
        let page = self.get(path).await?.text();
        let after = page.split_once("name=\"csrf\" value=\"").context("no form")?.1;
        Ok(after.split('"').next().unwrap_or_default().to_owned())
    }

    /// Follows links from these paths on, a few of each address; the largest page of each.
    pub async fn wander(
        &mut self,
        from: &[String],
        doors: &[Door],
    ) -> anyhow::Result<BTreeMap<&'static str, Found>> {
        let mut ahead: VecDeque<String> = from.iter().cloned().collect();
        let mut looked: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut largest: BTreeMap<&'static str, Found> = BTreeMap::new();
        while let Some(path) = ahead.pop_front() {
            let Some(door) = door_of(&path, doors) else { continue };
            let seen = looked.entry(door).or_default();
            if door == CALLS_OUTSIDE || seen.contains(&path) || seen.len() == OF_ONE_ADDRESS {
                continue;
            }
            seen.push(path.clone());
            let answer = self.get(&path).await?;
            ahead.extend(answer.leads_to.clone());
            if !answer.is_page || answer.leads_to.is_some() {
                continue;
            }
            ahead.extend(answer.links());
            let bytes = answer.body.len();
            if largest.get(door).is_none_or(|known| known.bytes < bytes) {
                largest.insert(door, Found { path, bytes });
            }
        }
        Ok(largest)
    }
}

impl Answer {
    /// What it says.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The paths that it links to.
    pub fn links(&self) -> Vec<String> {
        let paths = self.values_of("href").into_iter().filter(|it| !it.starts_with("//"));
        paths.map(|it| it.split('#').next().unwrap_or_default().replace("&amp;", "&")).collect()
    }

    /// Its style and its script.
    pub fn assets(&self) -> Vec<String> {
        let all = self.values_of("href").into_iter().chain(self.values_of("src"));
        all.filter(|it| it.contains(".css") || it.contains(".js")).collect()
    }

    /// The paths that stand in an attribute.
    fn values_of(&self, attribute: &str) -> Vec<String> {
        let (text, begins) = (self.text(), format!(" {attribute}=\""));
        let values = text.split(&begins).skip(1).filter_map(|rest| rest.split('"').next());
        values.filter(|it| it.starts_with('/')).map(str::to_owned).collect()
    }
}

/// The address that a path goes by.
fn door_of(path: &str, doors: &[Door]) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or(path);
    let gets = doors.iter().filter(|door| door.method == "GET" && goes_by(path, door.path));
    gets.min_by_key(|door| door.path.matches('{').count()).map(|door| door.path)
}

fn goes_by(path: &str, door: &str) -> bool {
    let (parts, wanted): (Vec<_>, Vec<_>) = (path.split('/').collect(), door.split('/').collect());
    let fits = |(part, wanted): (&&str, &&str)| wanted.starts_with('{') || part == wanted;
    parts.len() == wanted.len() && parts.iter().zip(&wanted).all(fits)
}

/// Half of these took so long at most, and the longest one did.
pub fn median_and_worst(mut took: Vec<f64>) -> anyhow::Result<(f64, f64)> {
    took.sort_by(f64::total_cmp);
    match (took.get(took.len() / 2), took.last()) {
        (Some(median), Some(worst)) => Ok((*median, *worst)),
        _ => bail!("nothing was measured"),
    }
}

/// Every address of a school's pages.
pub fn doors(school: School, root: &str) -> anyhow::Result<Vec<Door>> {
    Ok(chappe::web::table(Arc::new(school), chappe::web::Address::of_url(root)?))
}
