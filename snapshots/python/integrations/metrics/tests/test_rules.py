"""The rules for Prometheus: they fit the metrics, and fire when they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from integrations.metrics import Metrics, MetricsConfig
from integrations.runtime.events import Events
from integrations.runtime.metrics import Metrics as CallMetrics

RULES = Path(__file__).parent.parent / "prometheus"
PROMTOOL = shutil.which("promtool") or ""
promtool = pytest.mark.skipif(not PROMTOOL, reason="promtool is not installed")


def page() -> bytes:
    calls = CallMetrics()
    calls.record("galaxy", "planets.get", seconds=0.1)
    metrics = Metrics(MetricsConfig(process=False), metrics=calls, events=Events())
    return metrics.page()[0]


def run(*arguments: str, stdin: bytes = b"") -> str:
    done = subprocess.run(
        [PROMTOOL, *arguments], input=stdin, capture_output=True, check=False, cwd=RULES
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("name", ["recording.yaml", "alerts.yaml"])
def test_rules_use_only_metrics_that_exist(name: str) -> None:
    rules = (RULES / name).read_text(encoding="utf-8")
    rules = re.sub(r"(?m)^ *(summary|description): .*$", "", rules)
    metric = r"(?<![\w:])(?:integration|shop)_\w+(?=[\[{]| [<>])"
    used = set(re.findall(metric, rules))
    assert used
    shown = set(re.findall(r"# TYPE (\w+)", page().decode()))
    assert {re.sub("_bucket$", "", each) for each in used} <= shown


@promtool
def test_the_metrics_are_well_formed() -> None:
    assert run("check", "metrics", stdin=page()) == ""


@promtool
def test_the_rules_are_well_formed() -> None:
    assert "FAILED" not in run("check", "rules", "recording.yaml", "alerts.yaml")


@promtool
def test_the_alerts_fire_when_they_should() -> None:
    assert "SUCCESS" in run("test", "rules", "alerts.test.yaml")
