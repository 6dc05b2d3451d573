"""Measures what the project promises, and prints one table.

    scripts/bench.py INTEGRATE [--texts FILE.jsonl] NAME=DOCUMENT...

Seconds depend on the machine, so they are said and only ratios are held to a bar: those to what this Python takes for
reading the same document, parsing the same code or nothing at all, and those that have no time in them.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from count_operations import load, operations
from measure import run

LANGUAGES = {"python": ("*.py", 2), "typescript": ("*.ts", 1)}  # files, and flavours of an operation: sync, async
REPEATS = 3

# What was measured, and about half as much again; lines have no noise.
CREATE_BARS = {"github": 35, "stripe": 140}
LINES_BARS = {"python": 32, "typescript": 36}


class Table:
    """Rows as they are measured; knows whether one is over its bar."""

    def __init__(self) -> None:
        self.over: list[str] = []
        print(f"{'what':52} {'figure':>9} {'promised':>9} {'ratio':>7} {'bar':>5}")

    def row(self, what: str, figure: float, promised: float | None, ratio: float | None = None, bar: float = 0) -> None:
        held = f"{ratio:7.1f} {bar:5g}" if ratio is not None else ""
        print(f"{what:52} {figure:9.3g} {promised if promised is not None else '':>9} {held}", flush=True)
        if ratio is not None and ratio > bar:
            self.over.append(f"{what}: a ratio of {ratio:.1f} is over {bar:g}")


def command(program: list[str]) -> dict[str, float]:
    """The least of several runs."""
    runs = []
    for _ in range(REPEATS):
        with tempfile.TemporaryFile() as output:
            runs.append(run(program, output))
    return {name: min(each[name] for each in runs) for name in runs[0]}


def cpu_of(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of several calls."""
    costs = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        costs.append(time.process_time() - started)
    return min(costs)


def start_up(table: Table, program: str) -> None:
    costs = [command([program, "--version"]) for _ in range(5)]
    least = min(cost["wall"] for cost in costs)
    nothing = min(command(["true"])["wall"] for _ in range(5))
    table.row("start-up, ms", least * 1000, 5, least / nothing, 15)


def create(table: Table, program: str, name: str, document: Path, language: str, folder: Path) -> None:
    """Measures `create`, then what it made: lines an operation, and `validate`."""
    costs: list[dict[str, float]] = []
    for attempt in range(REPEATS):
        project = folder / f"{name}-{language}"
        shutil.rmtree(project, ignore_errors=True)
        project.mkdir()
        shutil.copy(document, project / document.name)
        with tempfile.TemporaryFile() as output:
            made = [program, "-C", str(project), "create", name, "--source", document.name, "--language", language]
            costs.append(run(made, output))
    count = len(operations(load(document)))
    reading = cpu_of(lambda: json.loads(document.read_bytes()))
    least = min(cost["cpu"] for cost in costs)
    memory = max(cost["memory"] for cost in costs)
    size = document.stat().st_size / 1e6
    table.row(f"create {name} in {language}, CPU-s", least, 4, least / reading, CREATE_BARS[name])
    table.row(f"create {name} in {language}, MB of memory", memory, 300, memory / size, 40)
    made_files(table, name, language, project, count)
    validate(table, program, name, language, project)


def made_files(table: Table, name: str, language: str, project: Path, count: int) -> None:
    files, flavours = LANGUAGES[language]
    code = project / "integrations" / name
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in (code / "resources").glob(files))
    each = lines / count / flavours
    table.row(f"lines an operation and flavour, {name} in {language}", each, 25, each, LINES_BARS[language])


def validate(table: Table, program: str, name: str, language: str, project: Path) -> None:
    cost = command([program, "-C", str(project), "validate"])["cpu"]
    files = list((project / "integrations").rglob(LANGUAGES[language][0]))
    size = sum(file.stat().st_size for file in files) / 1e6
    what = f"validate {name} in {language}, CPU-s a MB"
    if language == "python":
        texts = [file.read_text(encoding="utf-8") for file in files]
        parsing = cpu_of(lambda: [ast.parse(text) for text in texts])
        table.row(what, cost / size, None, cost / parsing, 3)
    else:
        table.row(what, cost / size, None)


def select(table: Table, program: str, texts: Path) -> None:
    """The cost of a text once the patterns are loaded: that of many, less that of one."""
    rows = texts.read_text(encoding="utf-8").splitlines()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as one:
        one.write(rows[0] + "\n")
        one.flush()
        loading = command([program, "select", "--evaluate", one.name])["cpu"]
    many = command([program, "select", "--evaluate", str(texts)])["cpu"]
    each = (many - loading) / (len(rows) - 1)
    splitting = cpu_of(lambda: [row.lower().split() for _ in range(100) for row in rows]) / 100 / len(rows)
    table.row("select, µs a text once patterns are loaded", each * 1e6, 1000, each / splitting, 500)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("documents", nargs="*", metavar="NAME=DOCUMENT", help=f"of {', '.join(CREATE_BARS)}")
    asked = parser.parse_intermixed_args()
    table = Table()
    start_up(table, asked.program)
    if asked.texts:
        select(table, asked.program, asked.texts)
    with tempfile.TemporaryDirectory() as folder:
        for name, document in (pair.split("=", 1) for pair in asked.documents):
            for language in LANGUAGES:
                create(table, asked.program, name, Path(document), language, Path(folder))
    if table.over:
        sys.exit("\n".join(table.over))


if __name__ == "__main__":
    main()
