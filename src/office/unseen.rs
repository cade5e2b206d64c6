//! Whom the account that sends does not see in the ENT: they go another way at once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::channel::Channel;

/// How many of a message have no account that the ENT shows to the one that sends, by the way that they go in place
/// of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Unseen(BTreeMap<Channel, usize>);

impl Unseen {
    /// How many they are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// How many go by each way.
    pub fn by_way(&self) -> impl Iterator<Item = (Channel, usize)> {
        self.0.iter().map(|(way, count)| (*way, *count))
    }

    /// In one line: `12 personnes ne sont pas visibles du compte de l’ENT : 10 recevront un courriel, 2 un SMS.`
    #[must_use]
    pub fn in_french(&self) -> Option<String> {
        let are = match self.count() {
            0 => return None,
            1 => "1 personne n’est pas visible".to_owned(),
            many => format!("{many} personnes ne sont pas visibles"),
        };
        let told = self.by_way().enumerate().map(|(number, (way, count))| {
            let get = match (number, count) {
                (0, 1) => "recevra ",
                (0, _) => "recevront ",
                _ => "",
            };
            format!("{count} {get}{}", one_by(way))
        });
        Some(format!("{are} du compte de l’ENT : {}.", told.collect::<Vec<_>>().join(", ")))
    }

    /// One more, who goes this way.
    pub(super) fn note(&mut self, way: Channel) {
        *self.0.entry(way).or_default() += 1;
    }
}

/// What somebody gets by a way, in French.
const fn one_by(way: Channel) -> &'static str {
    match way {
        Channel::Ent => "un message",
        Channel::Email => "un courriel",
        Channel::Sms => "un SMS",
        Channel::Phone => "un appel",
        Channel::Letter => "un courrier",
        Channel::Chat => "un message par messagerie",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_many_go_by_which_way() {
        let mut unseen = Unseen::default();
        assert_eq!(unseen.in_french(), None);
        unseen.note(Channel::Sms);
        let one = "1 personne n’est pas visible du compte de l’ENT : 1 recevra un SMS.";
        assert_eq!(unseen.in_french().as_deref(), Some(one));
        (0..10).for_each(|_| unseen.note(Channel::Email));
        unseen.note(Channel::Sms);
        let many = "12 personnes ne sont pas visibles du compte de l’ENT : 10 recevront un courriel, 2 un SMS.";
        assert_eq!(unseen.in_french().as_deref(), Some(many));
    }
}
