//! Points at which a test lets the process die, as if the power went just there.
//!
//! They do nothing in the program that ships: only the tests' build has the feature that arms them,
//! by `FAILPOINTS="store.before_commit=3*off->return"` in the environment: the fourth passage is
//! the last thing that the process does.

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
