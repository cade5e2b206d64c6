//! One session of the driver: requests in JSON to the driver, and what it answers.
//! Rules: W3C *`WebDriver`*; what begins with `goog/` is Chromium's own.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::driver::Driver;

/// How long something that must come is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(30);
/// The name under which the driver gives and takes an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser that answers.
pub(super) struct Session {
    client: Client,
    address: String,
    driver: Driver,
}

impl Session {
    pub(super) async fn start() -> Self {
        let driver = Driver::start();
        let mut session = Self { client: client(), address: driver.address(), driver };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "acceptInsecureCerts": true,
            "goog:chromeOptions": { "args": session.driver.arguments() },
            "goog:loggingPrefs": { "browser": "ALL" },
        }}});
        let begun = session.ask("session", wanted).await.unwrap();
        session.address = session.of(&format!("session/{}", begun["sessionId"].as_str().unwrap()));
        session
    }

    /// Where it and its browser write.
    pub(super) fn folder(&self) -> &Path {
        self.driver.folder()
    }

    /// Asks for something to be done; what came of it, or why it was not.
    pub(super) async fn ask(&self, command: &str, said: Value) -> Result<Value, String> {
        answer(self.client.post(self.of(command)).json(&said)).await
    }

    pub(super) async fn read(&self, what: &str) -> Result<Value, String> {
        answer(self.client.get(self.of(what))).await
    }

    fn of(&self, command: &str) -> String {
        format!("{}/{command}", self.address)
    }

    /// What only Chromium's own protocol does.
    pub(super) async fn develop(&self, command: &str, params: Value) -> Value {
        let said = json!({ "cmd": command, "params": params });
        self.ask("goog/cdp/execute", said).await.unwrap()
    }

    /// Runs a script of the test within the page, whatever the page forbids its own.
    pub(super) async fn run(&self, script: &str, given: &[Value]) -> Value {
        let said = json!({ "script": script, "args": given });
        self.ask("execute/sync", said).await.unwrap()
    }

    /// The element that has the focus.
    pub(super) async fn focused(&self) -> Result<String, String> {
        self.read("element/active").await.map(|element| id(&element))
    }

    /// The elements that a path of `XPath` finds.
    pub(super) async fn find(&self, path: &str) -> Result<Vec<String>, String> {
        self.look_for(json!({ "using": "xpath", "value": path })).await
    }

    /// The elements that a CSS selector finds.
    pub(super) async fn select(&self, selector: &str) -> Result<Vec<String>, String> {
        self.look_for(json!({ "using": "css selector", "value": selector })).await
    }

    async fn look_for(&self, by: Value) -> Result<Vec<String>, String> {
        let found = self.ask("elements", by).await?;
        Ok(found.as_array().unwrap().iter().map(id).collect())
    }

    /// What is read of an element: `text`, `computedlabel`, `displayed`.
    pub(super) async fn of_element(&self, element: &str, what: &str) -> Result<Value, String> {
        self.read(&format!("element/{element}/{what}")).await
    }

    /// Does something to an element: `click`, `clear`, `value`.
    pub(super) async fn act(&self, element: &str, act: &str, said: Value) -> Result<(), String> {
        self.ask(&format!("element/{element}/{act}"), said).await.map(|_| ())
    }
}

/// An element as the driver takes it back.
pub(super) fn element(id: &str) -> Value {
    json!({ ELEMENT: id })
}

fn id(element: &Value) -> String {
    element[ELEMENT].as_str().unwrap().to_owned()
}

async fn answer(request: RequestBuilder) -> Result<Value, String> {
    let answer = request.send().await.map_err(|error| format!("the driver is gone: {error}"))?;
    let is_done = answer.status().is_success();
    let mut said: Value = answer.json().await.map_err(|error| error.to_string())?;
    let value = said["value"].take();
    let first_line = || value["message"].as_str().unwrap_or_default().lines().next();
    if is_done { Ok(value) } else { Err(first_line().unwrap_or_default().to_owned()) }
}

/// A client for addresses of this machine, which leads nowhere by itself.
pub(super) fn client() -> Client {
    let tls = chappe::tls::no_authority().unwrap();
    let client = Client::builder().tls_backend_preconfigured(tls).no_proxy();
    client.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Looks again and again until there is what must come.
pub(super) async fn patiently<T>(look: impl AsyncFn() -> Result<T, String>) -> T {
    let began = Instant::now();
    loop {
        match look().await {
            Ok(found) => return found,
            Err(why) => assert!(began.elapsed() < PATIENCE, "{why}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
