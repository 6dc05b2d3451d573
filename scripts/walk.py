"""Walks the README's first calls: prints each block of a page with its name, for a shell.

    scripts/walk.py PAGE FOLDER

Writes a file NAME.sh below FOLDER for each block of shell that follows a line `**NAME**…`.
"""

import re
import sys
from pathlib import Path

page, folder = Path(sys.argv[1]), Path(sys.argv[2])
section = page.read_text().partition("## First calls\n")[2].partition("\n## ")[0]
found = re.findall(r"^\*\*(\w+)\*\*[^\n]*\n```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
for name, lines in found:
    (folder / f"{name}.sh").write_text(lines)
print(*(name for name, _ in found))
