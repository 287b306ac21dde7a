//! Pointing to what is wrong: the faulty file of a block came along with the other files, and is found again as it was.

use super::folder::Folder;
use crate::import::block_id;
use crate::names::{URL_NAME, is_kept_in_file, path_of};
use crate::xml::{self, Element};
use crate::{Definition, Fault};

/// Makes `pointer`, which has the block's name `id`, lead to the file of the fault.
pub(super) fn lead_to(
    fault: &Fault,
    definition: &Definition,
    id: &str,
    folder: &Folder,
    pointer: &mut Element,
) {
    let block_type = &definition.block_type;
    let Some(file) = fault.file.strip_prefix(&format!("{block_type}/")) else {
        return;
    };
    if let Some(name) = file.strip_suffix(".xml")
        && (is_kept_in_file(block_type) || folder.has(&fault.file))
    {
        // The author's name for the block, where it was cleaned to be a part of the key. The root's never is.
        let names = [name.to_owned(), name.replace('/', ":")];
        let is_root = definition.parent.is_none();
        if let Some(name) = names.iter().find(|name| *name == id || (!is_root && block_id(name) == id)) {
            return pointer.set(URL_NAME, name);
        }
    }
    let extension = if block_type == "html" { ".html" } else { ".xml" };
    let name = file.strip_suffix(extension).or_else(|| file.strip_suffix(".xml")).unwrap_or(file);
    if !leads_to(folder, &format!("{block_type}/{}.xml", path_of(id)), name) {
        pointer.set("filename", name);
    }
}

/// Whether a file came along that names another one by its `filename`.
fn leads_to(folder: &Folder, file: &str, name: &str) -> bool {
    let text = folder.read(file, xml::MAX_FILE).unwrap_or_default();
    xml::parse(file, &text).is_ok_and(|document| {
        let filename = document.root_element().attribute("filename");
        filename.is_some_and(|filename| path_of(filename) == name)
    })
}
