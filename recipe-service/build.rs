//! Embeds a migration that was added, not only one that was changed.

fn main() {
    println!("cargo:rerun-if-changed=../migrations/recipes");
}
