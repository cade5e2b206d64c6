//! A batch that somebody else prints and posts: a town hall, another school, the DSDEN. It leaves as a file that they
//! alone can open, and a word that lies in it comes back once all of it is posted.

use super::{LettersRefusal, PostedBatch, batch_file, batch_list, post_letters, print_again};
use crate::export::{PackageError, package};
use crate::office::School;
use crate::people::{Act, Actor};
use crate::sealed_file::{self, SealError};
use crate::store::{StoreError, Tx, journal};

/// The file that comes back.
const SENT_BACK: &str = "a-renvoyer.txt";

/// A batch, sealed. `Debug` shows its size alone.
pub struct SealedBatch {
    /// What the file is called.
    pub name: String,
    /// What it holds.
    pub octets: Vec<u8>,
}

impl std::fmt::Debug for SealedBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedBatch({}, {} bytes)", self.name, self.octets.len())
    }
}

/// Why nobody else is given a batch, or nobody else's word is taken for it.
#[derive(Debug, thiserror::Error)]
pub enum ElsewhereRefusal {
    /// The configuration names no such partner.
    #[error("there is no partner \"{name}\"; there are: {known}")]
    NoSuchPartner {
        /// Who was asked for.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// There is no such batch, or it is not printed into a file yet, or was posted before.
    #[error("{0}")]
    Letters(#[from] LettersRefusal),
    /// The files of a batch do not become one.
    #[error("{0}")]
    Package(#[from] PackageError),
    /// It cannot be sealed.
    #[error("{0}; nothing left the school")]
    Seal(#[from] SealError),
    /// What came back holds no word of ours.
    #[error(
        "nothing in this file says that a batch of this school was posted; nothing was changed"
    )]
    NoWordOfOurs,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Seals a batch for a partner, made anew: its PDF, the list that goes with packets, and what they send back.
pub async fn seal_batch(
    school: &School,
    actor: Actor,
    number: u32,
    partner: &str,
) -> Result<SealedBatch, ElsewhereRefusal> {
    let partners = &school.config.partners;
    let Some(settings) = partners.get(partner) else {
        let known: Vec<&str> = partners.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(ElsewhereRefusal::NoSuchPartner { name: partner.to_owned(), known });
    };
    // A ruling may have come since it was printed, or a word that cancels its message.
    print_again(school, number, |_, _| {}).await?;
    let printed = batch_file(school, number, 1).await?;
    let list = match batch_list(school, number).await {
        Ok(list) => Some(list),
        // Not every batch has one.
        Err(LettersRefusal::FileGone(_)) => None,
        Err(refusal) => return Err(refusal.into()),
    };
    let back = sent_back(school, number).await?;
    let printed = [Some(&printed), list.as_ref()].into_iter().flatten();
    let mut files: Vec<(&str, &[u8])> =
        printed.map(|it| (it.name.as_str(), it.content.as_slice())).collect();
    files.push((SENT_BACK, back.as_bytes()));
    let octets = sealed_file::sealed(&package(&files)?, &settings.key).await?;
    let (id, by, about) = (school.queue.school().clone(), school.by(actor), number.to_string());
    let note = move |tx: &Tx<'_>| journal::note(tx, &id, &by, Act::SealBatch, &about);
    school.store().write(note).await?;
    Ok(SealedBatch { name: format!("lot-{number:04}.zip.age"), octets })
}

/// What a partner reads, and sends back.
async fn sent_back(school: &School, number: u32) -> Result<String, StoreError> {
    let word = school.queue.seal_key().await?.sealed_batch(number);
    let facts = school.renderer.school();
    let (name, email) = (&facts.name, &facts.email);
    Ok(format!(
        "{name} : courriers du lot {number}.\r\n\r\n\
         Imprimez le PDF tel quel, à sa taille, puis postez ou remettez chaque courrier.\r\n\
         Ensuite, renvoyez ce fichier à l’établissement ({email}) : il dit que tout est parti.\r\n\r\n\
         {word}\r\n"
    ))
}

/// Takes down that a batch was posted by what a partner sends back: its addressees are reached.
pub async fn post_by_word(
    school: &School,
    actor: Actor,
    said: &str,
) -> Result<PostedBatch, ElsewhereRefusal> {
    let key = school.queue.seal_key().await?;
    let number = said.split_whitespace().find_map(|word| key.opened_batch(word));
    let number = number.ok_or(ElsewhereRefusal::NoWordOfOurs)?;
    Ok(post_letters(school, actor, number).await?)
}
