//! The contract in `wit/`, as it was when this binary was built.

use std::path::Path;

use wit_parser::{Resolve, SourceMap, WorldId};

pub(crate) const FILES: [(&str, &str); 20] = [
    ("definition.wit", include_str!("../../../../wit/definition.wit")),
    ("fields.wit", include_str!("../../../../wit/fields.wit")),
    ("files.wit", include_str!("../../../../wit/files.wit")),
    ("grading.wit", include_str!("../../../../wit/grading.wit")),
    ("handlers.wit", include_str!("../../../../wit/handlers.wit")),
    ("http.wit", include_str!("../../../../wit/http.wit")),
    ("indexing.wit", include_str!("../../../../wit/indexing.wit")),
    ("learning-context.wit", include_str!("../../../../wit/learning-context.wit")),
    ("olx.wit", include_str!("../../../../wit/olx.wit")),
    ("publish.wit", include_str!("../../../../wit/publish.wit")),
    ("reset.wit", include_str!("../../../../wit/reset.wit")),
    ("secrets.wit", include_str!("../../../../wit/secrets.wit")),
    ("services.wit", include_str!("../../../../wit/services.wit")),
    ("storage.wit", include_str!("../../../../wit/storage.wit")),
    ("types.wit", include_str!("../../../../wit/types.wit")),
    ("usage.wit", include_str!("../../../../wit/usage.wit")),
    ("user-details.wit", include_str!("../../../../wit/user-details.wit")),
    ("user.wit", include_str!("../../../../wit/user.wit")),
    ("views.wit", include_str!("../../../../wit/views.wit")),
    ("world.wit", include_str!("../../../../wit/world.wit")),
];

/// Whether the contract has an interface of this name.
pub(crate) fn has_interface(name: &str) -> bool {
    let declaration = format!("interface {name} {{");
    FILES.iter().any(|(_, text)| text.lines().any(|line| line == declaration))
}

/// The world of a block that has everything, and all that it refers to.
pub(crate) fn full_world() -> Result<(Resolve, WorldId), String> {
    let mut sources = SourceMap::new();
    for (name, text) in FILES {
        sources.push(Path::new(name), text);
    }
    let mut resolve = Resolve::default();
    let group = sources.parse().map_err(|(_, error)| error.to_string())?;
    let package = resolve.push_group(group).map_err(|error| error.to_string())?;
    let world = resolve.select_world(&[package], Some("block")).map_err(|error| error.to_string())?;
    Ok((resolve, world))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_contract_is_here() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
        let mut files: Vec<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        assert_eq!(files, FILES.map(|(name, _)| name));
    }

    #[test]
    fn the_contract_has_a_world_for_blocks() {
        let (resolve, world) = full_world().unwrap();
        assert_eq!(resolve.worlds[world].name, "block");
    }
}
