//! Points at which a test lets the process die, as if the power went just there.
//!
//! They do nothing in the program that ships: only the tests' build has the feature that arms them,
//! by `FAILPOINTS="store.before_commit=3*off->return"` in the environment: the fourth passage is
//! the last thing that the process does.

use std::ffi::OsString;

/// The variable that arms them.
const VARIABLE: &str = "FAILPOINTS";

/// Arms the points that the environment names; called once, by the program.
pub fn arm() {
    if fail::has_failpoints() {
        // Kept to the end of the process: dropped, it would disarm them.
        std::mem::forget(fail::FailScenario::setup());
    }
}

/// A point of this name.
pub fn point(name: &str) {
    let _ = name;
    fail::fail_point!(name, |_| std::process::abort());
}

/// What arms the points of a program that is started without our environment; nothing in the program that ships.
#[must_use]
pub fn armed() -> Option<(&'static str, OsString)> {
    let points = std::env::var_os(VARIABLE).filter(|_| fail::has_failpoints())?;
    Some((VARIABLE, points))
}
