//! Any bytes as a zip archive or as the tar file in a gzipped one. Nothing may be written outside of the import's own
//! folders.
#![no_main]

use std::fs::{self, File};
use std::io::Write;

use blockhouse_fuzz::Room;
use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;

const BLOCK: usize = 512;

fuzz_target!(|bytes: &[u8]| {
    let room = Room::new();
    if bytes.starts_with(b"PK") {
        fs::write(room.path("course.zip"), bytes).expect("the disk has room");
        return room.check_import("course.zip");
    }
    let mut tar = bytes.to_vec();
    tar.chunks_exact_mut(BLOCK).for_each(mend_checksum);
    let file = File::create(room.path("course.tar.gz")).expect("the room is empty");
    let mut gzip = GzEncoder::new(file, Compression::none());
    gzip.write_all(&tar).and_then(|()| gzip.finish()).expect("the disk has room");
    room.check_import("course.tar.gz");
});

/// Gives a header the checksum that it should have: without, nearly every input would end at its first header.
fn mend_checksum(block: &mut [u8]) {
    let is_header = block.get(257..262) == Some(b"ustar");
    let Some(field) = block.get_mut(148..156).filter(|_| is_header) else { return };
    field.fill(b' ');
    let sum: u32 = block.iter().copied().map(u32::from).sum();
    if let Some(field) = block.get_mut(148..156) {
        field.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}
