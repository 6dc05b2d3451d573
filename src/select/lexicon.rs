//! Terms, each belonging to a list → the places in a text where one stands, whole, inflected, joined or misspelt.

use std::sync::OnceLock;

use super::hash::Map;
use super::inflect::{inflections, is_number};
use super::tokens::{Case, Token, case_of, folded, tokenize};
use super::typo::Nearby;

/// A number given to a list of terms by whoever fills the lexicon.
pub(super) type ListId = u32;

type Atom = u32;
type Node = u32;

/// How a term writes "any number".
const NUMBER: &str = "#";

/// Lists of terms, indexed so that a text is looked up in one walk.
///
/// A term is one word or several; `word*` stands for whatever begins so, `*word` for whatever ends so, `#` for a number.
/// A term written with a capital is a name that is also an ordinary word (`Close`, `Box`), and only matches when written
/// so.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    atoms: Atom,
    whole: Map<Box<str>, Atom>,
    heads: Map<Box<str>, Atom>,
    tails: Map<Box<str>, Atom>,
    edges: Map<u64, Node>,
    /// For each node, the last of its ends, plus one.
    last_end: Vec<u32>,
    ends: Vec<End>,
    nearby: OnceLock<Nearby>,
}

/// A term ends at a node; `before` is the end added before it at the same node, plus one.
#[derive(Debug, Clone, Copy)]
struct End {
    list: ListId,
    case: Case,
    before: u32,
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
        self.edges.reserve(text.len() / 12);
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

    /// Finds all terms in `tokens`; overlapping ones too. Words for which `is_ordinary` holds are taken as they stand,
    /// and those for which `is_spelt` holds are never mended.
    pub fn find(
        &self,
        tokens: &[Token],
        is_ordinary: &dyn Fn(&str) -> bool,
        is_spelt: &dyn Fn(&str) -> bool,
    ) -> Vec<Hit> {
        let readings: Vec<Reading> = tokens.iter().map(|t| self.read(&t.word, is_ordinary, is_spelt)).collect();
        let joined: Vec<Option<Atom>> = tokens.windows(2).map(|w| self.join(&w[0], &w[1], is_ordinary)).collect();
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
            case.get_or_insert_with(|| case_of(core));
            if is_plain(core) {
                node = self.extend(node, core, tail, head);
                continue;
            }
            let words = tokenize(core, &|_| true);
            for (i, token) in words.iter().enumerate() {
                node = self.extend(node, &token.word, tail && i == 0, head && i + 1 == words.len());
            }
        }
        if node > 0 {
            let before = self.last_end[node as usize];
            self.ends.push(End { list, case: case.unwrap_or(Case::Lower), before });
            self.last_end[node as usize] = self.ends.len() as u32;
        }
    }

    /// Returns the node after `node` by `word`, made where there is none.
    fn extend(&mut self, node: Node, word: &str, tail: bool, head: bool) -> Node {
        let words = match (tail, head) {
            (true, _) => &mut self.tails,
            (_, true) => &mut self.heads,
            _ => &mut self.whole,
        };
        let atom = match words.get(word) {
            Some(atom) => *atom,
            None => {
                self.atoms += 1;
                words.insert(word.into(), self.atoms);
                self.atoms
            }
        };
        if self.last_end.is_empty() {
            self.last_end.push(0);
        }
        let last_end = &mut self.last_end;
        *self.edges.entry(edge(node, atom)).or_insert_with(|| {
            last_end.push(0);
            last_end.len() as Node - 1
        })
    }

    /// The words a misspelling may stand for; gathered only when there is one.
    fn nearby(&self) -> &Nearby {
        self.nearby.get_or_init(|| {
            let mut nearby = Nearby::default();
            self.whole.iter().for_each(|(word, atom)| nearby.add(word, *atom));
            nearby
        })
    }

    fn read(&self, word: &str, is_ordinary: &dyn Fn(&str) -> bool, is_spelt: &dyn Fn(&str) -> bool) -> Reading {
        let mut atoms = Vec::new();
        match self.whole.get(word) {
            Some(atom) => atoms.push(*atom),
            None if is_ordinary(word) => {}
            None => inflections(word, |form| atoms.extend(self.whole.get(form))),
        }
        if is_number(word) {
            atoms.extend(self.whole.get(NUMBER));
        }
        for (i, _) in word.char_indices().skip(1) {
            atoms.extend(self.heads.get(&word[..i]));
            atoms.extend(self.tails.get(&word[i..]));
        }
        atoms.extend(self.heads.get(word));
        atoms.extend(self.tails.get(word));
        if !atoms.is_empty() || is_ordinary(word) || is_spelt(word) {
            return Reading { atoms, typo: false };
        }
        Reading { atoms: self.nearby().mend(word), typo: true }
    }

    /// Two words that make one (`open ai`, `post gres`); not two ordinary ones, which are meant as they stand (`find all`).
    fn join(&self, a: &Token, b: &Token, is_ordinary: &dyn Fn(&str) -> bool) -> Option<Atom> {
        let short = a.word.len() + b.word.len() < 6 || a.word.len() < 2 || b.word.len() < 2;
        let meant = is_ordinary(&a.word) && is_ordinary(&b.word);
        if short || meant || a.is_glyph() || b.is_glyph() || a.clause != b.clause {
            return None;
        }
        self.whole.get(format!("{}{}", a.word, b.word).as_str()).copied()
    }
}

/// Returns the terms of a block of text, which are parted by commas and line breaks.
pub(super) fn terms(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|t| !t.is_empty())
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
            if let Some(next) = self.lexicon.edges.get(&edge(node, self.readings[at].atoms[i])) {
                self.step(*next, at + 1, typo || self.readings[at].typo);
            }
        }
        if let Some(Some(atom)) = self.joined.get(at)
            && let Some(next) = self.lexicon.edges.get(&edge(node, *atom))
        {
            self.step(*next, at + 2, typo);
        }
    }

    fn end(&mut self, node: Node, last: usize, typo: bool) {
        let mut next = self.lexicon.last_end.get(node as usize).copied().unwrap_or(0);
        while next > 0 {
            let End { list, case, before } = self.lexicon.ends[next as usize - 1];
            let hit = Hit { list, first: self.first, last, typo };
            let known = self.hits.iter().rev().take_while(|h| h.first == self.first).any(|h| *h == hit);
            if !known && self.is_written_so(case, last) {
                self.hits.push(hit);
            }
            next = before;
        }
    }

    fn is_written_so(&self, case: Case, last: usize) -> bool {
        let token = &self.tokens[self.first];
        let few = self.tokens.len() <= 4;
        match case {
            Case::Lower => true,
            Case::Upper => token.case == Case::Upper,
            // A capital at the start of a sentence says nothing, unless a capital follows, or a heading ends there.
            Case::Capital if few && (self.tokens.len() == 1 || token.case != Case::Lower) => true,
            Case::Capital if token.case == Case::Lower => false,
            Case::Capital => {
                !token.opens
                    || last > self.first
                    || self.tokens.get(last + 1).is_none_or(|t| t.case != Case::Lower || t.clause != token.clause)
            }
        }
    }
}

/// Returns whether `word` is compared as it is written.
fn is_plain(word: &str) -> bool {
    word == NUMBER
        || word.starts_with(':')
        || word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !word.is_empty()
}

fn edge(node: Node, atom: Atom) -> u64 {
    u64::from(node) << 32 | u64::from(atom)
}

/// Returns `word` as a lexicon compares it.
pub(super) fn compared(word: &str) -> String {
    folded(word)
}
