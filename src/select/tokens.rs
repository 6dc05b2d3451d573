//! A text → its words, each with its place, its sentence and its clause; URLs give scheme and port as words of their own.

use super::fold::{fold, is_glyph};

/// A word of the text, or one character of a script written without spaces.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// As compared: lower case, without accents; `postgres://` for a scheme, `:5432` for a port.
    pub word: String,
    /// The bytes of the text it stands for.
    pub start: usize,
    pub end: usize,
    pub sentence: u32,
    pub clause: u32,
    pub case: Case,
    /// Opens its sentence, where a capital says nothing.
    pub opens: bool,
    /// Stands in a URL.
    pub in_url: bool,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Case {
    Lower,
    Capital,
    Upper,
}

impl Token {
    /// Returns whether this is one character of a script without spaces.
    pub fn is_glyph(&self) -> bool {
        self.word.chars().next().is_some_and(is_glyph)
    }
}

/// Splits `text` into words.
///
/// Letters and digits stick together (`s3`, `neo4j`); hyphens, dots and underscores part words (`put_object` is two), and
/// so does a change to capitals (`putObject`) unless `is_known` has the whole (`RabbitMQ`).
pub(super) fn tokenize(text: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Token> {
    let mut scanner =
        Scanner { text, tokens: Vec::new(), sentence: 0, clause: 0, opens: true, in_url: false, is_known };
    for (start, piece) in pieces(text) {
        match piece.find("://") {
            Some(at) if scheme_start(piece, at) < at => scanner.url(start, piece, at),
            _ => scanner.words(start, piece),
        }
    }
    scanner.tokens
}

/// The text at its white space, each run of white space being a piece too: a line break ends a sentence.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..).filter(|t| !t.is_empty())?;
        let space = tail.starts_with(char::is_whitespace);
        let length = tail.find(|c: char| c.is_whitespace() != space).unwrap_or(tail.len());
        rest += length;
        Some((rest - length, &tail[..length]))
    })
}

fn scheme_start(piece: &str, at: usize) -> usize {
    piece[..at]
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '-'))
        .map_or(0, |i| i + piece[i..].chars().next().map_or(1, char::len_utf8))
}

struct Scanner<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    sentence: u32,
    clause: u32,
    opens: bool,
    in_url: bool,
    is_known: &'t dyn Fn(&str) -> bool,
}

