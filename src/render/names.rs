//! Names as a language spells them: case, reserved words, and no two alike in one scope.

use std::collections::HashSet;

use super::language::{Case, Language, Names};
use crate::words::split;

/// What a name is for, which decides its case and what it must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Variable,
    Function,
    Field,
    Constant,
    Type,
    Module,
}

/// The names taken in one scope: a file, a class, a parameter list.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which `names` are taken already.
    pub fn with<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self { taken: names.into_iter().map(str::to_owned).collect() }
    }

    pub fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    /// Takes `name` as it is.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Spells all of `wires` for `role`, in their order.
    pub fn all(&mut self, language: &Language, role: Role, wires: &[&String]) -> Vec<String> {
        let order = exact_first(language, role, wires.iter().copied());
        in_order(&order, |at| self.name(language, role, wires[at]))
    }

    /// Spells `wire` for `role`; a name that is taken gets a number, the same one at each run.
    pub fn name(&mut self, language: &Language, role: Role, wire: &str) -> String {
        let plain = spell(language, role, wire);
        let mut name = plain.clone();
        let mut count = 2;
        // Case alone does not part files on every system, nor readers.
        while !self.taken.insert(if role == Role::Module { name.to_lowercase() } else { name.clone() }) {
            name = format!(
                "{plain}{}{count}",
                if matches!(plain.chars().last(), Some(c) if c.is_ascii_digit()) || plain.contains('_') {
                    "_"
                } else {
                    ""
                }
            );
            count += 1;
        }
        name
    }
}

/// The places of `wires`, first of those that stay as they are: no other must take their names.
pub fn exact_first<'n>(language: &Language, role: Role, wires: impl Iterator<Item = &'n String>) -> Vec<usize> {
    let (mut exact, others): (Vec<_>, Vec<_>) =
        wires.enumerate().partition(|(_, wire)| cased(language, role, wire) == **wire);
    exact.extend(others);
    exact.into_iter().map(|(at, _)| at).collect()
}

/// What `make` makes of each place in `order`, by place.
pub fn in_order<T>(order: &[usize], make: impl FnMut(usize) -> T) -> Vec<T> {
    let mut made: Vec<(usize, T)> = order.iter().copied().zip(order.iter().copied().map(make)).collect();
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, one)| one).collect()
}

/// Spells `wire` for `role`, whatever else is in scope.
pub fn spell(language: &Language, role: Role, wire: &str) -> String {
    let names = &language.names;
    let name = cased(language, role, wire);
    if case(names, role) == Case::Wire {
        return name;
    }
    let is_taken = (names.reserved.contains(&name) && !(role == Role::Function && names.reserved_are_methods))
        || (role == Role::Type && names.reserved_types.contains(&name))
        || (role == Role::Field && names.reserved_fields.contains(&name))
        || (role == Role::Function && names.reserved_methods.contains(&name));
    match role {
        Role::Module => module(names, name, is_taken),
        Role::Type if is_taken => name + names.escape_type.as_ref().unwrap_or(&names.escape),
        _ if is_taken => name + &names.escape,
        _ => name,
    }
}

fn case(names: &Names, role: Role) -> Case {
    match role {
        Role::Variable => names.variable,
        Role::Function => names.function,
        Role::Field => names.field,
        Role::Constant => names.constant,
        Role::Type => names.r#type,
        Role::Module => names.module,
    }
}

/// `wire` in the case of `role`, whether or not the name is taken.
pub fn cased(language: &Language, role: Role, wire: &str) -> String {
    let names = &language.names;
    let case = case(names, role);
    if case == Case::Wire {
        return wire.to_owned();
    }
    let mut words = split(&with_signs(wire));
    words.retain_mut(|word| {
        word.retain(is_identifier);
        !word.is_empty()
    });
    if words.is_empty() {
        words.push("value".to_owned());
    }
    let name = join(&words, case);
    if name.starts_with(|c: char| c.is_numeric()) {
        return format!(
            "{}{name}",
            if case == Case::Pascal { names.digit.to_uppercase() } else { names.digit.clone() }
        );
    }
    name
}

/// The name of a module that no tool takes for something else, such as a test.
fn module(names: &Names, name: String, is_taken: bool) -> String {
    let name = if is_taken || crate::paths::is_device(&name.to_lowercase()) { name + &names.escape } else { name };
    let start = names
        .module_starts
        .iter()
        .find_map(|(start, instead)| Some(format!("{instead}{}", name.strip_prefix(start.as_str())?)));
    let name = start.unwrap_or(name);
    let end = names
        .module_ends
        .iter()
        .find_map(|(end, instead)| Some(format!("{}{instead}", name.strip_suffix(end.as_str())?)));
    end.unwrap_or(name)
}

/// Letters and digits that any language's identifiers may hold.
fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii()
            && c.is_alphabetic()
            && !matches!(c, 'ª' | 'º' | '\u{2c00}'..='\u{2c5f}' | '\u{fb00}'..='\u{ffff}'))
}

/// Signs that carry the meaning of a name: `+1`, `-1`, `!=`, `StartTime<`.
fn with_signs(wire: &str) -> String {
    const SIGNS: [(&str, &str); 8] = [
        ("!=", " not equal "),
        ("<=", " at most "),
        (">=", " at least "),
        ("<", " before "),
        (">", " after "),
        ("=", " equal "),
        ("*", " star "),
        ("$", " "),
    ];
    let mut text = wire.to_owned();
    for (sign, lead) in [('+', "plus "), ('-', "minus ")] {
        if text.strip_prefix(sign).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            text = format!("{lead}{}", &text[1..]);
        }
    }
    SIGNS.iter().fold(text, |text, (sign, words)| text.replace(sign, words))
}

fn join(words: &[String], case: Case) -> String {
    let capital = |word: &String| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    };
    match case {
        Case::Snake => words.join("_"),
        Case::Kebab => words.join("-"),
        Case::Constant => words.join("_").to_uppercase(),
        Case::Pascal => words.iter().map(capital).collect(),
        Case::Camel => {
            words.iter().enumerate().map(|(at, word)| if at == 0 { word.clone() } else { capital(word) }).collect()
        }
        Case::Wire => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::assets::Assets;

    #[test]
    fn a_name_that_can_stay_is_not_taken_by_another_in_its_scope() {
        let language = Language::load(&Assets::built_in(), "python").unwrap();
        let wires = ["X", "x", "a b", "a_b"].map(str::to_owned);
        let names = Scope::default().all(&language, Role::Field, &wires.iter().collect::<Vec<_>>());
        assert_eq!(names, ["x2", "x", "a_b_2", "a_b"]);
    }
}
