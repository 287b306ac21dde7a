//! What the host knows of the people whom a learning context has to judge.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use blockhouse_fields::UserId;
use lru::LruCache;

use crate::ContentError;

/// Somebody, as far as permissions go. The default is somebody of whom nothing is known: no account, no rights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The account's number; `None` for a visitor without an account.
    pub account: Option<i64>,
    /// The name by which grants and authors know the account.
    pub username: String,
    /// What people call them; empty where nobody knows.
    pub display_name: String,
    /// The address by which an author finds them.
    pub email: String,
    /// Whether the account may be used. A closed one keeps its grants and may do nothing with them.
    pub active: bool,
    /// Whether they run the platform (global staff, spec 7.4).
    pub staff: bool,
    /// Whether they may create content of their own (course creator, spec 7.4).
    pub creator: bool,
    /// The names of their groups.
    pub groups: BTreeSet<String>,
}

/// Who is who. Asked at every use, so a right that was taken away is gone with the next request.
#[async_trait]
pub trait People: Send + Sync {
    /// What is known of a user. Somebody unknown is a [`Person`] without rights.
    ///
    /// # Errors
    /// Only when the directory cannot be asked.
    async fn person(&self, user: &UserId) -> Result<Person, ContentError>;

    /// The account with this name or address, for an author who shares with somebody.
    ///
    /// # Errors
    /// Only when the directory cannot be asked.
    async fn find(&self, username_or_email: &str) -> Result<Option<Person>, ContentError>;
}

/// A directory in which nobody is. Everybody with an account is an active person without further rights.
#[derive(Clone, Copy, Debug, Default)]
pub struct NobodyKnown;

/// A short directory that does not change, such as that of development mode. Whoever is not in it is as in
/// [`NobodyKnown`].
#[derive(Clone, Debug, Default)]
pub struct ListedPeople(Vec<Person>);

impl ListedPeople {
    /// These.
    pub fn new(people: Vec<Person>) -> Self {
        Self(people)
    }
}

/// How many people are remembered. Whoever is forgotten comes in with the next token.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// Whoever came in with a token of the platform, as the last token said; of others, what another directory knows.
///
/// Nothing is kept beyond the process: the platform knows its people, and says it again.
pub struct IntroducedPeople {
    known: Mutex<LruCache<i64, Person>>,
    others: Arc<dyn People>,
}

impl IntroducedPeople {
    /// Nobody yet.
    pub fn new(others: Arc<dyn People>) -> Self {
        Self { known: Mutex::new(LruCache::new(REMEMBERED)), others }
    }

    /// Remembers somebody, in place of what was known of them.
    pub fn introduce(&self, person: Person) {
        if let Some(account) = person.account {
            self.known().put(account, person);
        }
    }

    /// Every change is complete before anything can panic.
    fn known(&self) -> MutexGuard<'_, LruCache<i64, Person>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl People for IntroducedPeople {
    async fn person(&self, user: &UserId) -> Result<Person, ContentError> {
        if let UserId::Learner(account) | UserId::Author(account) = user
            && let Some(person) = self.known().get(account)
        {
            return Ok(person.clone());
        }
        self.others.person(user).await
    }

    async fn find(&self, who: &str) -> Result<Option<Person>, ContentError> {
        let known = {
            let known = self.known();
            let is_meant =
                |person: &&Person| person.username == who || (person.email == who && !who.is_empty());
            known.iter().map(|(_, person)| person).find(is_meant).cloned()
        };
        match known {
            Some(person) => Ok(Some(person)),
            None => self.others.find(who).await,
        }
    }
}

#[async_trait]
impl People for ListedPeople {
    async fn person(&self, user: &UserId) -> Result<Person, ContentError> {
        let unknown = NobodyKnown.person(user).await?;
        let known =
            self.0.iter().find(|person| unknown.account.is_some() && person.account == unknown.account);
        Ok(known.cloned().unwrap_or(unknown))
    }

    async fn find(&self, who: &str) -> Result<Option<Person>, ContentError> {
        Ok(self.0.iter().find(|person| person.username == who || person.email == who).cloned())
    }
}

#[async_trait]
impl People for NobodyKnown {
    async fn person(&self, user: &UserId) -> Result<Person, ContentError> {
        let account = match user {
            UserId::Learner(id) | UserId::Author(id) => Some(*id),
            UserId::Anonymous(_) => None,
        };
        Ok(Person { account, active: account.is_some(), ..Person::default() })
    }

    async fn find(&self, _username_or_email: &str) -> Result<Option<Person>, ContentError> {
        Ok(None)
    }
}
