//! Markdown: code of our language in it is laid out as a formatter that reads Markdown would.

use unicode_width::UnicodeWidthStr;

/// Lays out each fenced block whose tag is one of `tags`; code that does not parse stays as it is.
pub fn format(source: &str, tags: &[&str], lay_out: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut block: Option<String> = None;
    for line in source.split_inclusive('\n') {
        match &mut block {
            None => {
                let tag = line.strip_prefix("```").map(str::trim_end);
                block = tag.filter(|tag| tags.contains(tag)).map(|_| String::new());
                out.push_str(line);
            }
            Some(code) if line.trim_end() == "```" => {
                out.push_str(&lay_out(code).unwrap_or_else(|| code.clone()));
                out.push_str(line);
                block = None;
            }
            Some(code) => code.push_str(line),
        }
    }
    // A block that never ends is no block of ours.
    out + &block.unwrap_or_default()
}

/// Pads the cells of tables to even columns, as prettier does; width is counted in characters.
pub fn pad_tables(source: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut in_code = false;
    for line in source.lines() {
        in_code ^= line.starts_with("```");
        if !in_code && line.starts_with('|') && line.ends_with('|') && line.len() > 1 {
            table.push(cells(line));
            continue;
        }
        out.extend(padded(&std::mem::take(&mut table)));
        out.push(line.to_owned());
    }
    out.extend(padded(&table));
    out.join("\n") + "\n"
}

/// The cells of a row; `\|` is part of one.
fn cells(row: &str) -> Vec<String> {
    let inside = &row[1..row.len() - 1];
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in inside.chars() {
        match (c, cells.last_mut()) {
            ('|', _) if !escaped => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn padded(table: &[Vec<String>]) -> Vec<String> {
    let columns = table.iter().map(Vec::len).max().unwrap_or_default();
    let is_rule = |cell: &str| !cell.is_empty() && cell.chars().all(|c| c == '-');
    let width = |at: usize| {
        let widths = table.iter().filter_map(|row| row.get(at)).filter(|cell| !is_rule(cell)).map(|cell| cell.width());
        widths.max().unwrap_or_default().max(3)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let cell = |row: &[String], at: usize| {
        let text = row.get(at).map_or("", String::as_str);
        let (fill, missing) = if is_rule(text) { ("-", widths[at]) } else { (" ", widths[at] - text.width()) };
        if is_rule(text) { fill.repeat(missing) } else { format!("{text}{}", fill.repeat(missing)) }
    };
    table
        .iter()
        .map(|row| format!("| {} |", (0..columns).map(|at| cell(row, at)).collect::<Vec<_>>().join(" | ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fences_of_the_language_change() {
        let source = "# T\n\n```python\nx=1\n```\n\n```sh\nx=1\n```\n\n```python\nbroken(\n```\n";
        let upper = |code: &str| (!code.contains("broken")).then(|| code.replace('=', " = "));
        assert_eq!(format(source, &["python"], upper), source.replacen("x=1", "x = 1", 1));
    }

    #[test]
    fn tables_are_padded_and_code_is_left_alone() {
        let source = "| a | long name |\n|---|---|\n| `x \\| y` | 2 |\n\n```\n| a |\n```\n";
        let expected =
            "| a        | long name |\n| -------- | --------- |\n| `x \\| y` | 2         |\n\n```\n| a |\n```\n";
        assert_eq!(pad_tables(source), expected);
        assert_eq!(pad_tables(expected), expected);
    }
}
