//! What a block can do: which interfaces its component exports. Read from the component's type, before any of its
//! code runs.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use wasmtime::component::{
    Component, ComponentExportIndex, ComponentNamedList, InstancePre, Lift, Lower, types,
};

use crate::bindings::types::{ContextAnswer, ContextQuestion, Failure, Fragment, Request, Response};

/// An interface that a block may export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Export {
    /// `definition`
    Definition,
    /// `student-view`
    StudentView,
    /// `public-view`
    PublicView,
    /// `author-view`
    AuthorView,
    /// `studio-view`
    StudioView,
    /// `handlers`
    Handlers,
    /// `olx`
    Olx,
    /// `olx-writer`
    OlxWriter,
    /// `grading`
    Grading,
    /// `indexing`
    Indexing,
    /// `student-view-data`
    StudentViewData,
    /// `reset`
    Reset,
    /// `learning-context`
    LearningContext,
}

impl Export {
    /// All of them, in the order of the WIT world.
    pub const ALL: [Export; 13] = [
        Export::Definition,
        Export::StudentView,
        Export::PublicView,
        Export::AuthorView,
        Export::StudioView,
        Export::Handlers,
        Export::Olx,
        Export::OlxWriter,
        Export::Grading,
        Export::Indexing,
        Export::StudentViewData,
        Export::Reset,
        Export::LearningContext,
    ];

    /// The interface's name in the WIT package.
    pub fn interface(self) -> &'static str {
        match self {
            Export::Definition => "definition",
            Export::StudentView => "student-view",
            Export::PublicView => "public-view",
            Export::AuthorView => "author-view",
            Export::StudioView => "studio-view",
            Export::Handlers => "handlers",
            Export::Olx => "olx",
            Export::OlxWriter => "olx-writer",
            Export::Grading => "grading",
            Export::Indexing => "indexing",
            Export::StudentViewData => "student-view-data",
            Export::Reset => "reset",
            Export::LearningContext => "learning-context",
        }
    }

    /// The name of its one function.
    pub fn function(self) -> &'static str {
        match self {
            Export::Definition => "describe",
            Export::StudentView | Export::PublicView | Export::AuthorView | Export::StudioView => "render",
            Export::Handlers => "handle",
            Export::Olx => "parse",
            Export::OlxWriter => "write",
            Export::Grading => "max-score",
            Export::Indexing => "index",
            Export::StudentViewData => "data",
            Export::Reset => "on-reset",
            Export::LearningContext => "answer",
        }
    }
}

impl fmt::Display for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.interface())
    }
}

/// The exports of one component, with what finds each at a call without a look-up by name.
#[derive(Clone, Debug, Default)]
pub struct Exports(BTreeMap<Export, ComponentExportIndex>);

impl Exports {
    /// Whether the block exports it.
    pub fn has(&self, export: Export) -> bool {
        self.0.contains_key(&export)
    }

    /// All that the block exports.
    pub fn iter(&self) -> impl Iterator<Item = Export> + '_ {
        self.0.keys().copied()
    }

    pub(crate) fn index(&self, export: Export) -> Option<&ComponentExportIndex> {
        self.0.get(&export)
    }

    /// The export that every block has, alone.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn of_definition(component: &Component) -> Result<Self, String> {
        let name = crate::check::interface_name(Export::Definition.interface());
        let found = component
            .get_export_index(None, name.as_str())
            .and_then(|interface| component.get_export_index(Some(&interface), Export::Definition.function()))
            .ok_or_else(|| {
                format!("its export `{name}` has no function `{}`", Export::Definition.function())
            })?;
        Ok(Self(BTreeMap::from([(Export::Definition, found)])))
    }

    /// Finds the exports, each under `package` at a version of our major one, and makes sure that their functions
    /// have the types of the contract, so that a call later can only fail in the block's own code.
    ///
    /// # Errors
    /// A sentence that names the export of another type.
    pub(crate) fn of<T: 'static>(component: &Component, pre: &InstancePre<T>) -> Result<Self, String> {
        let mut found = BTreeMap::new();
        for export in Export::ALL {
            let name = crate::check::interface_name(export.interface());
            let Some(interface) = component.get_export_index(None, name.as_str()) else { continue };
            let (function, index) = component
                .get_export(Some(&interface), export.function())
                .ok_or_else(|| format!("its export `{name}` has no function `{}`", export.function()))?;
            let types::ComponentItem::ComponentFunc(function) = function else {
                return Err(format!("`{}` in its export `{name}` is no function", export.function()));
            };
            typecheck(export, &function, pre).map_err(|error| {
                format!("`{}` in its export `{name}` has another type: {error:#}", export.function())
            })?;
            found.insert(export, index);
        }
        Ok(Self(found))
    }
}

/// The answer of an export that can fail.
pub(crate) type Answer<T> = (Result<T, Failure>,);

fn typecheck<T: 'static>(
    export: Export,
    function: &types::ComponentFunc,
    pre: &InstancePre<T>,
) -> wasmtime::Result<()> {
    fn is<T: 'static, P: ComponentNamedList + Lower, R: ComponentNamedList + Lift>(
        function: &types::ComponentFunc,
        pre: &InstancePre<T>,
    ) -> wasmtime::Result<()> {
        function.typecheck::<P, R>(&pre.instance_type())
    }
    match export {
        Export::Definition => is::<T, (), (String,)>(function, pre),
        Export::StudentView | Export::PublicView | Export::AuthorView | Export::StudioView => {
            is::<T, (&str,), Answer<Fragment>>(function, pre)
        }
        Export::Handlers => is::<T, (&str, &Request), Answer<Response>>(function, pre),
        Export::Olx => is::<T, (&str,), Answer<String>>(function, pre),
        Export::OlxWriter => is::<T, (&str, &str), Answer<String>>(function, pre),
        Export::Grading => is::<T, (), Answer<f64>>(function, pre),
        Export::Indexing | Export::StudentViewData => is::<T, (), Answer<String>>(function, pre),
        Export::Reset => is::<T, (bool, bool), Answer<()>>(function, pre),
        Export::LearningContext => is::<T, (&str, &ContextQuestion), Answer<ContextAnswer>>(function, pre),
    }
}
