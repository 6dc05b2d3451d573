//! A word of a text → the forms a term may have it in.

/// Calls `with` for what `word` may be a form of, or a form of it: plurals with `s`, and the endings of English verbs.
pub(super) fn inflections(word: &str, mut with: impl FnMut(&str)) {
    if word.len() < 3 || !word.is_ascii() {
        return;
    }
    let stems = ["s", "es", "ed", "d", "ing"].into_iter().filter_map(|end| Some((end, word.strip_suffix(end)?)));
    for (end, stem) in stems.filter(|(_, stem)| stem.len() > 2) {
        with(stem);
        if end == "ing" || end == "ed" {
            with(&format!("{stem}e"));
            // `stopped` is a form of `stop`.
            let doubled = stem.as_bytes()[stem.len() - 2..].windows(2).any(|pair| pair[0] == pair[1]);
            with(if doubled { &stem[..stem.len() - 1] } else { "" });
        }
        if end == "s" || end == "ed" {
            with(&format!("{stem}ing"));
        }
    }
    with(&format!("{word}s"));
    let stem = word.strip_suffix('e').unwrap_or(word);
    with(&format!("{stem}ed"));
    with(&format!("{stem}ing"));
}

/// Returns whether `word` is a number, in digits or in English.
pub(super) fn is_number(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen",
        "twenty", "thirty", "forty", "fifty", "sixty", "ninety", "hundred", "thousand", "million", "several", "few",
        "couple",
    ];
    word.bytes().all(|b| b.is_ascii_digit()) || WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(word: &str) -> Vec<String> {
        let mut forms = Vec::new();
        inflections(word, |form| forms.push(form.to_string()));
        forms
    }

    #[test]
    fn plurals_and_endings_of_verbs_are_forms_of_a_word() {
        assert!(forms("buckets").contains(&"bucket".to_string()));
        assert!(forms("photo").contains(&"photos".to_string()));
        assert!(forms("stopped").contains(&"stop".to_string()));
        assert!(forms("storing").contains(&"store".to_string()));
        assert!(forms("retry").contains(&"retrying".to_string()));
    }
}
