//! The rules themselves: their own examples, their page, and what is said of a faulty one.

use integrate::report::{findings, rules_page};
use integrate::validate::grammar::{GRAMMARS, Grammar, Tree};
use integrate::validate::{HeldTo, Rule, Rules, Severity, SourceFile, check};

use super::scene::{held_to, root, rules, signs};

/// How often a rule fits a piece of code; the code must parse, and must import what the rule asks for.
fn fits(rule: &Rule, grammar: Grammar, code: &str) -> Result<usize, String> {
    let tree = Tree::parse(code, grammar).map_err(|error| error.to_string())?;
    if tree.is_faulty() {
        return Err(format!("does not parse:\n{code}"));
    }
    let matcher = rule.matcher(grammar).map_err(|error| error.to_string())?;
    let count = tree.scan(&[(matcher, &rule.message)]).matches.len();
    let may = rule.may_apply(grammar.language(), code).map_err(|error| error.to_string())?;
    Ok(if may && rule.concerns_imports(grammar.language(), &tree.imports()) { count } else { 0 })
}

#[test]
fn every_rule_finds_what_it_must_and_leaves_alone_what_it_must() {
    let rules = rules();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        for grammar in GRAMMARS {
            let Some(body) = rule.languages.get(grammar.language()) else { continue };
            assert!(
                !body.must_trigger.is_empty() && !body.must_not_trigger.is_empty(),
                "{} has examples of both",
                rule.id
            );
            for (codes, must) in [(&body.must_trigger, true), (&body.must_not_trigger, false)] {
                for code in codes {
                    match fits(rule, grammar, code) {
                        Ok(count) if (count > 0) == must => {}
                        Ok(_) => wrong.push(format!(
                            "{} {grammar:?} must{}:\n{code}",
                            rule.id,
                            if must { "" } else { " not" }
                        )),
                        Err(why) => wrong.push(format!("{} {grammar:?}: {why}", rule.id)),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_compiles_and_says_what_to_do() {
    let rules = rules();
    rules.compile_all().unwrap_or_else(|error| panic!("{error:#}"));
    for about in rules.about() {
        assert!(!about.help.ends_with('.') && !about.help.ends_with('?'), "{}: {}", about.id, about.help);
        assert!(!about.note.trim().is_empty() && !about.message.ends_with('.'), "{}", about.id);
    }
}

#[test]
fn every_pattern_has_five_rules_and_signs_in_both_languages() {
    let (rules, signs) = (rules(), signs());
    for pattern in ["api", "database", "queue", "storage", "auth", "monitoring"] {
        for language in ["python", "typescript"] {
            let of_pattern = |rule: &&Rule| rule.pattern == pattern && rule.languages.contains_key(language);
            assert!(rules.rules.iter().filter(of_pattern).count() >= 5, "{pattern} {language}");
            assert!(
                signs.iter().any(|signs| signs.pattern == pattern && signs.languages.contains_key(language)),
                "{pattern}"
            );
        }
    }
}

#[test]
fn the_page_of_rules_is_in_step_with_them() {
    let path = root().join("docs/rules.md");
    let page = rules_page::page(&rules());
    if std::env::var_os("INTEGRATE_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("it can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/rules.md is not up to date: run `INTEGRATE_UPDATE=1 cargo test --test validate`");
}

#[test]
fn a_rule_of_the_users_own_has_the_same_rights() {
    let own = "id: no-sandbox\npattern: weather\nalso_for: [\"*\"]\nseverity: error\nmessage: \"`$URL` is the sandbox\"\nhelp: use the settings\nnote: x\nlanguages:\n  python:\n    rule: { all: [{ kind: string }, { pattern: $URL }, { regex: sandbox }] }\n    must_trigger: [x]\n    must_not_trigger: [x]\n";
    let rules = Rules::read([("integrations/patterns/weather/rules/no-sandbox.yaml", own)]).expect("it is sound");
    let code = b"URL = \"https://sandbox.example.com\"\n";
    let file = SourceFile { path: "a.py", bytes: code, language: "", held_to: held_to("weather") };
    let report = check(&[file], &rules, &[]).expect("the rules are sound");
    assert_eq!(report.findings[0].message, "`\"https://sandbox.example.com\"` is the sandbox");
}

#[test]
fn err_a_faulty_rule_is_told_with_its_place() {
    let sound = "id: a\npattern: api\nseverity: error\nmessage: m\nhelp: h\nnote: n\nlanguages:\n  python:\n    rule: { kind: call }\n    must_trigger: [x]\n    must_not_trigger: [x]\n";
    let told = |path: &str, text: &str| {
        let rules = Rules::read([(path, text)]);
        rules.and_then(|rules| rules.compile_all()).expect_err("it is faulty").to_string()
    };
    assert!(
        told("patterns/api/rules/a.yaml", &sound.replace("severity: error", "severity: fatal"))
            .starts_with("patterns/api/rules/a.yaml:3:11: ")
    );
    assert!(told("patterns/api/rules/b.yaml", sound).contains("the rule in it is called `a`"));
    assert!(told("patterns/queue/rules/a.yaml", sound).contains("the rule is for pattern `api`"));
    assert!(
        told("patterns/api/rules/a.yaml", &sound.replace("kind: call", "kind: phone"))
            .starts_with("rule `a`, python: ")
    );
    assert!(
        told("patterns/api/rules/a.yaml", &sound.replace("{ kind: call }", "{ regex: a }"))
            .starts_with("rule `a`, python: ")
    );
    let edited = sound.replace("id: a", "id: edited-file");
    assert!(told("patterns/api/rules/edited-file.yaml", &edited).contains("there is a rule `edited-file` already"));
}

#[test]
fn our_own_snapshots_are_clean() {
    let mut folders = vec![root().join("snapshots")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_ours = !["node_modules", ".venv", "__pycache__"].iter().any(|name| path.ends_with(name));
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(root()).expect("it lies below").to_string_lossy().into_owned();
                files.push((name, std::fs::read(&path).expect("it can be read")));
            }
        }
    }
    let held_to = HeldTo::Every("a snapshot");
    let sources: Vec<_> = files.iter().map(|(path, bytes)| SourceFile { path, bytes, language: "", held_to }).collect();
    let report = check(&sources, &rules(), &signs()).expect("the rules are sound");
    let wrong: Vec<_> = report.findings.iter().filter(|finding| finding.severity < Severity::Note).collect();
    assert!(wrong.is_empty(), "{}", findings::text(&report, false));
}
