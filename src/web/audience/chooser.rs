//! The boxes by which recipients are chosen; or the field into which a rule is typed that no boxes can say.

use askama::Template;

use super::super::fault::Fault;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::choosing::Choosing;
use crate::audience::Rule;
use crate::office::{self, KnownClass, School};
use crate::people::Whom;

/// A part of a form.
#[derive(Template)]
#[template(path = "audience/chooser.html", config = "src/web/askama.toml")]
pub(crate) struct Chooser {
    /// The rule as it is typed.
    typed: String,
    /// Whether it can only be typed.
    pub(crate) is_typed: bool,
    choice: Choosing,
    levels: Vec<String>,
    classes: Vec<KnownClass>,
    lists: Vec<String>,
}

impl Chooser {
    /// With what a rule says already chosen; whoever has classes of their own is offered these alone.
    pub(crate) async fn of(visitor: &Visitor, typed: &str) -> Result<Self, Fault> {
        let (school, whom) = (visitor.school(), visitor.whom());
        let rule: Option<Rule> = typed.parse().ok();
        let choice = rule.as_ref().and_then(Choosing::of_rule);
        let mut classes = office::classes(school).await?;
        classes.retain(|it| whom.has_class(&it.name));
        let levels = classes.iter().map(|it| it.level.clone()).filter(|it| !it.is_empty());
        let mut levels: Vec<String> = levels.filter(|_| whom == Whom::Everybody).collect();
        levels.dedup();
        let lists = office::saved_lists(school).await?.lists;
        let lists = lists.into_iter().map(|list| list.name).collect();
        let (is_typed, choice) = (choice.is_none(), choice.unwrap_or_default());
        Ok(Self { typed: typed.to_owned(), is_typed, choice, levels, classes, lists })
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
