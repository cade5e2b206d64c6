//! What a correction would say, and to how many it would go: looked at before it leaves by whoever writes it and by whoever
//! gives their yes.

use askama::Template;

use super::super::fault::Fault;
use super::super::visitor::Visitor;
use super::super::words::count;
use crate::message::Message;
use crate::office::{self, CorrectionShown, School};
use crate::people::Right;

/// To how many, and what it says first.
#[derive(Template)]
#[template(path = "announcements/looked_at.html", config = "src/web/askama.toml")]
pub(crate) struct CorrectionPart {
    /// The announcement that it puts right, where the page is not about that one.
    earlier: Option<(String, String)>,
    told: String,
    what: String,
    cards: Vec<String>,
}

/// What the first of them would get, by each way; nothing for whoever may not see that family.
#[derive(Template)]
#[template(path = "announcements/texts.html", config = "src/web/askama.toml")]
pub(crate) struct CorrectionTexts {
    texts: Vec<(&'static str, String)>,
}

/// `3 destinataires`: everybody to whom it goes.
pub(crate) fn recipients(looked_at: &CorrectionShown) -> String {
    count(looked_at.had_it + looked_at.waited_for_it, "destinataire", "destinataires")
}

impl CorrectionPart {
    /// Of a correction that was looked at.
    pub(crate) fn of(looked_at: &CorrectionShown) -> Self {
        let CorrectionShown { had_it, waited_for_it, says, cards_published, .. } = looked_at;
        let had = count(
            *had_it,
            "a eu, ou peut-être eu, l’ancien texte",
            "ont eu, ou peut-être eu, l’ancien texte",
        );
        let waited = match *waited_for_it {
            0 => String::new(),
            waited => format!(
                " ; {}",
                count(
                    waited,
                    "l’attendait encore et n’aura que le nouveau",
                    "l’attendaient encore et n’auront que le nouveau"
                )
            ),
        };
        Self {
            earlier: None,
            told: format!("{had}{waited}."),
            what: says.as_ref().map(|says| says.what.clone()).unwrap_or_default(),
            cards: cards_published.clone(),
        }
    }

    /// The same, on a page that is not about the announcement which it puts right.
    pub(crate) fn naming(self, school: &School, earlier: &Message) -> Self {
        let subject = school.subject(&earlier.template, &earlier.fields);
        Self { earlier: Some((earlier.code.to_string(), subject)), ..self }
    }
}

/// That so many may have an announcement already, which is tried again for them.
pub(crate) fn twice(many: usize) -> String {
    let (had, get) = match many {
        1 => ("personne a peut-être déjà reçu", "elle l’aura alors"),
        _ => ("personnes ont peut-être déjà reçu", "elles l’auront alors"),
    };
    format!("{many} {had} cette annonce : {get} deux fois.")
}

impl CorrectionTexts {
    /// Of a correction that was looked at, for whoever may look at the first who had the earlier text.
    pub(crate) async fn of(
        visitor: &Visitor,
        earlier: &Message,
        looked_at: &CorrectionShown,
    ) -> Result<Self, Fault> {
        let whom = visitor.whom();
        let is_seen = visitor.may(Right::SeeFamilies)
            && office::addressee(visitor.school(), earlier, 0, &whom).await?.is_some();
        let texts = looked_at.preview.iter();
        let texts = texts.map(|(channel, text)| (channel.in_french(), text.clone()));
        Ok(Self { texts: if is_seen { texts.collect() } else { Vec::new() } })
    }
}
