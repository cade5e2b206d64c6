//! What something costs, as a school writes it: `"0.065"`, `"0,065"`.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Thousandths of a euro: a price has three decimals at the most.
const DECIMALS: usize = 3;

/// An amount of money, in thousandths of a euro: no sum of them is rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(u64);

impl Price {
    /// So many thousandths of a euro.
    #[must_use]
    pub const fn thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// As it is typed, in euros; `None`: it is no amount, or has more than three decimals.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let (euros, decimals) = typed.split_once(['.', ',']).unwrap_or((typed, ""));
        let are_digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
        if euros.is_empty()
            || decimals.len() > DECIMALS
            || !are_digits(euros)
            || !are_digits(decimals)
        {
            return None;
        }
        let thousandths: u64 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
        euros.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(thousandths).map(Self)
    }

    /// As it is typed, in euros and what decimals it has: `0.065`, `1.50`.
    #[must_use]
    pub fn written(self) -> String {
        let exact = self.to_string();
        exact.strip_suffix('0').unwrap_or(&exact).to_owned()
    }

    /// So many of it.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// In euros and whole cents, as somebody pays them: `23,40 €`.
    #[must_use]
    pub fn in_french(self) -> String {
        let cents = self.0.div_ceil(10);
        format!("{},{:02}\u{a0}€", cents / 100, cents % 100)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TypedPrice)
    }
}

/// A price with quotes around it or without.
struct TypedPrice;

impl TypedPrice {
    fn read<E: Error>(typed: &str) -> Result<Price, E> {
        Price::read(typed).ok_or_else(|| {
            E::custom("it is no price; write for example \"0.065\": euros, with three decimals at the most")
        })
    }
}

impl Visitor<'_> for TypedPrice {
    type Value = Price;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a price in euros, as \"0.065\"")
    }

    fn visit_str<E: Error>(self, typed: &str) -> Result<Price, E> {
        Self::read(typed)
    }

    fn visit_i64<E: Error>(self, euros: i64) -> Result<Price, E> {
        Self::read(&euros.to_string())
    }

    fn visit_u64<E: Error>(self, euros: u64) -> Result<Price, E> {
        Self::read(&euros.to_string())
    }

    fn visit_f64<E: Error>(self, euros: f64) -> Result<Price, E> {
        // The shortest digits that stand for it are those that were typed.
        Self::read(&euros.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_kept_to_the_tenth_of_a_cent() {
        for (typed, thousandths) in
            [("0.065", 65), ("0,065", 65), ("1", 1_000), ("1,5", 1_500), ("12.30", 12_300)]
        {
            assert_eq!(Price::read(typed), Some(Price(thousandths)), "{typed}");
            assert_eq!(Price::read(&Price(thousandths).written()), Some(Price(thousandths)));
        }
        assert_eq!((Price(65).written(), Price(1_500).written()), ("0.065".into(), "1.50".into()));
        for typed in ["", ",5", "-1", "0.0651", "1 €", "1.2.3", "18446744073709551615"] {
            assert_eq!(Price::read(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_is_paid_is_rounded_up_once_and_said_with_a_comma() {
        assert_eq!(Price(65).times(3).in_french(), "0,20\u{a0}€");
        assert_eq!(Price(1_520).times(15).and(Price(600)).in_french(), "23,40\u{a0}€");
        assert_eq!(Price(0).in_french(), "0,00\u{a0}€");
    }
}
