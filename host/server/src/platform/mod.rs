//! The platform whose people learn here: it signs tokens (JWT, RFC 7519) that say who somebody is, and publishes the
//! keys by which they are checked (JWKS, RFC 7517). There is no account here to be made or kept.
//!
//! A token of one kind opens the API (`Authorization: Bearer`); one that names a block opens that block in a page of
//! another site, and nothing else.

mod claims;
mod key_set;

use std::sync::Arc;

use blockhouse_content::{IntroducedPeople, Person};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation, decode, decode_header};

pub(crate) use claims::Claims;
use key_set::KeySet;
pub use key_set::KeySetError;

/// The longest token that is looked at, in bytes: more than any header may have.
const LONGEST: usize = 8 * 1024;

/// How to recognise the platform's tokens.
#[derive(Clone)]
pub struct PlatformConfig {
    /// Where its public keys are: a file, or an address with `https://` (or `http://`, for a host nearby).
    pub jwks: String,
    /// What its tokens say in `iss`.
    pub issuer: String,
    /// What its tokens for this host say in `aud`.
    pub audience: String,
    /// The algorithms that it signs with, for instance `RS256`. A token with any other one is refused, whatever its
    /// header says; algorithms with a shared secret (`HS256`) are refused at start.
    pub algorithms: Vec<String>,
    /// How far the two clocks may be apart, in seconds.
    pub leeway_s: u64,
    /// Who has come in with a token. The runtime asks it about permissions.
    pub people: Arc<IntroducedPeople>,
}

/// A platform's settings that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformConfigError {
    /// Unknown, or with a shared secret.
    #[error(
        "`{0}` is no algorithm for the platform's tokens: take RS256, RS384, RS512, PS256, PS384, PS512, ES256, \
         ES384 or EdDSA"
    )]
    Algorithm(String),
    /// Without them every token of the world would be good.
    #[error("the platform needs an issuer, an audience and at least one algorithm")]
    Incomplete,
}

/// Checks tokens.
pub(crate) struct Platform {
    keys: KeySet,
    issuer: String,
    audience: String,
    algorithms: Vec<Algorithm>,
    leeway_s: u64,
    people: Arc<IntroducedPeople>,
}

/// Why a token says nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// For the one who sent it.
    #[error("the token is not valid: {0}")]
    Invalid(&'static str),
    /// Nobody's fault here: the platform's keys cannot be had.
    #[error("the platform's keys cannot be read")]
    Keys(#[from] KeySetError),
}

/// Somebody of the platform.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) user: UserId,
    /// The language that the platform knows of them.
    pub(crate) locale: Option<String>,
}

impl Platform {
    pub(crate) fn new(config: &PlatformConfig) -> Result<Self, PlatformConfigError> {
        let PlatformConfig { jwks, issuer, audience, algorithms, leeway_s, people } = config;
        if issuer.is_empty() || audience.is_empty() || algorithms.is_empty() {
            return Err(PlatformConfigError::Incomplete);
        }
        let algorithms = algorithms.iter().map(|name| algorithm(name)).collect::<Result<_, _>>()?;
        Ok(Self {
            keys: KeySet::new(jwks),
            issuer: issuer.clone(),
            audience: audience.clone(),
            algorithms,
            leeway_s: *leeway_s,
            people: Arc::clone(people),
        })
    }

    /// Who sends this token. One that was minted for an embedded block is no key to anything else.
    pub(crate) async fn member(&self, token: &str, now_s: u64) -> Result<Member, TokenError> {
        let claims = self.claims(token, now_s).await?;
        if claims.block.is_some() {
            return Err(TokenError::Invalid("it opens one block in a page, and nothing else"));
        }
        self.introduce(claims)
    }

    /// Who may see `usage` in a page of another site with this token.
    pub(crate) async fn guest(
        &self,
        token: &str,
        usage: &UsageKey,
        now_s: u64,
    ) -> Result<Member, TokenError> {
        let claims = self.claims(token, now_s).await?;
        if claims.block.as_deref() != Some(usage.as_str()) {
            return Err(TokenError::Invalid("it is for another block"));
        }
        self.introduce(claims)
    }

    fn introduce(&self, claims: Claims) -> Result<Member, TokenError> {
        let account = claims.account().ok_or(TokenError::Invalid("it names no account number"))?;
        let locale = claims.locale();
        let Claims { preferred_username, name, email, roles, groups, .. } = claims;
        let has = |role: &str| roles.iter().any(|name| name == role);
        self.people.introduce(Person {
            account: Some(account),
            username: preferred_username.unwrap_or_else(|| account.to_string()),
            display_name: name.unwrap_or_default(),
            email: email.unwrap_or_default(),
            active: true,
            staff: has("staff"),
            creator: has("creator") || has("staff"),
            groups: groups.into_iter().collect(),
        });
        Ok(Member { user: UserId::Learner(account), locale })
    }

    async fn claims(&self, token: &str, now_s: u64) -> Result<Claims, TokenError> {
        if token.len() > LONGEST {
            return Err(TokenError::Invalid("it is too long"));
        }
        let header = decode_header(token).map_err(|_| TokenError::Invalid("it is no JWT"))?;
        if !self.algorithms.contains(&header.alg) {
            return Err(TokenError::Invalid("it is signed in a way that is not allowed here"));
        }
        let key = self.keys.find(header.kid.as_deref()).await?;
        let key = key.ok_or(TokenError::Invalid("it is signed with an unknown key"))?;
        let key = DecodingKey::from_jwk(&key)
            .map_err(|_| TokenError::Invalid("it is signed with a key that cannot be used"))?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The clock is the host's, below.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let TokenData { claims, .. } = decode::<Claims>(token, &key, &validation)
            .map_err(|error| TokenError::Invalid(reason(&error)))?;
        if claims.exp.saturating_add(self.leeway_s) <= now_s {
            return Err(TokenError::Invalid("it has expired"));
        }
        if claims.nbf.is_some_and(|begin| begin > now_s.saturating_add(self.leeway_s)) {
            return Err(TokenError::Invalid("its time has not come yet"));
        }
        Ok(claims)
    }
}

/// What the sender may know: nothing of how far a forged token got.
fn reason(error: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidIssuer => "it is of another issuer",
        ErrorKind::InvalidAudience => "it is for another audience",
        ErrorKind::MissingRequiredClaim(_) => "it needs `iss`, `aud` and `exp`",
        ErrorKind::InvalidSignature => "its signature is wrong",
        _ => "it cannot be read",
    }
}

fn algorithm(name: &str) -> Result<Algorithm, PlatformConfigError> {
    let unusable = || PlatformConfigError::Algorithm(name.to_owned());
    match name.parse().map_err(|_| unusable())? {
        // The keys are public, so a shared secret would be one that everybody has.
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => Err(unusable()),
        other => Ok(other),
    }
}

#[cfg(test)]
mod test_keys;
#[cfg(test)]
mod tests;
