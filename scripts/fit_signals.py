#!/usr/bin/env python3
"""Fits what selection counts with to labelled requirements, and cross-validates the fit.

The lexicon is knowledge and stays as it is. First the points of the signals move, and only as far as the rows insist:
each weight is the hand-set one times e^u, with u drawn to 0. Rows labelled `ambiguous` pull their candidates level.
Then, with the points as in the files, when to ask: how far the best must be ahead, by what its terms say and by how
open the text is; the numbers at the top of src/select/mod.rs. No package is needed.

    DUMP_FROM=rows.jsonl DUMP_TO=rows.dump cargo test --test select -- --ignored dump
    scripts/fit_signals.py rows.dump [more.dump ...]            # 5-fold figures
    scripts/fit_signals.py rows.dump [more.dump ...] --write    # and the fitted points into patterns/*/signals.yaml

A dump's line: {"label": ..., "candidates": [...], "points": {"pattern/signal": points, ...}, "firm": ..., "openness": ...}
The points in the files are the hand-set ones: fitting did no better on rows it had not seen, so none are fitted. Those
that decide when to ask are fitted, and then moved so that about 2.5 % of the clear rows are asked about.
"""
import json, math, pathlib, random, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "patterns"
STRENGTH = 3.0      # how strongly u is drawn to 0
SCALE = 1.25        # points to log-odds
# As in src/select/mod.rs.
NOTHING, MARGIN, ENOUGH = 0.5, 0.3, 4.5
SURE, SURE_WHERE_OPEN, FIRM = 3.3, 0.9, 0.6
ASKED = 0.025       # the share of clear rows that may be asked about
TIED = {"shared-products", "vague-exchange", "vague-keeping", "vague-telling", "vague-figures", "vague-accounts",
        "vague-entry", "papers"}   # the same knowledge in several patterns: one weight


def points():
    """The points in the files, by pattern/signal."""
    found = {}
    for file in sorted(ROOT.glob("*/signals.yaml")):
        found[f"{file.parent.name}/words"] = 1.0      # weighed in src/select/words.rs
        found[f"{file.parent.name}/examples"] = 1.0   # and in src/select/nearest.rs
        signal = None
        for line in file.read_text().splitlines():
            if m := re.match(r"  ([\w-]+):\s*$", line):
                signal = f"{file.parent.name}/{m.group(1)}"
            elif m := re.match(r"    points: (-?[\d.]+)\s*$", line):
                found[signal] = float(m.group(1))
    return found


def row(line, start):
    """A row of a dump, with how strongly each signal was found: its points over those in the file."""
    row = json.loads(line)
    row["evidence"] = {s: p / start[s] for s, p in row["points"].items()}
    return row


def parameter(signal):
    name = signal.split("/")[1]
    return name if name in TIED else signal


def scores(row, weight, patterns):
    total = dict.fromkeys(patterns, 0.0)
    for signal, strength in row["evidence"].items():
        total[signal.split("/")[0]] += weight[signal] * strength
    return total


def fit(rows, start, patterns, rounds=220, rate=0.25):
    u = {parameter(s): 0.0 for s in start}
    for step in range(rounds):
        weight = {s: w * math.exp(u[parameter(s)]) for s, w in start.items()}
        slope = {p: STRENGTH * v for p, v in u.items()}
        for row in rows:
            total = scores(row, weight, patterns)
            top = max(total.values())
            exps = {p: math.exp(SCALE * (v - top)) for p, v in total.items()}
            norm = sum(exps.values())
            wanted = row.get("candidates") or [] if row["label"] == "ambiguous" else [row["label"]]
            if not wanted:
                continue
            for signal, strength in row["evidence"].items():
                p = signal.split("/")[0]
                target = 1 / len(wanted) if p in wanted else 0.0
                slope[parameter(signal)] += SCALE * (exps[p] / norm - target) * weight[signal] * strength
        pace = rate / (1 + step / 60) / max(1, len(rows)) * 20
        for p in u:
            u[p] -= max(-0.1, min(0.1, pace * slope[p] / 4))
    return {s: w * math.exp(u[parameter(s)]) for s, w in start.items()}


def traits(row, weight, patterns):
    """The best pattern, its points, its lead, what the terms say for it, and how open the text is."""
    total = sorted(scores(row, weight, patterns).items(), key=lambda kv: -kv[1])
    (best, points), (_, second) = total[:2]
    return best, points, min(points - max(second, 0.0), ENOUGH), min(max(row["firm"], 0.0), ENOUGH), row["openness"]


