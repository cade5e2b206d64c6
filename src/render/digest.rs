//! Several messages as one: a list of what they are about, and the whole text of each.

use super::{Prepared, Renderer, TemplateError};
use crate::channel::Channel;
use crate::delivery::{Enclosed, Recipient};
use crate::message::Message;
use crate::wording::markdown::{Block, TextSpan};

/// The heading of a message within a digest: its own begin one lower.
const TITLE: u8 = 2;
const LOWEST: u8 = 3;

impl Renderer {
    /// A digest of these messages for one person on a channel, each about the pupils whom its own copy would
    /// be about.
    pub fn digest(
        &self,
        message: &Message,
        enclosed: &[Enclosed],
        to: &Recipient,
        channel: Channel,
    ) -> Result<Prepared, TemplateError> {
        let (mut titles, mut texts) = (Vec::new(), Vec::new());
        for one in enclosed {
            let reader = Recipient { about: one.about.clone(), ..to.clone() };
            let code = one.message.code.as_str();
            let whole = self.prepared(&one.message)?.whole(&reader, channel, code)?;
            if !texts.is_empty() {
                texts.push(Block::Rule);
            }
            let title = format!("{} (réf. {code})", whole.subject);
            texts.push(Block::Heading { level: TITLE, spans: vec![TextSpan::text(title)] });
            texts.extend(whole.body.into_iter().map(one_lower));
            titles.push(vec![Block::paragraph(vec![TextSpan::text(whole.subject)])]);
        }
        let titles = vec![Block::List { ordered: false, start: 1, items: titles }];
        let ready = self.templates().prepare_digest(self.school(), (titles, texts))?;
        Ok(if message.plain_sms { ready.accept_plain_sms() } else { ready })
    }
}

fn one_lower(block: Block) -> Block {
    match block {
        Block::Heading { level, spans } => {
            Block::Heading { level: level.max(TITLE).saturating_add(1).min(LOWEST), spans }
        }
        Block::Frame { blocks } => {
            Block::Frame { blocks: blocks.into_iter().map(one_lower).collect() }
        }
        other => other,
    }
}
