//! Blocks that include others, of the same library and through links (spec 7.2).

use std::sync::Arc;

use blockhouse_keys::{LearningContextKey, LibraryKey, UsageKey};

use super::bed::{Bed, ann};
use crate::libraries::{LibraryContexts, LibraryError, NewComponent, NewLibrary};
use crate::{
    ContentError, ContentStore, ContextKind as _, Definition, LearningContext, ListedPeople, Version,
};

async fn library(bed: &Bed, slug: &str) -> LibraryKey {
    let new = NewLibrary {
        org: "Harbour".to_owned(),
        slug: slug.to_owned(),
        title: slug.to_owned(),
        ..NewLibrary::default()
    };
    bed.libraries.create_library(new, &ann()).await.unwrap().key
}

async fn block(bed: &Bed, library: &LibraryKey, block_type: &str, id: &str, inside: &str) -> UsageKey {
    try_block(bed, library, block_type, id, inside).await.unwrap()
}

async fn try_block(
    bed: &Bed,
    library: &LibraryKey,
    block_type: &str,
    id: &str,
    inside: &str,
) -> Result<UsageKey, LibraryError> {
    let new = NewComponent {
        block_type: block_type.to_owned(),
        id: id.to_owned(),
        title: id.to_owned(),
        olx: format!("<{block_type}>{inside}</{block_type}>"),
        can_stand_alone: true,
        parent: None,
    };
    Ok(bed.libraries.create_component(library, new, &ann()).await?.usage)
}

fn include(definition: &str, more: &str) -> String {
    format!("<xblock-include definition=\"{definition}\" {more}/>")
}

async fn context(bed: &Bed, library: &LibraryKey) -> Arc<dyn LearningContext> {
    let imported = Arc::new(ContentStore::open(&bed.folder.path().join("imported")).unwrap());
    let people = Arc::new(ListedPeople::default());
    let kind = LibraryContexts::new(bed.libraries.clone(), people, imported);
    kind.open(&LearningContextKey::Library(library.clone())).await.unwrap().unwrap()
}

async fn definition(bed: &Bed, usage: &str, version: Version) -> Result<Arc<Definition>, ContentError> {
    let usage: UsageKey = usage.parse().unwrap();
    let LearningContextKey::Library(library) = usage.context_key() else { panic!("a library") };
    context(bed, &library).await.definition(&usage, version).await
}

fn names(definition: &Definition) -> Vec<&str> {
    definition.children.iter().map(UsageKey::block_id).collect()
}

/// The libraries of spec 7.2.3: `lib:Harbour:L` with a link to `lib:Harbour:K`.
async fn linked(bed: &Bed) -> (LibraryKey, LibraryKey) {
    let (own, other) = (library(bed, "L").await, library(bed, "K").await);
    block(bed, &other, "html", "html1", "of the other").await;
    block(bed, &other, "unit", "unit1", &include("html/html1", "")).await;
    bed.libraries.publish_library(&other, None, &ann()).await.unwrap();
    bed.libraries.add_link(&own, "linked", &other, None, &ann()).await.unwrap();
    block(bed, &own, "html", "html1", "own").await;
    block(bed, &own, "unit", "subunit1", &include("unit/unit1", "source='linked' usage='alias1'")).await;
    let both = include("html/html1", "") + &include("unit/subunit1", "");
    block(bed, &own, "unit", "main-unit", &both).await;
    (own, other)
}

pub(super) async fn row_148_included_blocks_have_the_keys_of_the_rules(bed: &Bed) {
    let (own, _) = linked(bed).await;
    let main = definition(bed, "lb:Harbour:L:unit:main-unit", Version::Draft).await.unwrap();
    assert_eq!(names(&main), ["html1", "subunit1"]);
    let sub = definition(bed, main.children[1].as_str(), Version::Draft).await.unwrap();
    assert_eq!((names(&sub), sub.parent.as_ref()), (vec!["alias1"], Some(&main.usage)));
    let alias = definition(bed, sub.children[0].as_str(), Version::Draft).await.unwrap();
    assert_eq!((names(&alias), alias.parent.as_ref()), (vec!["alias1-html1"], Some(&sub.usage)));
    let text = definition(bed, alias.children[0].as_str(), Version::Draft).await.unwrap();
    assert_eq!((&*text.olx, text.parent.as_ref()), ("<html>of the other</html>", Some(&alias.usage)));
    let html = definition(bed, "lb:Harbour:L:html:html1", Version::Draft).await.unwrap();
    assert_eq!(&*html.olx, "<html>own</html>");

    // Publishing the outermost publishes all that it needs.
    bed.libraries.publish_one("lb:Harbour:L:unit:main-unit", None, &ann()).await.unwrap();
    assert!(
        !bed.libraries
            .counts(&bed.libraries.library(&own).await.unwrap())
            .await
            .unwrap()
            .has_unpublished_changes
    );
    let text = definition(bed, "lb:Harbour:L:html:alias1-html1", Version::Published).await.unwrap();
    assert_eq!(&*text.olx, "<html>of the other</html>");
    let all = context(bed, &own).await.usages().await.unwrap();
    let mut all: Vec<_> = all.iter().map(UsageKey::block_id).collect();
    all.sort_unstable();
    assert_eq!(all, ["alias1", "alias1-html1", "html1", "main-unit", "subunit1"]);
}

