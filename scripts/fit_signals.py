#!/usr/bin/env python3
"""Fits the points of the patterns' signals to labelled requirements, and cross-validates the fit.

The lexicon is knowledge and stays as it is; only the number of points of each signal moves, and only as far as the rows
insist: each weight is the hand-set one times e^u, with u drawn to 0. Rows labelled `ambiguous` pull their candidates
level. No package is needed.

    DUMP_FROM=rows.jsonl DUMP_TO=rows.dump cargo test --test select -- --ignored dump
    scripts/fit_signals.py rows.dump [more.dump ...]            # 5-fold figures
    scripts/fit_signals.py rows.dump [more.dump ...] --write    # and the fitted points into patterns/*/signals.yaml

A dump's line: {"label": ..., "candidates": [...], "points": {"pattern/signal": points, ...}}
The points in the files are the hand-set ones: fitting did no better on rows it had not seen, so none are fitted.
"""
import json, math, pathlib, random, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "patterns"
STRENGTH = 3.0      # how strongly u is drawn to 0
SCALE = 1.25        # points to log-odds
MARGIN, NOTHING = 0.3, 0.5   # as in src/select/mod.rs for longer texts
TIED = {"shared-products", "vague-exchange", "vague-keeping", "vague-telling", "vague-figures", "vague-accounts",
        "vague-entry", "papers"}   # the same knowledge in several patterns: one weight


def points():
    """The points in the files, by pattern/signal."""
    found = {}
    for file in sorted(ROOT.glob("*/signals.yaml")):
        found[f"{file.parent.name}/words"] = 1.0   # single words, weighed in src/select/words.rs
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


def decide(row, weight, patterns):
    total = sorted(scores(row, weight, patterns).items(), key=lambda kv: -kv[1])
    best = total[0]
    if best[1] < NOTHING or best[1] - total[1][1] < MARGIN and total[1][1] >= NOTHING:
        return "asked"
    return best[0]


def figures(rows, weight, patterns):
    clear = [r for r in rows if r["label"] != "ambiguous"]
    other = [r for r in rows if r["label"] == "ambiguous"]
    got = [(r["label"], decide(r, weight, patterns)) for r in clear]
    line = f"accuracy {sum(a == b for a, b in got) / len(got):.3f}, asked clear {sum(b == 'asked' for _, b in got) / len(got):.3f}"
    if other:
        line += f", ambiguous {sum(decide(r, weight, patterns) == 'asked' for r in other) / len(other):.3f}"
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
    held = {f: [] for f in files}
    for fold in range(5):
        weight = fit([r for i, (_, r) in enumerate(rows) if i % 5 != fold], start, patterns)
        for i, (f, r) in enumerate(rows):
            if i % 5 == fold:
                held[f].append((r, weight))
    for f, pairs in held.items():
        shown = [{**r, "evidence": {s: v * w[s] / start[s] for s, v in r["evidence"].items()}} for r, w in pairs]
        print(f"5-fold       {f}: {figures(shown, start, patterns)}")
    weight = fit([r for _, r in rows], start, patterns)
    for file, rows in sets.items():
        print(f"fitted       {file}: {figures(rows, weight, patterns)}")
    for signal in sorted(start, key=lambda s: -abs(math.log(weight[s] / start[s])))[:25]:
        print(f"  {signal}: {start[signal]:g} -> {weight[signal]:.2f}")
    if "--write" in arguments:
        write(weight)


main(sys.argv[1:])
