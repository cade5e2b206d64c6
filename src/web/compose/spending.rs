//! What an announcement uses of what the school pays for, in words.

use super::super::words::readable;
use crate::office::{Expense, Spending};
use crate::settings::Price;

/// At the end of the sentence that says what will happen: ` ; coût : 23,40 € au départ, 112,00 € au plus`; nothing
/// where the school gave no prices.
pub(super) fn in_sentence(cost: Expense) -> String {
    let first = cost.at_first.price.unwrap_or_default();
    match cost.at_most.price {
        None => String::new(),
        Some(most) if most == first => format!(" ; coût : {}", most.in_french()),
        Some(most) => {
            let [first, most] = [first, most].map(Price::in_french);
            format!(" ; coût : {first} au départ, {most} au plus")
        }
    }
}

/// A line for what the first ways take, and one for all of them, where that is more.
pub(super) fn lines(cost: Expense) -> Vec<(&'static str, String)> {
    let most = "si personne n’est joint avant la dernière voie";
    let mut lines = vec![("Au départ", told(cost.at_first))];
    if cost.at_most != cost.at_first {
        lines.push(("Au plus", format!("{}, {most}", told(cost.at_most))));
    }
    lines
}

/// `340 SMS, 15 lettres (autant d’enveloppes et de feuilles, au moins) : 45,80 €`.
fn told(spent: Spending) -> String {
    let mut parts = Vec::new();
    let mut add = |number: u64, one: &str, many: &str| {
        if number > 0 {
            let shown = readable(usize::try_from(number).unwrap_or(usize::MAX));
            parts.push(format!("{shown} {}", if number == 1 { one } else { many }));
        }
    };
    add(spent.sms_segments, "SMS", "SMS");
    add(spent.letters, "lettre (une feuille au moins)", "lettres (une feuille chacune, au moins)");
    add(spent.calls, "appel à passer", "appels à passer");
    let price = spent.price.map(|it| format!(" : {}", it.in_french())).unwrap_or_default();
    if parts.is_empty() {
        return "rien à payer".to_owned();
    }
    parts.join(", ") + &price
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_with_money_where_the_school_gave_prices_and_without_where_not() {
        let free = Spending::default();
        let paid = Spending { sms_segments: 340, letters: 1, price: None, calls: 0 };
        let cost = Expense { at_first: free, at_most: paid };
        let most = "340 SMS, 1 lettre (une feuille au moins)";
        let then = "si personne n’est joint avant la dernière voie";
        assert_eq!(
            lines(cost),
            [("Au départ", "rien à payer".to_owned()), ("Au plus", format!("{most}, {then}"))]
        );
        assert_eq!(in_sentence(cost), "");
        let paid = Spending { price: Some(Price::thousandths(23_400)), ..paid };
        let cost = Expense { at_most: paid, ..cost };
        assert_eq!(in_sentence(cost), " ; coût : 0,00\u{a0}€ au départ, 23,40\u{a0}€ au plus");
        assert_eq!(lines(cost)[1].1, format!("{most} : 23,40\u{a0}€, {then}"));
        assert_eq!(
            in_sentence(Expense { at_first: paid, at_most: paid }),
            " ; coût : 23,40\u{a0}€"
        );
    }
}
