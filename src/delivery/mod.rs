//! One addressee on one channel: its words and its life.

mod envelope;
mod failure;
mod proof;

pub use envelope::{Accepted, Content, Envelope};
pub use failure::{FailureKind, SendError};
pub use proof::{Proof, Receipt, Reply, Verdict};
