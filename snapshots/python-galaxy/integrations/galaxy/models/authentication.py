"""Models of the resource `authentication` of Galaxy.

Written by integrate from galaxy.yaml; a class that ends in `Input` is a dict to send.
"""

from __future__ import annotations

from integrations.runtime.models import Model


class Token(Model):
    """A token to authenticate a user."""

    token: str | None = None
