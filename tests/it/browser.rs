//! Pages as people meet them: in Debian's Chromium, driven by the words that stand on a page, and by plain
//! HTTP, where every page that is fetched is checked.

mod axe;
mod driver;
mod harness;
mod keyboard;
mod looks;
mod page;
mod session;
mod visitor;
mod words;

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(crate) use axe::axe;
pub(crate) use page::Page;
pub(crate) use visitor::Visitor;

use session::{Session, element, patiently};
use words::plain;

/// Browsers at a time: more only wait for each other where there are two cores. There, one begins in about
/// 1 s, opens a page in 0.1 s, and axe judges a form in 0.1 s and a table of 20 rows in 0.2 s.
const PLACES: usize = 2;
/// Between the two presses of a double click: with less, Chromium itself sends a form once.
const DOUBLE_CLICK: u32 = 100;

/// A browser with one window, which ends when it is dropped, also by a test that fails.
pub(crate) struct Browser {
    session: Session,
    _place: SemaphorePermit<'static>,
}

/// A cookie as the browser keeps it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) http_only: bool,
    pub(crate) secure: bool,
    pub(crate) same_site: Option<String>,
}

impl Browser {
    pub(crate) async fn start() -> Self {
        let [browser] = Self::several().await;
        browser
    }

    /// As many as a test needs at the same time, begun together so that no two tests wait for each other.
    pub(crate) async fn several<const N: usize>() -> [Self; N] {
        static FREE: Semaphore = Semaphore::const_new(PLACES);
        let wanted = u32::try_from(N).unwrap();
        let mut places = FREE.acquire_many(wanted).await.unwrap();
        let mut browsers = Vec::new();
        for _ in 0..N {
            let place = places.split(1).unwrap();
            browsers.push(Self { session: Session::start().await, _place: place });
        }
        browsers.try_into().ok().unwrap()
    }

    pub(crate) async fn open(&self, url: &str) {
        self.session.ask("url", json!({ "url": url })).await.unwrap();
    }

    /// Opens another window, which is acted on from now on.
    pub(crate) async fn opens_window(&self) {
        let new = self.session.ask("window/new", json!({ "type": "window" })).await.unwrap();
        self.session.ask("window", json!({ "handle": new["handle"] })).await.unwrap();
    }

    /// Goes back to an earlier window, by its number from 0 on.
    pub(crate) async fn goes_to_window(&self, number: usize) {
        let all = self.session.read("window/handles").await.unwrap();
        self.session.ask("window", json!({ "handle": all[number] })).await.unwrap();
    }

    pub(crate) async fn back(&self) {
        self.session.ask("back", json!({})).await.unwrap();
    }

    pub(crate) async fn reload(&self) {
        self.session.ask("refresh", json!({})).await.unwrap();
    }

    pub(crate) async fn url(&self) -> String {
        text_of(&self.session.read("url").await.unwrap())
    }

    /// Waits until the page stands at this address.
    pub(crate) async fn arrives(&self, url: &str) {
        patiently(async || {
            let at = self.url().await;
            if at == url { Ok(()) } else { Err(format!("at {at}, not {url}")) }
        })
        .await;
    }

    pub(crate) async fn title(&self) -> String {
        plain(&text_of(&self.session.read("title").await.unwrap()))
    }

    /// What a person sees, with plain spaces.
    pub(crate) async fn text(&self) -> String {
        patiently(async || self.seen().await).await
    }

    async fn seen(&self) -> Result<String, String> {
        let body = self.session.select("body").await?;
        let body = body.first().ok_or("the page has no body")?;
        self.session.of_element(body, "text").await.map(|text| plain(&text_of(&text)))
    }

    /// Waits until these words stand on the page.
    pub(crate) async fn sees(&self, words: &str) {
        let words = plain(words);
        patiently(async || {
            let seen = self.seen().await?;
            if seen.contains(&words) { Ok(()) } else { Err(format!("no {words:?} in {seen:?}")) }
        })
        .await;
    }

    /// Presses the link, button or label that says these words, or that a selector (`#…`, `.…`, `[…`) finds.
    pub(crate) async fn click(&self, words: &str) {
        self.to_the_one(words, &path_or_selector(words), async |it| {
            self.session.act(it, "click", json!({})).await
        })
        .await;
    }

    /// Presses twice, as a person does who knows no better.
    pub(crate) async fn double_click(&self, words: &str) {
        self.to_the_one(words, &path_or_selector(words), async |it| {
            let press = |act| json!({ "type": act, "button": 0 });
            let (down, up) = (press("pointerDown"), press("pointerUp"));
            let to = json!({ "type": "pointerMove", "origin": element(it), "x": 0, "y": 0 });
            let pause = json!({ "type": "pause", "duration": DOUBLE_CLICK });
            let acts = [&to, &down, &up, &pause, &down, &up];
            let mouse = json!([{ "type": "pointer", "id": "mouse", "actions": acts }]);
            self.session.ask("actions", json!({ "actions": mouse })).await.map(|_| ())
        })
        .await;
    }

    /// Types a text into the field whose label says these words, in the place of what stood there.
    pub(crate) async fn fill(&self, label: &str, text: &str) {
        self.to_the_one(label, &By::Path(words::field(label)), async |field| {
            self.session.act(field, "clear", json!({})).await?;
            self.session.act(field, "value", json!({ "text": text })).await
        })
        .await;
    }

