//! One dialogue in ESMTP (RFC 5321), on the server's side.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::maildir::Mailbox;
use super::undelivered::Undelivered;

/// The longest message that is taken, in octets.
const LONGEST: usize = 20 * 1024 * 1024;

/// What one dialogue has said so far.
#[derive(Default)]
struct Transaction {
    return_path: Option<String>,
    envelope_id: Option<String>,
    recipients: Vec<String>,
}

/// How a dialogue goes on after a command.
enum Continuation {
    Say(String),
    TakeData,
    SayGoodbye,
}

/// Holds a dialogue until one side hangs up.
pub(super) async fn hold<S>(stream: S, mailbox: &Arc<Mailbox>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    let mut transaction = Transaction::default();
    let mut line = String::new();
    say(&mut stream, "220 stand-in.example.org ESMTP").await?;
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end();
        mailbox.lock().commands.push(command.to_owned());
        match weigh(command, &mut transaction, mailbox) {
            Continuation::Say(words) => say(&mut stream, &words).await?,
            Continuation::SayGoodbye => return say(&mut stream, "221 2.0.0 Bye").await,
            Continuation::TakeData => {
                say(&mut stream, "354 End data with <CR><LF>.<CR><LF>").await?;
                let Some(octets) = read_data(&mut stream).await? else {
                    return say(&mut stream, "552 5.3.4 Message too long").await;
                };
                keep(mailbox, std::mem::take(&mut transaction), octets).await?;
                if mailbox.lock().hangs_up_after_data {
                    return Ok(());
                }
                say(&mut stream, "250 2.0.0 Ok: taken").await?;
            }
        }
    }
}

fn weigh(command: &str, transaction: &mut Transaction, mailbox: &Mailbox) -> Continuation {
    let said = |words: &str| Continuation::Say(words.to_owned());
    let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
    match verb.as_str() {
        "EHLO" => {
            let size = format!("250-SIZE {LONGEST}");
            let mut offers = vec!["250-stand-in.example.org", "250-PIPELINING", size.as_str()];
            if mailbox.lock().offers_reports {
                offers.push("250-DSN");
            }
            offers.push("250 8BITMIME");
            Continuation::Say(offers.join("\r\n"))
        }
        "HELO" => said("250 stand-in.example.org"),
        "MAIL" if transaction.return_path.is_some() => said("503 5.5.1 Nested MAIL"),
        "MAIL" => {
            transaction.return_path = Some(address(command));
            transaction.envelope_id = parameter(command, "ENVID=");
            said("250 2.1.0 Ok")
        }
        "RCPT" if transaction.return_path.is_none() => said("503 5.5.1 MAIL first"),
        "RCPT" => {
            let address = address(command);
            if mailbox.lock().refused.contains(&address.to_lowercase()) {
                return Continuation::Say(format!("550 5.1.1 <{address}>: Recipient unknown here"));
            }
            transaction.recipients.push(address);
            said("250 2.1.5 Ok")
        }
        "DATA" if transaction.recipients.is_empty() => said("554 5.5.1 No valid recipients"),
        "DATA" => Continuation::TakeData,
        "RSET" => {
            *transaction = Transaction::default();
            said("250 2.0.0 Ok")
        }
        "NOOP" => said("250 2.0.0 Ok"),
        "QUIT" => Continuation::SayGoodbye,
        _ => said("502 5.5.2 Not understood"),
    }
}

/// What stands between `<` and `>`.
fn address(command: &str) -> String {
    let after = command.split_once('<').map_or("", |(_, after)| after);
    after.split_once('>').map_or("", |(address, _)| address).to_owned()
}

/// What a parameter says, where there is one.
fn parameter(command: &str, name: &str) -> Option<String> {
    command.split(' ').find_map(|word| word.strip_prefix(name)).map(str::to_owned)
}

/// The message, its doubled dots undone; `None` when it is too long.
async fn read_data<S>(stream: &mut BufReader<S>) -> io::Result<Option<Vec<u8>>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut octets = Vec::new();
    loop {
        let start = octets.len();
        if stream.read_until(b'\n', &mut octets).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match octets.get(start..) {
            Some(b".\r\n") => {
                octets.truncate(start);
                return Ok(Some(octets));
            }
            Some([b'.', ..]) => drop(octets.remove(start)),
            _ => {}
        }
        if octets.len() > LONGEST {
            return Ok(None);
        }
    }
}

async fn keep(mailbox: &Arc<Mailbox>, said: Transaction, octets: Vec<u8>) -> io::Result<()> {
    let Transaction { return_path, envelope_id, recipients } = said;
    let return_path = return_path.unwrap_or_default();
    let (of_nobody, of_somebody): (Vec<_>, Vec<_>) =
        recipients.into_iter().partition(|it| mailbox.is_vacant(it));
    for to in of_nobody {
        let (return_path, envelope_id) = (return_path.clone(), envelope_id.clone());
        let returned = Undelivered { return_path, envelope_id, to, octets: octets.clone() };
        mailbox.give_back(returned);
    }
    if of_somebody.is_empty() {
        return Ok(());
    }
    let mailbox = Arc::clone(mailbox);
    tokio::task::spawn_blocking(move || mailbox.keep(&return_path, &octets))
        .await
        .unwrap_or_else(|panic| Err(io::Error::other(panic)))
}

async fn say<S>(stream: &mut BufReader<S>, words: &str) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(format!("{words}\r\n").as_bytes()).await?;
    stream.flush().await
}
