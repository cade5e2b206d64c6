//! The pages' French as a printer sets it: apostrophes, spaces that do not break. What people typed into a field,
//! and what is shown as it left, stays as it is.

use crate::wording::typography::french;

/// Elements whose text is nobody's to set.
const AS_TYPED: [&str; 5] = ["textarea", "pre", "code", "script", "style"];

/// Stands for the element before a text.
const ANY_WORD: &str = "a";

/// A whole document, its text set; tags and attributes are left alone.
pub(super) fn set(html: &str) -> String {
    let (mut set, mut rest) = (String::with_capacity(html.len() + 64), html);
    while let Some((text, tag)) = rest.split_once('<') {
        put_text(&mut set, text);
        let end = as_typed_end(tag).or_else(|| tag.find('>').map(|end| end + 1));
        let (inside, after) = tag.split_at(end.unwrap_or(tag.len()));
        set.push('<');
        set.push_str(inside);
        rest = after;
    }
    put_text(&mut set, rest);
    set
}

/// Where an element ends whose text stays as it is, where one begins here.
fn as_typed_end(tag: &str) -> Option<usize> {
    let name: String = tag.chars().take_while(char::is_ascii_alphabetic).collect();
    let name = AS_TYPED.into_iter().find(|it| *it == name)?;
    tag.find(&format!("</{name}"))
}

fn put_text(set: &mut String, text: &str) {
    if text.chars().all(|sign| sign.is_ascii_whitespace() || sign.is_ascii_alphanumeric()) {
        set.push_str(text);
        return;
    }
    for sign in in_its_place(&read(text)).chars() {
        match sign {
            '&' => set.push_str("&amp;"),
            '<' => set.push_str("&lt;"),
            '>' => set.push_str("&gt;"),
            other => set.push(other),
        }
    }
}

/// The text set as it stands: what goes on after an element, as `<b>Zoé</b> : absente`, begins no line.
fn in_its_place(text: &str) -> String {
    if text.starts_with(' ') {
        french(&format!("{ANY_WORD}{text}")).split_off(ANY_WORD.len())
    } else {
        french(text)
    }
}

/// The text that markup stands for; the page engine writes these and no other.
fn read(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_set_and_nothing_else() {
        assert_eq!(
            set("<p title=\"l'heure\">L&#39;ENT : ouvert</p>"),
            "<p title=\"l'heure\">L’ENT\u{a0}: ouvert</p>"
        );
        let typed = "<textarea>l'ENT : &#60;b&#62;</textarea>";
        assert_eq!(set(typed), typed);
        assert_eq!(set("<b>&#60;script&#62;</b>"), "<b>&lt;script&gt;</b>");
        assert_eq!(set("<b>Zoé</b> : là"), "<b>Zoé</b>\u{a0}: là");
        assert_eq!(set("<b>&#38;#60</b>"), "<b>&amp;#60</b>");
    }
}
