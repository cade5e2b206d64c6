//! An HTTP server that follows a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Reply;

/// A request, as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `POST /1.0/sms/…`.
    pub line: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.as_str())
    }
}

pub struct Server {
    pub root: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    _running: JoinSet<()>,
}

impl Server {
    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// A whole answer: `200 OK`, other headers, a body.
pub fn answer(status: &str, headers: &str, body: &str) -> Reply {
    Reply::Say(format!("HTTP/1.1 {status}\r\n{headers}\r\n{body}").leak())
}

/// JSON, as it should come.
pub fn json(body: &str) -> Reply {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}

/// A server that answers each request whose line begins so by the next raw answer of its list;
/// the last one of a list serves for ever.
pub async fn start(script: Vec<(&'static str, Vec<Reply>)>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let script: Vec<_> =
        script.into_iter().map(|(line, replies)| (line, VecDeque::from(replies))).collect();
    let script = Arc::new(Mutex::new(script));
    let log = Arc::clone(&asked);
    let mut running = JoinSet::new();
    running.spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let (log, script) = (Arc::clone(&log), Arc::clone(&script));
            open.spawn(async move {
                let mut stream = BufReader::new(stream);
                let asked = read(&mut stream).await;
                let reply = next(&mut script.lock().unwrap(), &asked.line);
                log.lock().unwrap().push(asked);
                match reply {
                    // A client that has heard enough hangs up.
                    Reply::Say(words) => drop(stream.write_all(words.as_bytes()).await),
                    Reply::HangUp => {}
                    Reply::Silence => std::future::pending().await,
                }
            });
        }
    });
    Server { root, asked, _running: running }
}

fn next(script: &mut [(&'static str, VecDeque<Reply>)], line: &str) -> Reply {
    let (_, replies) = script
        .iter_mut()
        .find(|(prefix, _)| line.starts_with(prefix))
        .unwrap_or_else(|| panic!("the script has no answer to {line}"));
    if replies.len() > 1 { replies.pop_front().unwrap() } else { replies[0] }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Asked {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let headers: Vec<(String, String)> = lines
        .iter()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, value)| value.parse().unwrap())];
    stream.read_exact(&mut body).await.unwrap();
    let line = lines.first().cloned().unwrap_or_default().replace(" HTTP/1.1", "");
    Asked { line, headers, body: String::from_utf8(body).unwrap() }
}
