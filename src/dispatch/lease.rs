//! How the lease of an attempt is shared out.

/// How much of its lease an attempt may wait for its turn, and how much its call may take: nobody may
/// take it for lost before it ends.
pub(super) const TURN: f64 = 0.1;
pub(super) const CALL: f64 = 0.8;
