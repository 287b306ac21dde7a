//! The functions of the calculator. Those that leave the reals (`sqrt(-1)`, `ln(-1)`, `arcsin(2)`) answer with a
//! complex number; those of whole numbers take nothing else.

use num_bigint::BigInt;
use num_complex::Complex64;
use num_traits::{Signed, ToPrimitive};

use super::CalcError;
use super::value::{Value, int_to_real};

/// A function of one number.
pub(super) type Function = fn(Value) -> Result<Value, CalcError>;

/// The largest argument of a factorial: beyond it the result is too large for a real by orders of magnitude.
const MAX_FACTORIAL: u32 = 1000;

const RIGHT_ANGLE: f64 = std::f64::consts::FRAC_PI_2;

/// Applies the real form to reals and the complex form to complex numbers.
macro_rules! function {
    ($real:expr, $complex:expr) => {
        |value| apply(value, |_| true, $real, $complex)
    };
    ($real:expr, $complex:expr, where $domain:expr) => {
        |value| apply(value, $domain, $real, $complex)
    };
}

const FUNCTIONS: &[(&str, Function)] = &[
    ("abs", absolute),
    ("arccos", inverse_cos),
    ("arccosh", function!(f64::acosh, |z| z.acosh())),
    ("arccot", arccot),
    ("arccoth", |value| apply(reciprocal(value)?, |_| true, f64::atanh, |z| z.atanh())),
    ("arccsc", |value| apply(reciprocal(value)?, |_| true, f64::asin, |z| z.asin())),
    ("arccsch", |value| apply(reciprocal(value)?, |_| true, f64::asinh, |z| z.asinh())),
    ("arcsec", |value| apply(reciprocal(value)?, |_| true, f64::acos, |z| z.acos())),
    ("arcsech", |value| apply(reciprocal(value)?, |_| true, f64::acosh, |z| z.acosh())),
    ("arcsin", inverse_sin),
    ("arcsinh", function!(f64::asinh, |z| z.asinh())),
    ("arctan", function!(f64::atan, |z| z.atan())),
    ("arctanh", inverse_tanh),
    ("cos", function!(f64::cos, |z| z.cos())),
    ("cosh", function!(f64::cosh, |z| z.cosh())),
    ("cot", function!(|x| 1.0 / x.tan(), |z| z.tan().inv())),
    ("coth", function!(|x| 1.0 / x.tanh(), |z| z.tanh().inv())),
    ("csc", function!(|x| 1.0 / x.sin(), |z| z.sin().inv())),
    ("csch", function!(|x| 1.0 / x.sinh(), |z| z.sinh().inv())),
    ("exp", function!(f64::exp, |z| z.exp())),
    ("fact", factorial),
    ("factorial", factorial),
    ("ln", function!(f64::ln, |z| z.ln(), where not_negative)),
    ("log10", function!(f64::log10, |z| z.log10(), where not_negative)),
    ("log2", function!(f64::log2, |z| z.log2(), where not_negative)),
    ("sec", function!(|x| 1.0 / x.cos(), |z| z.cos().inv())),
    ("sech", function!(|x| 1.0 / x.cosh(), |z| z.cosh().inv())),
    ("sin", function!(f64::sin, |z| z.sin())),
    ("sinh", function!(f64::sinh, |z| z.sinh())),
    ("sqrt", function!(f64::sqrt, |z| z.sqrt(), where not_negative)),
    ("tan", function!(f64::tan, |z| z.tan())),
    ("tanh", function!(f64::tanh, |z| z.tanh())),
];

/// The function of this name, in lower case.
pub(super) fn find(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// All names, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

fn not_negative(x: f64) -> bool {
    x >= 0.0
}

/// A real outside `domain` is taken as a complex number.
fn apply(
    value: Value,
    domain: fn(f64) -> bool,
    real: fn(f64) -> f64,
    complex: fn(Complex64) -> Complex64,
) -> Result<Value, CalcError> {
    let x = match value {
        Value::Int(n) => int_to_real(&n)?,
        Value::Real(x) => x,
        Value::Complex(z) => return Ok(Value::Complex(complex(z))),
    };
    if domain(x) || x.is_nan() {
        return Ok(Value::Real(real(x)));
    }
    Ok(Value::Complex(complex(Complex64::new(x, 0.0))))
}

/// Beyond 1 on either side the three inverses lie on a branch cut; these are the sides of it that were recorded.
fn inverse_sin(value: Value) -> Result<Value, CalcError> {
    let beyond = |z: Complex64| Complex64::new(RIGHT_ANGLE.copysign(z.re), z.re.abs().acosh());
    beyond_one(value, f64::asin, beyond, |z| z.asin())
}

fn inverse_cos(value: Value) -> Result<Value, CalcError> {
    let beyond = |z: Complex64| Complex64::new(f64::acos(z.re.signum()), -z.re.abs().acosh());
    beyond_one(value, f64::acos, beyond, |z| z.acos())
}

fn inverse_tanh(value: Value) -> Result<Value, CalcError> {
    let beyond = |z: Complex64| Complex64::new(z.re.recip().atanh(), RIGHT_ANGLE);
    beyond_one(value, f64::atanh, beyond, |z| z.atanh())
}

fn beyond_one(
    value: Value,
    real: fn(f64) -> f64,
    beyond: fn(Complex64) -> Complex64,
    complex: fn(Complex64) -> Complex64,
) -> Result<Value, CalcError> {
    let complex = if value.is_complex() { complex } else { beyond };
    apply(value, |x| x.abs() <= 1.0, real, complex)
}

fn reciprocal(value: Value) -> Result<Value, CalcError> {
    Value::Real(1.0).divided_by(value)
}

/// The branch that is continuous on the positive and on the negative numbers, each.
fn arccot(value: Value) -> Result<Value, CalcError> {
    let sign = |re: f64| if re < 0.0 { -RIGHT_ANGLE } else { RIGHT_ANGLE };
    Ok(match value {
        Value::Complex(z) => Value::Complex(Complex64::new(sign(z.re), 0.0) - z.atan()),
        value => {
            let x = value.to_complex()?.re;
            Value::Real(sign(x) - x.atan())
        }
    })
}

fn absolute(value: Value) -> Result<Value, CalcError> {
    Ok(match value {
        Value::Int(n) => Value::Int(n.abs()),
        Value::Real(x) => Value::Real(x.abs()),
        Value::Complex(z) => Value::Real(z.norm()),
    })
}

fn factorial(value: Value) -> Result<Value, CalcError> {
    let Value::Int(n) = value else { return Err(CalcError::FractionalFactorial) };
    if n.is_negative() {
        return Err(CalcError::NegativeFactorial);
    }
    let n = n.to_u32().filter(|n| *n <= MAX_FACTORIAL).ok_or(CalcError::Overflow)?;
    Ok(Value::Int((1..=n).fold(BigInt::from(1), |product, factor| product * factor)))
}
