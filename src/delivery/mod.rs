//! One addressee on one channel: its words and its life.

mod by_hand;
mod conditions;
mod copies;
mod enclosed;
mod envelope;
mod events;
mod failure;
mod hours;
pub mod lifecycle;
mod load;
mod openings;
mod place;
mod progress;
mod recall;
mod receipt;
mod recipient;
mod restricted;
mod seal;
mod states;
mod timing;
pub mod waiting;

pub use by_hand::{ByHand, Readership, WhoReads};
pub use copies::Copies;
pub use enclosed::Enclosed;
pub use envelope::{Accepted, Circular, Content, Envelope, Verdicts};
pub use failure::{Blame, FailureKind, SendError};
pub use hours::{DAY, Hours, Quiet, QuietSpan, WEEK};
pub use load::Load;
pub use openings::{Opening, Openings};
pub use place::AddresseePlace;
pub use recall::{RecallState, Recaller};
pub use receipt::{DeliveryName, Receipt, Reply, ReplyKind, Verdict};
pub use recipient::{About, Member, Recipient};
pub use restricted::Allowed;
pub use seal::SealKey;
pub use timing::{Timing, Waves};
