"""Tries every document of a corpus, and prints a table of what came of each.

    scripts/corpus.py INTEGRATE CORPUS [DOCUMENT...]

Each document, and each database that a script makes, goes through `create --dry-run --allow-skipped` in both languages. It is an error if the program panics, is
killed, takes longer than a minute, ends with another status than 0 or 2, says no error with a 2, ends differently in the
two languages, or keeps a ledger that does not add up to what is counted in the document here.
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_databases import databases
from count_operations import differences, load, operations

LANGUAGES = ("python", "typescript")
DOCUMENTS = {".json", ".yaml", ".yml"}
DEADLINE_SECONDS = 60


@dataclass(slots=True)
class Outcome:
    """What came of one document."""

    name: str
    said: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """What is tried, and what the ledger must name; none where only the program itself can tell."""

    name: str
    address: str
    arguments: list[str]
    wanted: list[str] | int | None


def documents(corpus: Path, more: list[str]) -> list[Source]:
    """The documents of the corpus, and some beside it."""
    found = [
        (kind, path)
        for kind in ("openapi", "oidc/discovery", "asyncapi")
        for path in sorted((corpus / kind).rglob("*"))
        if path.suffix in DOCUMENTS and path.is_file()
    ]
    found += [("openapi", Path(path)) for path in more]
    return [
        Source(
            str(path.relative_to(corpus)) if path.is_relative_to(corpus) else path.name,
            str(path),
            ["--type", "auth", "--set", "variables={tenantid: contoso}"] if kind == "oidc/discovery" else [],
            count(kind, path),
        )
        for kind, path in found
    ]


def count(kind: str, path: Path) -> list[str] | int | None:
    """The names that the ledger must have, or how many."""
    try:
        document = load(path)
    except Exception:
        return None
    if kind == "openapi":
        return operations(document)
    if not isinstance(document, dict):
        return None
    return listed(document) if kind == "oidc/discovery" else messages(document)


def listed(metadata: dict[str, Any]) -> list[str]:
    """What an issuer lists; where it says nothing, what OpenID Connect Discovery 1.0 says it means."""
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    grants = metadata.get("grant_types_supported", ["authorization_code", "implicit"])
    named = {
        "token_signing": metadata.get("id_token_signing_alg_values_supported", ["RS256"]),
        "grants": grants,
        "client_authentication": methods,
        "client_signing": metadata.get("token_endpoint_auth_signing_alg_values_supported", []),
    }
    return [f"{what} {one}" for what, names in named.items() for one in names]


def messages(document: dict[str, Any]) -> int | None:
    """How many messages the operations of an AsyncAPI 3 document exchange: those they name, or all of their channel."""
    if not str(document.get("asyncapi", "")).startswith("3"):
        return None

    def resolved(node: Any) -> dict[str, Any]:
        while "$ref" in node:
            at: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                at = at[part.replace("~1", "/").replace("~0", "~")]
            node = at
        return node

    total = 0
    for operation in map(resolved, (document.get("operations") or {}).values()):
        all_of = resolved(operation["channel"]).get("messages") or {}
        total += len(operation["messages"] if "messages" in operation else all_of) or 1
    return total


def create(program: str, source: Source, language: str) -> tuple[int, str, str, float]:
    """Status, output, errors and seconds of one dry run."""
    command = [program, "create", "it", "--source", source.address, "--language", language]
    command += ["--dry-run", "--allow-skipped", "--format", "json", *source.arguments]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CI": "true"}
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=DEADLINE_SECONDS
            )
        except subprocess.TimeoutExpired:
            return -1, "", f"not done after {DEADLINE_SECONDS} s", float(DEADLINE_SECONDS)
        if any(Path(folder).iterdir()):
            return -1, "", "a dry run wrote something", 0.0
    return done.returncode, done.stdout, done.stderr, time.perf_counter() - started


def attempt(program: str, source: Source) -> Outcome:
    """Try one source in both languages."""
    outcome = Outcome(source.name)
    endings = []
    for language in LANGUAGES:
        status, output, errors, seconds = create(program, source, language)
        outcome.seconds = max(outcome.seconds, seconds)
        error = next((line for line in errors.splitlines() if line.startswith("error: ")), "")
        if status not in (0, 2) or "panicked" in errors:
            outcome.wrong.append(f"{language}: status {status}: {errors.strip()[-300:]}")
            continue
        if status == 2 and not error:
            outcome.wrong.append(f"{language}: status 2 without an error")
        endings.append((status, error))
        outcome.said = error.removeprefix("error: ").replace(source.address, source.name) if status else "written"
        if status == 0:
            ledger = json.loads(output)["ledger"]
            outcome.counts = {name: ledger[name] for name in ("source", "generated", "degraded", "skipped")}
            wrong = differences(named(source.wanted, ledger), ledger) if source.wanted is not None else []
            outcome.wrong += [f"{language}: {what}" for what in wrong]
    if len(set(endings)) > 1:
        outcome.wrong.append(f"the languages end differently: {endings}")
    return outcome


def named(wanted: list[str] | int, ledger: dict[str, Any]) -> list[str]:
    """The wanted names; where only their count is known, so many of the ledger's own."""
    if isinstance(wanted, list):
        return wanted
    own = [entry["name"] for entry in ledger["entries"]]
    return [*own, *["one more"] * wanted][:wanted]


def row(outcome: Outcome) -> str:
    """One line of the table."""
    counts = " ".join(f"{number:5}" for number in outcome.counts.values()) or " " * 23
    name = outcome.name if len(outcome.name) <= 60 else f"…{outcome.name[-59:]}"
    return f"{name:60} {counts} {outcome.seconds:5.1f} s  {outcome.said[:120]}"


def main() -> None:
    program, folder, *more = sys.argv[1:]
    corpus = Path(folder).resolve()
    todo = documents(corpus, more)
    if not todo:
        sys.exit(f"there are no documents in {corpus}")
    with databases(corpus / "sql") as made, ThreadPoolExecutor(os.cpu_count()) as pool:
        todo += [Source(name, address, [], relations) for name, address, relations in made]
        outcomes = list(pool.map(lambda each: attempt(program, each), todo))
    print(f"{'document':60} {'ops':>5} {'gen.':>5} {'degr.':>5} {'skip.':>5}")
    for outcome in outcomes:
        print(row(outcome))
        for what in outcome.wrong:
            print(f"    WRONG {what}")
    said = collections.Counter("written" if outcome.counts else "refused" for outcome in outcomes)
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    totals = {name: sum(outcome.counts.get(name, 0) for outcome in outcomes) for name in ("source", "generated", "degraded", "skipped")}
    print(f"\n{len(outcomes)} sources in {len(LANGUAGES)} languages: {said['written']} written, {said['refused']} refused, {wrong} wrong")
    print(f"{totals['source']} operations, channels, tables and facts: {totals['generated']} generated, {totals['degraded']} degraded, {totals['skipped']} skipped")
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
