//! What is said where nobody is at work.

use crate::office::School;

/// What is said then.
pub(super) const NOBODY: &str = "No daemon is at work: nothing leaves until `chappe serve` runs.";

/// One line for whoever waits for something to leave; none while a daemon is at work.
pub(super) async fn line_about(school: &School) -> anyhow::Result<Option<&'static str>> {
    let is_attended = school.queue.attendance().is_anybody_at_work(school.clock.now()).await?;
    Ok((!is_attended).then_some(NOBODY))
}
