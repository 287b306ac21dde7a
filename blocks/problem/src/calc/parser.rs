//! The text of an expression, taken apart. No value is computed here beyond that of a literal.

use num_bigint::BigInt;

use super::CalcError;
use super::value::Value;

/// How deep parentheses may nest. Learners stay below ten; the bound keeps the stack of a small machine safe.
const MAX_DEPTH: usize = 100;

/// A sign before a term of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

/// An expression, one variant per level of precedence.
#[derive(Debug)]
pub(super) enum Expression {
    Number(Value),
    Name(String),
    Call {
        name: String,
        argument: Box<Expression>,
    },
    Power(Vec<Expression>),
    Parallel(Vec<Expression>),
    /// `true` divides.
    Product {
        first: Box<Expression>,
        rest: Vec<(bool, Expression)>,
    },
    Sum {
        sign: Sign,
        first: Box<Expression>,
        rest: Vec<(Sign, Expression)>,
    },
}

impl Expression {
    /// Adds the names of variables and functions that occur.
    pub(super) fn names(&self, variables: &mut Vec<String>, calls: &mut Vec<String>) {
        match self {
            Self::Number(_) => {}
            Self::Name(name) => variables.push(name.clone()),
            Self::Call { name, argument } => {
                calls.push(name.clone());
                argument.names(variables, calls);
            }
            Self::Power(terms) | Self::Parallel(terms) => {
                terms.iter().for_each(|term| term.names(variables, calls));
            }
            Self::Product { first, rest } => {
                first.names(variables, calls);
                rest.iter().for_each(|(_, term)| term.names(variables, calls));
            }
            Self::Sum { first, rest, .. } => {
                first.names(variables, calls);
                rest.iter().for_each(|(_, term)| term.names(variables, calls));
            }
        }
    }
}

/// Checked before anything else, because "a parenthesis is missing" helps a learner and "not an expression" does not.
pub(super) fn check_parentheses(text: &str) -> Result<(), CalcError> {
    let mut open = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => {
                let segment = text.get(..at).unwrap_or_default();
                return Err(CalcError::UnmatchedParenthesis(format!(
                    "Invalid Input: A closing parenthesis was found after segment {segment}, but there is no matching opening parenthesis before it."
                )));
            }
            ')' => open -= 1,
            _ => {}
        }
    }
    if open == 0 {
        return Ok(());
    }
    Err(CalcError::UnmatchedParenthesis(format!(
        "Invalid Input: Parentheses are unmatched. {open} parentheses were opened but never closed."
    )))
}

