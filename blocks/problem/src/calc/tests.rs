//! The calculator against recorded values, and the rules that learners meet.

use serde_json::Value as Json;

use super::{CalcError, Names, Value, evaluate, evaluate_with};
use crate::testing;

fn kind(error: &CalcError) -> &'static str {
    match error {
        CalcError::Syntax => "ParseException",
        CalcError::UnmatchedParenthesis(_) => "UnmatchedParenthesis",
        CalcError::Undefined(_) => "UndefinedVariable",
        CalcError::NegativeFactorial => "ValueError",
        CalcError::FractionalFactorial => "TypeError",
        CalcError::DivisionByZero => "ZeroDivisionError",
        CalcError::Overflow => "OverflowError",
    }
}

/// Equal up to one unit in the last place of the larger part, which is where mathematical libraries differ.
fn close(got: f64, expected: f64, scale: f64) -> bool {
    got == expected
        || (got.is_nan() && expected.is_nan())
        || (got - expected).abs() <= 2.0 * f64::EPSILON * scale
}

fn check(row: &Json, names: &Names) -> Result<(), String> {
    let expression = row["expr"].as_str().unwrap_or_default();
    let got = evaluate_with(expression, names).and_then(|value| value.to_complex());
    match (got, row["error"].as_str()) {
        (Ok(got), None) => {
            let part =
                |name: &str| row[name].as_str().and_then(|text| text.parse::<f64>().ok()).unwrap_or(f64::NAN);
            let (re, im) = (part("re"), part("im"));
            let scale = re.abs().max(im.abs());
            if close(got.re, re, scale) && close(got.im, im, scale) {
                return Ok(());
            }
            Err(format!("{expression}: {got} instead of {re}+{im}i"))
        }
        (Err(error), Some(expected)) => {
            if kind(&error) != expected {
                return Err(format!("{expression}: {} instead of {expected}", kind(&error)));
            }
            match (row["message"].as_str(), &error) {
                (Some(message), CalcError::Undefined(got) | CalcError::UnmatchedParenthesis(got))
                    if message != got =>
                {
                    Err(format!("{expression}: {got:?} instead of {message:?}"))
                }
                _ => Ok(()),
            }
        }
        (got, expected) => Err(format!("{expression}: {got:?} instead of {expected:?}")),
    }
}

fn variable(text: &str) -> Value {
    match text.trim_matches(['(', ')']).strip_suffix('j').and_then(|text| text.rsplit_once('+')) {
        Some((re, im)) => {
            Value::Complex(num_complex::Complex64::new(re.parse().unwrap_or(0.0), im.parse().unwrap_or(0.0)))
        }
        None => Value::Real(text.parse().unwrap_or(f64::NAN)),
    }
}

#[test]
fn row_192_golden_expressions_have_the_recorded_value_or_error() {
    let vectors = testing::vectors("calc.json");
    let mut wrong = Vec::new();
    for row in vectors["cases"].as_array().into_iter().flatten() {
        wrong.extend(check(row, &Names::default()).err());
    }
    for row in vectors["with_variables"].as_array().into_iter().flatten() {
        let variables = row["variables"].as_object().into_iter().flatten();
        let names = Names {
            variables: variables
                .map(|(k, v)| (k.clone(), variable(v.as_str().unwrap_or_default())))
                .collect(),
            case_sensitive: row["case_sensitive"].as_bool().unwrap_or(false),
        };
        wrong.extend(check(row, &names).err());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_sign_belongs_to_the_number_that_it_touches() {
    for (text, expected) in
        [("2^-2^2", 16.0), ("1*-2^2", 4.0), ("1--2^2", -3.0), ("-2^2", -4.0), ("--1", 1.0)]
    {
        assert_eq!(evaluate(text).and_then(|v| v.to_complex()).map(|z| z.re), Ok(expected), "{text}");
    }
    assert_eq!(evaluate("2*-pi"), Err(CalcError::Syntax));
}

#[test]
fn a_tower_of_powers_ends_at_once() {
    assert_eq!(evaluate("9^9^9^9"), Err(CalcError::Overflow));
    assert_eq!(evaluate("fact(100000)"), Err(CalcError::Overflow));
    assert_eq!(evaluate("1^99999999999999999999"), Ok(Value::Int(1.into())));
}

#[test]
fn nesting_beyond_reason_is_an_error_not_a_crash() {
    let text = format!("{}1{}", "(".repeat(50_000), ")".repeat(50_000));
    assert_eq!(evaluate(&text), Err(CalcError::Syntax));
}
