//! Terms, each belonging to a list → the places in a text where one stands, whole, inflected, joined or misspelt.

use std::collections::HashMap;

use super::tokens::{Case, Token, case_of, folded, tokenize};
use super::typo::Nearby;

/// A number given to a list of terms by whoever fills the lexicon.
pub(super) type ListId = u32;

type Atom = u32;
type Node = u32;

/// Lists of terms, indexed so that a text is looked up in one walk.
///
/// A term is one word or several; `word*` stands for whatever begins so, `*word` for whatever ends so. A term written
/// with a capital is a name that is also an ordinary word (`Close`, `Box`), and only matches when written so.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    atoms: Atom,
    whole: HashMap<String, Atom>,
    heads: HashMap<String, Atom>,
    tails: HashMap<String, Atom>,
    edges: HashMap<(Node, Atom), Node>,
    nodes: Node,
    ends: HashMap<Node, Vec<(ListId, Case)>>,
    nearby: Nearby,
}

/// A term of list `list` found in the tokens `first..=last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub list: ListId,
    pub first: usize,
    pub last: usize,
    /// Found only after mending the spelling.
    pub typo: bool,
}

impl Lexicon {
    /// Adds the terms of `text`, which are parted by commas and line breaks.
    pub fn add(&mut self, text: &str, list: ListId) {
        for term in terms(text) {
            self.add_term(term, list);
            if term.contains(['ä', 'ö', 'ü']) {
                self.add_term(&term.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue"), list);
            }
        }
    }

    /// Returns whether `word`, as compared, is a word of some term.
    pub fn knows(&self, word: &str) -> bool {
        self.whole.contains_key(word)
    }

    /// Finds all terms in `tokens`; overlapping ones too. Words for which `is_ordinary` holds are never mended.
    pub fn find(&self, tokens: &[Token], is_ordinary: &dyn Fn(&str) -> bool) -> Vec<Hit> {
        let readings: Vec<Reading> = tokens.iter().map(|t| self.read(&t.word, is_ordinary)).collect();
        let joined: Vec<Option<Atom>> = tokens.windows(2).map(|w| self.join(&w[0], &w[1])).collect();
        let mut walk = Walk { lexicon: self, tokens, readings: &readings, joined: &joined, first: 0, hits: Vec::new() };
        for first in 0..tokens.len() {
            walk.first = first;
            walk.step(0, first, false);
        }
        walk.hits
    }

    fn add_term(&mut self, term: &str, list: ListId) {
        let mut node = 0;
        let mut case = None;
        for piece in term.split_whitespace() {
            let (tail, core) = piece.strip_prefix('*').map_or((false, piece), |p| (true, p));
            let (head, core) = core.strip_suffix('*').map_or((false, core), |p| (true, p));
            // A port stands alone in a term; everything else is read as the text will be.
            let words = match core.strip_prefix(':') {
                Some(_) => vec![core.to_string()],
                None => tokenize(core, &|_| true).into_iter().map(|t| t.word).collect(),
            };
            case.get_or_insert_with(|| case_of(core));
            let count = words.len();
            for (i, word) in words.into_iter().enumerate() {
                let atom = match (tail && i == 0, head && i + 1 == count) {
                    (true, _) => Self::atom(&mut self.tails, &mut self.atoms, word),
                    (_, true) => {
                        let atom = Self::atom(&mut self.heads, &mut self.atoms, word.clone());
                        self.nearby.add_head(&word, atom);
                        atom
                    }
                    _ => {
                        let atom = Self::atom(&mut self.whole, &mut self.atoms, word.clone());
                        self.nearby.add(&word, atom);
                        atom
                    }
                };
                node = *self.edges.entry((node, atom)).or_insert_with(|| {
                    self.nodes += 1;
                    self.nodes
                });
            }
        }
        if node > 0 {
            let ends = self.ends.entry(node).or_default();
            let end = (list, case.unwrap_or(Case::Lower));
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
    }

    fn atom(map: &mut HashMap<String, Atom>, atoms: &mut Atom, word: String) -> Atom {
        *map.entry(word).or_insert_with(|| {
            *atoms += 1;
            *atoms
        })
    }

    fn read(&self, word: &str, is_ordinary: &dyn Fn(&str) -> bool) -> Reading {
        let mut atoms = Vec::new();
        match self.whole.get(word).or_else(|| singulars(word).find_map(|s| self.whole.get(s))) {
            Some(atom) => atoms.push(*atom),
            None => {}
        }
        for (i, _) in word.char_indices().skip(1) {
            atoms.extend(self.heads.get(&word[..i]));
            atoms.extend(self.tails.get(&word[i..]));
        }
        atoms.extend(self.heads.get(word));
        atoms.extend(self.tails.get(word));
        if !atoms.is_empty() || is_ordinary(word) {
            return Reading { atoms, typo: false };
        }
        Reading { atoms: self.nearby.mend(word), typo: true }
    }

    /// Two words that make one (`open ai`, `post gres`).
    fn join(&self, a: &Token, b: &Token) -> Option<Atom> {
        let short = a.word.len() + b.word.len() < 6 || a.word.len() < 2 || b.word.len() < 2;
        if short || a.is_glyph() || b.is_glyph() || a.clause != b.clause {
            return None;
        }
        self.whole.get(&format!("{}{}", a.word, b.word)).copied()
    }
}

/// Returns the terms of a block of text, which are parted by commas and line breaks.
pub(super) fn terms(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|t| !t.is_empty())
}

/// What `word` may be the plural of, in the languages that use `s`.
fn singulars(word: &str) -> impl Iterator<Item = &str> {
    let s = word.strip_suffix('s').filter(|w| w.len() > 2);
    s.into_iter().chain(word.strip_suffix("es").filter(|w| w.len() > 2))
}

struct Reading {
    atoms: Vec<Atom>,
    typo: bool,
}

struct Walk<'a> {
    lexicon: &'a Lexicon,
    tokens: &'a [Token],
    readings: &'a [Reading],
    joined: &'a [Option<Atom>],
    first: usize,
    hits: Vec<Hit>,
}

