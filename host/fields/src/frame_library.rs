//! The libraries that front ends written for Open edX expect on their page. A host that has them gives them to the blocks
//! that ask in their manifest, and to no other.

use serde::{Deserialize, Serialize};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FrameLibrary {
    /// `$` and `jQuery`.
    Jquery,
    /// `_`.
    Underscore,
    /// `gettext`, `ngettext`, `interpolate`: the catalogue's functions, without a catalogue.
    Gettext,
    /// `MathJax`: formulas in `\\( \\)` and `\\[ \\]`.
    Mathjax,
}

impl FrameLibrary {
    /// All of them, in the order in which a page loads them.
    pub const ALL: [Self; 4] = [Self::Jquery, Self::Underscore, Self::Gettext, Self::Mathjax];

    /// As manifests write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jquery => "jquery",
            Self::Underscore => "underscore",
            Self::Gettext => "gettext",
            Self::Mathjax => "mathjax",
        }
    }
}
