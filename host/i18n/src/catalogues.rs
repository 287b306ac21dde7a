//! All catalogues of one package or of the host's own pages, and how a locale finds its text in them.

use std::collections::BTreeMap;
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::bounds;
use crate::direction::Direction;
use crate::pseudo::{self, PSEUDO, PSEUDO_RIGHT_TO_LEFT};

/// Where a text is looked for when the reader's language does not have it.
const DEFAULT: &str = "en";

/// A value that stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Shown as it is.
    Text(String),
    /// Chooses plural forms.
    Number(f64),
}

/// Why catalogues cannot be used. Each says which one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Its name is no locale.
    #[error("`{0}` is no locale; name a catalogue after a BCP 47 tag, for instance `ar.ftl` or `pt-BR.ftl`")]
    Locale(String),
    /// It is not Fluent, or extravagant.
    #[error("the catalogue `{locale}` cannot be read: {reason}")]
    Syntax {
        /// Which catalogue.
        locale: String,
        /// What is wrong, with the line where there is one.
        reason: String,
    },
    /// One text is defined twice.
    #[error("the catalogue `{locale}` defines `{id}` twice; remove one of them")]
    Twice {
        /// Which catalogue.
        locale: String,
        /// The message or term.
        id: String,
    },
    /// Nothing to fall back on.
    #[error("there is no catalogue `en`; add `en.ftl`, which is shown where a language lacks a text")]
    NoEnglish,
    /// Too many.
    #[error("there are {0} catalogues; {most} are allowed", most = bounds::MOST)]
    TooMany(usize),
}

type Bundle = FluentBundle<FluentResource>;

/// Texts by locale and id.
#[derive(Default)]
pub struct Catalogues {
    /// By tag in lower case, so that `pt-br` finds `pt-BR`.
    bundles: BTreeMap<String, Bundle>,
}

impl Catalogues {
    /// Reads catalogues: pairs of a locale (`ar`, `pt-BR`) and Fluent text. The pseudo-locales come from the default
    /// catalogue by themselves.
    ///
    /// # Errors
    /// One of them cannot be used; says which and why.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CatalogueError> {
        let mut bundles = BTreeMap::new();
        let mut count = 0;
        for (locale, text) in files {
            count += 1;
            bounds::check(locale, text)?;
            bundles.insert(locale.to_lowercase(), bundle(locale, text)?);
            if locale == DEFAULT {
                let mut accented = bundle(PSEUDO, text)?;
                accented.set_transform(Some(pseudo::accented));
                bundles.insert(PSEUDO.to_lowercase(), accented);
                let mut mirrored = bundle(PSEUDO_RIGHT_TO_LEFT, text)?;
                mirrored.set_transform(Some(pseudo::mirrored));
                bundles.insert(PSEUDO_RIGHT_TO_LEFT.to_lowercase(), mirrored);
            }
        }
        if count > bounds::MOST {
            return Err(CatalogueError::TooMany(count));
        }
        if count > 0 && !bundles.contains_key(DEFAULT) {
            return Err(CatalogueError::NoEnglish);
        }
        Ok(Self { bundles })
    }

    /// The text `id`, or its attribute for an id such as `submit.title`, in the reader's language: the locale itself,
    /// then without its last part (`ar-EG`, `ar`), then English. None when no catalogue has it.
    ///
    /// An argument that the text wants and nobody gave shows as `{$name}`.
    pub fn text(&self, locale: &str, id: &str, arguments: &[(&str, Argument)]) -> Option<String> {
        let (message, attribute) = match id.split_once('.') {
            Some((message, attribute)) => (message, Some(attribute)),
            None => (id, None),
        };
        self.nearest(locale).find_map(|bundle| {
            let found = bundle.get_message(message)?;
            let pattern = match attribute {
                Some(name) => found.get_attribute(name)?.value(),
                None => found.value()?,
            };
            let arguments: FluentArgs<'_> =
                arguments.iter().map(|(name, value)| (*name, FluentValue::from(value))).collect();
            Some(bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
        })
    }

    /// The locales that have a catalogue of their own, in lower case.
    pub fn locales(&self) -> impl Iterator<Item = &str> {
        let pseudo = [PSEUDO.to_lowercase(), PSEUDO_RIGHT_TO_LEFT.to_lowercase()];
        self.bundles.keys().map(String::as_str).filter(move |tag| !pseudo.iter().any(|other| other == tag))
    }

    /// The catalogues in which a reader of `locale` finds a text, the best first.
    fn nearest<'a>(&'a self, locale: &str) -> impl Iterator<Item = &'a Bundle> {
        let mut tag = Some(locale.to_lowercase());
        let own = std::iter::from_fn(move || {
            let this = tag.take()?;
            tag = this.rsplit_once('-').map(|(shorter, _)| shorter.to_owned());
            Some(this)
        });
        own.chain([DEFAULT.to_owned()]).filter_map(|tag| self.bundles.get(&tag))
    }
}