/// Takes `text` apart, all of it.
pub(super) fn parse(text: &str) -> Result<Expression, CalcError> {
    let mut parser = Parser { rest: text, depth: 0 };
    let expression = parser.sum()?;
    if parser.peek().is_some() {
        return Err(CalcError::Syntax);
    }
    Ok(expression)
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    /// The next character that is not blank.
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sign(&mut self) -> Option<Sign> {
        if self.eat("-") {
            Some(Sign::Minus)
        } else if self.eat("+") {
            Some(Sign::Plus)
        } else {
            None
        }
    }

    fn sum(&mut self) -> Result<Expression, CalcError> {
        let sign = self.sign().unwrap_or(Sign::Plus);
        let first = Box::new(self.product()?);
        let mut rest = Vec::new();
        while let Some(sign) = self.sign() {
            rest.push((sign, self.product()?));
        }
        Ok(Expression::Sum { sign, first, rest })
    }

    fn product(&mut self) -> Result<Expression, CalcError> {
        let first = Box::new(self.parallel()?);
        let mut rest = Vec::new();
        loop {
            let divides = match self.peek() {
                Some('*') => false,
                Some('/') => true,
                _ => return Ok(Expression::Product { first, rest }),
            };
            self.eat(if divides { "/" } else { "*" });
            rest.push((divides, self.parallel()?));
        }
    }

    fn parallel(&mut self) -> Result<Expression, CalcError> {
        let first = self.power()?;
        let mut terms = vec![first];
        while self.eat("||") {
            terms.push(self.power()?);
        }
        if terms.len() > 1 {
            return Ok(Expression::Parallel(terms));
        }
        terms.pop().ok_or(CalcError::Syntax)
    }

    fn power(&mut self) -> Result<Expression, CalcError> {
        let mut terms = vec![self.atom()?];
        while self.eat("^") {
            terms.push(self.atom()?);
        }
        Ok(Expression::Power(terms))
    }

    fn atom(&mut self) -> Result<Expression, CalcError> {
        match self.peek() {
            Some('(') => self.parenthesised(),
            Some(c) if c.is_ascii_alphabetic() => {
                let name = self.name();
                if self.peek() != Some('(') {
                    return Ok(Expression::Name(name));
                }
                Ok(Expression::Call { name, argument: Box::new(self.parenthesised()?) })
            }
            _ => self.number(),
        }
    }

    fn parenthesised(&mut self) -> Result<Expression, CalcError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH || !self.eat("(") {
            return Err(CalcError::Syntax);
        }
        let inner = self.sum()?;
        if !self.eat(")") {
            return Err(CalcError::Syntax);
        }
        self.depth -= 1;
        Ok(inner)
    }

    /// Letters, digits and underscores, then indices (`R_{1}^{2}`), then primes.
    fn name(&mut self) -> String {
        let mut end = self.leading(|c| c.is_ascii_alphanumeric() || c == '_');
        // `R_{1}`: the underscore belongs to the index, which is part of the name either way.
        let mut tail = self.rest.get(end..).unwrap_or_default();
        if tail.starts_with('{') && self.rest.get(..end).is_some_and(|name| name.find('_') == Some(end - 1)) {
            let index = index_length(tail);
            end += index;
            tail = tail.get(index..).unwrap_or_default();
        }
        if let Some(index) = tail.strip_prefix('^').filter(|index| index.starts_with('{')) {
            let length = index_length(index);
            end += if length > 0 { length + 1 } else { 0 };
        }
        end += self.rest.get(end..).map_or(0, |tail| tail.len() - tail.trim_start_matches('\'').len());
        self.take(end).to_owned()
    }

    fn number(&mut self) -> Result<Expression, CalcError> {
        let negative = self.sign() == Some(Sign::Minus);
        self.peek();
        let whole = self.digits();
        let mut literal = whole.to_owned();
        if self.rest.starts_with('.') {
            self.take(1);
            let fraction = self.digits();
            if whole.is_empty() && fraction.is_empty() {
                return Err(CalcError::Syntax);
            }
            literal = format!("{whole}.{fraction}");
        } else if whole.is_empty() {
            return Err(CalcError::Syntax);
        }
        literal.push_str(&self.exponent());
        let percent = self.eat("%");
        let value = literal_value(&literal, percent)?;
        Ok(Expression::Number(if negative { value.negated() } else { value }))
    }

    /// `e5`, `E-5`; nothing when no digits follow, for then the letter is not an exponent.
    fn exponent(&mut self) -> String {
        let before = self.rest;
        if self.eat("e") || self.eat("E") {
            let sign = if self.sign() == Some(Sign::Minus) { "-" } else { "" };
            self.peek();
            let digits = self.digits();
            if !digits.is_empty() {
                return format!("e{sign}{digits}");
            }
        }
        self.rest = before;
        String::new()
    }

    fn digits(&mut self) -> &'t str {
        let end = self.leading(|c| c.is_ascii_digit());
        self.take(end)
    }

    fn leading(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }

    fn take(&mut self, end: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

/// The length of `{…}` with letters and digits inside; 0 when it is something else.
fn index_length(text: &str) -> usize {
    let Some(end) = text.find('}') else { return 0 };
    let inner = text.get(1..end).unwrap_or_default();
    if inner.is_empty() || !inner.chars().all(|c| c.is_ascii_alphanumeric()) { 0 } else { end + 1 }
}

fn literal_value(literal: &str, percent: bool) -> Result<Value, CalcError> {
    if !percent && literal.bytes().all(|b| b.is_ascii_digit()) {
        return literal.parse::<BigInt>().map(Value::Int).map_err(|_| CalcError::Syntax);
    }
    let real: f64 = literal.parse().map_err(|_| CalcError::Syntax)?;
    Ok(Value::Real(if percent { real * 0.01 } else { real }))
}
