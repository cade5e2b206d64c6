//! What a person should know of the text messages of a message before they leave.

use super::context::Context;
use super::output;
use crate::office::Ready;
use crate::wording::sms::is_unseen;

/// What is different while no sender is declared.
pub(super) const BY_SHORT_NUMBER: &str = "Text messages leave by a short number, since no sender is declared: \
    they may hold neither link nor telephone number, and those of the school are left out of them.";

/// Tells what makes them dear, and what would make them less so.
pub(super) fn warn_about_sms(context: &Context, ready: &Ready) {
    let Some(warning) = ready.sms_warning.as_ref().filter(|_| !context.json) else { return };
    let (size, proposed) = (warning.size.segments, warning.proposed.size.segments);
    if proposed < size {
        let dear = warning.size.costly.iter().map(|(sign, _)| *sign);
        let dear = shown(dear.filter(|sign| !warning.stubborn.contains(sign)));
        output::line(format!(
            "\nA text message takes {size} SMS because of {dear}; with --plain-sms it takes {proposed}."
        ));
    } else if size > warning.max_segments {
        output::line(format!(
            "\nA text message takes {size} SMS; the school finds {} acceptable.",
            warning.max_segments
        ));
    }
    if warning.without_stubborn < proposed {
        output::line(format!(
            "{} cannot be written more plainly: without it, it would take {} SMS and not {proposed}.",
            shown(warning.stubborn.iter().copied()),
            warning.without_stubborn
        ));
    }
}

/// Signs as a person finds them in a text, and by their numbers, since some are not to be seen.
fn shown(signs: impl Iterator<Item = char>) -> String {
    let one = |sign: char| {
        let number = format!("U+{:04X}", u32::from(sign));
        if is_unseen(sign) || sign.is_whitespace() {
            format!("{number}, which nobody sees")
        } else {
            format!("\"{sign}\" ({number})")
        }
    };
    signs.map(one).collect::<Vec<_>>().join(", ")
}
