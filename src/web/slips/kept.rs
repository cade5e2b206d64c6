//! A scan that is kept, as addresses call it.

use super::super::fault::Fault;
use crate::id::Id;
use crate::office::KeptScan;

/// What an address calls a scan.
pub(super) fn called(typed: &str) -> Result<Id<KeptScan>, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

/// The address of a scan.
pub(super) fn path(scan: Id<KeptScan>) -> String {
    format!("/coupons/{scan}")
}
