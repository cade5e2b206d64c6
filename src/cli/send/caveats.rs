//! What whoever sends should know beside the text, in the same words before and after it leaves.

use super::super::{output, when};
use crate::office::{School, Unseen, Waiting};

/// Newcomers whom an ENT that does not answer was not asked about.
pub(super) fn tell_of_unlinked(count: usize) {
    if count > 0 {
        output::line(format!(
            "{count} of them are new, and the ENT has not said yet whether they have an account: they \
             go by the next way."
        ));
    }
}

/// Whom the account that sends does not see in the ENT.
pub(super) fn tell_of_unseen(unseen: &Unseen) {
    let count = unseen.count();
    if count > 0 {
        let ways: Vec<String> =
            unseen.by_way().map(|(way, count)| format!("{count} go by {way}")).collect();
        output::line(format!(
            "{count} of them have no account in the ENT that the sending one may write to: {} at once.",
            ways.join(", ")
        ));
    }
}

/// Who waits for the digest: their household has enough for this week.
pub(super) fn tell_of_digest(school: &School, Waiting { waiting, leaves_at }: Waiting) {
    if let Some(at) = leaves_at.filter(|_| waiting > 0) {
        output::line(format!(
            "{waiting} of them had {} messages this week: they get it with the digest of {}.",
            school.queue.timing().load.per_week,
            when::shown(school, at)
        ));
    }
}

/// What is urgent by day may still be on its way when its channels fall asleep.
pub(super) fn tell_of_the_night(may_last: bool) {
    if may_last {
        output::line(
            "What has not left when quiet hours begin waits for their end; --reason and --by let it pass.",
        );
    }
}

/// Nobody is left without a word about it.
pub(super) fn tell_of_out_of_reach(count: usize) {
    if count > 0 {
        output::line(format!("{count} of them can be reached by no way of the plan that is open."));
    }
}
