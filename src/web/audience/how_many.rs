//! How many an audience means, by which way first, and who is left out.

use askama::Template;

use super::super::fault::{Explained, Fault};
use super::super::refusals;
use super::super::visitor::Visitor;
use super::super::words::{count as counted, readable};
use crate::audience::{Base, Rule};
use crate::channel::Channel;
use crate::office::{self, Refusal};
use crate::people::Right;

/// How many are named.
const NAMED: usize = 8;

/// How many an audience means, by which way first, and who is left out.
#[derive(Template)]
#[template(path = "audience/count.html", config = "src/web/askama.toml")]
pub(crate) struct HowMany {
    rule: String,
    total: String,
    ways: Vec<String>,
    /// How many of them nothing reaches; empty for none.
    nobody: String,
    some: Vec<(String, String)>,
    left_out: Vec<(String, String)>,
    /// How many those are, named or not; empty for none.
    set_aside: String,
    /// Why it means nobody.
    pub(crate) fault: Option<Explained>,
}

impl HowMany {
    /// Of a rule as typed.
    pub(crate) async fn of(visitor: &Visitor, typed: &str) -> Result<Self, Fault> {
        let (school, sees_rulings) = (visitor.school(), visitor.may(Right::SeeRulings));
        let rule: Rule = match typed.parse() {
            Ok(rule) => rule,
            Err(error) => return Ok(Self::refused(typed, refusals::told_of_rule(&error))),
        };
        let has_families = rule.base.has_families() || rule.base == Base::Whoever;
        let found = match office::audience_within(school, &visitor.whom(), &rule, NAMED).await {
            Ok(found) => found,
            Err(Refusal::Store(error)) => return Err(error.into()),
            Err(refusal) => return Ok(Self::refused(typed, refusals::told(&refusal))),
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
        let may_name = visitor.may_name_anybody();
        let left_out: Vec<(String, String)> = found
            .left_out
            .iter()
            .filter(|it| sees_rulings || !it.is_restricted)
            .map(|it| (it.name.clone(), it.reason.clone()))
            .collect();
        Ok(Self {
            rule: rule.to_string(),
            total: counted(found.total, one, many),
            ways: Channel::ALL.into_iter().filter_map(by).collect(),
            nobody: out_of_reach(found.by_first_channel.get("none").copied(), may_name),
            some: found
                .recipients
                .iter()
                .filter(|_| may_name)
                .map(|it| (it.name.clone(), it.about.join(", ")))
                .collect(),
            set_aside: set_aside(left_out.len()),
            left_out: if may_name { left_out } else { Vec::new() },
            fault: None,
        })
    }

    fn refused(typed: &str, told: Explained) -> Self {
        Self {
            rule: typed.to_owned(),
            total: String::new(),
            ways: Vec::new(),
            nobody: String::new(),
            some: Vec::new(),
            left_out: Vec::new(),
            set_aside: String::new(),
            fault: Some(told),
        }
    }
}

/// What is said of those who are left out.
fn set_aside(many: usize) -> String {
    match many {
        0 => String::new(),
        many => counted(many, "laissé de côté", "laissés de côté"),
    }
}

/// What is said of those whom nothing reaches.
fn out_of_reach(many: Option<usize>, may_name: bool) -> String {
    let (many, named) = match many.unwrap_or_default() {
        0 => return String::new(),
        1 => (1, " : cette personne vous sera nommée"),
        many => (many, " : ils vous seront nommés"),
    };
    format!("{} que rien ne joint{}", readable(many), if may_name { named } else { "" })
}
