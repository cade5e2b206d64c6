//! Where somebody goes on to once they are signed in.

/// A page on the way, from which somebody goes on to where they wanted.
pub(super) fn by(page: &str, wanted: &str) -> String {
    let wanted: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    format!("{page}?vers={wanted}")
}

/// Where to go on: a page of ours, and never another's. A browser passes over controls, and what stands behind them
/// moves up: `/`, a tab and `/example.org` are another house.
pub(super) fn onwards(wanted: &str) -> &str {
    let is_foreign = |sign: char| sign == '\\' || sign.is_control();
    let is_ours =
        wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.contains(is_foreign);
    if is_ours { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere_by_signing_in() {
        assert_eq!(onwards("/annonces/FB48?page=2"), "/annonces/FB48?page=2");
        for foreign in ["//example.org", "https://example.org", "/\\example.org", ""] {
            assert_eq!(onwards(foreign), "/", "{foreign}");
        }
        for passed_over in ['\t', '\n', '\r', '\0', '\u{1f}', '\u{7f}', '\u{85}'] {
            let foreign = format!("/{passed_over}/example.org");
            assert_eq!(onwards(&foreign), "/", "{foreign:?}");
        }
    }
}
