//! Rendered code → code as the language's own formatter leaves it. One function a formatter, embedded as a library.

use anyhow::{Context, Result, anyhow};
use biome_formatter::{IndentStyle, LineWidth};
use biome_js_formatter::context::JsFormatOptions;
use biome_js_parser::JsParserOptions;
use biome_js_syntax::JsFileSource;
use ruff_python_ast::PythonVersion;
use ruff_python_formatter::{PyFormatOptions, format_module_source};

/// Formats `source` with the formatter a language names; None leaves it as it is.
pub fn format(formatter: Option<&str>, source: String, width: usize) -> Result<String> {
    match formatter {
        None => Ok(source),
        Some("ruff") => python(&source, width),
        Some("biome") => typescript(&source, width),
        Some(other) => Err(anyhow!("there is no formatter `{other}`: use `ruff`, `biome` or none")),
    }
}

fn python(source: &str, width: usize) -> Result<String> {
    let width = ruff_formatter::LineWidth::try_from(u16::try_from(width)?)?;
    let options = PyFormatOptions::default().with_line_width(width).with_target_version(PythonVersion::PY311);
    Ok(format_module_source(source, options).context("the Python is not valid")?.into_code())
}

fn typescript(source: &str, width: usize) -> Result<String> {
    let file = JsFileSource::ts();
    let parsed = biome_js_parser::parse(source, file, JsParserOptions::default());
    if let Some(fault) = parsed.diagnostics().first() {
        return Err(anyhow!("the TypeScript is not valid: {fault:?}"));
    }
    let width = LineWidth::try_from(u16::try_from(width)?).map_err(|fault| anyhow!("{fault}"))?;
    let options = JsFormatOptions::new(file).with_indent_style(IndentStyle::Space).with_line_width(width);
    let formatted = biome_js_formatter::format_node(options, &parsed.syntax())?;
    Ok(formatted.print()?.into_code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_formatter_lays_code_out() {
        let cases = [("ruff", "x = { 'a':1 }", "x = {\"a\": 1}\n"), ("biome", "const x = {a:1, b: 'c'}", "const x = { a: 1, b: \"c\" };\n")];
        for (formatter, source, expected) in cases {
            assert_eq!(format(Some(formatter), source.to_owned(), 80).unwrap(), expected);
        }
    }

    #[test]
    fn code_that_does_not_parse_is_an_error() {
        for (formatter, source) in [("ruff", "def ("), ("biome", "const = (")] {
            assert!(format(Some(formatter), source.to_owned(), 80).is_err());
        }
    }
}
