"""Reads a JUnit report: prints how many tests passed, and fails where one was skipped, or none was run.

    scripts/none_skipped.py REPORT.xml
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as tree

LIVE = re.compile("live|bucket|on the server")


def main() -> None:
    cases = list(tree.parse(sys.argv[1]).iter("testcase"))
    skipped = [case for case in cases if case.find("skipped") is not None]
    for case in skipped:
        reason = case.find("skipped")
        said = "" if reason is None else reason.get("message") or reason.text or ""
        print(f"skipped: {case.get('classname')} {case.get('name')} {said}", file=sys.stderr)
    if skipped:
        sys.exit(f"{len(skipped)} of {len(cases)} were skipped although the server is there")
    live = [case for case in cases if LIVE.search(f"{case.get('classname')} {case.get('name')}")]
    if not live:
        sys.exit("no live test was run")
    print(f"{len(cases)} passed, {len(live)} of them live")


if __name__ == "__main__":
    main()
