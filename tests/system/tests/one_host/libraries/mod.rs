//! Content libraries over HTTP (spec 7.3 to 7.6), with the real blocks.

mod blocks;
mod containers;
mod files;
mod history;
mod includes;
mod state;
mod team;
mod versions;
mod world;
