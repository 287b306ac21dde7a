//! Courses, libraries and backups become drafts of a library that authors edit.

use std::fs;
use std::path::{Path, PathBuf};

use blockhouse_keys::{LibraryKey, UsageKey};

use super::backup::{sample, with_links, zipped};
use super::bed::{Bed, ann};
use crate::libraries::LibraryImport;

fn key() -> LibraryKey {
    "lib:Harbour:L".parse().unwrap()
}

async fn import(bed: &Bed, source: &Path, publish: bool) -> LibraryImport {
    bed.libraries.import(source, &key(), publish, &ann(), &mut |_| ()).await.unwrap()
}

fn block(name: &str) -> UsageKey {
    format!("lb:Harbour:L:{name}").parse().unwrap()
}

/// A course of one unit in OLX.
fn course(bed: &Bed) -> PathBuf {
    let folder = bed.folder.path().join("course");
    for name in ["html", "static"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "course.xml",
        "<course org='O' course='C' url_name='R' display_name='Sea'><chapter url_name='c'><sequential url_name='s'>\
         <vertical url_name='v' display_name='One'><html url_name='a'/><video url_name='w'>\
         <transcript language='en' src='w.srt'/></video><html url_name='broken'/></vertical>\
         </sequential></chapter></course>",
    );
    write("html/a.xml", "<html display_name='A' filename='a'/>");
    write("html/a.html", "<img src='/static/a%20b.svg'><br>");
    write("html/broken.xml", "<html>");
    write("static/a b.svg", "<svg/>");
    write("static/w.srt", "1");
    write("static/unused.pdf", "x");
    folder
}

pub(super) async fn a_course_becomes_drafts_with_the_files_that_they_name(bed: &Bed) {
    let done = import(bed, &course(bed), false).await;
    assert!(done.made_library);
    assert_eq!((done.title.as_str(), done.new, done.changed), ("Sea", 3, 0));
    let (outline, broken): (Vec<_>, Vec<_>) = done.left_out.iter().partition(|left| left.reason.is_none());
    assert_eq!(outline.len(), 3, "{outline:?}");
    assert!(broken[0].reason.as_ref().unwrap().contains("html/broken.xml"), "{broken:?}");
    let names = async |name: &str| {
        let files = bed.libraries.files(&block(name)).await.unwrap();
        files.into_iter().map(|file| file.path).collect::<Vec<_>>()
    };
    assert_eq!(names("html:a").await, ["static/a b.svg"]);
    assert_eq!(names("video:w").await, ["static/w.srt"]);
    let a = bed.libraries.component(&block("html:a")).await.unwrap();
    assert_eq!((a.title.as_str(), a.standing.draft, a.standing.published), ("A", Some(1), None));
    let (unit, _) = bed.libraries.olx(&block("vertical:v")).await.unwrap();
    assert!(unit.contains("<xblock-include definition=\"html/a\"/>"), "{unit}");
}

pub(super) async fn what_is_imported_again_is_changed_where_it_differs_and_nowhere_else(bed: &Bed) {
    let folder = course(bed);
    import(bed, &folder, false).await;
    let again = import(bed, &folder, false).await;
    assert_eq!((again.made_library, again.new, again.changed, again.unchanged()), (false, 0, 0, 3));
    fs::write(folder.join("static/a b.svg"), "<svg></svg>").unwrap();
    let changed = import(bed, &folder, true).await;
    assert_eq!((changed.changed, changed.unchanged()), (1, 2));
    let a = bed.libraries.component(&block("html:a")).await.unwrap();
    assert_eq!((a.standing.draft, a.standing.published), (Some(2), Some(2)));
    let counts = bed.libraries.counts(&bed.libraries.library(&key()).await.unwrap()).await.unwrap();
    assert!(!counts.has_unpublished_changes);
    // What an author deleted comes back, and what an author made is left alone.
    bed.libraries.delete_component(&block("html:a"), None, &ann()).await.unwrap();
    bed.libraries.set_olx(&block("video:w"), "<video/>", None, &ann()).await.unwrap();
    let back = import(bed, &folder, false).await;
    assert_eq!((back.new, back.changed), (0, 2));
    assert_eq!(bed.libraries.component(&block("html:a")).await.unwrap().standing.draft, Some(3));
}

pub(super) async fn a_backup_becomes_drafts_at_its_drafts(bed: &Bed) {
    let zip = bed.folder.path().join("in.zip");
    zipped(&sample(), &zip);
    let done = import(bed, &zip, false).await;
    assert_eq!(done.title, "Tides");
    let restored = bed.libraries.restore(&zip, None, &ann()).await.unwrap();
    for component in bed.libraries.components(&restored.key, &Default::default()).await.unwrap() {
        let name = format!("{}:{}", component.usage.block_type(), component.usage.block_id());
        let (olx, _) = bed.libraries.olx(&component.usage).await.unwrap();
        assert_eq!(bed.libraries.olx(&block(&name)).await.unwrap().0.trim(), olx.trim(), "{name}");
    }
}

pub(super) async fn the_links_of_a_backup_lead_where_its_drafts_had_them(bed: &Bed) {
    let store = &bed.libraries;
    let tides = with_links(bed).await;
    let zip = bed.folder.path().join("linked.zip");
    store.backup(&tides, &zip, &ann()).await.unwrap();
    assert_eq!(import(bed, &zip, true).await.links, ["charts"]);
    let link = store.links(&key()).await.unwrap().remove(0);
    assert_eq!((link.id.as_str(), link.version), ("charts", 2));
    let library = store.library(&key()).await.unwrap();
    assert!(!store.counts(&library).await.unwrap().has_unpublished_changes);
    // What an author pointed elsewhere comes back, as blocks do.
    store.update_link(&key(), "charts", Some(1), &ann()).await.unwrap();
    import(bed, &zip, false).await;
    assert_eq!(store.links(&key()).await.unwrap()[0].version, 2);
}

pub(super) async fn a_link_that_would_lead_back_stays_out_and_the_blocks_come(bed: &Bed) {
    let store = &bed.libraries;
    let zip = bed.folder.path().join("linked.zip");
    store.backup(&with_links(bed).await, &zip, &ann()).await.unwrap();
    let charts: LibraryKey = "lib:Harbour:CHARTS".parse().unwrap();
    let done = store.import(&zip, &charts, false, &ann(), &mut |_| ()).await.unwrap();
    assert!(done.links.is_empty() && done.new > 0, "{done:?}");
    assert!(done.problems.iter().any(|problem| problem.fault.to_string().contains("link cycle")), "{done:?}");
    assert!(store.links(&charts).await.unwrap().is_empty());
}
