//! Writing: what a plan says of each file, and that an apply, a rollback and a removal do that and nothing else.

#[path = "deploy/applying.rs"]
mod applying;
#[path = "deploy/git.rs"]
mod git;
#[path = "deploy/judging.rs"]
mod judging;
#[path = "deploy/locks.rs"]
mod locks;
#[path = "machine/mod.rs"]
mod machine;
#[path = "deploy/manifests.rs"]
mod manifests;
#[path = "deploy/paths.rs"]
mod paths;
#[path = "deploy/pins.rs"]
mod pins;
#[path = "deploy/returning.rs"]
mod returning;
#[path = "deploy/scene.rs"]
mod scene;
