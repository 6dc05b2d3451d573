//! A text and some things, each with the words for it → which of them the text asks for.

use anyhow::Result;

use super::clauses::{self, Language};
use super::lexicon::{Lexicon, ListId};

/// Less than this is only described, settled or refused.
const ASKED_FOR: f64 = 0.5;

/// Returns the place of the thing that `text` asks for most: by whole words, and not where it is refused or there already.
///
/// Each thing is a list of terms parted by commas. Between two that are asked for alike, it is the one named first.
pub fn asked_for(text: &str, things: &[String]) -> Result<Option<usize>> {
    let (language, _) = Language::load()?;
    let mut lexicon = Lexicon::default();
    for (thing, terms) in things.iter().enumerate() {
        lexicon.add(terms, thing as ListId);
    }
    let mut tokens = clauses::split(text, &lexicon);
    let (weights, _) = language.weigh(&mut tokens);
    let mut best: Option<(f64, usize)> = None;
    for hit in lexicon.find(&tokens, &|_| false, &|_| true) {
        let weight = weights[hit.first..=hit.last].iter().copied().fold(f64::INFINITY, f64::min);
        if weight >= ASKED_FOR && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, hit.list as usize));
        }
    }
    Ok(best.map(|(_, thing)| thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thing_asked_for_is_found_by_whole_words_that_are_not_refused() {
        let things = ["metrics, metric, dashboard".to_owned(), "logging, logs, log".to_owned()];
        for (text, thing) in [
            ("structured logs of the shop", Some(1)),
            ("Structured logging, we already have metrics", Some(1)),
            ("metrics, no logging", Some(0)),
            ("not the logs: a dashboard", Some(0)),
            ("watch our blogging platform and its catalogs", None),
            ("keep an eye on the shop", None),
        ] {
            assert_eq!(asked_for(text, &things).unwrap(), thing, "{text}");
        }
    }
}
