"""Functions that remember what they returned."""

import asyncio

import pytest

from integrations.runtime.cache import TtlCache
from integrations.runtime.cached import cached, cached_async
from integrations.runtime.clock import FakeClock


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