impl Walk<'_> {
    fn step(&mut self, node: Node, at: usize, typo: bool) {
        if at > self.first {
            self.end(node, at - 1, typo);
        }
        let Some(reading) = self.readings.get(at) else { return };
        // A term does not reach over the end of a clause.
        if self.tokens[at].clause != self.tokens[self.first].clause {
            return;
        }
        for i in 0..reading.atoms.len() {
            if let Some(next) = self.lexicon.edges.get(&(node, self.readings[at].atoms[i])) {
                self.step(*next, at + 1, typo || self.readings[at].typo);
            }
        }
        if let Some(Some(atom)) = self.joined.get(at)
            && let Some(next) = self.lexicon.edges.get(&(node, *atom))
        {
            self.step(*next, at + 2, typo);
        }
    }

    fn end(&mut self, node: Node, last: usize, typo: bool) {
        let Some(ends) = self.lexicon.ends.get(&node) else { return };
        for (list, case) in ends {
            let hit = Hit { list: *list, first: self.first, last, typo };
            if self.is_written_so(*case, last) && !self.hits.contains(&hit) {
                self.hits.push(hit);
            }
        }
    }

    fn is_written_so(&self, case: Case, last: usize) -> bool {
        let token = &self.tokens[self.first];
        let few = self.tokens.len() <= 4;
        match case {
            Case::Lower => true,
            Case::Upper => token.case == Case::Upper,
            // A capital at the start of a sentence says nothing, unless a capital follows, or a heading ends there.
            Case::Capital if few => true,
            Case::Capital if token.case == Case::Lower => false,
            Case::Capital => {
                !token.opens
                    || last > self.first
                    || self.tokens.get(last + 1).is_none_or(|t| t.case != Case::Lower || t.clause != token.clause)
            }
        }
    }
}

/// Returns `word` as a lexicon compares it.
pub(super) fn compared(word: &str) -> String {
    folded(word)
}
