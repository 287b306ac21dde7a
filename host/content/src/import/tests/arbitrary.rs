//! Arbitrary files: whatever stands in them, the course imports.

use proptest::prelude::*;

use super::*;

/// Pieces of OLX in any order.
fn olx() -> impl Strategy<Value = String> {
    let pieces = vec![
        "<problem",
        "<vertical",
        "<html",
        "<video",
        ">",
        "/>",
        "</problem>",
        "</vertical>",
        " url_name='p'",
        " url_name='v'",
        " url_name=''",
        " filename='h'",
        " slug='../x'",
        " url_name=':'",
        " xmlns:option='http://code.edx.org/xblock/option'",
        "<option:x>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x",
        "?>",
        "<!DOCTYPE a [",
        "<!ENTITY b 'c'>",
        "&b;",
        "&#1;",
        "é",
        "\n",
        " ",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    // Every case waits for the disk a few times, so each tries many files.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn row_196_arbitrary_files_never_cost_the_course(
        files in prop::collection::vec((prop::sample::select(vec!["vertical", "problem", "html"]), olx()), 16),
        policy in ".{0,40}",
    ) {
        let pointers: String =
            files.iter().enumerate().map(|(number, (kind, _))| format!("<{kind} url_name='b{number}'/>")).collect();
        let mut folder = vec![
            ("course.xml".to_owned(), format!("<course org='O' course='C' url_name='R'>{pointers}</course>")),
            ("policies/R/policy.json".to_owned(), policy),
        ];
        for (number, (kind, text)) in files.into_iter().enumerate() {
            folder.push((format!("{kind}/b{number}.xml"), format!("<{kind}>{text}</{kind}>")));
            folder.push((format!("html/b{number}.html"), text));
        }
        let folder: Vec<_> = folder.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let it = imported(&folder);
        prop_assert_eq!(it.block("course", "course").children.len(), 16);
        for usage in it.context.usages().unwrap() {
            let definition = it.context.definition(&usage).unwrap();
            prop_assert!(roxmltree::Document::parse(&definition.olx).is_ok(), "{}", definition.olx);
        }
    }
}
