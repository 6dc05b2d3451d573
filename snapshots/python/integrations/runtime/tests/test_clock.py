"""Both clocks keep the same promises."""

import asyncio
import time

from integrations.runtime.clock import SYSTEM, FakeClock


def test_the_system_clock_is_the_machine_s() -> None:
    assert abs(SYSTEM.unix() - time.time()) < 60
    before = SYSTEM.now()
    SYSTEM.sleep(0.0)
    asyncio.run(SYSTEM.sleep_async(0.0))
    assert SYSTEM.now() >= before


def test_a_fake_clock_moves_only_when_told() -> None:
    clock = FakeClock(now=10.0, unix=1_000.0)
    clock.sleep(2.0)
    asyncio.run(clock.sleep_async(3.0))
    clock.advance(5.0)
    assert (clock.now(), clock.unix(), clock.sleeps) == (20.0, 1_010.0, [2.0, 3.0])
