//! One addressee on one channel: its words and its life.

mod envelope;
mod failure;
mod hours;
pub mod lifecycle;
mod openings;
mod proof;
mod recipient;
mod timing;

pub use envelope::{Accepted, Content, Envelope};
pub use failure::{FailureKind, SendError};
pub use hours::{DAY, Hours, Quiet, QuietSpan, WEEK};
pub use openings::{Opening, Openings};
pub use proof::{Proof, Receipt, Reply, Verdict};
pub use recipient::{About, Member, Recipient};
pub use timing::{Timing, Waves};
