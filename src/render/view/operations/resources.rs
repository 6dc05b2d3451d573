//! Operations by the group they belong to: resources, each with a class, an attribute and a module.

use crate::model::operations::Operations;
use crate::render::language::Language;
use crate::render::names::{Role, Scope, spell};

/// The operations of one group.
pub struct Resource {
    /// Words; empty for the service itself.
    pub name: String,
    pub class: String,
    pub attribute: String,
    pub module: String,
    pub operations: Vec<usize>,
}

pub fn resources(surface: &Operations, language: &Language, scope: &mut Scope) -> (Vec<Resource>, Scope) {
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, operation) in surface.operations.iter().enumerate() {
        match groups.iter_mut().find(|(name, _)| *name == operation.group) {
            Some((_, operations)) => operations.push(at),
            None => groups.push((&operation.group, vec![at])),
        }
    }
    let mut attributes = Scope::with(["http", "close", "from_env", "shared"]);
    let mut modules = Scope::with(["shared", "index", "config", "failures", "live", "setup"]);
    let resources = groups
        .into_iter()
        .map(|(name, operations)| Resource {
            name: name.to_owned(),
            class: free_class(scope, language, name),
            attribute: attributes.name(language, Role::Function, name),
            module: modules.name(language, Role::Module, if name.is_empty() { "service" } else { name }),
            operations,
        })
        .collect();
    (resources, attributes)
}

/// A resource's class and its asynchronous twin, in the order of an import: what is spelled like a constant comes first.
pub fn both(class: &str) -> String {
    let twin = format!("Async{class}");
    let is_constant = class.chars().count() > 1 && !class.chars().any(char::is_lowercase);
    if !is_constant && twin.to_lowercase() < class.to_lowercase() {
        format!("{twin}, {class}")
    } else {
        format!("{class}, {twin}")
    }
}

/// The class of a resource; `Resource` parts it from a type of the same name.
fn free_class(scope: &mut Scope, language: &Language, name: &str) -> String {
    let plain = spell(language, Role::Type, name);
    let twin = format!("Async{plain}");
    let is_free = scope.is_free(&plain) && scope.is_free(&twin) && !language.names.reserved_classes.contains(&plain);
    let wanted = if is_free { name.to_owned() } else { format!("{name} resource") };
    let class = scope.name(language, Role::Type, &wanted);
    scope.take(&format!("Async{class}"));
    class
}
