//! Templates → text. A template can print names the view has spelled, numbers and flags, and text only through an encoder
//! that makes it safe in its place; printing raw text is an error, not an escape that somebody forgot.

use std::error::Error as _;
use std::sync::Arc;

use anyhow::{Context, Result};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::encode;
use super::language::Language;
use super::names::{Role, spell};
use crate::pattern::assets::Assets;

/// Steps one template may take.
const FUEL: u64 = 50_000_000;
/// The largest file one template may yield, in bytes.
const MAX_OUTPUT: usize = 32 << 20;
/// The deepest macros and includes may go.
const MAX_DEPTH: usize = 64;

/// Renders the templates of one language.
pub struct Engine {
    environment: Environment<'static>,
}

/// Code: text that the view has spelled for the language and that prints as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Code(pub String);

impl From<Code> for Value {
    fn from(code: Code) -> Self {
        Value::from_safe_string(code.0)
    }
}

impl Engine {
    /// `assets` holds the templates of all languages; those of `language` and nothing else can be included.
    pub fn new(language: &Arc<Language>, assets: &Arc<Assets>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Without it faults do not say which name is undefined; it is off in release builds unless told.
        environment.set_debug(true);
        environment.set_auto_escape_callback(|_| AutoEscape::Custom("code".into()));
        environment.set_formatter(print_encoded);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(MAX_DEPTH);
        environment.set_syntax(layout());
        for unsafe_filter in ["safe", "escape", "e", "tojson", "urlencode", "pprint"] {
            environment.remove_filter(unsafe_filter);
        }
        for unneeded in ["range", "debug", "dict", "namespace"] {
            environment.remove_global(unneeded);
        }
        let (templates, prefix) = (Arc::clone(assets), format!("templates/{}/", language.name));
        environment
            .set_loader(move |name| Ok(templates.get(&format!("{prefix}{name}")).map(|asset| asset.text.to_string())));
        add_encoders(&mut environment, language);
        Self { environment }
    }

    /// Renders the template `name`, relative to the language's folder.
    pub fn render(&self, name: &str, context: &Value) -> Result<String> {
        let template =
            self.environment.get_template(name).with_context(|| format!("cannot read the template `{name}`"))?;
        let mut out = Bounded { bytes: Vec::new() };
        template
            .render_captured_to(context.clone(), &mut out)
            .map_err(|fault| fault_of(&fault))
            .with_context(|| format!("cannot render `{name}`"))?;
        Ok(String::from_utf8(out.bytes)?)
    }

    /// Renders a short template such as a path.
    pub fn render_text(&self, text: &str, context: &Value) -> Result<String> {
        let mut out = Bounded { bytes: Vec::new() };
        self.environment
            .template_from_str(text)
            .and_then(|template| template.render_captured_to(context.clone(), &mut out).map(|_| ()))
            .map_err(|fault| fault_of(&fault))
            .with_context(|| format!("cannot render `{}`", text.chars().take(100).collect::<String>()))?;
        Ok(String::from_utf8(out.bytes)?)
    }

    /// The value of an expression such as `adapter.groups`.
    pub fn evaluate(&self, expression: &str, context: &Value) -> Result<Value> {
        let compiled = self.environment.compile_expression_owned(expression.to_owned())?;
        compiled
            .eval(context.clone())
            .map_err(|fault| fault_of(&fault))
            .with_context(|| format!("cannot evaluate `{expression}`"))
    }
}

/// A template's error as the user of a pack wants it: what, template and line.
fn fault_of(fault: &Error) -> anyhow::Error {
    // What happened inside of an include or a macro says more than that it was included.
    let mut fault = fault;
    while let Some(inner) = fault.source().and_then(|cause| cause.downcast_ref::<Error>()) {
        fault = inner;
    }
    let place = match (fault.name(), fault.line()) {
        (Some(name), Some(line)) => format!("{name}:{line}: "),
        _ => String::new(),
    };
    // The cause is in what an included template calls.
    let mut cause = fault;
    while let Some(deeper) = std::error::Error::source(cause).and_then(|source| source.downcast_ref::<Error>()) {
        cause = deeper;
    }
    if !std::ptr::eq(cause, fault) {
        return fault_of(cause).context(format!("{place}{}", fault.kind()));
    }
    let what = fault.detail().map_or_else(|| fault.kind().to_string(), |detail| format!("{}: {detail}", fault.kind()));
    match fault.kind() {
        ErrorKind::WriteFailure => anyhow::anyhow!("{place}the template yields more than {} MiB", MAX_OUTPUT >> 20),
        ErrorKind::OutOfFuel => anyhow::anyhow!("{place}the template takes more than {FUEL} steps"),
        _ => anyhow::anyhow!("{place}{what}"),
    }
}

