//! What the answers list, as one language spells it.

use minijinja::Value;
use minijinja::value::Serde;

use super::code;
use crate::model::Answers;
use crate::render::language::Language;
use crate::render::names::{Role, Scope};
use crate::view;

/// What the templates of such a pattern see beside what all patterns have: `items`, and `symbols`, the names of their functions.
pub fn view(answers: &Answers, language: &Language) -> Vec<(&'static str, Value)> {
    let mut scope = Scope::default();
    let symbols: Vec<String> =
        answers.items.iter().map(|item| scope.name(language, Role::Function, &item.name)).collect();
    let item = |(item, symbol): (&crate::model::answers::Item, &String)| view! { name: item.name.clone(), symbol: code(symbol), value: Value::from(Serde(&item.value)) };
    let items: Vec<Value> = answers.items.iter().zip(&symbols).map(item).collect();
    vec![("items", Value::from(items)), ("symbols", Value::from(symbols))]
}
