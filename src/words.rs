//! Words inside names: splitting, and English plurals as far as names of resources need them.

use unicode_normalization::UnicodeNormalization;

/// The words of a name in lower case: `listPlanets`, `list-planets`, `HTTPServer2` → `list planets`, `http server2`.
pub fn split(name: &str) -> Vec<String> {
    // Texts that look the same are the same, as in Python's identifiers and in file names.
    let chars: Vec<char> = if name.is_ascii() { name.chars().collect() } else { name.nfkc().collect() };
    let mut words: Vec<String> = vec![String::new()];
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        let rises = c.is_uppercase() && before.is_some_and(|b| b.is_lowercase() || b.is_numeric());
        let ends_acronym =
            c.is_uppercase() && before.is_some_and(char::is_uppercase) && after.is_some_and(char::is_lowercase);
        // `IDs`, `URLs`: a lone plural s belongs to the acronym.
        let plural_s = ends_acronym && after == Some('s') && chars.get(at + 2).is_none_or(|c| !c.is_lowercase());
        if rises || (ends_acronym && !plural_s) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The singular of the last word of a name; None where it has none that differs.
pub fn singular(name: &str) -> Option<String> {
    const SAME: [&str; 10] =
        ["news", "series", "species", "status", "sms", "dns", "https", "address", "analysis", "basis"];
    let lower = name.to_lowercase();
    let last = split(name).pop()?;
    if SAME.contains(&last.as_str()) || ["ss", "us", "is"].iter().any(|end| lower.ends_with(end)) || last.len() < 4 {
        return None;
    }
    let cut = |n: usize| name.get(..name.len() - n).map(str::to_owned);
    if lower.ends_with("ies") && last.len() > 4 {
        return cut(3).map(|stem| stem + "y");
    }
    if ["sses", "shes", "ches", "xes", "zes"].iter().any(|end| lower.ends_with(end)) {
        return cut(2);
    }
    if lower.ends_with('s') { cut(1) } else { None }
}

/// The plural of the last word of a name, as English forms it by rule.
pub fn plural(name: &str) -> String {
    let lower = name.to_lowercase();
    let after_vowel = lower.chars().rev().nth(1).is_some_and(|c| "aeiou".contains(c));
    match lower.chars().last() {
        Some('y') if !after_vowel => format!("{}ies", &name[..name.len() - 1]),
        Some('s' | 'x' | 'z') => format!("{name}es"),
        _ if lower.ends_with("ch") || lower.ends_with("sh") => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

/// Whether two words are the same but for number: `planet`, `planets`.
pub fn same_but_number(a: &str, b: &str) -> bool {
    a == b || singular(a).as_deref() == Some(b) || singular(b).as_deref() == Some(a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_into_words() {
        let cases = [
            ("listPlanets", "list planets"),
            ("list-for-repo", "list for repo"),
            ("HTTPServer2", "http server2"),
            ("userIDs", "user ids"),
            ("GetV1AccountsID", "get v1 accounts id"),
            ("_links", "links"),
            ("+1", "1"),
        ];
        for (name, words) in cases {
            assert_eq!(split(name).join(" "), words, "{name}");
        }
    }

    #[test]
    fn words_get_the_plural_of_their_rule() {
        for (one, many) in [
            ("channel", "channels"),
            ("country", "countries"),
            ("day", "days"),
            ("status", "statuses"),
            ("branch", "branches"),
        ] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn plurals_lose_their_s_where_they_have_one() {
        let cases = [
            ("planets", Some("planet")),
            ("categories", Some("category")),
            ("boxes", Some("box")),
            ("status", None),
            ("addresses", Some("address")),
            ("data", None),
            ("issue.labels", Some("issue.label")),
        ];
        for (many, one) in cases {
            assert_eq!(singular(many).as_deref(), one, "{many}");
        }
    }
}
