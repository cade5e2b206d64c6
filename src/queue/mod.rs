//! The queue: what waits, who has it in hand, and what became of it. It writes only what the
//! lifecycle decided.

mod answers;
mod attendance;
mod calls;
mod cards;
mod carried;
mod circumstances;
mod climb;
mod contacts;
mod corrections;
mod cut;
mod decisions;
mod digests;
mod holds;
mod in_hand;
mod launch;
mod letters;
mod load;
mod pauses;
mod poison;
mod recalls;
mod restrictions;
mod school_queue;
mod seals;
mod settle;
mod start;
mod status;
mod step;
mod together;
mod transit;

pub use answers::{Heard, SaidBack};
pub use attendance::{Attendance, BELIEVED_FOR, SAID_EVERY, idle_providers, is_attended};
pub use calls::{
    CallDesk, CallNoting, CallOver, CallTaking, DueCall, NotedCall, PastCall, SaidOfCall, TakenBack,
};
pub use cards::{CardStands, Cards, Publishing};
pub use carried::as_carried;
pub use circumstances::Circumstances;
pub use corrections::{Corrected, Corrections};
pub use decisions::Decisions;
pub use digests::Digests;
pub use holds::{Holds, MayHaveLeft};
pub use in_hand::{Claimed, Outcome};
pub use launch::Take;
pub use letters::{DueLetter, HeldBack, Letters};
pub use load::Gathering;
pub use recalls::{RecallAhead, Recalls};
pub use restrictions::{Withheld, Withholding};
pub use school_queue::Queue;
pub use start::Started;
pub use status::{Addressees, ChannelCount, DigestCount, Levels, Status, Sum, status, sums};
