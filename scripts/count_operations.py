"""Counts what a document offers, without the reader that is being checked.

    scripts/count_operations.py FILE                  prints the number of operations
    scripts/count_operations.py FILE RESULT.json...   and holds the ledgers that `create --format json` printed to it

A ledger must have as many entries as the document has operations, by the same names, and nothing skipped.
"""

from __future__ import annotations

import collections
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def load(path: Path) -> Any:
    """Read JSON or YAML."""
    text = path.read_text(encoding="utf-8-sig")
    if text.lstrip().startswith("{"):
        return json.loads(text)
    import yaml

    return yaml.load(text, Loader=yaml.CSafeLoader)


def operations(document: Any) -> list[str]:
    """The operations of an OpenAPI or Swagger document, as `METHOD /path`."""
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(paths, dict):
        return []
    return [
        f"{method.upper()} {path if path.startswith('/') else '/' + path}"
        for path, item in paths.items()
        if not path.startswith("x-")
        for method in METHODS
        if isinstance(followed(document, item).get(method), dict)
    ]


def followed(document: dict[str, Any], item: Any) -> dict[str, Any]:
    """A path item, where it stands or where its reference within the document leads."""
    for _ in range(10):
        reference = item.get("$ref") if isinstance(item, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        item = document
        for step in reference.removeprefix("#/").split("/"):
            item = item[unquote(step).replace("~1", "/").replace("~0", "~")]
    return item if isinstance(item, dict) else {}


def differences(wanted: list[str], ledger: dict[str, Any]) -> list[str]:
    """What a ledger gets wrong about a document with these operations."""
    outcomes = ("generated", "degraded", "skipped", "excluded")
    counted = collections.Counter(wanted)
    named = collections.Counter(entry["name"] for entry in ledger["entries"])
    wrong = [
        f"{name}: {named[name]} times in the ledger, {counted[name]} in the document"
        for name in counted | named
        if named[name] != counted[name]
    ]
    total = sum(ledger[outcome] for outcome in outcomes)
    if not ledger["source"] == total == len(wanted):
        wrong.append(f"the ledger says {ledger['source']} and adds up to {total}, the document has {len(wanted)}")
    for entry in ledger["entries"]:
        if entry["outcome"] != "generated" and not entry["reasons"]:
            wrong.append(f"{entry['name']}: {entry['outcome']} without a reason")
    return wrong


def main() -> None:
    document, *results = (Path(name) for name in sys.argv[1:])
    wanted = operations(load(document))
    for result in results:
        ledger = json.loads(result.read_text(encoding="utf-8"))["ledger"]
        wrong = differences(wanted, ledger)
        if ledger["skipped"]:
            wrong.append(f"{ledger['skipped']} skipped")
        if wrong:
            sys.exit("\n".join(wrong[:20]))
        done = f"{ledger['generated']} generated, {ledger['degraded']} degraded, none skipped"
        print(f"{'ledger':<20} {ledger['source']} operations, as counted in the document: {done}")
    if not results:
        print(len(wanted))


if __name__ == "__main__":
    main()
