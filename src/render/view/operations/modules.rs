//! The types of operations by the file they are declared in.

use std::collections::BTreeMap;

use minijinja::Value;

use super::resources::Resource;
use super::roots;
use crate::model::operations::{Operation, Operations};
use crate::model::types::Type;
use crate::render::engine::Code;
use crate::render::example::Direction;
use crate::render::view::parameters::Keywords;
use crate::render::view::types::{Key, Types};
use crate::render::view::{code, definitions};
use crate::view;

/// An operation with many parameters: its resource, and the name and declaration of the type that holds them.
pub type Wide = (usize, String, Value);

/// The types an operation names in the language: as `roots`, but for a body whose fields are arguments of their own.
fn spelled<'o>(operation: &'o Operation, types: &'o Types<'_>) -> Vec<(&'o Type, Direction)> {
    let keywords = Keywords::of(operation, types);
    let names_body =
        if types.language.types.always_params { keywords.body_type().is_some() } else { !keywords.has_body_fields() };
    if names_body {
        return roots(operation);
    }
    let mut spelled: Vec<(&Type, Direction)> =
        keywords.all.iter().map(|keyword| (keyword.of, Direction::Sent)).collect();
    spelled.extend(operation.reply.content.iter().map(|content| (&content.of, Direction::Received)));
    spelled
}

/// One file of types.
pub struct Module {
    module: String,
    resource: String,
    /// Declarations, with the names they declare.
    types: Vec<(String, Value)>,
}

impl Module {
    pub fn view(self) -> Value {
        let names: Vec<Value> = self.types.iter().map(|(name, _)| code(name)).collect();
        let types: Vec<Value> = self.types.into_iter().map(|(_, view)| view).collect();
        view! { is_shared: self.module == "shared", module: Code(self.module), resource: self.resource, types: types, names: names }
    }
}

/// The files of types: one a resource for what it alone uses, and `shared` for what several do.
pub fn modules(types: &Types<'_>, resources: &[Resource], surface: &Operations, wide: Vec<Wide>) -> Vec<Module> {
    let module_of: BTreeMap<&str, &str> =
        resources.iter().map(|resource| (resource.name.as_str(), resource.module.as_str())).collect();
    let all = surface.operations.iter().flat_map(|operation| {
        spelled(operation, types).into_iter().map(move |(of, direction)| (operation.group.as_str(), of, direction))
    });
    let mut modules: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    for (key, groups) in types.used_by(all).into_values() {
        let module = match groups.iter().collect::<Vec<_>>().as_slice() {
            [only] => module_of.get(**only).copied().unwrap_or("shared"),
            _ => "shared",
        };
        modules.entry(module).or_default().push(key);
    }
    let resource_of = |module: &str| {
        resources
            .iter()
            .find(|resource| resource.module == module)
            .map_or(String::new(), |resource| resource.name.clone())
    };
    let modules = modules.into_iter().map(|(module, keys)| Module {
        module: module.to_owned(),
        resource: resource_of(module),
        types: definitions::ordered(types, &keys),
    });
    with_wide(modules.collect(), wide, resources)
}

/// Puts the parameter types of wide operations into their resource's file of types.
fn with_wide(mut modules: Vec<Module>, wide: Vec<Wide>, resources: &[Resource]) -> Vec<Module> {
    for (at, name, view) in wide {
        let resource = &resources[at];
        let found = modules.iter().position(|module| module.module == resource.module).unwrap_or_else(|| {
            modules.push(Module {
                module: resource.module.clone(),
                resource: resource.name.clone(),
                types: Vec::new(),
            });
            modules.len() - 1
        });
        modules[found].types.push((name, view));
    }
    modules.sort_by(|a, b| a.module.cmp(&b.module));
    modules
}