def decide(row, weight, patterns, numbers=(SURE, SURE_WHERE_OPEN, FIRM)):
    best, points, lead, firm, openness = traits(row, weight, patterns)
    sure, sure_where_open, firmness = numbers
    wanted = min(max(sure + sure_where_open * openness - firmness * firm, MARGIN), ENOUGH)
    return best if points >= NOTHING and lead >= wanted else "asked"


def fit_asking(rows, weight, patterns, rounds=3000, rate=0.5):
    """Logistic regression: is the row ambiguous? Returns its numbers in points of lead."""
    seen = [(traits(r, weight, patterns)[2:], r["label"] == "ambiguous") for r in rows]
    w = [0.0, -1.0, -0.5, 0.5]
    for _ in range(rounds):
        slope = [0.0] * 4
        for (lead, firm, openness), ambiguous in seen:
            x = (1.0, lead, firm, openness)
            error = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x)))) - ambiguous
            slope = [s + error * v for s, v in zip(slope, x)]
        w = [a - rate * s / len(seen) for a, s in zip(w, slope)]
    where_open, firmness = -w[3] / w[1], w[2] / w[1]
    # The lead that each clear row lacks, and the number that leaves so many of them asked about.
    spare = sorted(lead + firmness * firm - where_open * o for (lead, firm, o), ambiguous in seen if not ambiguous)
    return spare[int(ASKED * len(spare))], where_open, firmness


def figures(rows, weight, patterns, numbers=(SURE, SURE_WHERE_OPEN, FIRM)):
    clear = [r for r in rows if r["label"] != "ambiguous"]
    other = [r for r in rows if r["label"] == "ambiguous"]
    got = [(r["label"], decide(r, weight, patterns, numbers)) for r in clear]
    line = f"accuracy {sum(a == b for a, b in got) / len(got):.3f}, asked clear {sum(b == 'asked' for _, b in got) / len(got):.3f}"
    if other:
        line += f", ambiguous {sum(decide(r, weight, patterns, numbers) == 'asked' for r in other) / len(other):.3f}"
    recall = {p: [b == p for a, b in got if a == p] for p in patterns}
    return line + ", recall " + " ".join(f"{p} {sum(v) / len(v):.2f}" for p, v in recall.items() if v)


def write(weight):
    for file in ROOT.glob("*/signals.yaml"):
        signal, lines = None, []
        for line in file.read_text().split("\n"):
            if m := re.match(r"  ([\w-]+):\s*$", line):
                signal = f"{file.parent.name}/{m.group(1)}"
            elif re.match(r"    points: ", line) and signal in weight:
                line = f"    points: {round(weight[signal], 2):g}"
            lines.append(line)
        file.write_text("\n".join(lines))


def main(arguments):
    files = [a for a in arguments if not a.startswith("--")]
    start = points()
    sets = {f: [row(line, start) for line in open(f)] for f in files}
    patterns = sorted({s.split("/")[0] for s in start})
    for file, rows in sets.items():
        print(f"as written   {file}: {figures(rows, start, patterns)}")
    rows = [(f, r) for f, rows in sets.items() for r in rows]
    random.Random(7).shuffle(rows)
    held, asking = {f: [] for f in files}, {f: [] for f in files}
    for fold in range(5):
        known = [r for i, (_, r) in enumerate(rows) if i % 5 != fold]
        weight, numbers = fit(known, start, patterns), fit_asking(known, start, patterns)
        for i, (f, r) in enumerate(rows):
            if i % 5 == fold:
                scaled = {s: v * weight[s] / start[s] for s, v in r["evidence"].items()}
                held[f].append({**r, "evidence": scaled})
                asking[f].append((r, numbers))
    for f in files:
        print(f"5-fold, points {f}: {figures(held[f], start, patterns)}")
        got = [(r["label"], decide(r, start, patterns, numbers)) for r, numbers in asking[f]]
        for kind, of in (("clear", [g for l, g in got if l != "ambiguous"]), ("ambiguous", [g for l, g in got if l == "ambiguous"])):
            if of:
                print(f"5-fold, asking {f}: {kind} {of.count('asked') / len(of):.3f}")
    print("asking, fitted: sure {:.2f}, where open {:.2f}, firm {:.2f}".format(*fit_asking([r for _, r in rows], start, patterns)))
    weight = fit([r for _, r in rows], start, patterns)
    for file, rows in sets.items():
        print(f"fitted       {file}: {figures(rows, weight, patterns)}")
    for signal in sorted(start, key=lambda s: -abs(math.log(weight[s] / start[s])))[:25]:
        print(f"  {signal}: {start[signal]:g} -> {weight[signal]:.2f}")
    if "--write" in arguments:
        write(weight)


main(sys.argv[1:])
