//! Parts of pages that follow what happens, as server-sent events (WHATWG HTML, 9.2). What several see alike is worked
//! out once for all of them, and only while somebody looks; it names no family. Each is shown it as long as their session
//! and what they may are what they were. Three events: `part` (the id of an element, a line's end, what it holds now),
//! `say` (a sentence for whoever listens), `end` (nothing more comes).

mod hub;
mod stream;

pub(super) use hub::{Hub, LivePart, LiveView, Watched};
pub(super) use stream::answer;
