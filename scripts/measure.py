"""Runs a command and prints what it cost, held to bars where they are given.

    scripts/measure.py [--cpu SECONDS] [--wall SECONDS] [--memory MEGABYTES] [--times N] [--output FILE] LABEL COMMAND...

Of several runs the quickest counts, and the largest: what else the machine was doing is not the command's.
Memory over its bar is an error. Time over its bar is said, and no error: it is the machine's as well
(`scripts/bench` holds ratios).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import IO


def run(command: list[str], output: IO[bytes]) -> dict[str, float]:
    """Run once; what it printed is shown if it failed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=output)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status != 0:
        output.seek(0)
        sys.stdout.buffer.write(output.read())
        sys.exit(f"{command[0]} failed with {os.waitstatus_to_exitcode(status)}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "memory": megabytes(usage)}


def megabytes(usage: resource.struct_rusage) -> float:
    """Peak memory; macOS counts in bytes, Linux in kilobytes."""
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpu", type=float, help="at most so many CPU seconds")
    parser.add_argument("--wall", type=float, help="at most so many seconds by the clock")
    parser.add_argument("--memory", type=float, help="at most so many megabytes")
    parser.add_argument("--times", type=int, default=1, help="how often to run")
    parser.add_argument("--output", help="where to write what the command prints")
    parser.add_argument("label")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    with open(asked.output, "w+b") if asked.output else tempfile.TemporaryFile() as output:
        runs = [run(asked.command, output) for _ in range(asked.times)]
    costs = {name: min(run[name] for run in runs) for name in ("cpu", "wall")}
    costs["memory"] = max(run["memory"] for run in runs)
    bars = {"cpu": asked.cpu, "wall": asked.wall, "memory": asked.memory}
    units = {"cpu": "CPU-s", "wall": "s by the clock", "memory": "MB"}
    said = [f"{costs[name]:.3g} {unit}{of_bar(costs[name], bars[name])}" for name, unit in units.items()]
    print(f"{asked.label:<20} {', '.join(said)}", flush=True)
    if asked.memory and costs["memory"] > asked.memory:
        sys.exit(f"{asked.label}: more memory than the bar")


def of_bar(cost: float, bar: float | None) -> str:
    if bar is None:
        return ""
    return f" of {bar:g}" + (" (OVER THE BAR)" if cost > bar else "")



if __name__ == "__main__":
    main()
