"""The Bookshop client, blocking and not. Its resources are imported when first used."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

import httpx2 as httpx

from integrations.bookshop.config import Config
from integrations.runtime.calls import Calls
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_site import Site
from integrations.runtime.retry import Retry

if TYPE_CHECKING:
    from integrations.bookshop.resources.books import AsyncBooks, Books
    from integrations.bookshop.resources.orders import AsyncOrders, Orders


class Bookshop:
    """Calls Bookshop. Share one between threads; close it, or use it in `with`.

    Every method takes `timeout_seconds`, the time for the whole call, retries included
    (for each page where it yields items); None means the setting. Every method raises
    an `IntegrationError` of `runtime.errors`; those it names are the documented ones.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        calls: Calls | None = None,
        client: httpx.Client | None = None,
    ) -> None:
        """Connect as `config` says; None reads the environment.

        `calls` shares metrics, events or a clock; `config` says what it was made without.

        Raises:
            ConfigurationError: Settings are missing or cannot work.
        """
        self.http = HttpTransport(_site(config, calls), client)

    @cached_property
    def books(self) -> Books:
        """The operations of `books`."""
        from integrations.bookshop.resources.books import Books

        return Books(self.http)

    @cached_property
    def orders(self) -> Orders:
        """The operations of `orders`."""
        from integrations.bookshop.resources.orders import Orders

        return Orders(self.http)

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def __enter__(self) -> Self:
        """Return the client; the block's end closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()


class AsyncBookshop:
    """Calls Bookshop without blocking, like `Bookshop`."""

    def __init__(
        self,
        config: Config | None = None,
        *,
        calls: Calls | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        """Connect as `config` says; None reads the environment.

        `calls` shares metrics, events or a clock; `config` says what it was made without.

        Raises:
            ConfigurationError: Settings are missing or cannot work.
        """
        self.http = AsyncHttpTransport(_site(config, calls), client)

    @cached_property
    def books(self) -> AsyncBooks:
        """The operations of `books`."""
        from integrations.bookshop.resources.books import AsyncBooks

        return AsyncBooks(self.http)

    @cached_property
    def orders(self) -> AsyncOrders:
        """The operations of `orders`."""
        from integrations.bookshop.resources.orders import AsyncOrders

        return AsyncOrders(self.http)

    async def close(self) -> None:
        """Close the connections."""
        await self.http.close()

    async def __aenter__(self) -> Self:
        """Return the client; the block's end closes it."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.close()


def _site(config: Config | None, calls: Calls | None) -> Site:
    """Return where requests go and what goes with each, checked before the first."""
    config = Config.from_env() if config is None else config
    config.check()
    calls = (calls or Calls("bookshop")).with_defaults(
        retry=Retry(attempts=config.attempts, deadline_seconds=config.timeout_seconds),
        per_second=config.calls_per_second,
        burst=config.burst,
    )
    return Site(
        calls,
        config.base_url,
        authorize=config.authorizer(),
        attempt_seconds=config.attempt_seconds,
    )
