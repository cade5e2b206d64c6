//! What stands on the outside of a letter.

use crate::delivery::Recipient;
use crate::people::on_the_envelope;

/// What shows in the window: all of them, at the address of the first.
pub(super) fn envelope(recipients: &[Recipient]) -> Vec<String> {
    let persons: Vec<_> = recipients.iter().flat_map(Recipient::persons).collect();
    let names = on_the_envelope(&persons);
    let post = recipients.first().and_then(|first| first.post.as_ref());
    post.map(|post| post.envelope_lines_of(&names).lines).unwrap_or_default()
}

/// The class in which it is handed out.
pub(super) fn class(recipient: &Recipient) -> Option<&str> {
    recipient.about.iter().find_map(|about| about.class.as_deref())
}
