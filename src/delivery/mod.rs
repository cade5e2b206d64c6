//! One addressee on one channel: its words and its life.

mod envelope;
mod failure;
pub mod lifecycle;
mod proof;
mod recipient;

pub use envelope::{Accepted, Content, Envelope};
pub use failure::{FailureKind, SendError};
pub use proof::{Proof, Receipt, Reply, Verdict};
pub use recipient::{About, Member, Recipient};
