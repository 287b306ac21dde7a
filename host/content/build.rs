//! Makes Cargo notice a new migration: `sqlx::migrate!` reads the directory while it compiles.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
