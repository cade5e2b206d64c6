//! What was sent, newest first, a page at a time.

use serde::Serialize;

use super::School;
use super::addressees::page_of;
use crate::clock::Moment;
use crate::message::{Code, Message};
use crate::people::unaccented_capitals;
use crate::queue::{self, Sum};
use crate::store::{StoreError, Tx, messages};

/// How many messages a page shows.
pub const SENT_A_PAGE: usize = 15;
/// Whoever looks for a word looks through so many, the newest.
const LOOKED_THROUGH: usize = 5_000;

/// A page of what was sent.
#[derive(Serialize)]
pub struct SentPage {
    /// Which page, from 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
    /// How many messages are found, on all pages.
    pub found: usize,
    /// Those of this page, newest first.
    pub messages: Vec<SentListed>,
}

/// A message, as a list shows it.
#[derive(Serialize)]
pub struct SentListed {
    /// Its code.
    pub message: Code,
    /// What it is about.
    pub subject: String,
    /// For whom, as typed.
    pub audience: String,
    /// When it was launched.
    pub launched_at: Moment,
    /// Who launched it; empty where nobody knows.
    pub launched_by: String,
    /// The message that it puts right.
    pub corrects: Option<Code>,
    /// The message that it tries again.
    pub retries: Option<Code>,
    /// Its numbers.
    #[serde(flatten)]
    pub sum: Sum,
}

/// What was sent, newest first; only what has these words in its subject or its code, where there are any.
pub async fn sent(school: &School, called: &str, page: usize) -> Result<SentPage, StoreError> {
    let words = unaccented_capitals(called);
    let (page, pages, found, messages) = if words.is_empty() {
        all_sent(school, page).await?
    } else {
        sent_about(school, &words, page).await?
    };
    let messages = listed(school, &messages).await?;
    Ok(SentPage { page, pages, found, messages })
}

type SentSlice = (usize, usize, usize, Vec<Message>);

async fn all_sent(school: &School, asked: usize) -> Result<SentSlice, StoreError> {
    let id = school.queue.school().clone();
    let look = move |tx: &Tx<'_>| {
        let found = messages::count(tx, &id)?;
        let (page, pages) = page_of(found, asked, SENT_A_PAGE);
        let newer = (page - 1) * SENT_A_PAGE;
        Ok((page, pages, found, messages::after(tx, &id, newer, SENT_A_PAGE)?))
    };
    school.store().read(look).await
}

async fn sent_about(school: &School, words: &str, asked: usize) -> Result<SentSlice, StoreError> {
    let id = school.queue.school().clone();
    let all = school.store().read(move |tx| messages::newest(tx, &id, LOOKED_THROUGH)).await?;
    let is_about = |message: &Message| {
        let subject = school.subject(&message.template, &message.fields);
        let said = unaccented_capitals(&format!("{subject} {}", message.code));
        words.split(' ').all(|word| said.contains(word))
    };
    let found: Vec<Message> = all.into_iter().filter(is_about).collect();
    let (page, pages) = page_of(found.len(), asked, SENT_A_PAGE);
    let count = found.len();
    let those = found.into_iter().skip((page - 1) * SENT_A_PAGE).take(SENT_A_PAGE).collect();
    Ok((page, pages, count, those))
}

/// These messages, as a list shows them.
pub(super) async fn listed(
    school: &School,
    messages: &[Message],
) -> Result<Vec<SentListed>, StoreError> {
    let sums = queue::sums(school.store(), messages).await?;
    let listed = messages.iter().zip(sums).map(|(message, sum)| SentListed {
        message: message.code.clone(),
        subject: school.subject(&message.template, &message.fields),
        audience: message.audience.clone(),
        launched_at: message.launched_at,
        launched_by: message.launched_by.name().to_owned(),
        corrects: message.terms.corrects.clone(),
        retries: message.terms.retries.clone(),
        sum,
    });
    Ok(listed.collect())
}
