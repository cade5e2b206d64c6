//! To whom an announcement goes: chosen, or typed as a rule; with how many that is.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};

use super::super::fault::{Explained, Fault};
use super::super::field::Faults;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::super::words::count as counted;
use super::choosing::Choosing;
use super::kept::{self, Saved, Steps, WritingStep};
use crate::audience::{AudienceError, Base, Rule};
use crate::channel::Channel;
use crate::message::{Draft, DraftVersion};
use crate::office::{self, KnownClass, School};
use crate::people::Right;

const TITLE: &str = "Les destinataires";
/// How many are named.
const NAMED: usize = 8;

#[derive(Template)]
#[template(path = "compose/audience.html", config = "src/web/askama.toml")]
struct AudiencePage<'a> {
    csrf: &'a str,
    at: DraftVersion,
    steps: Steps,
    faults: Faults,
    typed: &'a str,
    is_typed: bool,
    choice: Choosing,
    levels: Vec<String>,
    classes: Vec<KnownClass>,
    lists: Vec<String>,
    count: HowMany,
}

/// How many an audience means, by which way first, and who is left out.
#[derive(Template)]
#[template(path = "compose/count.html", config = "src/web/askama.toml")]
pub(super) struct HowMany {
    rule: String,
    total: String,
    ways: Vec<String>,
    nobody: usize,
    some: Vec<(String, String)>,
    left_out: Vec<(String, String)>,
    fault: Option<Explained>,
}

/// The form of the audience.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open(&visitor, number).await?;
    shown(&visitor, kept.at(), &kept.draft.audience, Faults::default()).await
}

async fn shown(
    visitor: &Visitor,
    at: DraftVersion,
    typed: &str,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let school = visitor.school();
    let rule: Option<Rule> = typed.parse().ok();
    let choice = rule.as_ref().and_then(Choosing::of_rule);
    let classes = office::classes(school).await?;
    let mut levels: Vec<String> =
        classes.iter().map(|it| it.level.clone()).filter(|it| !it.is_empty()).collect();
    levels.dedup();
    let lists =
        office::saved_lists(school).await?.lists.into_iter().map(|list| list.name).collect();
    let body = AudiencePage {
        csrf: &visitor.session().csrf,
        at,
        steps: Steps::at(at.number, WritingStep::Audience),
        faults,
        typed,
        is_typed: choice.is_none(),
        choice: choice.unwrap_or_default(),
        levels,
        classes,
        lists,
        count: HowMany::of(visitor, typed).await?,
    };
    visitor.page(Section::Announcements, TITLE, &body)
}

/// Keeps the audience, and goes on where it means somebody.
pub(super) async fn save(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::open(&visitor, number).await?;
    let typed = typed(visitor.school(), &posted).await?;
    let over = kept::seen(&posted, number)?;
    let draft = Draft { audience: typed.clone(), ..kept.draft };
    if let Saved::Overtaken(now, faults) = kept::save(&visitor, over, draft).await? {
        return Ok(shown(&visitor, now, &typed, faults).await?.refused().into_response());
    }
    let next = if posted.has("compter") { WritingStep::Audience } else { WritingStep::Sending };
    let count = HowMany::of(&visitor, &typed).await?;
    let Some(told) = count.fault else { return Ok(kept::go_on(number, next)) };
    let mut faults = Faults::default();
    faults.add("", format!("{} {}", told.what, told.then));
    let at = kept::open(&visitor, number).await?.at();
    Ok(shown(&visitor, at, &typed, faults).await?.refused().into_response())
}

/// The rule that a form means: as typed, or as chosen.
async fn typed(school: &School, posted: &Form) -> Result<String, Fault> {
    if let Some(typed) = posted.some("regle") {
        return Ok(typed.to_owned());
    }
    let known = office::classes(school).await?;
    Ok(Choosing::posted(posted).rule(&known).map(|rule| rule.to_string()).unwrap_or_default())
}

/// How many what is chosen just now means; a part of the form's page.
pub(super) async fn count(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    let posted = Form::asked(query.as_deref().unwrap_or_default());
    let typed = typed(visitor.school(), &posted).await?;
    WebPage::part(&HowMany::of(&visitor, &typed).await?)
}

impl HowMany {
    /// Of a rule as typed.
    pub(super) async fn of(visitor: &Visitor, typed: &str) -> Result<Self, Fault> {
        let (school, sees_rulings) = (visitor.school(), visitor.may(Right::SeeRulings));
        let rule: Rule = match typed.parse() {
            Ok(rule) => rule,
            Err(error) => return Ok(Self::refused(typed, refusals::told_of_rule(&error))),
        };
        let has_families = rule.base.has_families() || rule.base == Base::Whoever;
        let found = match office::audience(school, &rule, NAMED).await {
            Ok(found) => found,
            Err(AudienceError::Store(error)) => return Err(error.into()),
            Err(AudienceError::Rule(error)) => {
                return Ok(Self::refused(typed, refusals::told_of_rule(&error)));
            }
        };
        if found.total == 0 {
            let told = Explained::new(
                "Personne ne correspond à ce choix.",
                "Choisissez d’autres destinataires.",
            );
            return Ok(Self::refused(typed, told));
        }
        let (one, many) = if has_families {
            ("destinataire", "destinataires")
        } else {
            ("collègue", "collègues")
        };
        let by = |channel: Channel| {
            let number = *found.by_first_channel.get(channel.as_str())?;
            (number > 0).then(|| {
                format!(
                    "{} par {}",
                    counted(number, "joignable", "joignables"),
                    channel.in_french()
                )
            })
        };
        Ok(Self {
            rule: rule.to_string(),
            total: counted(found.total, one, many),
            ways: Channel::ALL.into_iter().filter_map(by).collect(),
            nobody: found.by_first_channel.get("none").copied().unwrap_or(0),
            some: found
                .recipients
                .iter()
                .map(|it| (it.name.clone(), it.about.join(", ")))
                .collect(),
            left_out: found
                .left_out
                .iter()
                .filter(|it| sees_rulings || !it.is_restricted)
                .map(|it| (it.name.clone(), it.reason.clone()))
                .collect(),
            fault: None,
        })
    }

    fn refused(typed: &str, told: Explained) -> Self {
        Self {
            rule: typed.to_owned(),
            total: String::new(),
            ways: Vec::new(),
            nobody: 0,
            some: Vec::new(),
            left_out: Vec::new(),
            fault: Some(told),
        }
    }
}
