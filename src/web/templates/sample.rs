//! What a template says to a sample person on each of its channels.

use askama::Template;

use crate::channel::Channel;

/// The texts, each under the name of its channel.
#[derive(Template)]
#[template(path = "templates/sample.html", config = "src/web/askama.toml")]
pub(super) struct SampleTexts {
    texts: Vec<(&'static str, String)>,
}

impl SampleTexts {
    /// Those that the office worded.
    pub(super) fn of(texts: Vec<(Channel, String)>) -> Self {
        let named = |(channel, text): (Channel, String)| (channel.in_french(), text);
        Self { texts: texts.into_iter().map(named).collect() }
    }
}
