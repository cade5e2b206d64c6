//! Someone who reads pages without a browser: cookies, forms and redirects, nothing else. Every page that
//! is read is checked.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, StatusCode};

use super::Page;
use super::session::client;

/// The hidden field by which a form proves that it is ours.
pub(super) const CSRF: &str = "csrf";
/// Pages of a site whose links are all followed, at the most.
const MOST_PAGES: usize = 500;
/// Pages that lead on to each other, at the most.
const MOST_STEPS: usize = 5;
/// Stands between the fields of a form that carries a file.
const BOUNDARY: &str = "x6f1c0b9a-between-fields";

/// One who keeps cookies, and the token of the last form that was seen.
pub(crate) struct Visitor {
    client: Client,
    /// `http://127.0.0.1:8080`.
    pub(crate) root: String,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) token: Option<String>,
}

/// What came back, whatever it is.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Its media type.
    pub(crate) fn kind(&self) -> &str {
        self.headers.get(CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap())
    }

    /// Where it leads on to.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).map(|address| address.to_str().unwrap())
    }

    /// The page that it is, checked.
    pub(crate) fn page(self) -> Page {
        let html = self.text();
        Page::checked(self.status, self.headers, html)
    }
}

impl Visitor {
    pub(crate) fn of(root: &str) -> Self {
        let (cookies, token) = (BTreeMap::new(), None);
        Self { client: client(), root: root.to_owned(), cookies, token }
    }

    /// One who comes by a client of their own.
    pub(crate) fn by(client: Client, root: &str) -> Self {
        Self { client, ..Self::of(root) }
    }

    /// The page at a path, wherever it leads on to.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let answer = self.fetch(path).await;
        self.follow(answer).await
    }

    /// Follows every link from this page on, and checks each page; their paths, and what each is.
    pub(crate) async fn wander(&mut self, from: &[String]) -> BTreeMap<String, String> {
        let mut seen = BTreeMap::new();
        let begin = |path: &String| (path.clone(), "the test".to_owned());
        let mut ahead: Vec<_> = from.iter().map(begin).collect();
        while let Some((path, linked)) = ahead.pop() {
            if seen.contains_key(&path) {
                continue;
            }
            assert!(seen.len() < MOST_PAGES, "links without end: {path} from {linked}");
            let answer = self.fetch(&path).await;
            if let Some(next) = answer.location() {
                ahead.push((next.to_owned(), path.clone()));
                seen.insert(path, format!("leads to {next}"));
                continue;
            }
            assert!(answer.status.is_success(), "{linked} links to {path}: {}", answer.status);
            let kind = answer.kind().to_owned();
            if !kind.starts_with("text/html") {
                seen.insert(path, kind);
                continue;
            }
            let page = answer.page();
            ahead.extend(page.paths().into_iter().map(|next| (next, path.clone())));
            seen.insert(path, page.title());
        }
        seen
    }

    /// Sends the fields of a form with the token of the last one seen; the page that it leads to.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.send(path, fields).await;
        self.follow(answer).await
    }

    /// What a path answers, led nowhere.
    pub(crate) async fn fetch(&mut self, path: &str) -> Answer {
        let asked = self.request(Method::GET, path);
        self.answer(asked).await
    }

    /// The same as `post`, led nowhere.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token.clone();
        let token = token.iter().map(|token| (CSRF, token.as_str()));
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain(token).collect();
        let asked =
            self.request(Method::POST, path).headers(of_a_browser(&self.root)).form(&fields);
        self.answer(asked).await
    }

    /// Sends a form with a file: the name of its field, its own name, what is in it.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Answer {
        let token = self.token.clone();
        let token = token.iter().map(|token| (CSRF, token.as_str()));
        let mut body = Vec::new();
        for (name, value) in token.chain(fields.iter().copied()) {
            body.extend(part(&format!("name=\"{name}\""), value.as_bytes()));
        }
        let (name, file_name, content) = file;
        body.extend(part(&format!("name=\"{name}\"; filename=\"{file_name}\""), content));
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let asked = self.request(Method::POST, path).headers(of_a_browser(&self.root));
        self.answer(asked.header("content-type", kind).body(body)).await
    }

    /// A request with this one's cookies and nothing else: what others than a browser send.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let asked = self.client.request(method, format!("{}{path}", self.root));
        if cookies.is_empty() { asked } else { asked.header(COOKIE, cookies) }
    }

    /// Sends a request; its cookies and its form's token are kept.
    pub(crate) async fn answer(&mut self, request: RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        Answer { status, headers, body: answer.bytes().await.unwrap().to_vec() }
    }

    fn keep(&mut self, cookie: &str) {
        let (cookie, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = cookie.split_once('=').unwrap();
        if value.is_empty() || rest.to_lowercase().contains("max-age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    async fn follow(&mut self, mut answer: Answer) -> Page {
        for _ in 0..MOST_STEPS {
            let Some(next) = answer.location() else {
                let page = answer.page();
                self.token = page.value(CSRF).map(str::to_owned).or(self.token.take());
                return page;
            };
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "a page leads on by 303");
            let path = next.strip_prefix(&self.root).unwrap_or(next).to_owned();
            assert!(path.starts_with('/') && !path.starts_with("//"), "it leads away: {path}");
            answer = self.fetch(&path).await;
        }
        panic!("it leads on without end: {:?}", answer.location());
    }
}

/// What a browser says of a form that stood on one of our pages.
fn of_a_browser(root: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("origin", root.parse().unwrap());
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    headers
}

fn part(named: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {named}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}
