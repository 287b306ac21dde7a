//! Raising a number to a power, for every mix of whole, real and complex.

use num_bigint::BigInt;
use num_complex::Complex64;
use num_traits::{Signed, ToPrimitive, Zero};

use super::CalcError;
use super::value::{Value, int_to_real};

/// The most bits that a whole power may have. `9^9^9` would otherwise fill the memory; what exceeds this is far
/// beyond the reals anyway, so it could only ever end as an overflow.
const MAX_BITS: u64 = 1 << 16;

/// `base ^ exponent`.
pub(super) fn power(base: Value, exponent: Value) -> Result<Value, CalcError> {
    match (base, exponent) {
        (Value::Int(base), Value::Int(exponent)) if !exponent.is_negative() => whole(&base, &exponent),
        (base @ Value::Complex(_), exponent) | (base, exponent @ Value::Complex(_)) => {
            complex(base.to_complex()?, exponent.to_complex()?)
        }
        (base, exponent) => real(to_real(&base)?, to_real(&exponent)?),
    }
}

fn to_real(value: &Value) -> Result<f64, CalcError> {
    match value {
        Value::Int(n) => int_to_real(n),
        Value::Real(x) => Ok(*x),
        Value::Complex(z) => Ok(z.re),
    }
}

fn whole(base: &BigInt, exponent: &BigInt) -> Result<Value, CalcError> {
    let exponent = match exponent.to_u32() {
        Some(exponent) => exponent,
        None if base.bits() <= 1 => u32::from(exponent.bit(0)) + 2,
        None => return Err(CalcError::Overflow),
    };
    if base.bits().saturating_mul(u64::from(exponent)) > MAX_BITS && base.bits() > 1 {
        return Err(CalcError::Overflow);
    }
    Ok(Value::Int(base.pow(exponent)))
}

fn real(base: f64, exponent: f64) -> Result<Value, CalcError> {
    if base == 0.0 && exponent < 0.0 {
        return Err(CalcError::DivisionByZero);
    }
    if base < 0.0 && exponent.is_finite() && exponent.fract() != 0.0 {
        return complex(Complex64::new(base, 0.0), Complex64::new(exponent, 0.0));
    }
    let result = base.powf(exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(CalcError::Overflow);
    }
    Ok(Value::Real(result))
}

fn complex(base: Complex64, exponent: Complex64) -> Result<Value, CalcError> {
    if exponent.is_zero() {
        return Ok(Value::Complex(Complex64::new(1.0, 0.0)));
    }
    if base.is_zero() {
        if exponent.im != 0.0 || exponent.re < 0.0 {
            return Err(CalcError::DivisionByZero);
        }
        return Ok(Value::Complex(Complex64::zero()));
    }
    // Small whole exponents multiply out, so that `i^2` is exactly -1.
    if exponent.im == 0.0 && exponent.re.fract() == 0.0 && exponent.re.abs() <= 100.0 {
        return Ok(Value::Complex(base.powi(exponent.re as i32)));
    }
    let (radius, angle) = base.to_polar();
    let mut length = radius.powf(exponent.re);
    let mut phase = angle * exponent.re;
    if exponent.im != 0.0 {
        length *= (-angle * exponent.im).exp();
        phase += exponent.im * radius.ln();
    }
    let result = Complex64::new(length * phase.cos(), length * phase.sin());
    if result.is_finite() { Ok(Value::Complex(result)) } else { Err(CalcError::Overflow) }
}
