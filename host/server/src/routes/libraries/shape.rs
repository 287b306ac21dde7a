//! How libraries, components and the rest look in JSON (spec 7.3.1, 7.3.2).

use blockhouse_content::Access;
use blockhouse_content::libraries::{
    Collection, Component, Container, Counts, Grant, Library, LibraryAccess, Standing,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// `YYYY-MM-DDTHH:MM:SSZ`.
pub(super) fn moment(ms: i64) -> Value {
    match Timestamp::from_second(ms.div_euclid(1000)) {
        Ok(moment) => json!(moment.to_string()),
        Err(_) => Value::Null,
    }
}

fn moment_or_null(ms: Option<i64>) -> Value {
    ms.map_or(Value::Null, moment)
}

pub(super) fn library(library: &Library, counts: Counts, access: LibraryAccess) -> Value {
    json!({
        "id": library.key.as_str(),
        "org": library.key.org(),
        "slug": library.key.slug(),
        "title": library.title,
        "description": library.description,
        "num_blocks": counts.components,
        "last_published": moment_or_null(library.last_published),
        "published_by": library.published_by,
        "last_draft_created": moment_or_null(library.last_draft_created),
        "last_draft_created_by": library.last_draft_created_by,
        "allow_lti": false,
        "allow_public_learning": library.allow_public_learning,
        "allow_public_read": library.allow_public_read,
        "has_unpublished_changes": counts.has_unpublished_changes,
        "has_unpublished_deletes": counts.has_unpublished_deletes,
        "license": library.license,
        "can_edit_library": access.blocks >= Access::Edit,
        "created": moment(library.created),
        "updated": moment(library.updated),
    })
}

fn standing(standing: &Standing, title: &str, mut value: Value) -> Value {
    let common = json!({
        "display_name": title,
        "published_display_name": standing.published_title,
        "tags_count": 0,
        "last_published": moment_or_null(standing.last_published),
        "published_by": standing.published_by,
        "last_draft_created": moment_or_null(standing.last_draft_created),
        "last_draft_created_by": standing.last_draft_created_by,
        "has_unpublished_changes": standing.has_unpublished_changes(),
        "created": moment(standing.created),
        "modified": moment(standing.modified),
        "can_stand_alone": standing.can_stand_alone,
        "version_num": standing.draft,
        "published_version_num": standing.published,
    });
    if let (Some(value), Value::Object(common)) = (value.as_object_mut(), common) {
        value.extend(common);
    }
    value
}

pub(super) fn component(component: &Component) -> Value {
    let collections: Vec<_> =
        component.collections.iter().map(|(key, title)| json!({ "key": key, "title": title })).collect();
    let own = json!({
        "id": component.usage.as_str(),
        "block_type": component.usage.block_type(),
        "collections": collections,
    });
    standing(&component.standing, &component.title, own)
}

pub(super) fn container(container: &Container) -> Value {
    let own = json!({
        "id": container.key.as_str(),
        "container_type": container.key.container_type(),
    });
    standing(&container.standing, &container.title, own)
}

pub(super) fn collection(collection: &Collection) -> Value {
    json!({
        "key": collection.key,
        "title": collection.title,
        "description": collection.description,
        "enabled": collection.enabled,
        "created": moment(collection.created),
        "modified": moment(collection.modified),
    })
}

pub(super) fn grant(grant: &Grant) -> Value {
    json!({
        "username": grant.username,
        "email": grant.email,
        "group_name": grant.group,
        "access_level": grant.level.as_str(),
    })
}
