//! Parts of pages that follow what happens, as server-sent events (WHATWG HTML, 9.2). What is shown is worked out once
//! for all who look, at most once a second, and only while somebody looks; it names no family. Three events: `part` (the id
//! of an element, a line's end, what it holds now), `say` (a sentence for whoever listens), `end` (nothing more comes).

mod hub;
mod stream;

pub(super) use hub::{Hub, LivePart, LiveView, Watched};
pub(super) use stream::answer;
