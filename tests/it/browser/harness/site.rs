//! A small site for the harness to be held against: pages with the headers of ours, and forms that are kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::browser::page::sample::HEADERS;

/// A page as it should be, with a style sheet and a script.
pub(super) const PAGE: &str = r##"<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Annonces – Collège</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a href="#contenu">Aller au contenu</a>
<main id="contenu" tabindex="-1">
<h1>Annonces</h1>
<img src="/icon.svg" alt="">
<form action="/recherche" method="get">
<label for="nom">Nom</label> <input id="nom" name="nom">
<button>Chercher</button>
</form>
<h2>Aujourd’hui</h2>
<p class="note">Rien ne part avant 8 h.</p>
<p><a href="/">Toutes les annonces</a></p>
</main>
<script src="/page.js"></script>
</body>
</html>
"##;

const STYLE: &str = "
:root { color-scheme: light dark; font-family: sans-serif; color: light-dark(#222, #eee); }
/* axe takes a page that says no background for a white one. */
body { background: light-dark(#fff, #111); }
a { color: light-dark(#00f, #9cf); }
.note { color: light-dark(#444, #ccc); }
.pale { color: #aaa; }
.day { color: #444; }
.wide { display: block; margin: 0; inline-size: 400px; position: absolute; inset-inline-start: 0; }
.scroller { overflow-x: auto; position: relative; block-size: 4em; }
";
const ICON: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><path d="M0 0h16v16H0z"/></svg>"#;
/// How long the first of two forms is made to wait for the second, as a busy server would.
const SLOW: Duration = Duration::from_secs(1);

pub(super) struct Site {
    pub(super) root: String,
    state: Arc<Kept>,
}

struct Kept {
    pages: Mutex<BTreeMap<&'static str, String>>,
    posts: watch::Sender<Vec<String>>,
    is_slow: bool,
}

impl Site {
    pub(super) async fn open<const N: usize>(pages: [(&'static str, String); N]) -> Self {
        Self::with(BTreeMap::from(pages), false).await
    }

    /// One that answers a form only when another follows, or after a while.
    pub(super) async fn slow(page: &str) -> Self {
        Self::with(BTreeMap::from([("/", page.to_owned())]), true).await
    }

    async fn with(pages: BTreeMap<&'static str, String>, is_slow: bool) -> Self {
        let (pages, posts) = (Mutex::new(pages), watch::Sender::new(Vec::new()));
        let state = Arc::new(Kept { pages, posts, is_slow });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { root, state }
    }

    /// The bodies of the forms that were sent, as text.
    pub(super) fn posts(&self) -> Vec<String> {
        self.state.posts.borrow().clone()
    }

    pub(super) async fn has_posts(&self, number: usize) {
        let mut posts = self.state.posts.subscribe();
        let all = posts.wait_for(|posts| posts.len() == number);
        tokio::time::timeout(10 * SLOW, all).await.unwrap().unwrap();
    }
}

async fn answer(State(kept): State<Arc<Kept>>, method: Method, uri: Uri, body: Bytes) -> Response {
    let path = uri.path();
    if method == Method::POST {
        kept.posts.send_modify(|posts| posts.push(String::from_utf8_lossy(&body).into_owned()));
        if kept.is_slow {
            let mut posts = kept.posts.subscribe();
            let _ = tokio::time::timeout(SLOW, posts.wait_for(|posts| posts.len() > 1)).await;
        }
        return Redirect::to(path).into_response();
    }
    let page = kept.pages.lock().unwrap().get(path).cloned();
    match (path, page) {
        ("/bad.js" | "/page.js", Some(script)) => of_kind("text/javascript", script),
        (_, Some(html)) => (
            HEADERS.map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            }),
            html,
        )
            .into_response(),
        ("/style.css", None) => of_kind("text/css", STYLE.to_owned()),
        ("/page.js", None) => of_kind("text/javascript", String::new()),
        ("/icon.svg", None) => of_kind("image/svg+xml", ICON.to_owned()),
        ("/recherche", None) => of_kind("text/plain", String::new()),
        ("/cookie", None) => cookie("__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
        ("/cookie-away", None) => cookie("__Host-session=; Path=/; Secure; Max-Age=0"),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn of_kind(kind: &'static str, text: String) -> Response {
    ([("content-type", kind)], text).into_response()
}

fn cookie(cookie: &'static str) -> Response {
    ([("set-cookie", cookie)], "").into_response()
}
