//! Markdown as `prettier` and `biome format` write it: the columns of tables are padded, TypeScript is laid out.

use anyhow::Result;

use super::typescript;

/// Pads the tables of `text` and lays out its TypeScript; what is in other fences stays.
pub fn format(text: &str, width: usize) -> Result<String> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(line) = lines.get(at) {
        let (block, end) = if line.starts_with("```") {
            let end = at + 1 + lines[at + 1..].iter().take_while(|line| !line.starts_with("```")).count();
            let code = lines[at + 1..end].iter().map(|line| format!("{line}\n")).collect::<String>();
            let code = if *line == "```ts" { typescript::format(&code, width)? } else { code };
            (format!("{line}\n{code}```\n"), end + 1)
        } else {
            let end = at + lines[at..].iter().take_while(|line| line.starts_with('|')).count();
            let is_table = end > at + 1 && cells(lines[at + 1]).iter().all(|cell| is_rule(cell));
            if is_table { (table(&lines[at..end]), end) } else { (format!("{line}\n"), at + 1) }
        };
        out += &block;
        at = end;
    }
    Ok(out)
}

fn is_rule(cell: &str) -> bool {
    !cell.is_empty() && cell.chars().all(|c| c == '-')
}

/// The cells of a line; `\|` is no border.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for c in line.trim().trim_start_matches('|').chars() {
        if c == '|' && !is_escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    cells.pop();
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

fn table(lines: &[&str]) -> String {
    let rows: Vec<Vec<String>> = lines.iter().map(|line| cells(line)).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_head = |at: usize| at == 1;
    let width = |column: usize| {
        let widths = rows.iter().enumerate().filter(|(at, _)| !is_head(*at)).filter_map(|(_, row)| row.get(column));
        widths.map(|cell| width(cell)).max().unwrap_or_default().max(3)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        for (column, wide) in widths.iter().enumerate() {
            let cell = row.get(column).map_or("", String::as_str);
            let cell =
                if is_head(at) { "-".repeat(*wide) } else { format!("{cell}{}", " ".repeat(wide - self::width(cell))) };
            out += &format!("| {cell} ");
        }
        out += "|\n";
    }
    out
}

/// How wide text stands: characters of East Asian scripts and emoji take two columns.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f900}'..='\u{1f9ff}' | '\u{20000}'..='\u{3fffd}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let text = "# A\n\n| a | b |\n|---|---|\n| `x` \\| y | |\n\n```sh\n| a |\n|---|\n```\n\n```ts\nf( 1 )\n```\n";
        let expected = "# A\n\n| a        | b   |\n| -------- | --- |\n| `x` \\| y |     |\n\n```sh\n| a |\n|---|\n```\n\n```ts\nf( 1 )\n```\n";
        assert_eq!(format(text, 80).unwrap(), expected);
        assert_eq!(format(expected, 80).unwrap(), expected);
    }
}
