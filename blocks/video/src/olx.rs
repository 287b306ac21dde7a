//! The OLX of a video: attributes, and elements for what there can be several of (spec 9.4).

use blockhouse_sdk::olx::attributes;
use blockhouse_sdk::prelude::*;
use blockhouse_sdk::serde_json::Map;
use roxmltree::{Document, Node};

use crate::Video;

/// The fields that the element means.
pub(crate) fn parse(element: &str) -> Result<Value> {
    let document = Document::parse(element)?;
    let video = document.root_element();
    let mut fields =
        attributes::<Video>(video.attributes().map(|attribute| (attribute.name(), attribute.value())));
    read_old_attributes(video, &mut fields);
    read_elements(video, &mut fields);
    // The default film is for a video that its author has only just added.
    if has_files(&fields) && !fields.contains_key("youtube_id_1_0") {
        fields.insert("youtube_id_1_0".to_owned(), "".into());
    }
    Ok(Value::Object(fields))
}

/// What older exports said in other words. The newer word wins.
fn read_old_attributes(video: Node<'_, '_>, fields: &mut Map<String, Value>) {
    for (old, field) in [("from", "start_time"), ("to", "end_time")] {
        if let Some(time) = video.attribute(old) {
            fields.entry(field).or_insert_with(|| time.into());
        }
    }
    // `1.00:ID,0.75:ID`
    for part in video.attribute("youtube").unwrap_or_default().split(',') {
        let Some((speed, id)) = part.split_once(':') else {
            continue;
        };
        let field = match speed.trim().parse::<f32>() {
            Ok(0.75) => "youtube_id_0_75",
            Ok(1.0) => "youtube_id_1_0",
            Ok(1.25) => "youtube_id_1_25",
            Ok(1.5) => "youtube_id_1_5",
            _ => continue,
        };
        fields.entry(field).or_insert_with(|| id.trim().into());
    }
}

fn read_elements(video: Node<'_, '_>, fields: &mut Map<String, Value>) {
    let elements = |name: &'static str| video.children().filter(move |child| child.has_tag_name(name));
    let sources: Vec<Value> =
        elements("source").filter_map(|source| source.attribute("src")).map(Value::from).collect();
    if !sources.is_empty() {
        fields.insert("html5_sources".to_owned(), sources.into());
    }
    for (name, field) in [("track", "track"), ("handout", "handout")] {
        if let Some(source) = elements(name).find_map(|element| element.attribute("src")) {
            fields.insert(field.to_owned(), source.into());
        }
    }
    for transcript in elements("transcript") {
        let (Some(language), Some(file)) = (transcript.attribute("language"), transcript.attribute("src"))
        else {
            continue;
        };
        if let Value::Object(transcripts) = fields.entry("transcripts").or_insert_with(|| json!({})) {
            transcripts.insert(language.to_owned(), file.into());
        }
    }
}

fn has_files(fields: &Map<String, Value>) -> bool {
    fields.get("html5_sources").and_then(Value::as_array).is_some_and(|sources| !sources.is_empty())
}
