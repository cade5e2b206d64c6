//! The keyboard: keys by their names, and the way that Tab takes through a page.

use serde_json::{Value, json};

use super::Browser;
use super::words::plain;

/// Stops after which a page is said to have no end.
const MOST_STOPS: usize = 300;

/// What Tab must come to: one of each group of choices, and nothing that is shut.
const WANTED: &str = "
    const seen = e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled;
    const first = e => e.type !== 'radio' || e === (document.querySelector(`[name='${e.name}']:checked`)
        || document.querySelector(`[name='${e.name}']`));
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]';
    window.wanted = new Set([...document.querySelectorAll(all)].filter(e => seen(e) && first(e)));";
/// Where the focus is; whether a person sees it there.
const STOP: &str = "
    const at = document.activeElement, look = at && getComputedStyle(at);
    if (!at || at === document.body || at === document.documentElement) return null;
    window.wanted.delete(at);
    const is_seen = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== 'none';
    return { what: at.outerHTML.slice(0, 90), is_seen };";
/// What Tab never came to; nothing is said where the page has put something else in its place meanwhile.
const LEFT: &str = "
    const left = [...window.wanted];
    return left.every(e => e.isConnected) ? left.map(e => e.outerHTML.slice(0, 90)) : null;";

impl Browser {
    /// What can be pressed or filled in and Tab does not come to, or where one does not see that it is.
    pub(super) async fn out_of_reach(&self) -> Vec<String> {
        loop {
            let mut wrong = self.walk().await;
            let left: Option<Vec<String>> =
                serde_json::from_value(self.session.run(LEFT, &[]).await).unwrap();
            if let Some(left) = left {
                wrong.extend(left.into_iter().map(|what| format!("Tab never comes to {what}")));
                return wrong;
            }
        }
    }

    /// Goes once through the page by Tab: where one does not see that the focus is there.
    async fn walk(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut leaves = 0;
        self.session.run(WANTED, &[]).await;
        for _ in 0..MOST_STOPS {
            self.press("Tab").await;
            let stop = self.session.run(STOP, &[]).await;
            if stop.is_null() {
                leaves += 1;
            } else if stop["is_seen"] == Value::Bool(false) {
                wrong.push(format!("the focus is not seen at {}", stop["what"]));
            }
            if leaves == 2 {
                break;
            }
        }
        wrong
    }

    /// Presses a key (`Enter`, `Shift+Tab`), or types a text.
    pub(crate) async fn press(&self, keys: &str) {
        let (held, key) = match keys.split_once('+') {
            Some((held, key)) if code(held).is_some() => (code(held), key),
            _ => (None, keys),
        };
        let typed = code(key).map_or_else(|| key.to_owned(), String::from);
        let down = |key: &str| json!({ "type": "keyDown", "value": key });
        let up = |key: &str| json!({ "type": "keyUp", "value": key });
        let held = held.map(String::from);
        let mut acts: Vec<Value> = held.iter().map(|key| down(key)).collect();
        for sign in typed.chars().map(String::from) {
            acts.extend([down(&sign), up(&sign)]);
        }
        acts.extend(held.iter().map(|key| up(key)));
        let said = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": acts }] });
        self.session.ask("actions", said).await.unwrap();
    }

    /// What has the focus, as a screen reader says it: `button: Envoyer`. Nothing: `page`.
    pub(crate) async fn focus(&self) -> String {
        let element = self.session.focused().await.unwrap();
        self.said(&element).await
    }

    /// Sends Tab until the focus stands on what says these words.
    pub(crate) async fn comes_to(&self, words: &str) {
        let words = plain(words);
        for _ in 0..MOST_STOPS {
            self.press("Tab").await;
            if plain(&self.focus().await).contains(&words) {
                return;
            }
        }
        panic!("Tab never comes to {words:?}");
    }

    /// Sends Tab until it comes round; where it stopped, in order.
    pub(crate) async fn tab_stops(&self) -> Vec<String> {
        let mut stops: Vec<(String, String)> = Vec::new();
        let mut leaves = 0;
        while leaves < 2 {
            self.press("Tab").await;
            let element = self.session.focused().await.unwrap();
            let said = self.said(&element).await;
            if said == "page" {
                leaves += 1;
                continue;
            }
            match stops.iter().position(|(seen, _)| *seen == element) {
                Some(0) => break,
                Some(place) => panic!("Tab is caught at {said}, stop {place} of {stops:?}"),
                None => stops.push((element, said)),
            }
            assert!(stops.len() < MOST_STOPS, "Tab never comes round: {stops:?}");
        }
        stops.into_iter().map(|(_, said)| said).collect()
    }

    async fn said(&self, element: &str) -> String {
        let read = async |what| {
            let read = self.session.of_element(element, what).await.unwrap();
            read.as_str().unwrap_or_default().to_owned()
        };
        match read("name").await.as_str() {
            "body" | "html" => "page".to_owned(),
            _ => format!("{}: {}", read("computedrole").await, read("computedlabel").await),
        }
    }
}

/// The driver's sign for a key that types none.
fn code(key: &str) -> Option<char> {
    Some(match key {
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Shift" => '\u{e008}',
        "Control" => '\u{e009}',
        "Alt" => '\u{e00a}',
        "Escape" => '\u{e00c}',
        "Space" => ' ',
        "Left" => '\u{e012}',
        "Up" => '\u{e013}',
        "Right" => '\u{e014}',
        "Down" => '\u{e015}',
        _ => return None,
    })
}
