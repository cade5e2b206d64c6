//! What the office refuses, in the words of whoever typed a command: what they can do about it is said here.

use crate::office::Refusal;

/// The refusal, and what to type instead.
pub(super) fn worded(refusal: &Refusal) -> String {
    format!("{refusal}{}", advice(refusal))
}

/// What a door says after the refusal; nothing where the refusal says all.
fn advice(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoRecipient(_) => {
            ": import the school's files first (`chappe import`), or widen the audience"
        }
        Refusal::NoCarrier(_) => "; configure one under [providers], or choose another plan",
        Refusal::QuietHours { .. } => {
            ": wait until then, or say why families must be disturbed and who says so (--reason, --by)"
        }
        Refusal::SentAlready { .. } => ": to say it once more, add --again",
        Refusal::NotUrgent => ": add --urgent, or leave --reason and --by out",
        Refusal::Audience(_)
        | Refusal::Template(_)
        | Refusal::Stale(_)
        | Refusal::Corrected(..)
        | Refusal::RefusedInSms(_)
        | Refusal::NobodyHadIt(_)
        | Refusal::NobodyLeft(_)
        | Refusal::Digest
        | Refusal::Store(_) => "",
    }
}
