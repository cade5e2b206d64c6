//! Why somebody's own account was not changed, above the form that asked for it.

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::sign_in::refused;
use super::super::visitor::Visitor;
use crate::office::AccountRefusal;

/// What is wrong with the form as a whole.
pub(super) fn told(visitor: &Visitor, refusal: AccountRefusal) -> Result<Faults, Fault> {
    let mut faults = Faults::default();
    faults.add("", refused::account(visitor.school(), refusal)?);
    Ok(faults)
}
