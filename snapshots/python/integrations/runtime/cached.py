"""Decorators for functions whose results are remembered for a while."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from integrations.runtime.cache import TtlCache

P = ParamSpec("P")
V = TypeVar("V")


def cached(cache: TtlCache[V]) -> Callable[[Callable[P, V]], Callable[P, V]]:
    """Decorate a function to be called once for the same arguments while it keeps.

    The arguments must be hashable. Errors are not remembered. Give each function its
    own cache.
    """

    def decorate(function: Callable[P, V]) -> Callable[P, V]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> V:
            key = (args, frozenset(kwargs.items()))
            try:
                return cache.get(key)
            except KeyError:
                value = function(*args, **kwargs)
            cache.put(key, value)
            return value

        return wrapper

    return decorate


def cached_async(
    cache: TtlCache[V],
) -> Callable[[Callable[P, Awaitable[V]]], Callable[P, Awaitable[V]]]:
    """Decorate an async function like `cached`."""

    def decorate(function: Callable[P, Awaitable[V]]) -> Callable[P, Awaitable[V]]:
        @functools.wraps(function)
        async def wrapper(*args: P.args, **kwargs: P.kwargs) -> V:
            key = (args, frozenset(kwargs.items()))
            try:
                return cache.get(key)
            except KeyError:
                value = await function(*args, **kwargs)
            cache.put(key, value)
            return value

        return wrapper

    return decorate
