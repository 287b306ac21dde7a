//! Who vouches for the servers that blocks ask, besides those whom the system believes: the operator's own authorities.

use std::str::FromStr;

use reqwest::Certificate;

/// Certificates in PEM. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities(String);

/// A text that is no certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it holds no certificate that begins with -----BEGIN CERTIFICATE-----, or a damaged one")]
pub struct InvalidAuthorities;

impl FromStr for Authorities {
    type Err = InvalidAuthorities;

    fn from_str(pem: &str) -> Result<Self, InvalidAuthorities> {
        let authorities = Self(pem.to_owned());
        let certificates = authorities.certificates().map_err(|_| InvalidAuthorities)?;
        if certificates.is_empty() { Err(InvalidAuthorities) } else { Ok(authorities) }
    }
}

impl Authorities {
    pub(super) fn certificates(&self) -> Result<Vec<Certificate>, reqwest::Error> {
        Certificate::from_pem_bundle(self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_certificates_is_refused() {
        let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";
        for text in ["", "hello", key, "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n"] {
            assert_eq!(text.parse::<Authorities>(), Err(InvalidAuthorities), "{text}");
        }
    }
}
