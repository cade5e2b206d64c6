//! So many of something, in words and as they come.

use indicatif::{ProgressBar, ProgressStyle};

/// So many of something: `1 page`, `2 pages`.
pub(super) fn counted(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// A bar that hears how many of how many are done.
pub(super) fn bar(what: &str, show: bool) -> impl FnMut(usize, usize) + Send + use<> {
    let bar = if show { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template(&format!("{what} {{bar:30}} {{pos}}/{{len}}")) {
        bar.set_style(style);
    }
    move |done, of| {
        bar.set_length(u64::try_from(of).unwrap_or(0));
        bar.set_position(u64::try_from(done).unwrap_or(0));
        if done == of {
            bar.finish_and_clear();
        }
    }
}
