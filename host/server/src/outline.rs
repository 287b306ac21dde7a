//! A learning context as people read it: sections, their subsections, and the units that are pages.
//!
//! A course is chapters of sequentials of units, but real ones leave levels out and libraries have none. So the
//! outline goes by type: chapters and sequentials are structure, and the first thing below them that is neither is a
//! unit.

use blockhouse_content::PublishedContext;
use blockhouse_keys::UsageKey;
use serde::Serialize;

use crate::deadline::Deadline;
use crate::progress::{Progress, Tally};
use crate::urls;

/// Whether a block of this type only lists its children, so that each child gets a frame. Any other container decides for
/// itself what of its children it shows, and does so inside its own frame.
pub(crate) fn is_list(block_type: &str) -> bool {
    matches!(block_type, "vertical" | "unit")
}

/// The outline of one learning context.
#[derive(Debug, Serialize)]
pub(crate) struct Outline {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) sections: Vec<Section>,
}

/// A chapter. One without a title holds what stands beside the chapters.
#[derive(Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) title: Option<String>,
    pub(crate) subsections: Vec<Subsection>,
}

/// A sequential. One without a title holds what stands beside the sequentials.
#[derive(Debug, Serialize)]
pub(crate) struct Subsection {
    pub(crate) title: Option<String>,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) units: Vec<Unit>,
}

/// A page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Unit {
    pub(crate) usage: UsageKey,
    pub(crate) title: String,
    pub(crate) url: String,
    /// How much of it is done, where somebody's progress was asked for.
    pub(crate) tally: Option<Tally>,
}

/// Where a unit stands.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) section: &'a Section,
    pub(crate) subsection: &'a Subsection,
    pub(crate) unit: &'a Unit,
    pub(crate) previous: Option<&'a Unit>,
    pub(crate) next: Option<&'a Unit>,
}

impl Outline {
    /// Reads it. A definition that cannot be read is a unit under its own name; opening it says what is wrong.
    pub(crate) fn of(context: &PublishedContext) -> Self {
        let reader = Reader { context };
        let mut sections = Vec::new();
        for child in reader.children(context.root()) {
            if child.block_type() == "chapter" {
                let subsections = reader.subsections(&child);
                sections.push(Section { title: Some(reader.title(&child)), subsections });
            } else {
                let beside = match sections.last_mut() {
                    Some(section @ Section { title: None, .. }) => section,
                    _ => sections.push_mut(Section { title: None, subsections: Vec::new() }),
                };
                reader.add(&mut beside.subsections, &child);
            }
        }
        Self { title: context.title().to_string(), url: urls::outline(&context.key().to_owned()), sections }
    }

    /// Counts what is done in each unit, and in all of them.
    pub(crate) fn count(&mut self, context: &PublishedContext, progress: &Progress<'_>) -> Tally {
        let mut all = Tally::default();
        let subsections = self.sections.iter_mut().flat_map(|section| &mut section.subsections);
        for unit in subsections.flat_map(|subsection| &mut subsection.units) {
            let tally = progress.of_unit(context, &unit.usage);
            all.add(tally);
            unit.tally = Some(tally);
        }
        all
    }

    /// How many pages it has.
    pub(crate) fn units(&self) -> usize {
        self.sections
            .iter()
            .flat_map(|section| &section.subsections)
            .map(|subsection| subsection.units.len())
            .sum()
    }

    /// Where a unit stands, with its neighbours in reading order.
    pub(crate) fn place(&self, usage: &UsageKey) -> Option<Place<'_>> {
        let mut pages = self.sections.iter().flat_map(|section| {
            section.subsections.iter().flat_map(move |subsection| {
                subsection.units.iter().map(move |unit| (section, subsection, unit))
            })
        });
        let mut previous = None;
        while let Some((section, subsection, unit)) = pages.next() {
            if unit.usage == *usage {
                let next = pages.next().map(|(_, _, next)| next);
                return Some(Place { section, subsection, unit, previous, next });
            }
            previous = Some(unit);
        }
        None
    }
}

struct Reader<'a> {
    context: &'a PublishedContext,
}

impl Reader<'_> {
    fn subsections(&self, chapter: &UsageKey) -> Vec<Subsection> {
        let mut subsections = Vec::new();
        for child in self.children(chapter) {
            self.add(&mut subsections, &child);
        }
        subsections
    }

    fn add(&self, subsections: &mut Vec<Subsection>, child: &UsageKey) {
        if child.block_type() == "sequential" {
            let children = self.children(child);
            let first = children.first().and_then(|unit| self.context.definition(unit).ok());
            let deadline = first.and_then(|unit| Deadline::of(&unit));
            let units = children.iter().map(|unit| self.unit(unit)).collect();
            subsections.push(Subsection { title: Some(self.title(child)), deadline, units });
            return;
        }
        let beside = match subsections.last_mut() {
            Some(subsection @ Subsection { title: None, .. }) => subsection,
            _ => subsections.push_mut(Subsection { title: None, deadline: None, units: Vec::new() }),
        };
        beside.units.push(self.unit(child));
    }

    fn unit(&self, usage: &UsageKey) -> Unit {
        let url = urls::unit(&self.context.key().to_owned(), usage);
        Unit { usage: usage.clone(), title: self.title(usage), url, tally: None }
    }

    fn children(&self, usage: &UsageKey) -> Vec<UsageKey> {
        self.context.definition(usage).map(|definition| definition.children.clone()).unwrap_or_default()
    }

    fn title(&self, usage: &UsageKey) -> String {
        let named =
            self.context.definition(usage).ok().and_then(|definition| definition.display_name.clone());
        named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| usage.block_id().to_owned())
    }
}
