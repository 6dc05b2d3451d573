"""What is remembered, for how long, and what goes first."""

import asyncio

import pytest

from integrations.runtime.cache import TtlCache, cached, cached_async
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
    cache.discard("a")
    cache.discard("a")
    with pytest.raises(KeyError):
        cache.get("a")
    cache.clear()
    with pytest.raises(KeyError):
        cache.get("b")


def test_a_cached_function_runs_once_for_the_same_arguments() -> None:
    clock, calls = FakeClock(), list[int]()

    @cached(TtlCache[int](9, 60.0, clock=clock))
    def double(number: int, *, plus: int = 0) -> int:
        calls.append(number)
        return 2 * number + plus

    assert [double(2), double(2), double(2, plus=1)] == [4, 4, 5]
    assert calls == [2, 2]
    clock.advance(60.0)
    assert double(2) == 4
    assert calls == [2, 2, 2]


def test_an_error_is_not_remembered() -> None:
    failures = [ZeroDivisionError()]

    @cached(TtlCache[int](9, 60.0))
    def sometimes() -> int:
        if failures:
            raise failures.pop()
        return 1

    with pytest.raises(ZeroDivisionError):
        sometimes()
    assert sometimes() == 1


def test_an_async_function_is_cached_alike() -> None:
    calls = list[int]()

    @cached_async(TtlCache[int](9, 60.0))
    async def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    async def main() -> list[int]:
        return [await double(2), await double(2)]

    assert asyncio.run(main()) == [4, 4]
    assert calls == [2]
