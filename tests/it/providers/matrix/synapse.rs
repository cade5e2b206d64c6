//! Synapse, the homeserver of most who run one and of Tchap: a real one, for one test.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::python::python;

/// A homeserver for `example.org` that ends with this value.
pub struct Synapse {
    _folder: TempDir,
    pub root: String,
    process: Child,
}

impl Synapse {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        std::fs::write(folder.path().join("homeserver.yaml"), config(folder.path(), port)).unwrap();
        let key = "ed25519 a_test MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE\n";
        std::fs::write(folder.path().join("signing.key"), key).unwrap();
        // It says so when it is ready, as it would say it to systemd.
        let told = folder.path().join("told");
        let ready = UnixDatagram::bind(&told).unwrap();
        ready.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        let mut command = Command::new(python());
        command.args(["-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]);
        command.current_dir(folder.path()).env("NOTIFY_SOCKET", told);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let synapse = Self { _folder: folder, root: format!("http://127.0.0.1:{port}"), process };
        let mut words = [0; 256];
        let length = ready.recv(&mut words).expect("Synapse does not start");
        assert!(words[..length].starts_with(b"READY=1"));
        synapse
    }

    /// Signs a new account in, on this device.
    pub async fn account(&self, name: &str, device: &str) -> Account {
        let root = self.root.clone();
        let (user, token, since) = (String::new(), String::new(), Mutex::default());
        let nobody = Account { root, user, token, since };
        let new = json!({
            "username": name, "password": "m0t de passe", "device_id": device,
            "auth": { "type": "m.login.dummy" },
        });
        let made = nobody.done(Method::POST, "/register", new).await;
        let text = |key: &str| made[key].as_str().unwrap().to_owned();
        Account { user: text("user_id"), token: text("access_token"), ..nobody }
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// As Synapse is by default, but that accounts may be made quickly, and by anybody on this machine.
fn config(folder: &Path, port: u16) -> String {
    let path = |name: &str| folder.join(name).display().to_string();
    let (key, database, media) = (path("signing.key"), path("hs.db"), path("media"));
    json!({
        "server_name": "example.org",
        "signing_key_path": key,
        "report_stats": false,
        "enable_registration": true,
        "enable_registration_without_verification": true,
        "rc_registration": { "per_second": 100, "burst_count": 100 },
        "trusted_key_servers": [],
        "listeners": [{
            "port": port, "type": "http", "bind_addresses": ["127.0.0.1"],
            "resources": [{ "names": ["client"] }],
        }],
        "database": { "name": "sqlite3", "args": { "database": database } },
        "media_store_path": media,
    })
    .to_string()
}

/// Somebody who is signed in.
pub struct Account {
    root: String,
    pub user: String,
    pub token: String,
    since: Mutex<String>,
}

impl Account {
    /// What is answered to a call that is done.
    pub async fn done(&self, method: Method, path: &str, body: Value) -> Value {
        let tls = chappe::tls::no_authority().unwrap();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
        let url = format!("{}/_matrix/client/v3{path}", self.root);
        let request = client.build().unwrap().request(method.clone(), url);
        let is_signed_in = !self.token.is_empty();
        let request = if is_signed_in { request.bearer_auth(&self.token) } else { request };
        let request = if method == Method::GET { request } else { request.json(&body) };
        let answer = request.send().await.unwrap();
        let (status, body) = (answer.status(), answer.json().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {body}");
        body
    }

    /// Enters every room to which it was invited since the last time; which.
    pub async fn enter(&self) -> Vec<String> {
        // Whoever asks from the start is given the same answer for two minutes.
        let since = self.since.lock().unwrap().clone();
        let seen = self.done(Method::GET, &format!("/sync?timeout=500{since}"), Value::Null).await;
        *self.since.lock().unwrap() = format!("&since={}", seen["next_batch"].as_str().unwrap());
        let rooms: Vec<String> = seen["rooms"]["invite"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|it| it.0.clone())
            .collect();
        for room in &rooms {
            self.done(Method::POST, &format!("/rooms/{room}/join"), json!({})).await;
        }
        rooms
    }

    /// The messages of a room, oldest first.
    pub async fn messages(&self, room: &str) -> Vec<Value> {
        let path = format!("/rooms/{room}/messages?dir=b&limit=100");
        let seen = self.done(Method::GET, &path, Value::Null).await;
        let events = seen["chunk"].as_array().unwrap().iter().rev();
        events.filter(|event| event["type"] == "m.room.message").cloned().collect()
    }

    /// Says that it read up to this event.
    pub async fn read(&self, room: &str, event: &str) {
        self.done(Method::POST, &format!("/rooms/{room}/receipt/m.read/{event}"), json!({})).await;
    }
}
