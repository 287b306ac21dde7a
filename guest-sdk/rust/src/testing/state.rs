//! What the host in memory keeps: the learners' values, the author's, and what has happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_i18n::Catalogues;
use serde_json::Value;

use super::imports::VisitorKind;
use crate::{Error, FieldDeclaration, Fragment, Response, Result, http, storage};

/// One stored change of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The scope's name, for instance `user_state`.
    pub scope: String,
    /// Whose value it is; empty where learners share it.
    pub user: String,
    /// The field's name.
    pub field: String,
    /// The new value, `None` where the field was reset.
    pub value: Option<Value>,
}

/// One published event, in the form of spec 2.11.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Who made the call.
    pub user: String,
    /// `grade`, `completion` or the block's own name for it.
    pub name: String,
    /// What the event says.
    pub data: Value,
}

/// What is known of somebody with an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// What people call them.
    pub display_name: Option<String>,
    /// The account's name.
    pub username: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// What other servers answer.
pub(crate) type OtherServers = Arc<dyn Fn(&http::Request) -> Result<Response, http::Failure> + Send + Sync>;

/// (scope, user, field): a value's place. The user is empty where the value is everybody's.
pub(crate) type Place = (String, String, String);

/// The running call's view of the host.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) declarations: Vec<FieldDeclaration>,
    pub(crate) values: BTreeMap<Place, Value>,
    pub(crate) writes: Vec<Write>,
    pub(crate) events: Vec<Event>,
    pub(crate) log: Vec<String>,
    pub(crate) children: Vec<(String, Fragment)>,
    pub(crate) parent: Option<String>,
    pub(crate) siblings: Vec<String>,
    /// What the authors of relatives wrote.
    pub(crate) relatives: BTreeMap<String, BTreeMap<String, Value>>,
    /// What the author put beside the block, by name.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// What the block asks for; in a test it is granted.
    pub(crate) capabilities: &'static [&'static str],
    pub(crate) details: BTreeMap<String, Details>,
    pub(crate) secrets: BTreeMap<String, String>,
    /// What the block keeps itself, by owner and name.
    pub(crate) kept_files: BTreeMap<(String, String), Vec<u8>>,
    pub(crate) other_servers: Option<OtherServers>,
    /// What was sent to them.
    pub(crate) requests: Vec<http::Request>,
    pub(crate) block_type: String,
    pub(crate) usage_key: String,
    pub(crate) context_key: String,
    pub(crate) locale: String,
    pub(crate) catalogues: Arc<Catalogues>,
    pub(crate) now_ms: u64,
    pub(crate) random: u64,
    pub(crate) user: String,
    pub(crate) visitor: VisitorKind,
    /// Views only look.
    pub(crate) in_handler: bool,
}

impl State {
    /// Where the value of `field` lives for the visitor of the running call.
    ///
    /// What learners share is kept apart from what visitors without an account share.
    pub(crate) fn place(&self, field: &str) -> Result<Place> {
        let Some(declared) = self.declarations.iter().find(|known| known.name == field) else {
            return Err(Error::failure(format!("the block declares no field `{field}`")));
        };
        let user = match (declared.scope, self.visitor) {
            ("content" | "settings", _) => "",
            ("user_state_summary", VisitorKind::Learner) => "",
            ("user_state_summary", VisitorKind::Anonymous) => "anonymous",
            _ => &self.user,
        };
        Ok((declared.scope.to_owned(), user.to_owned(), field.to_owned()))
    }

    /// A block has no capability for which its definition does not ask.
    pub(crate) fn asked_for(&self, capability: &str) -> Result<()> {
        if self.capabilities.contains(&capability) {
            return Ok(());
        }
        let ask =
            format!("the block does not ask for this: write `capabilities = [\"{capability}\"]` in #[block]");
        Err(Error::failure(ask))
    }

    /// What is known of the visitor of the running call.
    pub(crate) fn details(&self) -> Result<Details> {
        self.asked_for("user-details")?;
        let known = (self.visitor != VisitorKind::Anonymous).then(|| self.details.get(&self.user).cloned());
        Ok(known.flatten().unwrap_or_default())
    }

    /// Whose files are meant. Learners share some, and visitors without an account others.
    pub(crate) fn file_owner(&self, space: storage::Space) -> String {
        match (space, self.visitor) {
            (storage::Space::Own, _) => self.user.clone(),
            (storage::Space::Shared, VisitorKind::Learner) => String::new(),
            (storage::Space::Shared, kind) => format!("{kind:?}"),
        }
    }

    pub(crate) fn may_keep_files(&self) -> Result<(), storage::Failure> {
        self.asked_for("storage").map_err(|error| storage::Failure::Refused(error.into_message()))
    }

    pub(crate) fn may_change_files(&self) -> Result<(), storage::Failure> {
        self.may_keep_files()?;
        if self.in_handler { Ok(()) } else { Err(storage::Failure::NotInAHandler) }
    }

    /// The place of a field that a block may write.
    pub(crate) fn writable(&self, field: &str) -> Result<Place> {
        let place = self.place(field)?;
        match place.0.as_str() {
            "content" | "settings" if !(self.in_handler && self.visitor == VisitorKind::Author) => {
                Err(Error::failure(format!("field `{field}` cannot be written here: authors write it")))
            }
            _ => Ok(place),
        }
    }

    /// Forgets what the visitor has in fields of scope `user_state`.
    pub(crate) fn forget_user_state(&mut self) {
        self.values.retain(|(scope, user, _), _| scope != "user_state" || *user != self.user);
    }

    /// Stores or forgets a value and remembers that it happened.
    pub(crate) fn write(&mut self, place: Place, value: Option<Value>) {
        match &value {
            Some(value) => self.values.insert(place.clone(), value.clone()),
            None => self.values.remove(&place),
        };
        let (scope, user, field) = place;
        self.writes.push(Write { scope, user, field, value });
    }
}
