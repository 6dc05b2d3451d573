//! All rules → `docs/rules.md`: a table a pattern, and a section a rule with code that triggers it.

use crate::validate::{About, Rule, Rules, builtin};
use std::fmt::Write;

/// Writes the page; a test keeps `docs/rules.md` in step with it.
pub fn page(rules: &Rules) -> String {
    let mut page = include_str!("rules_page.md").to_string();
    let mut patterns: Vec<&str> = rules.rules.iter().map(|rule| rule.pattern.as_str()).collect();
    patterns.dedup();
    let _ = writeln!(page, "\n## Every file\n");
    table(&mut page, builtin::all().iter());
    let about = rules.about();
    for pattern in &patterns {
        let _ = writeln!(page, "\n## {pattern}\n");
        table(&mut page, about.iter().filter(|rule| rule.pattern == *pattern));
    }
    builtin::all().iter().for_each(|check| heading(&mut page, check));
    for rule in &rules.rules {
        section(&mut page, rule, &about);
    }
    page
}

fn table<'a>(page: &mut String, rules: impl Iterator<Item = &'a About>) {
    page.push_str("| rule | severity | languages | what to do |\n|---|---|---|---|\n");
    for rule in rules {
        let languages = if rule.languages.is_empty() { "all".to_string() } else { rule.languages.join(", ") };
        let (id, severity, help) = (&rule.id, rule.severity.as_str(), rule.help.replace('|', "\\|"));
        let _ = writeln!(page, "| [`{id}`](#{id}) | {severity} | {languages} | {help} |");
    }
}

fn heading(page: &mut String, about: &About) {
    let _ = write!(
        page,
        "\n### {}\n\n{}: {}\n\n{}\n\nWhat to do: {}.\n",
        about.id,
        about.severity.as_str(),
        about.message,
        about.note.trim(),
        about.help
    );
}

fn section(page: &mut String, rule: &Rule, about: &[About]) {
    let Some(about) = about.iter().find(|about| about.id == rule.id) else { return };
    heading(page, about);
    if !rule.also_for.is_empty() {
        let others = if rule.also_for.iter().any(|other| other == "*") {
            "every pattern".to_string()
        } else {
            rule.also_for.join(", ")
        };
        let _ = writeln!(page, "\nCode of {others} is held to it, too.");
    }
    for (language, body) in &rule.languages {
        let code = body.must_trigger.first().map_or("", |code| code.trim_end());
        let _ = write!(page, "\n```{language}\n{code}\n```\n");
    }
}
