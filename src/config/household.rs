//! `[households]`: by which plans those are reached who cannot use every channel of a message's own.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The plans of one kind of household: `{ plan = "papier", urgent = "appel" }`, or `"papier"` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HouseholdPlans {
    /// The plan of what can wait for the post.
    pub plan: String,
    /// The plan of what cannot; by default a call before the rungs of `plan`.
    pub urgent: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPlans {
    plan: String,
    urgent: Option<String>,
}

impl<'de> Deserialize<'de> for HouseholdPlans {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlansReader)
    }
}

struct PlansReader;

impl<'de> Visitor<'de> for PlansReader {
    type Value = HouseholdPlans;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a plan, or { plan = \"…\", urgent = \"…\" }")
    }

    fn visit_str<E: Error>(self, plan: &str) -> Result<HouseholdPlans, E> {
        Ok(HouseholdPlans { plan: plan.to_owned(), urgent: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HouseholdPlans, A::Error> {
        let WrittenPlans { plan, urgent } =
            WrittenPlans::deserialize(MapAccessDeserializer::new(map))?;
        Ok(HouseholdPlans { plan, urgent })
    }
}
