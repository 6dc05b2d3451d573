"""Models of several resources of Galaxy.

Written by integrate from galaxy.yaml; a class that ends in `Input` is a dict to send.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from integrations.runtime.models import Model


class User(Model):
    """A user."""

    id: int | None = None
    name: str | None = None
    email: str


class UserInput(TypedDict):
    """A user."""

    name: NotRequired[str]
    email: str
    password: str
