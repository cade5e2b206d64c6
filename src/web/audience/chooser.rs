//! The boxes by which recipients are chosen; or the field into which a rule is typed that no boxes can say.

use askama::Template;

use super::super::fault::Fault;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::hour_of;
use super::choosing::{Choosing, Offered, OfferedAnswers};
use crate::audience::Rule;
use crate::office::{self, AskingMessage, School};
use crate::people::Whom;

/// Announcements whose answers can be chosen by.
const ASKING: usize = 20;

/// A part of a form.
#[derive(Template)]
#[template(path = "audience/chooser.html", config = "src/web/askama.toml")]
pub(crate) struct Chooser {
    /// The rule as it is typed.
    typed: String,
    /// Whether it can only be typed.
    pub(crate) is_typed: bool,
    choice: Choosing,
    offered: Offered,
}

impl Chooser {
    /// With what a rule says already chosen; whoever has classes of their own is offered these alone.
    pub(crate) async fn of(visitor: &Visitor, typed: &str) -> Result<Self, Fault> {
        let (offered, rule) = (Offered::to(visitor).await?, typed.parse::<Rule>());
        let choice = rule.ok().and_then(|rule| Choosing::of_rule(&rule, &offered));
        let (is_typed, choice) = (choice.is_none(), choice.unwrap_or_default());
        Ok(Self { typed: typed.to_owned(), is_typed, choice, offered })
    }
}

impl Offered {
    async fn to(visitor: &Visitor) -> Result<Self, Fault> {
        let (school, whom) = (visitor.school(), visitor.whom());
        let mut classes = office::classes(school).await?;
        classes.retain(|it| whom.has_class(&it.name));
        let mut levels: Vec<String> = Vec::new();
        let known = classes.iter().map(|it| &it.level).filter(|it| !it.is_empty());
        for level in known.filter(|_| whom == Whom::Everybody) {
            // Classes of a level need not stand together.
            if !levels.contains(level) {
                levels.push(level.clone());
            }
        }
        let lists = office::saved_lists(school).await?.lists.into_iter();
        let asking = office::newest_asking(school, ASKING).await?;
        let answers = asking.iter().map(|it| OfferedAnswers::of(school, it)).collect();
        Ok(Self { levels, classes, lists: lists.map(|list| list.name).collect(), answers })
    }
}

impl OfferedAnswers {
    fn of(school: &School, asking: &AskingMessage) -> Self {
        let AskingMessage { message, subject, launched_at, takes } = asking;
        let silent = (message.to_string(), "n’ont pas encore répondu".to_owned());
        let said = takes.choices().iter().map(|answer| {
            (format!("{answer} {message}"), format!("ont répondu {}", answer.in_french()))
        });
        Self {
            title: format!("{subject}, envoyée {}", hour_of(school, *launched_at)),
            choices: std::iter::once(silent).chain(said).collect(),
        }
    }
}

/// The rule that a form means: as typed, or as chosen.
pub(crate) async fn rule_of(school: &School, posted: &Form) -> Result<String, Fault> {
    if let Some(typed) = posted.some("regle") {
        return Ok(typed.to_owned());
    }
    let known = office::classes(school).await?;
    Ok(Choosing::posted(posted).rule(&known).map(|rule| rule.to_string()).unwrap_or_default())
}
