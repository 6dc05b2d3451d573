"""The bucket `acme-documents`: start with `Documents()` or `AsyncDocuments()`.

Written by integrate from answers; yours to edit, under no licence of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.documents.config import Config
from integrations.runtime.objects_client import Objects
from integrations.runtime.objects_client_async import AsyncObjects
from integrations.runtime.objects_store import open_store

if TYPE_CHECKING:
    from integrations.runtime.calls import Calls


class Documents(Objects):
    """The objects of `acme-documents`. Threads may share it."""

    def __init__(
        self, config: Config | None = None, *, calls: Calls | None = None
    ) -> None:
        """Connect when first used; None means `Config.from_env()`."""
        config = config or Config.from_env()
        calls = calls or config.calls()
        super().__init__(open_store(calls.service, config), calls)


class AsyncDocuments(AsyncObjects):
    """The objects of `acme-documents`, for asyncio. Tasks may share it."""

    def __init__(
        self, config: Config | None = None, *, calls: Calls | None = None
    ) -> None:
        """Connect when first used; None means `Config.from_env()`."""
        config = config or Config.from_env()
        calls = calls or config.calls()
        super().__init__(open_store(calls.service, config), calls)
