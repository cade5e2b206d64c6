//! The moment from which on a mail is ours: whoever brought it is told, or it is moved away, after that alone.

use super::super::{Inbox, NotKept, Word};
use crate::crash;

/// Has what came kept.
pub(super) async fn take(inbox: &dyn Inbox, words: Vec<Word>) -> Result<(), NotKept> {
    crash::point("mailbox.before_take");
    let taken = inbox.take(words).await;
    crash::point("mailbox.after_take");
    taken
}
