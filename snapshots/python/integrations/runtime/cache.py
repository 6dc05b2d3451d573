"""Remembers results for a while: oldest use forgotten first, none kept too long."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from integrations.runtime.clock import SYSTEM, Clock

V = TypeVar("V")


class TtlCache(Generic[V]):
    """At most `max_entries` values, each for `ttl_seconds`. Safe to share."""

    def __init__(
        self, max_entries: int, ttl_seconds: float, *, clock: Clock = SYSTEM
    ) -> None:
        """Start empty."""
        self._max_entries = max_entries
        self._ttl_seconds = ttl_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()

    def get(self, key: Hashable) -> V:
        """Return the value of `key`; raises `KeyError` when it is absent or too old."""
        with self._lock:
            expires_at, value = self._entries[key]
            if self._clock.now() >= expires_at:
                del self._entries[key]
                raise KeyError(key)
            self._entries.move_to_end(key)
            return value

    def put(self, key: Hashable, value: V) -> None:
        """Remember `value`, forgetting the entry unused for longest when full."""
        with self._lock:
            self._entries[key] = (self._clock.now() + self._ttl_seconds, value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        """Forget every value."""
        with self._lock:
            self._entries.clear()
