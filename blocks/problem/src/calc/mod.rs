//! Arithmetic as learners type it: `3.2*10^4`, `sqrt(2)/2`, `5 || 20`.
//!
//! The grammar is that of Open edX's calculator (spec 9.3.10): `^` groups from the right, a sign belongs to the
//! number that it touches except at the start of a sum (so `-2^2` is -4 and `2^-1` is a half), `||` is resistors in
//! parallel, `%` is the only suffix, and nothing is multiplied unless there is a `*`. Names do not care about
//! case unless the caller asks. Nothing here knows of problems, answers or tolerances.

mod functions;
mod parser;
mod power;
mod value;

use std::collections::BTreeMap;

pub use value::Value;

use parser::{Expression, Sign};

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalcError {
    /// The text is not an expression.
    #[error("this is not an expression")]
    Syntax,
    /// A parenthesis lacks its partner; the text says which, for the learner.
    #[error("{0}")]
    UnmatchedParenthesis(String),
    /// Names that mean nothing here; the text lists them, for the learner.
    #[error("{0}")]
    Undefined(String),
    /// A factorial of a negative number.
    #[error("a factorial needs a number that is not negative")]
    NegativeFactorial,
    /// A factorial of something that is not a whole number.
    #[error("a factorial needs a whole number")]
    FractionalFactorial,
    /// A division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The result is too large to be held.
    #[error("the result is too large")]
    Overflow,
}

/// The names that an expression may use besides `pi`, `e`, `i` and `j`.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Name to value.
    pub variables: BTreeMap<String, Value>,
    /// Whether `X` and `x` are two names.
    pub case_sensitive: bool,
}

/// The value of `text` with no variables, names in any case. Blank text is not a number, and no error.
pub fn evaluate(text: &str) -> Result<Value, CalcError> {
    evaluate_with(text, &Names::default())
}

/// The value of `text` where `names` mean what they say.
pub fn evaluate_with(text: &str, names: &Names) -> Result<Value, CalcError> {
    if text.trim().is_empty() {
        return Ok(Value::Real(f64::NAN));
    }
    parser::check_parentheses(text)?;
    let expression = parser::parse(text)?;
    let scope = Scope::new(names);
    scope.check(&expression)?;
    scope.value(&expression)
}

/// The names of one evaluation, folded to lower case when case does not matter.
struct Scope {
    variables: BTreeMap<String, Value>,
    case_sensitive: bool,
}

impl Scope {
    fn new(names: &Names) -> Self {
        let mut variables: BTreeMap<String, Value> = value::constants().into_iter().collect();
        for (name, value) in &names.variables {
            let name = if names.case_sensitive { name.clone() } else { name.to_lowercase() };
            variables.insert(name, value.clone());
        }
        Self { variables, case_sensitive: names.case_sensitive }
    }

    fn fold(&self, name: &str) -> String {
        if self.case_sensitive { name.to_owned() } else { name.to_lowercase() }
    }

    /// Every unknown name is reported at once, variables before functions, so that a learner mends all of them.
    fn check(&self, expression: &Expression) -> Result<(), CalcError> {
        let (mut variables, mut calls) = (Vec::new(), Vec::new());
        expression.names(&mut variables, &mut calls);
        variables.retain(|name| !self.variables.contains_key(&self.fold(name)));
        calls.retain(|name| functions::find(&self.fold(name)).is_none());
        if !variables.is_empty() {
            let known = self.variables.keys().map(String::as_str);
            return Err(CalcError::Undefined(undefined(variables, "variable", known)));
        }
        if !calls.is_empty() {
            // `pi(2)`: a number before a parenthesis was meant as a factor.
            let factor = calls.iter().any(|name| self.variables.contains_key(&self.fold(name)));
            let mut message = undefined(calls, "function", functions::names());
            if factor {
                message.push_str(" (did you forget to use * for multiplication?)");
            }
            return Err(CalcError::Undefined(message));
        }
        Ok(())
    }

    fn value(&self, expression: &Expression) -> Result<Value, CalcError> {
        match expression {
            Expression::Number(value) => Ok(value.clone()),
            Expression::Name(name) => self.variables.get(&self.fold(name)).cloned().ok_or(CalcError::Syntax),
            Expression::Call { name, argument } => {
                let function = functions::find(&self.fold(name)).ok_or(CalcError::Syntax)?;
                function(self.value(argument)?)
            }
            Expression::Power(terms) => {
                let mut result: Option<Value> = None;
                for term in terms.iter().rev() {
                    let base = self.value(term)?;
                    result = Some(match result {
                        None => base,
                        Some(exponent) => power::power(base, exponent)?,
                    });
                }
                result.ok_or(CalcError::Syntax)
            }
            Expression::Parallel(terms) => self.parallel(terms),
            Expression::Product { first, rest } => {
                let mut result = self.value(first)?;
                for (divides, term) in rest {
                    let term = self.value(term)?;
                    result = if *divides { result.divided_by(term)? } else { result.times(term)? };
                }
                Ok(result)
            }
            Expression::Sum { sign, first, rest } => {
                let first = self.value(first)?;
                let mut result = if *sign == Sign::Minus { first.negated() } else { first };
                for (sign, term) in rest {
                    let term = self.value(term)?;
                    let term = if *sign == Sign::Minus { term.negated() } else { term };
                    result = result.plus(term)?;
                }
                Ok(result)
            }
        }
    }

    /// A wire beside a resistor has no defined share of the current here: the result is not a number.
    fn parallel(&self, terms: &[Expression]) -> Result<Value, CalcError> {
        let values = terms.iter().map(|term| self.value(term)).collect::<Result<Vec<_>, _>>()?;
        if values.iter().any(Value::is_zero) {
            return Ok(Value::Real(f64::NAN));
        }
        let mut conductance = Value::Real(0.0);
        for value in values {
            conductance = conductance.plus(Value::Real(1.0).divided_by(value)?)?;
        }
        Value::Real(1.0).divided_by(conductance)
    }
}

fn undefined<'a>(mut unknown: Vec<String>, kind: &str, known: impl Iterator<Item = &'a str>) -> String {
    unknown.sort();
    unknown.dedup();
    let mut message = format!("Invalid Input: {} not permitted in answer as a {kind}", unknown.join(", "));
    let meant: Vec<&str> =
        known.filter(|name| unknown.iter().any(|u| u.to_lowercase() == name.to_lowercase())).collect();
    if !meant.is_empty() {
        message.push_str(&format!(" (did you mean {}?)", meant.join(", ")));
    }
    message
}

#[cfg(test)]
mod tests;
