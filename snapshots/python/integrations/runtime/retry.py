"""When to try again, and how long to wait first."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from integrations.runtime.errors import IntegrationError

SECONDS = re.compile(r"-?\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Retry:
    """Exponential backoff with full jitter, within a deadline for the whole call.

    Attributes:
        attempts: How often an operation is tried, the first time included.
        base_seconds: Longest wait before the second attempt; doubles each time.
        cap_seconds: Longest wait of all, unless the service asks for more.
        deadline_seconds: Time for the whole call, waits included.
        jitter: Picks the share of the longest wait, from 0 to 1.
    """

    attempts: int = 3
    base_seconds: float = 0.5
    cap_seconds: float = 30.0
    deadline_seconds: float = 60.0
    jitter: Callable[[], float] = random.random

    def wait_seconds(
        self, error: IntegrationError, *, attempt: int, repeatable: bool, left: float
    ) -> float | None:
        """Return how long to wait before the next attempt, or None to give up.

        Args:
            error: What ended the attempt.
            attempt: Number of the attempt that failed, counting from 1.
            repeatable: Doing the operation twice does no harm.
            left: Seconds left of the deadline.
        """
        allowed = error.retryable and (repeatable or error.not_applied)
        if not allowed or attempt >= self.attempts:
            return None
        longest = min(self.cap_seconds, self.base_seconds * 2.0 ** (attempt - 1))
        wait = max(longest * self.jitter(), error.retry_after_seconds or 0.0)
        return wait if wait < left else None


def retry_after_seconds(value: str | None, unix_now: float) -> float | None:
    """Read a `Retry-After` header, in seconds or as a date; None when it says nothing.

    Source: RFC 9110, section 10.2.3.
    """
    if value is None:
        return None
    if SECONDS.fullmatch(value.strip()):
        return max(0.0, float(value))
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - unix_now)
    except (ValueError, OverflowError):
        return None
