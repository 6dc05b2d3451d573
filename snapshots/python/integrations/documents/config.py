"""Settings of `documents`: from arguments, the environment or secret files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from integrations.runtime.calls import Calls
from integrations.runtime.objects_store import BucketOptions
from integrations.runtime.retry import Retry
from integrations.runtime.secrets import Settings


@dataclass(frozen=True, kw_only=True)
class Config(BucketOptions):
    """How to reach `acme-documents`, and how long to try.

    Attributes:
        timeout_seconds: Time for a whole operation, retries included.
        attempts: How often an operation that may be repeated is tried.
    """

    bucket: str = "acme-documents"
    prefix: str | None = "2026"
    region: str = "eu-central-1"
    timeout_seconds: float = 300.0
    attempts: int = 3

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `DOCUMENTS_*`; raises one `ConfigurationError` for all that is wrong."""
        settings = Settings("documents", "DOCUMENTS_", environ)
        folder = settings.optional_text("FOLDER")
        config = cls(
            bucket=settings.text("BUCKET", "acme-documents"),
            prefix=settings.optional_text("PREFIX", "2026"),
            folder=None if folder is None else Path(folder),
            endpoint=settings.optional_text("ENDPOINT"),
            region=settings.text("REGION", "eu-central-1"),
            path_style=settings.flag("PATH_STYLE", default=False),
            access_key_id=settings.optional_text("ACCESS_KEY_ID"),
            secret_access_key=settings.optional_secret("SECRET_ACCESS_KEY"),
            session_token=settings.optional_secret("SESSION_TOKEN"),
            connect_seconds=settings.number("CONNECT_SECONDS", 5.0),
            attempt_seconds=settings.number("ATTEMPT_SECONDS", 30.0),
            timeout_seconds=settings.number("TIMEOUT_SECONDS", 300.0),
            attempts=settings.integer("ATTEMPTS", 3),
        )
        if (config.access_key_id is None) != (config.secret_access_key is None):
            settings.problem(
                "DOCUMENTS_ACCESS_KEY_ID and _SECRET_ACCESS_KEY need one another"
            )
        parts = (config.prefix or "all").strip("/").split("/")
        if not {"", ".", ".."}.isdisjoint(parts):
            settings.problem("DOCUMENTS_PREFIX must be names between single slashes")
        settings.check()
        return config

    def calls(self) -> Calls:
        """Return what runs the operations."""
        retry = Retry(attempts=self.attempts, deadline_seconds=self.timeout_seconds)
        return Calls("documents", retry=retry)
