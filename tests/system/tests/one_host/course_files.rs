//! What blocks read of a course's files.

use std::path::Path;

use blockhouse_content::import;
use blockhouse_runtime::View;
use blockhouse_system_tests::{Host, learner, usage};

use crate::guest;

const COURSE: &str = r#"<course org="Test" course="System" url_name="1"><chapter url_name="c"><sequential url_name="s">
    <vertical url_name="v"><guest url_name="x"/></vertical></sequential></chapter></course>"#;

fn write(source: &Path, transcript: &str) {
    std::fs::create_dir_all(source.join("static")).unwrap();
    std::fs::write(source.join("course.xml"), COURSE).unwrap();
    std::fs::write(source.join("static/en.srt"), transcript).unwrap();
}

#[tokio::test]
async fn a_block_of_a_course_reads_the_courses_file_as_it_was_last_imported() {
    let source = tempfile::tempdir().unwrap();
    write(source.path(), "high water");
    let host = Host::with_course(source.path()).await;
    host.runtime.install(&guest::package("reader")).unwrap();
    let shown = async || host.view(&learner(1), &usage("guest", "x"), View::Student).await.unwrap().content;
    assert!(shown().await.contains("high water"));
    write(source.path(), "low water");
    import(source.path(), host.runtime.content(), &mut |_| {}).unwrap();
    assert!(shown().await.contains("low water"));
}
