"""What is remembered, for how long, and what goes first."""

import pytest

from integrations.runtime.cache import TtlCache
from integrations.runtime.clock import FakeClock


def test_a_value_is_kept_until_it_is_too_old() -> None:
    clock = FakeClock()
    cache = TtlCache[int](9, 60.0, clock=clock)
    cache.put("a", 1)
    clock.advance(59.9)
    assert cache.get("a") == 1
    clock.advance(0.1)
    with pytest.raises(KeyError):
        cache.get("a")


def test_the_value_unused_for_longest_makes_room() -> None:
    cache = TtlCache[int](2, 60.0, clock=FakeClock())
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("c")) == (1, 3)
    with pytest.raises(KeyError):
        cache.get("b")


def test_values_can_be_forgotten() -> None:
    cache = TtlCache[int](2, 60.0, clock=FakeClock())
    cache.put("a", 1)
    cache.put("b", 2)
    cache.clear()
    for key in "ab":
        with pytest.raises(KeyError):
            cache.get(key)