/// Blocks leave no blank lines behind.
fn layout() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .unwrap_or_default()
}

fn print_encoded(
    out: &mut minijinja::Output<'_>,
    _: &mut minijinja::State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let printable = value.is_safe() || matches!(value.kind(), ValueKind::Number);
    if printable {
        return out.write_fmt(format_args!("{value}")).map_err(Error::from);
    }
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "the view has no such value"));
    }
    let shown: String = value.to_string().chars().take(60).collect();
    Err(Error::new(
        ErrorKind::BadEscape,
        format!("`{shown}` is printed without saying where: add `|literal`, `|prose`, `|line`, `|markdown` or `|code`"),
    ))
}

/// A buffer that refuses to grow without end.
struct Bounded {
    bytes: Vec<u8>,
}

impl std::io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + more.len() > MAX_OUTPUT {
            return Err(std::io::Error::other(format!("the template yields more than {} MiB", MAX_OUTPUT >> 20)));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The encoders, by the place where the text will stand.
fn add_encoders(environment: &mut Environment<'static>, language: &Arc<Language>) {
    let mut add = |name: &'static str, encoder: fn(&Language, &Value, &Kwargs) -> Result<String, Error>| {
        let language = Arc::clone(language);
        environment.add_filter(name, move |value: Value, options: Kwargs| -> Result<Value, Error> {
            let text = encoder(&language, &value, &options)?;
            options.assert_all_used()?;
            Ok(Value::from_safe_string(text))
        });
    };
    // A literal of the language: text, number, flag, list or map.
    add("literal", |language, value, _| Ok(encode::value(language, &json(value)?)));
    // One line of prose, inside a comment or a line of documentation.
    add("line", |language, value, _| Ok(encode::prose(language, &encode::one_line(&text(value)))));
    // Prose over several lines, filled to the width behind `indent` (or `prefix`, repeated on each line); the first line is
    // not indented. `lead` stands before it, four characters to the left; `less` characters of the width are taken.
    add("prose", |language, value, options| {
        let indent: usize = options.get::<Option<usize>>("indent")?.unwrap_or_default();
        let prefix: Option<String> = options.get("prefix")?;
        let lead: String = options.get::<Option<String>>("lead")?.unwrap_or_default();
        let less: usize = options.get::<Option<usize>>("less")?.unwrap_or_default();
        let prefix = prefix.unwrap_or_else(|| " ".repeat(indent));
        let width = language.width.saturating_sub(prefix.chars().count() + less).max(20);
        let first = if lead.is_empty() { width } else { (width + 3).saturating_sub(lead.chars().count()) };
        let filled = encode::prose(language, &encode::filled(&text(value), width, first));
        let lines: Vec<&str> = filled.lines().collect();
        Ok(format!("{}{}", encode::prose(language, &encode::one_line(&lead)), if lead.is_empty() { "" } else { " " })
            + &lines.join(&format!("\n{prefix}")))
    });
    // A comment that documents what follows, on one line if it fits behind `indent`; its first line is not indented.
    add("documentation", |language, value, options| {
        let indent: usize = options.get::<Option<usize>>("indent")?.unwrap_or_default();
        encode::documentation(language, &text(value), indent)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "the language has no such comments"))
    });
    // Running text of Markdown, one line.
    add("markdown", |_, value, _| Ok(encode::markdown(&text(value))));
    // Code in Markdown, one line.
    add("code", |_, value, _| Ok(encode::markdown_code(&text(value))));
    // JSON, laid out.
    add("json", |_, value, options| {
        let indent: usize = options.get::<Option<usize>>("indent")?.unwrap_or_default();
        Ok(encode::json_text(&super::json::laid_out(&json(value)?, indent)))
    });
    // Text in YAML, as the value of a key of a block.
    add("yaml", |_, value, _| Ok(encode::yaml(&text(value))));
    // A value in a `.env` file.
    add("env", |_, value, _| Ok(env_value(&text(value))));
    // Names a pack wants spelled; built-in views spell their own.
    add("as_type", |language, value, _| Ok(spell(language, Role::Type, &text(value))));
    add("as_variable", |language, value, _| Ok(spell(language, Role::Variable, &text(value))));
    add("as_function", |language, value, _| Ok(spell(language, Role::Function, &text(value))));
    add("as_constant", |language, value, _| Ok(spell(language, Role::Constant, &text(value))));
    add("as_module", |language, value, _| Ok(spell(language, Role::Module, &text(value))));
}