impl Scanner<'_> {
    fn url(&mut self, start: usize, piece: &str, at: usize) {
        let scheme = scheme_start(piece, at);
        self.words(start, &piece[..scheme]);
        self.in_url = true;
        self.push(piece[scheme..at + 3].to_lowercase(), start + scheme, start + at + 3, Case::Lower);
        let rest = &piece[at + 3..];
        let host_end = rest.find(['/', '?', '#', '"', ')']).unwrap_or(rest.len());
        // Names and passwords before `@` say nothing about the service.
        let host_start = rest[..host_end].rfind('@').map_or(0, |i| i + 1);
        for host in rest[host_start..host_end].split(',') {
            let offset = start + at + 3 + (host.as_ptr() as usize - rest.as_ptr() as usize);
            let port = host.rfind(':').filter(|i| host[i + 1..].parse::<u16>().is_ok());
            self.words(offset, &host[..port.unwrap_or(host.len())]);
            if let Some(port) = port {
                self.push(host[port..].to_string(), offset + port, offset + host.len(), Case::Lower);
            }
        }
        self.words(start + at + 3 + host_end, &rest[host_end..]);
        self.in_url = false;
    }

    fn words(&mut self, start: usize, piece: &str) {
        let mut word_start = None;
        for (i, c) in piece.char_indices() {
            let in_word = (c.is_alphanumeric() && !is_glyph(c)) || matches!(c as u32, 0x300..=0x36F);
            let joins = matches!(c, '\'' | '’') && word_start.is_some();
            if in_word || joins {
                word_start.get_or_insert(i);
                continue;
            }
            self.word(start, piece, word_start.take(), i);
            if is_glyph(c) {
                self.push(c.to_string(), start + i, start + i + c.len_utf8(), Case::Lower);
            } else {
                self.boundary(c, piece[i + c.len_utf8()..].is_empty(), start + i);
            }
        }
        self.word(start, piece, word_start, piece.len());
    }

    /// Ends the sentence or the clause where `c` does so; a dot only at the end of a piece.
    fn boundary(&mut self, c: char, ends_piece: bool, at: usize) {
        match c {
            '\n' | '。' | '！' | '？' | '!' | '?' | '．' => self.end_sentence(),
            '.' if ends_piece => self.end_sentence(),
            '\u{964}' | '؟' | '…' => self.end_sentence(),
            ',' | ';' | ':' if ends_piece => self.clause += 1,
            '，' | '、' | '；' | '：' | '—' | '–' | '(' | ')' | '（' | '）' | '،' | '؛' | '>' => {
                self.clause += 1;
            }
            '-' if ends_piece && self.text[..at].ends_with(char::is_whitespace) => self.clause += 1,
            '"' | '“' | '”' | '「' | '」' | '#' | '/' | '-' => {}
            _ => {}
        }
    }

    fn end_sentence(&mut self) {
        self.sentence += 1;
        self.clause += 1;
        self.opens = true;
    }

    fn word(&mut self, start: usize, piece: &str, from: Option<usize>, to: usize) {
        let Some(from) = from else { return };
        let written = piece[from..to].trim_end_matches(['\'', '’']);
        // `l'API`, `d'accès`: the article is no part of the word; `don't` is one word; `Grafana's` is Grafana.
        if let Some(at) = written.find(['\'', '’']) {
            let after = at + written[at..].chars().next().map_or(1, char::len_utf8);
            let (head, tail) = (&written[..at], &written[after..]);
            let (h, t) = (head.chars().count(), tail.chars().count());
            if t == 1 && tail.eq_ignore_ascii_case("t") {
                self.emit(start + from, &format!("{head}{tail}"), to - from);
            } else if h <= 2 && t > 2 || h <= 5 && t > 3 {
                self.emit(start + from, head, head.len());
                self.emit(start + from + after, tail, tail.len());
            } else {
                self.emit(start + from, head, written.len());
            }
            return;
        }
        self.split_capitals(start + from, written);
    }

    fn split_capitals(&mut self, start: usize, written: &str) {
        let boundary = written
            .char_indices()
            .zip(written.chars().skip(1))
            .find(|((_, a), b)| a.is_lowercase() && b.is_uppercase())
            .map(|((i, a), _)| i + a.len_utf8());
        match boundary {
            Some(at) if !(self.is_known)(&folded(written)) => {
                self.emit(start, &written[..at], at);
                self.split_capitals(start + at, &written[at..]);
            }
            _ => self.emit(start, written, written.len()),
        }
    }

    fn emit(&mut self, start: usize, written: &str, length: usize) {
        let case = case_of(written);
        self.push(folded(written), start, start + length, case);
    }

    fn push(&mut self, word: String, start: usize, end: usize, case: Case) {
        let (sentence, clause, opens, in_url) = (self.sentence, self.clause, self.opens, self.in_url);
        self.tokens.push(Token { word, start, end, sentence, clause, case, opens, in_url });
        self.opens = false;
    }
}

/// Returns `text` as it is compared.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| fold(c, &mut out));
    out
}

/// Returns how `word` is written; digits count as lower case.
pub(super) fn case_of(word: &str) -> Case {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match letters.next() {
        Some(first) if first.is_uppercase() => {
            let mut rest = letters.peekable();
            let upper = rest.peek().is_some() && rest.all(char::is_uppercase);
            if upper { Case::Upper } else { Case::Capital }
        }
        _ => Case::Lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokenize(text, &|w| w == "rabbitmq").into_iter().map(|t| t.word).collect()
    }

    #[test]
    fn code_parts_at_its_names() {
        assert_eq!(words("s3.put_object(Bucket=x)"), ["s3", "put", "object", "bucket", "x"]);
        assert_eq!(words("RabbitMQ basicConsume"), ["rabbitmq", "basic", "consume"]);
    }

    #[test]
    fn a_url_gives_scheme_host_and_port() {
        assert_eq!(words("amqp://u:p@mq.local:5672/orders"), ["amqp://", "mq", "local", ":5672", "orders"]);
    }

    #[test]
    fn apostrophes_join_or_part() {
        assert_eq!(words("don't l'API Grafana's"), ["dont", "l", "api", "grafana"]);
    }

    #[test]
    fn scripts_without_spaces_part_at_each_character() {
        assert_eq!(words("用Redis缓存"), ["用", "redis", "缓", "存"]);
    }
}
