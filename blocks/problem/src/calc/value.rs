//! The numbers of the calculator: whole numbers of any size, reals, and complex numbers.
//!
//! Whole numbers stay whole as long as nothing makes them real, because a factorial takes nothing else and because
//! `10^400` has to be an error where `1e400` is infinite.

use num_bigint::BigInt;
use num_complex::Complex64;
use num_traits::{ToPrimitive, Zero};

use super::CalcError;

/// A number.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number, exact.
    Int(BigInt),
    /// A real number, perhaps infinite or not a number.
    Real(f64),
    /// A complex number; its imaginary part may be zero.
    Complex(Complex64),
}

/// The names that always mean something.
pub(super) fn constants() -> [(String, Value); 4] {
    let i = Value::Complex(Complex64::I);
    [
        ("e".to_owned(), Value::Real(std::f64::consts::E)),
        ("i".to_owned(), i.clone()),
        ("j".to_owned(), i),
        ("pi".to_owned(), Value::Real(std::f64::consts::PI)),
    ]
}

/// Two numbers of the same kind.
enum Pair {
    Int(BigInt, BigInt),
    Real(f64, f64),
    Complex(Complex64, Complex64),
}

impl Value {
    /// Whether this is of the complex kind, even with no imaginary part.
    pub fn is_complex(&self) -> bool {
        matches!(self, Self::Complex(_))
    }

    /// As a complex number.
    ///
    /// # Errors
    /// [`CalcError::Overflow`] for a whole number beyond the reals.
    pub fn to_complex(&self) -> Result<Complex64, CalcError> {
        match self {
            Self::Int(n) => Ok(Complex64::new(int_to_real(n)?, 0.0)),
            Self::Real(x) => Ok(Complex64::new(*x, 0.0)),
            Self::Complex(z) => Ok(*z),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Int(n) => n.is_zero(),
            Self::Real(x) => *x == 0.0,
            Self::Complex(z) => z.is_zero(),
        }
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::Int(n) => Self::Int(-n),
            Self::Real(x) => Self::Real(-x),
            Self::Complex(z) => Self::Complex(-z),
        }
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, CalcError> {
        Ok(match pair(self, other)? {
            Pair::Int(a, b) => Self::Int(a + b),
            Pair::Real(a, b) => Self::Real(a + b),
            Pair::Complex(a, b) => Self::Complex(a + b),
        })
    }

    pub(super) fn times(self, other: Self) -> Result<Self, CalcError> {
        Ok(match pair(self, other)? {
            Pair::Int(a, b) => Self::Int(a * b),
            Pair::Real(a, b) => Self::Real(a * b),
            Pair::Complex(a, b) => Self::Complex(a * b),
        })
    }

    pub(super) fn divided_by(self, other: Self) -> Result<Self, CalcError> {
        if other.is_zero() {
            return Err(CalcError::DivisionByZero);
        }
        Ok(match pair(self, other)? {
            Pair::Int(a, b) => Self::Real(int_to_real(&a)? / int_to_real(&b)?),
            Pair::Real(a, b) => Self::Real(a / b),
            Pair::Complex(a, b) => Self::Complex(a / b),
        })
    }
}

/// A whole number as the nearest real.
pub(super) fn int_to_real(n: &BigInt) -> Result<f64, CalcError> {
    n.to_f64().filter(|x| x.is_finite()).ok_or(CalcError::Overflow)
}

fn pair(a: Value, b: Value) -> Result<Pair, CalcError> {
    Ok(match (a, b) {
        (Value::Int(a), Value::Int(b)) => Pair::Int(a, b),
        (Value::Int(a), Value::Real(b)) => Pair::Real(int_to_real(&a)?, b),
        (Value::Real(a), Value::Int(b)) => Pair::Real(a, int_to_real(&b)?),
        (Value::Real(a), Value::Real(b)) => Pair::Real(a, b),
        (a, b) => Pair::Complex(a.to_complex()?, b.to_complex()?),
    })
}
