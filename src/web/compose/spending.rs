//! What an announcement uses of what the school pays for, in words.

use super::super::words::count;
use crate::office::{Expense, Spending};
use crate::settings::Price;

/// At the end of the sentence that says what will happen: ` ; coût : 23,40 € au départ, 112,00 € au plus`; nothing
/// where the school gave no prices.
pub(super) fn in_sentence(cost: Expense) -> String {
    let Expense { at_first, at_most } = cost;
    let Some(most) = price(at_most) else { return String::new() };
    let first = match price(at_first) {
        Some(first) => first,
        None if at_first == Spending::default() => Price::default().in_french(),
        None => "sans prix connu".to_owned(),
    };
    if first == most {
        return format!(" ; coût : {most}");
    }
    format!(" ; coût : {first} au départ, {most} au plus")
}

/// `23,40 €`; with what it does not hold where that is so.
fn price(spent: Spending) -> Option<String> {
    let price = spent.price?.in_french();
    Some(match (spent.sheets_at_least, spent.partly_priced) {
        (false, false) => price,
        (true, false) => format!("au moins {price}"),
        (_, true) => format!("au moins {price} (prix connus seulement)"),
    })
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

/// Both in one line, beside a plan that is chosen: `Au départ, rien à payer ; au plus, 340 SMS : 22,10 €.`
pub(super) fn in_a_line(cost: Expense) -> String {
    let Expense { at_first, at_most } = cost;
    if at_first == at_most {
        return format!("Pour cette annonce : {}.", told(at_most));
    }
    format!("Pour cette annonce : au départ, {} ; au plus, {}.", told(at_first), told(at_most))
}

/// `340 SMS, 15 lettres (18 feuilles) : 45,80 €`.
fn told(spent: Spending) -> String {
    let mut parts = Vec::new();
    if spent.sms_segments > 0 {
        parts.push(shown(spent.sms_segments, "SMS", "SMS"));
    }
    if spent.letters > 0 {
        let letters = shown(spent.letters, "lettre", "lettres");
        let sheets = shown(spent.sheets, "feuille", "feuilles");
        let least = if spent.sheets_at_least { " au moins" } else { "" };
        parts.push(format!("{letters} ({sheets}{least})"));
    }
    if spent.calls > 0 {
        parts.push(shown(spent.calls, "appel à passer", "appels à passer"));
    }
    if parts.is_empty() {
        return "rien à payer".to_owned();
    }
    let price = price(spent).map(|it| format!(" : {it}")).unwrap_or_default();
    parts.join(", ") + &price
}

fn shown(number: u64, one: &str, many: &str) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX), one, many)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(price: Option<&str>) -> Spending {
        let price = price.and_then(Price::read);
        Spending { sms_segments: 340, letters: 1, sheets: 2, price, ..Spending::default() }
    }

    #[test]
    fn it_is_said_with_money_where_the_school_gave_prices_and_without_where_not() {
        let (free, used) = (Spending::default(), paid(None));
        let cost = Expense { at_first: free, at_most: used };
        let most = "340 SMS, 1 lettre (2 feuilles)";
        let then = "si personne n’est joint avant la dernière voie";
        assert_eq!(
            lines(cost),
            [("Au départ", "rien à payer".to_owned()), ("Au plus", format!("{most}, {then}"))]
        );
        assert_eq!(in_sentence(cost), "");
        let used = paid(Some("23.4"));
        let cost = Expense { at_most: used, ..cost };
        assert_eq!(in_sentence(cost), " ; coût : 0,00\u{a0}€ au départ, 23,40\u{a0}€ au plus");
        assert_eq!(lines(cost)[1].1, format!("{most} : 23,40\u{a0}€, {then}"));
        let at_once = Expense { at_first: used, at_most: used };
        assert_eq!(in_sentence(at_once), " ; coût : 23,40\u{a0}€");
    }

    #[test]
    fn what_is_not_the_whole_price_says_so() {
        let partly = Spending { partly_priced: true, ..paid(Some("1")) };
        let least = Spending { sheets_at_least: true, ..paid(Some("1")) };
        let only = "au moins 1,00\u{a0}€ (prix connus seulement)";
        assert!(told(partly).ends_with(only), "{}", told(partly));
        let told = told(least);
        assert!(told.contains("2 feuilles au moins") && told.ends_with("au moins 1,00\u{a0}€"));
    }
}
