//! Texts in the reader's language, as a block asks for them. The catalogues are this crate's own `locales/`.

use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::TestHost;

#[derive(Fields)]
struct Greeter;

#[block(name = "greeter", display_name = "Greeter")]
impl Greeter {
    fn student_view(&self) -> Result<Fragment> {
        Ok(Fragment::new(i18n::text_with("greeting", &[("name", "Ada".into())])))
    }

    fn public_view(&self) -> Result<Fragment> {
        Ok(Fragment::new(i18n::text("forgotten")))
    }
}

#[test]
fn a_text_is_in_the_readers_language() {
    let mut host = TestHost::<Greeter>::new();
    assert_eq!(host.learner("alice").student_view().content, "Hello Ada");
    host.in_locale("ar-EG");
    assert_eq!(host.learner("alice").student_view().content, "مرحبا \u{2068}Ada\u{2069}");
}

#[test]
fn a_text_that_no_catalogue_has_shows_its_id() {
    assert_eq!(TestHost::<Greeter>::new().anonymous("anon1").public_view().content, "forgotten");
}
