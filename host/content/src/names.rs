//! How OLX names the files of blocks.

/// The attribute in which a block's name stands.
pub(crate) const URL_NAME: &str = "url_name";

/// A name as a path: `:` separates folders.
pub(crate) fn path_of(name: &str) -> String {
    name.replace(':', "/")
}

/// Types that OLX always keeps in files of their own when an element has nothing but a name.
const KEPT_IN_FILES: [&str; 14] = [
    "course",
    "chapter",
    "sequential",
    "videosequence",
    "problemset",
    "vertical",
    "split_test",
    "library_content",
    "conditional",
    "randomize",
    "html",
    "problem",
    "video",
    "annotatable",
];

/// Whether a block that is only a name must have a file.
pub(crate) fn is_kept_in_file(block_type: &str) -> bool {
    KEPT_IN_FILES.contains(&block_type)
}
