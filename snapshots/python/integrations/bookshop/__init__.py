"""Bookshop: its operations as methods of `Bookshop` and `AsyncBookshop`.

Written by integrate from openapi.yaml (version 1.4.0). Yours to edit, under no licence
of the generator; `README.md` says how to use and test it.
"""

from integrations.bookshop.client import AsyncBookshop, Bookshop
from integrations.bookshop.config import Config

__all__ = ["AsyncBookshop", "Bookshop", "Config"]