    /// What stands in a field.
    pub(crate) async fn filled(&self, label: &str) -> String {
        self.to_the_one(label, &By::Path(words::field(label)), async |field| {
            self.session.of_element(field, "property/value").await.map(|it| text_of(&it))
        })
        .await
    }

    /// Gives a file to the field whose label says these words.
    pub(crate) async fn attach(&self, label: &str, file: &Path) {
        let path = file.canonicalize().unwrap();
        self.to_the_one(label, &By::Path(words::field(label)), async |field| {
            self.session.act(field, "value", json!({ "text": path })).await
        })
        .await;
    }

    /// Chooses one of several, by its label.
    pub(crate) async fn choose(&self, label: &str) {
        self.to_the_one(label, &By::Path(words::label(label)), async |it| {
            self.session.act(it, "click", json!({})).await
        })
        .await;
    }

    /// Chooses a line of a list of choices.
    pub(crate) async fn choose_from(&self, label: &str, line: &str) {
        self.to_the_one(line, &By::Path(words::option(label, line)), async |it| {
            self.session.act(it, "click", json!({})).await
        })
        .await;
    }

    /// Ticks a box, or leaves it ticked.
    pub(crate) async fn check(&self, label: &str) {
        let is_ticked = self
            .to_the_one(label, &By::Path(words::field(label)), async |field| {
                self.session.of_element(field, "selected").await
            })
            .await;
        if is_ticked == Value::Bool(false) {
            self.choose(label).await;
        }
    }

    /// The cookies that the page's address is sent.
    pub(crate) async fn cookies(&self) -> Vec<Cookie> {
        serde_json::from_value(self.session.read("cookie").await.unwrap()).unwrap()
    }

    /// Goes on as a visitor who has signed in, from the first page.
    pub(crate) async fn goes_on_as(&self, visitor: &Visitor) {
        // A browser keeps cookies only for a page that it is on.
        self.open(&visitor.root).await;
        for (name, value) in &visitor.cookies {
            let secure = name.starts_with("__");
            let cookie = json!({ "name": name, "value": value, "path": "/", "secure": secure, "httpOnly": true });
            self.session.ask("cookie", json!({ "cookie": cookie })).await.unwrap();
        }
        self.open(&visitor.root).await;
    }

    /// Whether pages may run scripts.
    pub(crate) async fn scripts(&self, may_run: bool) {
        let params = json!({ "value": !may_run });
        self.session.develop("Emulation.setScriptExecutionDisabled", params).await;
    }

    /// What the browser complained of since it was last asked: errors of scripts, what the page's policy
    /// forbade, what was not found.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let said = self.session.ask("se/log", json!({ "type": "browser" })).await.unwrap();
        let said = said.as_array().unwrap().iter();
        said.map(|line| format!("{} {}", line["level"], line["message"])).collect()
    }

    /// Holds that the page is fit for everybody.
    pub(crate) async fn is_fit(&self) {
        let wrong = self.unfit().await;
        assert!(wrong.is_empty(), "{}:\n{}", self.url().await, wrong.join("\n"));
    }

    /// What keeps the page from being fit for everybody: by axe in light and dark, scrolling sideways, lines too long to be
    /// read, what Tab does not come to, a complaint of the browser.
    pub(crate) async fn unfit(&self) -> Vec<String> {
        let mut wrong = self.too_wide().await;
        wrong.extend(self.lines_too_long().await);
        for is_dark in [true, false] {
            self.dark(is_dark).await;
            let look = if is_dark { "dark" } else { "light" };
            wrong.extend(axe(self).await.into_iter().map(|fault| format!("{look}: {fault}")));
        }
        wrong.extend(self.out_of_reach().await);
        wrong.extend(self.complaints().await);
        wrong
    }

    /// Does something to the one element that is meant, as soon as it is there and can be reached.
    async fn to_the_one<T>(
        &self,
        words: &str,
        by: &By,
        act: impl AsyncFn(&str) -> Result<T, String>,
    ) -> T {
        patiently(async || {
            let found = match by {
                By::Path(path) => self.session.find(path).await?,
                By::Selector(selector) => self.session.select(selector).await?,
            };
            match self.shown(found).await?.as_slice() {
                [one] => act(one).await.map_err(|why| format!("{words:?}: {why}")),
                [] => Err(format!("no {words:?} in {:?}", self.seen().await?)),
                more => Err(format!("{words:?} stands {} times", more.len())),
            }
        })
        .await
    }

    /// Those of several that are seen: a part of the page that is shut may say the same.
    async fn shown(&self, found: Vec<String>) -> Result<Vec<String>, String> {
        if found.len() < 2 {
            return Ok(found);
        }
        let mut shown = Vec::new();
        for element in found {
            if self.session.of_element(&element, "displayed").await? == Value::Bool(true) {
                shown.push(element);
            }
        }
        Ok(shown)
    }
}

/// How an element is found.
enum By {
    Path(String),
    Selector(String),
}

fn path_or_selector(words: &str) -> By {
    if words.starts_with(['#', '.', '[']) {
        By::Selector(words.to_owned())
    } else {
        By::Path(words::pressed(words))
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
