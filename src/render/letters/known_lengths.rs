//! How many pages letters have that were set before: whoever writes looks at one announcement many times.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use tokio::sync::Mutex;

use super::job::LetterJob;
use crate::render::press::{Press, PressError};

/// Answers kept; beyond, it begins anew.
const KEPT: usize = 256;

/// The lengths of letters by what they say. They are set one job at a time: each takes a process of its own.
#[derive(Default)]
pub struct KnownLengths(Mutex<HashMap<u64, Vec<usize>>>);

impl KnownLengths {
    /// The pages of each letter of a job, in their order.
    pub async fn of(&self, press: &Press, job: &LetterJob) -> Result<Vec<usize>, PressError> {
        let key = key(job);
        let mut known = self.0.lock().await;
        if let Some(lengths) = known.get(&key) {
            return Ok(lengths.clone());
        }
        let lengths = press.lengths(job).await?;
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, lengths.clone());
        Ok(lengths)
    }
}

/// What tells one job from another: all that is printed, but for the references, which are as long as each other.
fn key(job: &LetterJob) -> u64 {
    let mut hasher = DefaultHasher::new();
    let says = job.letters.iter().map(|it| {
        (&it.address, &it.subject, &it.about, &it.class_label, &it.body, it.form, &it.parts)
    });
    let says: Vec<_> = says.collect();
    serde_json::to_vec(&(&job.school, job.date, says, &job.documents))
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}
