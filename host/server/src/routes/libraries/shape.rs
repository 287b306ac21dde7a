//! How libraries, components and the rest look in JSON (spec 7.3.1, 7.3.2).

use blockhouse_content::Access;
use blockhouse_content::libraries::{self as content, Counts, LibraryAccess};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// `YYYY-MM-DDTHH:MM:SSZ`.
pub(crate) fn moment(ms: i64) -> Option<String> {
    Timestamp::from_second(ms.div_euclid(1000)).ok().map(|moment| moment.to_string())
}

/// Nothing to say: an empty object.
#[derive(Serialize, ToSchema)]
pub(crate) struct Empty {}

/// A library.
#[derive(Serialize, ToSchema)]
pub(crate) struct Library {
    id: String,
    org: String,
    slug: String,
    title: String,
    description: String,
    num_blocks: u64,
    last_published: Option<String>,
    published_by: Option<String>,
    last_draft_created: Option<String>,
    last_draft_created_by: Option<String>,
    allow_lti: bool,
    allow_public_learning: bool,
    allow_public_read: bool,
    has_unpublished_changes: bool,
    has_unpublished_deletes: bool,
    license: String,
    can_edit_library: bool,
    created: Option<String>,
    updated: Option<String>,
}

pub(super) fn library(library: &content::Library, counts: Counts, access: LibraryAccess) -> Library {
    Library {
        id: library.key.to_string(),
        org: library.key.org().to_owned(),
        slug: library.key.slug().to_owned(),
        title: library.title.clone(),
        description: library.description.clone(),
        num_blocks: counts.components,
        last_published: library.last_published.and_then(moment),
        published_by: library.published_by.clone(),
        last_draft_created: library.last_draft_created.and_then(moment),
        last_draft_created_by: library.last_draft_created_by.clone(),
        allow_lti: false,
        allow_public_learning: library.allow_public_learning,
        allow_public_read: library.allow_public_read,
        has_unpublished_changes: counts.has_unpublished_changes,
        has_unpublished_deletes: counts.has_unpublished_deletes,
        license: library.license.clone(),
        can_edit_library: access.blocks >= Access::Edit,
        created: moment(library.created),
        updated: moment(library.updated),
    }
}

/// What components and containers have in common: their title and how far they are published.
#[derive(Serialize, ToSchema)]
pub(crate) struct Standing {
    display_name: String,
    published_display_name: Option<String>,
    tags_count: u64,
    last_published: Option<String>,
    published_by: Option<String>,
    last_draft_created: Option<String>,
    last_draft_created_by: Option<String>,
    has_unpublished_changes: bool,
    created: Option<String>,
    modified: Option<String>,
    can_stand_alone: bool,
    version_num: Option<u64>,
    published_version_num: Option<u64>,
}

impl Standing {
    fn of(standing: &content::Standing, title: &str) -> Self {
        Self {
            display_name: title.to_owned(),
            published_display_name: standing.published_title.clone(),
            tags_count: 0,
            last_published: standing.last_published.and_then(moment),
            published_by: standing.published_by.clone(),
            last_draft_created: standing.last_draft_created.and_then(moment),
            last_draft_created_by: standing.last_draft_created_by.clone(),
            has_unpublished_changes: standing.has_unpublished_changes(),
            created: moment(standing.created),
            modified: moment(standing.modified),
            can_stand_alone: standing.can_stand_alone,
            version_num: standing.draft,
            published_version_num: standing.published,
        }
    }
}

/// A component: a block of a library.
#[derive(Serialize, ToSchema)]
pub(crate) struct Component {
    id: String,
    block_type: String,
    collections: Vec<InCollection>,
    #[serde(flatten)]
    standing: Standing,
}

/// A collection that has a component.
#[derive(Serialize, ToSchema)]
pub(crate) struct InCollection {
    key: String,
    title: String,
}

pub(super) fn component(component: &content::Component) -> Component {
    let collections = component.collections.iter();
    Component {
        id: component.usage.to_string(),
        block_type: component.usage.block_type().to_owned(),
        collections: collections
            .map(|(key, title)| InCollection { key: key.clone(), title: title.clone() })
            .collect(),
        standing: Standing::of(&component.standing, &component.title),
    }
}

/// A unit, subsection or section of a library.
#[derive(Serialize, ToSchema)]
pub(crate) struct Container {
    id: String,
    container_type: String,
    #[serde(flatten)]
    standing: Standing,
}

pub(super) fn container(container: &content::Container) -> Container {
    Container {
        id: container.key.to_string(),
        container_type: container.key.container_type().to_string(),
        standing: Standing::of(&container.standing, &container.title),
    }
}

/// What stands in a container.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Child {
    /// Another container.
    Container(Container),
    /// A component.
    Component(Component),
}

/// A collection of a library.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryCollection)]
pub(crate) struct Collection {
    key: String,
    title: String,
    description: String,
    enabled: bool,
    created: Option<String>,
    modified: Option<String>,
}

pub(super) fn collection(collection: &content::Collection) -> Collection {
    Collection {
        key: collection.key.clone(),
        title: collection.title.clone(),
        description: collection.description.clone(),
        enabled: collection.enabled,
        created: moment(collection.created),
        modified: moment(collection.modified),
    }
}

/// What an account or a group may do with a library.
#[derive(Serialize, ToSchema)]
pub(crate) struct Grant {
    pub(super) username: Option<String>,
    pub(super) email: Option<String>,
    pub(super) group_name: Option<String>,
    /// `read`, `author` or `admin`.
    pub(super) access_level: &'static str,
}

pub(super) fn grant(grant: &content::Grant) -> Grant {
    Grant {
        username: grant.username.clone(),
        email: grant.email.clone(),
        group_name: grant.group.clone(),
        access_level: grant.level.as_str(),
    }
}
