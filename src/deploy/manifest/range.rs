//! Two version requirements → whether one version can meet both.

use std::cmp::Ordering;

/// How requirements are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `>=2.14,<3`. Source: PyPA version specifiers (PEP 440).
    Pep440,
    /// `^3.4.0 || >=5`; Poetry's, with commas, is read as well. Source: node-semver, "Ranges".
    Caret,
}

/// Release numbers without trailing zeros, and whether it is before (-1), at (0) or after (1) that release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    epoch: u64,
    release: Vec<u64>,
    stage: i8,
}

/// Every version between two ends; an end belongs to it when its flag is set, and is open when absent.
#[derive(Debug, Clone, Default)]
struct Range {
    low: Option<(Version, bool)>,
    high: Option<(Version, bool)>,
}

/// Says whether some version meets both requirements; none when one of them cannot be read as versions.
pub fn overlap(one: (&str, Spelling), other: (&str, Spelling)) -> Option<bool> {
    let (ones, others) = (ranges(one)?, ranges(other)?);
    Some(ones.iter().any(|one| others.iter().any(|other| !both(one, other).is_empty())))
}

fn ranges((text, spelling): (&str, Spelling)) -> Option<Vec<Range>> {
    match spelling {
        Spelling::Pep440 => Some(vec![all(text.split(',').map(|part| pep440(part.trim())))?]),
        Spelling::Caret => text.split("||").map(|side| all(caret_parts(side).iter().map(|part| caret(part)))).collect(),
    }
}

fn all(parts: impl Iterator<Item = Option<Range>>) -> Option<Range> {
    parts.into_iter().try_fold(Range::default(), |range, part| Some(both(&range, &part?)))
}

impl Range {
    fn is_empty(&self) -> bool {
        let (Some((low, with_low)), Some((high, with_high))) = (&self.low, &self.high) else { return false };
        match low.cmp(high) {
            Ordering::Less => false,
            Ordering::Equal => !(*with_low && *with_high),
            Ordering::Greater => true,
        }
    }

    fn from(version: Version, included: bool) -> Self {
        Self { low: Some((version, included)), high: None }
    }

    fn to(version: Version, included: bool) -> Self {
        Self { low: None, high: Some((version, included)) }
    }

    fn between(low: Version, high: Version) -> Self {
        Self { low: Some((low, true)), high: Some((high, false)) }
    }

    fn only(version: Version) -> Self {
        Self { low: Some((version.clone(), true)), high: Some((version, true)) }
    }
}

fn both(one: &Range, other: &Range) -> Range {
    let ends = [&one.low, &other.low].into_iter().flatten();
    let low = ends.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1))).cloned();
    let ends = [&one.high, &other.high].into_iter().flatten();
    let high = ends.min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1))).cloned();
    Range { low, high }
}

fn pep440(part: &str) -> Option<Range> {
    if part.is_empty() {
        return Some(Range::default());
    }
    let (sign, text) = part.split_at(part.find(|c: char| !"=<>!~".contains(c))?);
    let text = text.trim();
    if let Some(series) = text.strip_suffix(".*") {
        let numbers = numbers(series)?;
        return (sign == "==")
            .then(|| Range::between(at(&numbers), at(&bumped(&numbers, numbers.len()))))
            .or(Some(Range::default()));
    }
    Some(match sign {
        "==" | "===" => Range::only(version(text)?),
        "~=" => {
            let numbers = numbers(text)?;
            let kept = numbers.len().checked_sub(1).filter(|kept| *kept > 0)?;
            Range::between(version(text)?, at(&bumped(&numbers, kept)))
        }
        _ => compared(sign, version(text)?)?,
    })
}

fn compared(sign: &str, version: Version) -> Option<Range> {
    match sign {
        ">=" => Some(Range::from(version, true)),
        ">" => Some(Range::from(version, false)),
        "<=" => Some(Range::to(version, true)),
        "<" => Some(Range::to(version, false)),
        // One version more or less out of the range decides nothing here.
        "!=" => Some(Range::default()),
        _ => None,
    }
}

/// Splits what must hold together; a space may stand behind a sign, and `1 - 2` is from one to the other.
fn caret_parts(side: &str) -> Vec<String> {
    if let Some((low, high)) = side.split_once(" - ") {
        return vec![format!(">={}", low.trim()), format!("<={}", high.trim())];
    }
    let mut parts: Vec<String> = Vec::new();
    for word in side.split([' ', ',']).filter(|word| !word.is_empty()) {
        match parts.last_mut().filter(|last| last.ends_with(['<', '>', '=', '^', '~'])) {
            Some(sign) => sign.push_str(word),
            None => parts.push(word.to_owned()),
        }
    }
    parts
}

fn caret(part: &str) -> Option<Range> {
    let (sign, text) = part.split_at(part.find(|c: char| !"=<>!~^".contains(c))?);
    let text = text.trim_start_matches('v');
    if matches!(text, "*" | "x" | "X") {
        return Some(Range::default());
    }
    let series = text.split(['x', 'X', '*']).next().unwrap_or_default();
    let partial = series.len() < text.len();
    let numbers = numbers(series.trim_end_matches('.'))?;
    let low = if partial { at(&numbers) } else { version(text)? };
    let open = partial || (numbers.len() < 3 && !text.contains(['-', '+']));
    match sign {
        "^" => Some(Range::between(low, at(&bumped(&numbers, first_not_zero(&numbers))))),
        "~" | "~>" => Some(Range::between(low, at(&bumped(&numbers, numbers.len().min(2))))),
        "~=" => pep440(part),
        "" | "=" | "==" if open => Some(Range::between(low, at(&bumped(&numbers, numbers.len())))),
        "" | "=" | "==" => Some(Range::only(low)),
        _ => compared(sign, low),
    }
}

/// Returns how many numbers a caret holds fast: up to the first that is not zero.
fn first_not_zero(numbers: &[u64]) -> usize {
    numbers.iter().position(|number| *number != 0).map_or(numbers.len(), |at| at + 1)
}

fn bumped(numbers: &[u64], kept: usize) -> Vec<u64> {
    let mut next = numbers[..kept].to_vec();
    if let Some(last) = next.last_mut() {
        *last = last.saturating_add(1);
    }
    next
}

fn at(numbers: &[u64]) -> Version {
    let used = numbers.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1);
    Version { epoch: 0, release: numbers[..used].to_vec(), stage: 0 }
}

/// Reads the numbers a version opens with.
fn numbers(text: &str) -> Option<Vec<u64>> {
    let text = text.split_once('!').map_or(text, |(_, rest)| rest);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].trim_end_matches('.').split('.').map(|number| number.parse().ok()).collect()
}

fn version(text: &str) -> Option<Version> {
    let (epoch, rest) = text.split_once('!').map_or((Some(0), text), |(epoch, rest)| (epoch.parse().ok(), rest));
    let rest = rest.trim_start_matches('v');
    let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start_matches(['-', '_']);
    let stage = match tail {
        "" => 0,
        _ if tail.starts_with('+') || rest.contains("post") => 1,
        _ => -1,
    };
    Some(Version { epoch: epoch?, stage, ..at(&numbers(rest)?) })
}
