//! What keys and imports cost, in time and memory. A program of its own: counting every allocation would slow down
//! what the other one measures.

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

mod import;
mod keys;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    keys::keys();
    import::imports()
}