pub(super) async fn what_comes_through_a_link_stays_as_it_was_published(bed: &Bed) {
    let (own, other) = linked(bed).await;
    let text = "lb:Harbour:L:html:alias1-html1";
    let there = "lb:Harbour:K:html:html1".parse().unwrap();
    bed.libraries.set_olx(&there, "<html>newer</html>", None, &ann()).await.unwrap();
    bed.libraries.publish_library(&other, None, &ann()).await.unwrap();
    let before = definition(bed, text, Version::Draft).await.unwrap();
    assert_eq!(&*before.olx, "<html>of the other</html>");
    let links = bed.libraries.links(&own).await.unwrap();
    assert_eq!((links[0].version, links[0].latest), (1, Some(2)));
    bed.libraries.update_link(&own, "linked", None, &ann()).await.unwrap();
    assert_eq!(&*definition(bed, text, Version::Draft).await.unwrap().olx, "<html>newer</html>");
    // What was taken away there is there for those who link to the time before.
    bed.libraries.delete_component(&there, None, &ann()).await.unwrap();
    bed.libraries.publish_library(&other, None, &ann()).await.unwrap();
    assert_eq!(&*definition(bed, text, Version::Draft).await.unwrap().olx, "<html>newer</html>");
    bed.libraries.update_link(&own, "linked", None, &ann()).await.unwrap();
    let gone = definition(bed, text, Version::Draft).await.unwrap_err();
    assert!(matches!(gone, ContentError::NoSuchBlock(_)), "{gone}");
    bed.libraries.delete_library(&other, &ann()).await.unwrap();
    let fault = definition(bed, "lb:Harbour:L:unit:alias1", Version::Draft).await.unwrap().fault.clone();
    assert_eq!(fault.unwrap().message, "Link not found: linked");
}

pub(super) async fn row_149_links_that_lead_nowhere_or_back_are_refused(bed: &Bed) {
    let (own, other) = linked(bed).await;
    bed.libraries.publish_library(&own, None, &ann()).await.unwrap();
    let refused = |result: Result<(), LibraryError>| result.unwrap_err().to_string();
    let back = bed.libraries.add_link(&other, "back", &own, None, &ann()).await;
    assert!(refused(back).contains("a link cycle"));
    let itself = bed.libraries.add_link(&own, "self", &own, None, &ann()).await;
    assert!(refused(itself).contains("a link cycle"));
    let twice = bed.libraries.add_link(&own, "linked", &other, None, &ann()).await;
    assert_eq!(refused(twice), "That link ID is already in use.");
    let later = bed.libraries.add_link(&own, "later", &other, Some(9), &ann()).await;
    assert!(refused(later).contains("has no version 9"));
    let empty = library(bed, "M").await;
    assert!(
        refused(bed.libraries.add_link(&own, "m", &empty, None, &ann()).await).contains("publish it first")
    );
    bed.libraries.delete_link(&own, "linked", &ann()).await.unwrap();
    assert_eq!(bed.libraries.links(&own).await.unwrap(), []);
    let gone = bed.libraries.update_link(&own, "linked", None, &ann()).await.unwrap_err();
    assert!(matches!(gone, LibraryError::NoSuchLink(_)), "{gone}");
    let broken = definition(bed, "lb:Harbour:L:unit:alias1", Version::Draft).await.unwrap();
    assert_eq!(broken.fault.as_ref().unwrap().message, "Link not found: linked");
    // Learners have it until that is published.
    let text = definition(bed, "lb:Harbour:L:html:alias1-html1", Version::Published).await.unwrap();
    assert_eq!(&*text.olx, "<html>of the other</html>");
    bed.libraries.revert_library(&own, None, &ann()).await.unwrap();
    assert_eq!(bed.libraries.links(&own).await.unwrap().len(), 1);
}

pub(super) async fn a_block_that_would_include_itself_is_refused_or_broken(bed: &Bed) {
    let own = library(bed, "L").await;
    block(bed, &own, "unit", "a", &include("unit/b", "")).await;
    block(bed, &own, "unit", "b", &include("unit/c", "usage='d'")).await;
    let refused = try_block(bed, &own, "unit", "c", &include("unit/a", "")).await.unwrap_err();
    assert!(refused.to_string().contains("would include itself"), "{refused}");
    // What authors put right again can still come together in what is published.
    let (b, c): (UsageKey, UsageKey) =
        ("lb:Harbour:L:unit:b".parse().unwrap(), block(bed, &own, "unit", "c", "").await);
    bed.libraries.publish_library(&own, None, &ann()).await.unwrap();
    bed.libraries.set_olx(&b, "<unit/>", None, &ann()).await.unwrap();
    let to_a = format!("<unit>{}</unit>", include("unit/a", ""));
    bed.libraries.set_olx(&c, &to_a, None, &ann()).await.unwrap();
    // Found out once for each publication: of what no publication did, the answer stays as it was.
    let shown = async || definition(bed, "lb:Harbour:L:unit:a", Version::Published).await.unwrap();
    assert_eq!(shown().await.fault, None);
    let mut tx = bed.storage.database.write().await.unwrap();
    tx.execute("UPDATE content_entity SET published = draft WHERE name = 'c'", &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(shown().await.fault, None);
    let other = block(bed, &own, "html", "other", "").await;
    bed.libraries.publish_one(other.as_str(), None, &ann()).await.unwrap();
    assert!(shown().await.fault.clone().unwrap().message.contains("includes itself"));
}

pub(super) async fn an_edit_of_an_included_block_changes_its_definition(bed: &Bed) {
    let (own, _) = linked(bed).await;
    block(bed, &own, "unit", "other", &include("html/html1", "usage='again'")).await;
    let again = definition(bed, "lb:Harbour:L:html:again", Version::Draft).await.unwrap();
    assert_eq!((&*again.olx, again.number), ("<html>own</html>", Some(1)));
    let first = definition(bed, "lb:Harbour:L:html:again", Version::Number(1)).await.unwrap();
    assert_eq!(first.olx, again.olx);
}
