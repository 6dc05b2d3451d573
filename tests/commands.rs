//! What each command does with a project, and what it refuses: the parts of the line that are not about a source.

#![cfg(unix)]

#[path = "commands/addresses.rs"]
mod addresses;
#[path = "commands/deploying.rs"]
mod deploying;
#[path = "commands/keeping.rs"]
mod keeping;
#[path = "commands/printing.rs"]
mod printing;
#[path = "commands/refusing.rs"]
mod refusing;
#[path = "commands/removing.rs"]
mod removing;
#[path = "commands/scene.rs"]
mod scene;
#[path = "commands/typescript.rs"]
mod typescript;