fn bundle(locale: &str, text: &str) -> Result<Bundle, CatalogueError> {
    let tag: LanguageIdentifier = locale.parse().map_err(|_| CatalogueError::Locale(locale.to_owned()))?;
    let resource = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| {
        let reason = errors.first().map_or_else(String::new, |error| {
            let before = text.get(..error.pos.start).unwrap_or(text);
            format!("line {}: {error}", before.matches('\n').count() + 1)
        });
        CatalogueError::Syntax { locale: locale.to_owned(), reason }
    })?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolating marks keep a Latin name inside an Arabic sentence in its place. In a text that runs from left to right
    // they would only be invisible characters for whoever compares it.
    bundle.set_use_isolating(Direction::of(locale) == Direction::RightToLeft);
    bundle.add_resource(resource).map_err(|errors| {
        let id = errors.iter().find_map(|error| match error {
            fluent_bundle::FluentError::Overriding { id, .. } => Some(id.clone()),
            _ => None,
        });
        CatalogueError::Twice { locale: locale.to_owned(), id: id.unwrap_or_default() }
    })?;
    Ok(bundle)
}

impl<'a> From<&'a Argument> for FluentValue<'a> {
    fn from(argument: &'a Argument) -> Self {
        match argument {
            Argument::Text(text) => FluentValue::from(text.as_str()),
            Argument::Number(number) => FluentValue::from(*number),
        }
    }
}

impl fmt::Debug for Catalogues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.bundles.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENGLISH: &str = "submit = Submit\n    .title = Sends your answer\n\
        attempts = You have used { $used } of { $max ->\n    [one] { $max } attempt\n   *[other] { $max } attempts\n}\n\
        only-english = Only here\n";
    const ARABIC: &str = "submit = أرسل\nhello = مرحبا { $name }\n";

    fn catalogues() -> Catalogues {
        Catalogues::new([("en", ENGLISH), ("ar", ARABIC)]).unwrap()
    }

    fn numbers(used: f64, max: f64) -> [(&'static str, Argument); 2] {
        [("used", Argument::Number(used)), ("max", Argument::Number(max))]
    }

    #[test]
    fn a_region_finds_the_text_of_its_language() {
        assert_eq!(catalogues().text("ar-EG", "submit", &[]).unwrap(), "أرسل");
    }

    #[test]
    fn a_text_that_the_language_lacks_is_english() {
        assert_eq!(catalogues().text("ar", "only-english", &[]).unwrap(), "Only here");
        assert_eq!(catalogues().text("fr", "submit", &[]).unwrap(), "Submit");
    }

    #[test]
    fn a_text_that_nobody_has_is_none() {
        assert_eq!(catalogues().text("en", "missing", &[]), None);
        assert_eq!(catalogues().text("en", "submit.missing", &[]), None);
    }

    #[test]
    fn an_attribute_has_its_own_text() {
        assert_eq!(catalogues().text("en", "submit.title", &[]).unwrap(), "Sends your answer");
    }

    #[test]
    fn a_number_chooses_the_plural_form() {
        let texts = catalogues();
        assert_eq!(texts.text("en", "attempts", &numbers(0.0, 1.0)).unwrap(), "You have used 0 of 1 attempt");
        assert_eq!(
            texts.text("en", "attempts", &numbers(2.0, 5.0)).unwrap(),
            "You have used 2 of 5 attempts"
        );
    }

    #[test]
    fn a_latin_name_is_isolated_in_an_arabic_sentence() {
        let name = [("name", Argument::Text("Ada".to_owned()))];
        assert_eq!(catalogues().text("ar", "hello", &name).unwrap(), "مرحبا \u{2068}Ada\u{2069}");
    }

    #[test]
    fn the_pseudo_locale_is_english_with_accents() {
        assert_eq!(catalogues().text(PSEUDO, "submit", &[]).unwrap(), "Süßmït··");
    }

    #[test]
    fn a_broken_catalogue_says_where() {
        let error = Catalogues::new([("en", "a = b\n= c\n")]).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn a_text_that_is_defined_twice_is_refused() {
        let error = Catalogues::new([("en", "a = b\na = c\n")]).unwrap_err();
        assert_eq!(error, CatalogueError::Twice { locale: "en".to_owned(), id: "a".to_owned() });
    }

    #[test]
    fn a_file_name_that_is_no_locale_is_refused() {
        assert!(matches!(Catalogues::new([("no locale", "a = b\n")]), Err(CatalogueError::Locale(_))));
    }

    #[test]
    fn catalogues_without_english_are_refused() {
        assert_eq!(Catalogues::new([("ar", "a = b\n")]).unwrap_err(), CatalogueError::NoEnglish);
    }

    #[test]
    fn texts_that_refer_to_each_other_in_a_circle_end() {
        let texts = Catalogues::new([("en", "a = { b }\nb = { a }\n")]).unwrap();
        assert!(texts.text("en", "a", &[]).is_some());
    }

    #[test]
    fn texts_that_double_each_other_stay_small() {
        let doubling: String =
            (0..64).map(|n| format!("m{n} = {{ m{} }}{{ m{} }}\n", n + 1, n + 1)).collect();
        let texts = Catalogues::new([("en", format!("{doubling}m64 = x\n").as_str())]).unwrap();
        assert!(texts.text("en", "m0", &[]).unwrap().len() < 10_000);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = Catalogues::new([("en", text.as_str())]);
        }

        #[test]
        fn nothing_that_looks_like_fluent_makes_it_panic(text in "([a-c]|[-{}\\[\\]*=.$() \n\"]|->| = ){0,80}") {
            if let Ok(texts) = Catalogues::new([("en", text.as_str())]) {
                let _ = texts.text("en", "a", &numbers(1.0, 2.0));
            }
        }
    }
}
