//! The contact points that an import gives a person.

use super::diff::{Giver, typed_for};
use crate::channel::Channel;
use crate::import::Origin;
use crate::people::{ContactPoint, PersonKey, Source};
use crate::phone_number::PhoneNumber;
use crate::store::contact_points::KeptContactPoint;

/// The contact points that this import gives a person, best first, and who gives each.
#[derive(Default)]
pub(super) struct Fresh {
    pub(super) points: Vec<ContactPoint>,
    pub(super) givers: Vec<Giver>,
    /// What was typed for a number, where it says more.
    pub(super) typed: Vec<(PhoneNumber, String)>,
    has_table: bool,
    /// Where the table that adds them stands.
    pub(super) origin: Option<Origin>,
}

impl Fresh {
    pub(super) fn add(&mut self, mut points: Vec<ContactPoint>, giver: Giver) {
        self.has_table |= giver == Giver::Table && !points.is_empty();
        points.retain(|point| !self.holds(point));
        self.givers.extend(points.iter().map(|_| giver));
        if self.points.is_empty() {
            self.points = points;
        } else {
            self.points.append(&mut points);
        }
    }

    pub(super) fn holds(&self, point: &ContactPoint) -> bool {
        self.points.contains(point)
    }

    pub(super) fn points(&self) -> Vec<(&ContactPoint, Option<&str>)> {
        self.points.iter().map(|point| (point, typed_for(point, &self.typed))).collect()
    }

    /// Whether this import speaks for the source of a known contact point.
    pub(super) fn replaces(
        &self,
        kept: &KeptContactPoint,
        key: &PersonKey,
        is_from_file: bool,
    ) -> bool {
        let source = kept.source;
        // Rows older than sources have none, and only the ENT's are not a file's.
        let is_old = source.is_none() && kept.point.channel() != Channel::Ent;
        // One where nobody is written to stays known, should it ever be given again.
        let is_own = source.is_some() && source == key.source();
        let speaks = (is_from_file && (is_own || source == Some(Source::Hand) || is_old))
            || (self.has_table && source == Some(Source::Table));
        // A table without a column says nothing of what stands there.
        let tells = source != Some(Source::Table) || self.tells_of(kept.point.channel());
        (speaks && tells && kept.state.is_usable()) || self.holds(&kept.point)
    }

    /// Whether this import gives anything of that kind: a number is one for calls and text messages.
    fn tells_of(&self, channel: Channel) -> bool {
        let kind =
            |channel: Channel| if channel == Channel::Sms { Channel::Phone } else { channel };
        self.points.iter().any(|point| kind(point.channel()) == kind(channel))
    }
}
