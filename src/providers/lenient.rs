//! Values as services really write them: a number between quotes, `null` where nothing is. What
//! matters in an answer is read, however the rest of it looks.

use serde_json::Value;

/// The whole number that `value` says; `None` when it says none.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}

/// The number that `value` says; `None` when it says none.
pub(super) fn decimal(value: &Value) -> Option<f64> {
    let said: Option<f64> = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    };
    said.filter(|number| number.is_finite())
}

/// The text that `value` says, a number by its digits; `None` when it says none.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The texts of a list; none where there is no list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}

/// Whether a list, or what stands in its place, holds anything.
pub(super) fn holds_any(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(any) => *any,
        Value::Number(_) => decimal(value) != Some(0.0),
        Value::String(words) => !words.trim().is_empty() && decimal(value) != Some(0.0),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_read_with_or_without_quotes() {
        assert_eq!((whole(&json!("1000")), whole(&json!(1000))), (Some(1000), Some(1000)));
        assert_eq!((decimal(&json!(" 9.5 ")), decimal(&json!("NaN"))), (Some(9.5), None));
        assert_eq!((whole(&json!(null)), whole(&json!("ten"))), (None, None));
    }

    #[test]
    fn nothing_is_nothing_however_it_is_written() {
        for nothing in [json!(null), json!([]), json!(0), json!(""), json!("0"), json!({})] {
            assert!(!holds_any(&nothing), "{nothing}");
        }
        for something in [json!(["x"]), json!(1), json!("Inès"), json!(true)] {
            assert!(holds_any(&something), "{something}");
        }
    }
}
