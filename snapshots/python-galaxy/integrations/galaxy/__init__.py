"""Scalar Galaxy: its operations as methods of `Galaxy` and `AsyncGalaxy`.

Written by integrate from galaxy.yaml (version 0.2.20). Yours to edit, under no licence
of the generator; `README.md` says how to use and test it.
"""

from integrations.galaxy.client import AsyncGalaxy, Galaxy
from integrations.galaxy.config import Config

__all__ = ["AsyncGalaxy", "Config", "Galaxy"]
