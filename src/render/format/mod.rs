//! Rendered code → code as the language's own formatter leaves it, with the imports it needs and no others.
//!
//! Templates name every import they may need; what a file does not use goes, and the rest is sorted.

mod markdown;
mod python;
mod typescript;

use anyhow::{Result, anyhow};

/// Formats `source` with the formatter a language names; None leaves it as it is. `root` is the package of our own code.
pub fn format(formatter: Option<&str>, source: String, width: usize, root: &str) -> Result<String> {
    match formatter {
        None => Ok(source),
        Some("ruff") => python::format(&source, width, root),
        Some("biome") => typescript::format(&source, width),
        Some(other) => Err(anyhow!("there is no formatter `{other}`: use `ruff`, `biome` or none")),
    }
}

/// Lays out Markdown as the formatters of the language that read it do: its own code, and where they pad tables those.
pub fn format_markdown(formatter: Option<&str>, source: &str, width: usize) -> String {
    match formatter {
        Some("ruff") => markdown::format(source, &["python", "py"], |code| python::lay_out(code, width).ok()),
        Some("biome") => markdown::pad_tables(&markdown::format(source, &["typescript", "ts"], |code| {
            typescript::lay_out(code, width).ok()
        })),
        _ => source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(formatter: &str, source: &str) -> Result<String> {
        format(Some(formatter), source.to_owned(), 80, "integrations")
    }

    #[test]
    fn each_formatter_lays_code_out() {
        let cases = [
            ("ruff", "x = { 'a':1 }", "x = {\"a\": 1}\n"),
            ("biome", "const x = {a:1, b: 'c'}", "const x = { a: 1, b: \"c\" };\n"),
        ];
        for (formatter, source, expected) in cases {
            assert_eq!(formatted(formatter, source).unwrap(), expected);
        }
    }

    #[test]
    fn code_that_does_not_parse_is_an_error() {
        for (formatter, source) in [("ruff", "def ("), ("biome", "const = (")] {
            assert!(formatted(formatter, source).is_err());
        }
    }

    #[test]
    fn python_imports_are_those_used_in_order() {
        let source = "\"\"\"Doc.\"\"\"\n\nfrom __future__ import annotations\n\nfrom integrations.a import unused, B, a, C_D\nimport httpx2 as httpx\nimport asyncio\nimport builtins\nfrom typing import Any, Literal\nfrom pydantic import Field\n\n__all__ = [\"b10\", \"AsyncS3\", \"b9\", \"S3\", \"B\"]\nx: Literal[1] = a(httpx, C_D)\n\"unused\"\n";
        let expected = "\"\"\"Doc.\"\"\"\n\nfrom __future__ import annotations\n\nfrom typing import Literal\n\nimport httpx2 as httpx\n\nfrom integrations.a import C_D, B, a\n\n__all__ = [\"S3\", \"AsyncS3\", \"B\", \"b9\", \"b10\"]\nx: Literal[1] = a(httpx, C_D)\n\"unused\"\n";
        assert_eq!(formatted("ruff", source).unwrap(), expected);
    }

    #[test]
    fn typescript_imports_are_those_used_in_order() {
        let source = "// Doc.\n\nimport { b, type A, unused } from \"../z.js\";\nimport type { T, U } from \"./m.js\";\nimport { expect, test } from \"vitest\";\nimport { readFile } from \"node:fs\";\nimport type { Gone } from \"./gone.js\";\n\nexport const x: A & T = b(readFile, test, expect);\n";
        let expected = "// Doc.\n\nimport { readFile } from \"node:fs\";\nimport { expect, test } from \"vitest\";\n\nimport { type A, b } from \"../z.js\";\nimport type { T } from \"./m.js\";\n\nexport const x: A & T = b(readFile, test, expect);\n";
        assert_eq!(formatted("biome", source).unwrap(), expected);
    }

    #[test]
    fn typescript_imports_are_in_the_order_of_biome() {
        let source = "import { canRefresh, Credentials, B10, B2, NULL, Null } from \"./http-request.js\";\nimport { a } from \"./http.js\";\nimport * as e from \"./e.js\";\n\nf(a, e, canRefresh, Credentials, B10, B2, NULL, Null);\n";
        let expected = "import * as e from \"./e.js\";\nimport { a } from \"./http.js\";\nimport {\n  B2,\n  B10,\n  Credentials,\n  canRefresh,\n  NULL,\n  Null,\n} from \"./http-request.js\";\n\nf(a, e, canRefresh, Credentials, B10, B2, NULL, Null);\n";
        assert_eq!(formatted("biome", source).unwrap(), expected);
    }

    #[test]
    fn a_comment_stays_with_what_it_is_about() {
        let sources = [
            "// Doc.\n\nimport { a } from \"./a.js\";\n\n// About b.\nconst b = a;\n",
            "// Doc.\n\nconst b = 1;\n",
            "/**\n * About b.\n */\nconst b = 1;\n",
        ];
        for source in sources {
            assert_eq!(formatted("biome", source).unwrap(), source);
        }
    }
}
