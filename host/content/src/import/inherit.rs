//! Settings that hold for everything below the block that has them (spec 9.1).

use std::collections::BTreeMap;

use crate::xml::Element;

/// The names of the settings that descendants inherit: Open edX's, and `block_versions`, by which a course pins
/// versions of block types.
const INHERITABLE: [&str; 29] = [
    "attempts_before_showanswer_button",
    "block_versions",
    "course_edit_method",
    "days_early_for_beta",
    "due",
    "edxnotes",
    "edxnotes_visibility",
    "format",
    "giturl",
    "graceperiod",
    "graded",
    "group_access",
    "in_entrance_exam",
    "matlab_api_key",
    "max_attempts",
    "relative_weeks_due",
    "rerandomize",
    "self_paced",
    "show_correctness",
    "show_reset_button",
    "showanswer",
    "start",
    "static_asset_path",
    "use_latex_compiler",
    "user_partitions",
    "video_auto_advance",
    "video_bumper",
    "visible_to_staff_only",
    "xqa_key",
];

/// What the children of `element` inherit, given what it inherits itself.
pub(super) fn below(element: &Element, inherited: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut settings = inherited.clone();
    for (name, value) in element.attributes().filter(|(name, _)| INHERITABLE.contains(name)) {
        settings.insert(name.to_owned(), value.to_owned());
    }
    settings
}
