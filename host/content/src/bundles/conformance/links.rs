//! Links.

use super::{Subject, version};
use crate::bundles::{BundleError, Tree};

/// `a` links to `b`, which links to `c`: `c` is among what `a` needs, at the version that `b` needs.
pub async fn row_150_links_are_set_replaced_and_deleted_with_what_they_bring_along(subject: &Subject) {
    let store = &subject.store;
    let (a, b, c) = (subject.bundle().await, subject.bundle().await, subject.bundle().await);
    let in_c = subject.draft(c).await;
    for text in ["1", "2"] {
        subject.edit(in_c, &[("c", Some(text))]).await;
        subject.commit(in_c).await;
    }
    let in_b = subject.draft(b).await;
    subject.link(in_b, "to_c", Some((c, 1))).await.unwrap();
    subject.commit(in_b).await;

    let in_a = subject.draft(a).await;
    subject.link(in_a, "to_b", Some((b, 1))).await.unwrap();
    assert!(store.links(version(a, 0)).await.unwrap().is_empty());
    let links = store.links(Tree::Draft(in_a)).await.unwrap();
    let [link] = &links[..] else { panic!("{links:?}") };
    assert_eq!((link.name.as_str(), link.modified), ("to_b", true));
    assert_eq!((link.direct.bundle, link.direct.version), (b, 1));
    assert_eq!(link.direct.digest, store.version(b, 1).await.unwrap().digest);
    let indirect: Vec<_> = link.indirect.iter().map(|found| (found.bundle, found.version)).collect();
    assert_eq!(indirect, [(c, 1)]);
    assert_eq!(link.indirect[0].digest, store.version(c, 1).await.unwrap().digest);
    assert_eq!(subject.commit(in_a).await, 1);
    let committed = store.links(version(a, 1)).await.unwrap();
    assert_eq!(committed[0].direct, link.direct);
    assert_eq!(committed[0].indirect, link.indirect);
    assert!(!committed[0].modified);

    subject.link(in_a, "to_b", Some((c, 2))).await.unwrap();
    let replaced = store.links(Tree::Draft(in_a)).await.unwrap();
    assert_eq!((replaced[0].direct.bundle, replaced[0].direct.version), (c, 2));
    assert!(replaced[0].indirect.is_empty());
    subject.link(in_a, "to_b", None).await.unwrap();
    assert!(store.links(Tree::Draft(in_a)).await.unwrap().is_empty());
    assert_eq!(store.links(version(a, 1)).await.unwrap().len(), 1);
    assert_eq!(subject.commit(in_a).await, 2);
    assert!(store.links(version(a, 2)).await.unwrap().is_empty());
    assert_eq!(store.links(version(a, 1)).await.unwrap(), committed);
}

/// Through any number of bundles.
pub async fn row_149_a_link_that_leads_back_is_refused(subject: &Subject) {
    let (a, b, c) = (subject.bundle().await, subject.bundle().await, subject.bundle().await);
    let (in_a, in_b, in_c) = (subject.draft(a).await, subject.draft(b).await, subject.draft(c).await);
    subject.edit(in_a, &[("a", Some("1"))]).await;
    subject.commit(in_a).await;
    subject.link(in_b, "to_a", Some((a, 1))).await.unwrap();
    subject.commit(in_b).await;
    subject.link(in_c, "to_b", Some((b, 1))).await.unwrap();
    subject.commit(in_c).await;
    let error = subject.link(in_a, "to_c", Some((c, 1))).await.unwrap_err();
    assert!(matches!(&error, BundleError::LinkCycle { .. }), "{error}");
    assert!(error.to_string().starts_with("Link cycle detected"));
    assert!(subject.store.links(Tree::Draft(in_a)).await.unwrap().is_empty(), "nothing was written");
    if subject.complete {
        let error = subject.link(in_a, "to_itself", Some((a, 1))).await.unwrap_err();
        assert!(matches!(error, BundleError::LinkCycle { .. }), "{error}");
    }
}

/// Neither to a bundle nor to a version.
pub async fn row_149_a_link_to_a_version_that_does_not_exist_is_refused(subject: &Subject) {
    let (a, b) = (subject.bundle().await, subject.bundle().await);
    let in_a = subject.draft(a).await;
    for (bundle, number) in [(b, 1), (uuid::Uuid::new_v4(), 1)] {
        let error = subject.link(in_a, "x", Some((bundle, number))).await.unwrap_err();
        assert!(
            matches!(error, BundleError::VersionNotFound { bundle: found, version: 1 } if found == bundle),
            "{error}"
        );
    }
    assert!(subject.store.links(Tree::Draft(in_a)).await.unwrap().is_empty());
}
