//! Files held to rules: every rule's own examples, what each check finds, and how that is told.

#[path = "validate/checks.rs"]
mod checks;
#[path = "validate/guessing.rs"]
mod guessing;
#[path = "machine/mod.rs"]
mod machine;
#[path = "validate/reports.rs"]
mod reports;
#[path = "validate/rules.rs"]
mod rules;
#[path = "validate/scene.rs"]
mod scene;
