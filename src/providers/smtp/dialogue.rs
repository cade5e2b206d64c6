//! What is said and heard over the link to a relay. lettre's own connection is not used: it keeps what came
//! in clear before TLS, reads a line of any length before it looks at it, and no answer in Latin-1.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use super::answer::{Nonsense, RelayAnswer};

/// No answer is longer, in octets: one says a few hundred.
const LONGEST_ANSWER: usize = 64 * 1024;
/// Read at a time, in octets.
const CHUNK: usize = 4 * 1024;

/// What a relay is talked to over, in clear or not.
pub(super) trait Link: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Link for S {}

/// A dialogue over a link.
pub(super) struct Dialogue<S> {
    link: S,
    /// What was heard beyond the last answer.
    heard: Vec<u8>,
}

/// Why a dialogue cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("no answer in time")]
    Silent,
    #[error("the relay hung up")]
    HungUp,
    #[error("{0}")]
    Link(#[from] io::Error),
    #[error("the relay's answer has no end")]
    Endless,
    #[error("what the relay says is no answer")]
    Nonsense,
    #[error("the relay spoke out of turn")]
    OutOfTurn,
    #[error("something came in clear after STARTTLS: somebody may be on the line to the relay")]
    InClear,
}

/// An answer, or why there is none.
pub(super) type Answered = Result<RelayAnswer, Broken>;

/// How long something may take: each of its steps, and all of them together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    step: Duration,
    whole: Duration,
    since: Instant,
}

impl Patience {
    /// For `steps` steps from now on, each as long as `step` if need be.
    pub fn of(step: Duration, steps: u32) -> Self {
        Self { step, whole: step.saturating_mul(steps), since: Instant::now() }
    }

    /// How long the next step may take.
    pub fn next(&self) -> Duration {
        self.step.min(self.whole.saturating_sub(self.since.elapsed()))
    }
}

impl<S: Link> Dialogue<S> {
    /// A dialogue in which nothing was said yet.
    pub fn over(link: S) -> Self {
        Self { link, heard: Vec::new() }
    }

    /// Says something. After `Ok`, all of it has left this process, and not before.
    pub async fn say(&mut self, words: &str, limit: Duration) -> Result<(), Broken> {
        // It would be taken for the answer to this.
        if !self.heard.is_empty() {
            return Err(Broken::OutOfTurn);
        }
        let said = async {
            self.link.write_all(words.as_bytes()).await?;
            self.link.flush().await
        };
        Ok(timeout(limit, said).await.map_err(|_| Broken::Silent)??)
    }

    /// Hears the next answer.
    pub async fn hear(&mut self, limit: Duration) -> Answered {
        timeout(limit, self.next_answer()).await.map_err(|_| Broken::Silent)?
    }

    /// Says something and hears the answer.
    pub async fn ask(&mut self, words: &str, limit: Duration) -> Answered {
        let patience = Patience::of(limit, 1);
        self.say(words, patience.next()).await?;
        self.hear(patience.next()).await
    }

    /// The link, to go on over it in TLS. Whatever came in clear after the answer to STARTTLS may be
    /// somebody else's, who would have it taken for the relay's own words (RFC 3207, 6).
    pub fn into_link(self) -> Result<S, Broken> {
        if self.heard.is_empty() { Ok(self.link) } else { Err(Broken::InClear) }
    }

    async fn next_answer(&mut self) -> Answered {
        let mut left = LONGEST_ANSWER;
        let line = self.next_line(&mut left).await?;
        let (mut answer, mut goes_on) = RelayAnswer::begun_with(&line)?;
        while goes_on {
            let line = self.next_line(&mut left).await?;
            goes_on = answer.goes_on_with(&line)?;
        }
        Ok(answer)
    }

    /// A line without its break, of which at most `left` octets are taken in.
    async fn next_line(&mut self, left: &mut usize) -> Result<Vec<u8>, Broken> {
        let mut looked_at = 0;
        loop {
            let new = self.heard.get(looked_at..).unwrap_or_default();
            if let Some(end) = new.iter().position(|octet| *octet == b'\n') {
                let mut line: Vec<u8> = self.heard.drain(..=looked_at + end).collect();
                *left = left.checked_sub(line.len()).ok_or(Broken::Endless)?;
                line.pop();
                line.pop_if(|octet| *octet == b'\r');
                return Ok(line);
            }
            looked_at = self.heard.len();
            if looked_at > *left {
                return Err(Broken::Endless);
            }
            let mut chunk = [0; CHUNK];
            let read = self.link.read(&mut chunk).await?;
            if read == 0 {
                return Err(Broken::HungUp);
            }
            self.heard.extend_from_slice(chunk.get(..read).unwrap_or_default());
        }
    }
}

impl From<Nonsense> for Broken {
    fn from(_: Nonsense) -> Self {
        Self::Nonsense
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{join, repeat, sink};

    use super::*;

    #[tokio::test]
    async fn of_an_answer_without_end_no_more_is_kept_than_an_answer_may_hold() {
        let mut dialogue = Dialogue::over(join(repeat(b'2'), sink()));
        let heard = dialogue.hear(Duration::from_mins(1)).await;
        assert!(matches!(heard, Err(Broken::Endless)), "{heard:?}");
        assert!(dialogue.heard.len() <= LONGEST_ANSWER + CHUNK, "{}", dialogue.heard.len());
    }

    #[tokio::test]
    async fn what_came_before_it_was_asked_for_is_no_answer() {
        let line = join(&b"250 a\r\n250 b\r\n"[..], sink());
        let mut dialogue = Dialogue::over(line);
        let limit = Duration::from_mins(1);
        assert_eq!(dialogue.ask("NOOP\r\n", limit).await.unwrap().words(), "a");
        assert!(matches!(dialogue.say("NOOP\r\n", limit).await, Err(Broken::OutOfTurn)));
        assert!(matches!(dialogue.into_link(), Err(Broken::InClear)));
    }
}