fn text(value: &Value) -> String {
    if value.is_none() || value.is_undefined() { String::new() } else { value.to_string() }
}

fn json(value: &Value) -> Result<serde_json::Value, Error> {
    serde_json::to_value(value).map_err(|fault| Error::new(ErrorKind::BadSerialization, fault.to_string()))
}

/// Quoted where a shell or a reader of `.env` files would not take it as one word.
fn env_value(value: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '@' | ',' | '+' | '=' | '%');
    if value.chars().all(plain) { value.to_owned() } else { format!("'{}'", encode::one_line(value).replace('\'', "")) }
}

/// A map for a template: `view! { name: Code(…), title: text }`. Text prints only through an encoder; `Code` prints as it is.
#[macro_export]
macro_rules! view {
    ($($key:ident: $value:expr),* $(,)?) => {
        {
            let entries: Vec<(&'static str, minijinja::Value)> = vec![$((stringify!($key), minijinja::Value::from($value))),*];
            minijinja::Value::from_pairs(entries)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        let assets = Arc::new(Assets::built_in());
        Engine::new(&Arc::new(Language::load(&assets, "python").unwrap()), &assets)
    }

    fn rendered(template: &str, context: &Value) -> Result<String, String> {
        engine().render_text(template, context).map_err(|fault| format!("{fault:#}"))
    }

    #[test]
    fn raw_text_cannot_be_printed() {
        let context = view! { title: "'); import os", name: Code("get_planet".to_owned()), count: 3 };
        assert!(rendered("{{ title }}", &context).unwrap_err().contains("printed without saying where"));
        assert!(rendered("{{ title|upper }}", &context).unwrap_err().contains("printed without saying where"));
        assert!(rendered("{{ name ~ title }}", &context).unwrap_err().contains("printed without saying where"));
        assert!(rendered("{{ title|safe }}", &context).unwrap_err().contains("filter"));
        assert_eq!(
            rendered("{{ name }}({{ title|literal }}, {{ count }})", &context).unwrap(),
            "get_planet(\"'); import os\", 3)"
        );
    }

    #[test]
    fn a_macro_prints_what_it_encoded() {
        let template =
            "{% macro call(name, text) %}{{ name }}({{ text|literal }}){% endmacro %}{{ call(name, title) }}";
        assert_eq!(rendered(template, &view! { name: Code("f".to_owned()), title: "a" }).unwrap(), "f(\"a\")");
    }

    #[test]
    fn hostile_28_a_template_sees_plain_data_only() {
        for template in ["{{ debug() }}", "{{ self }}", "{{ environment }}", "{{ env('HOME') }}", "{{ range(9)|list }}"]
        {
            assert!(rendered(template, &view! {}).is_err(), "{template}");
        }
    }

    #[test]
    fn hostile_29_templates_end() {
        let long: Value = (0..3000).collect();
        let loops = "{% for a in long %}{% for b in long %}{% for c in long %}{% endfor %}{% endfor %}{% endfor %}";
        assert!(rendered(loops, &view! { long: long.clone() }).unwrap_err().contains("steps"));
        let deep = "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}";
        assert!(rendered(deep, &view! {}).is_err());
    }
}
