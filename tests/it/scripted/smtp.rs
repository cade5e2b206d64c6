//! An SMTP server that follows a script.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What it does in place of its usual answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Says this, and ends the line.
    Say(&'static str),
    /// Says these octets, and nothing more.
    Raw(&'static [u8]),
    /// Says this again and again, for as long as somebody listens.
    Endless(&'static [u8]),
    /// Says this octet by octet, and takes its time.
    Drip(&'static [u8]),
    /// Hangs up.
    HangUp,
    /// Says nothing, and keeps the line.
    Silence,
}

/// What it does when a line begins so; `CONNECT` is the greeting, `.` the end of the data.
pub type Rule = (&'static str, Reply);

pub struct Server {
    pub address: SocketAddr,
    pub dialogues: Arc<AtomicUsize>,
    _running: JoinSet<()>,
}

/// A server that follows `rules`, and elsewhere says yes. It hangs up, after having said so,
/// once a dialogue carried `messages` of them.
pub async fn start(rules: Vec<Rule>, pipelining: bool, messages: usize) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let dialogues = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&dialogues);
    let mut running = JoinSet::new();
    running.spawn(async move {
        let mut open = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            open.spawn(hold(stream, rules.clone(), pipelining, messages));
        }
    });
    Server { address, dialogues, _running: running }
}

/// One dialogue; ends when the script says so or the client is gone.
pub async fn hold<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    rules: Vec<Rule>,
    pipelining: bool,
    messages: usize,
) {
    let mut stream = BufReader::new(stream);
    if obey(&mut stream, &rules, "CONNECT", "220 scripted ESMTP").await {
        talk(stream, rules, pipelining, messages).await;
    }
}

/// A dialogue after its greeting.
pub async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    rules: Vec<Rule>,
    pipelining: bool,
    messages: usize,
) {
    let mut line = String::new();
    let mut left = messages;
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let usual = match line.get(..4).unwrap_or_default() {
            "EHLO" if pipelining => "250-scripted\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN",
            "EHLO" => "250-scripted\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => "235 2.7.0 Welcome",
            "DATA" => "354 Go on",
            _ => "250 2.0.0 Ok",
        };
        if !obey(&mut stream, &rules, line.trim_end(), usual).await {
            return;
        }
        let data_refused = rules.iter().any(|(prefix, _)| *prefix == "DATA");
        if line.starts_with("DATA") && !data_refused {
            while line != ".\r\n" {
                line.clear();
                if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            if !obey(&mut stream, &rules, ".", "250 2.0.0 Ok").await {
                return;
            }
            left -= 1;
            if left == 0 {
                return;
            }
        }
    }
}

/// Says what is to be said; whether the dialogue goes on.
async fn obey<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    rules: &[Rule],
    line: &str,
    usual: &'static str,
) -> bool {
    let rule = rules.iter().find(|(prefix, _)| line.starts_with(prefix));
    match rule.map_or(Reply::Say(usual), |(_, reply)| *reply) {
        Reply::Say(words) => {
            stream.write_all(format!("{words}\r\n").as_bytes()).await.is_ok()
                && !words.starts_with("421")
        }
        Reply::Raw(octets) => stream.write_all(octets).await.is_ok(),
        Reply::Endless(octets) => {
            let block = octets.repeat(4_096 / octets.len() + 1);
            while stream.write_all(&block).await.is_ok() {}
            false
        }
        Reply::Drip(octets) => {
            let mut pause = tokio::time::interval(std::time::Duration::from_millis(40));
            for octet in octets {
                pause.tick().await;
                if stream.write_all(&[*octet]).await.is_err() {
                    return false;
                }
            }
            true
        }
        Reply::HangUp => false,
        Reply::Silence => std::future::pending().await,
    }
}
