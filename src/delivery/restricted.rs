//! What restrictions leave of a copy: fewer pupils, fewer addresses, or nothing.

use super::Recipient;
use crate::channel::Channel;
use crate::people::{Mark, Restriction, Restrictions};

/// What may still leave for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// The copy as it is.
    All,
    /// This much of it.
    Less(Box<Recipient>),
    /// Nothing, and why.
    Nothing(Restriction),
}

impl Allowed {
    /// What may leave of `copy`, of which this was said; none for nothing.
    #[must_use]
    pub fn of(self, copy: Recipient) -> Option<Recipient> {
        match self {
            Self::All => Some(copy),
            Self::Less(less) => Some(*less),
            Self::Nothing(_) => None,
        }
    }
}

impl Recipient {
    /// What `restrictions` leave of the copy: nothing about a pupil of whom its reader must not hear, and
    /// nothing to an address where somebody else would read it who must not.
    #[must_use]
    pub fn allowed(&self, restrictions: &Restrictions) -> Allowed {
        if restrictions.is_empty() || self.about.is_empty() {
            return Allowed::All;
        }
        let mut left = self.clone();
        left.leave_out_members(restrictions);
        let mut why = None;
        left.about.retain(|pupil| {
            let on = restrictions.on(pupil.which(), &left.person, &left.name);
            why = why.or(on.map(|known| known.tie.why));
            on.is_none()
        });
        if let Some(why) = why.filter(|_| left.about.is_empty()) {
            return Allowed::Nothing(why);
        }
        for channel in Channel::ALL {
            let mark = left.mark(channel);
            let is_spoilt = |mark: &Mark| {
                left.about.iter().any(|pupil| restrictions.spoil(pupil.which(), mark))
            };
            if mark.as_ref().is_some_and(is_spoilt) {
                left.forget(channel);
            }
        }
        if left.about != self.about || left.members != self.members {
            // It says something else than the copies of those who share an address.
            left.shared.clear();
            left.greeted_too.clear();
        }
        if left == *self { Allowed::All } else { Allowed::Less(Box::new(left)) }
    }

    /// The address on a channel, as restrictions compare it.
    #[must_use]
    pub fn mark(&self, channel: Channel) -> Option<Mark> {
        match channel {
            Channel::Letter => self.post.as_ref().and_then(Mark::of_home),
            other => self.contact_point(other).as_ref().map(Mark::of_point),
        }
    }

    /// A copy for several is for the others alone when one of them must not hear of one of its pupils.
    fn leave_out_members(&mut self, restrictions: &Restrictions) {
        let about = &self.about;
        let may_hear = |member: &super::Member| {
            let mut pupils = about.iter();
            pupils.all(|it| restrictions.on(it.which(), &member.person, &member.name).is_none())
        };
        let left: Vec<_> = self.members.iter().filter(|it| may_hear(it)).cloned().collect();
        if left.len() == self.members.len() {
            return;
        }
        // Nobody is left: the pupils tell why, one by one.
        let Some(first) = left.first().or_else(|| self.members.first()).cloned() else { return };
        let names: Vec<&str> = left.iter().map(|member| member.name.as_str()).collect();
        self.name = if names.is_empty() { first.name } else { names.join(" et ") };
        self.person = first.person;
        self.civility = first.civility.filter(|_| left.len() < 2);
        self.members = if left.len() > 1 { left } else { Vec::new() };
    }
}
