"""The messages of an adapter: what they hold, and how bytes become them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json, to_jsonable_python

from integrations.runtime.broker import Delivery, HeaderValue, Message

P = TypeVar("P")
H = TypeVar("H")
H_co = TypeVar("H_co", covariant=True)

RawHeaders = dict[str, HeaderValue]
"""The headers of a message of which no description says what they are."""

ATTEMPT = "x-attempt"
ORIGINAL_EXCHANGE = "x-original-exchange"
ORIGINAL_ROUTING_KEY = "x-original-routing-key"


class OutgoingType(Generic[P, H]):
    """One kind of message we send: payload `P`, headers `H`."""

    def __init__(
        self, name: str, *, correlation_header: str = "", may_be_empty: bool = False
    ) -> None:
        """Describe it.

        Args:
            name: Its name in the description; travels as the message's `type`.
            correlation_header: Also holds the correlation id, besides the property.
            may_be_empty: Whether None is sent as an empty body, and not as `null`.
        """
        self.name = name
        self._correlation_header = correlation_header
        self._may_be_empty = may_be_empty

    def encode(
        self, payload: P, headers: H, *, message_id: str, correlation_id: str
    ) -> Message:
        """Return the message to send."""
        known: dict[str, HeaderValue] = to_jsonable_python(headers or {})
        if self._correlation_header:
            known[self._correlation_header] = correlation_id
        is_empty = self._may_be_empty and payload is None
        return Message(
            b"" if is_empty else to_json(payload),
            id=message_id,
            type=self.name,
            correlation_id=correlation_id,
            headers=known,
        )


class IncomingType(Generic[P, H]):
    """One kind of message we receive: payload `P`, headers `H`."""

    def __init__(
        self,
        name: str,
        payload: TypeAdapter[P],
        headers: TypeAdapter[H],
        *,
        may_be_empty: bool = False,
    ) -> None:
        """Describe it; `name` is the one in the description.

        `may_be_empty` is whether an empty body is a payload, None.
        """
        self.name = name
        self._payload = payload
        self._headers = headers
        self._may_be_empty = may_be_empty

    def decode(self, message: Message) -> tuple[P, H]:
        """Return payload and headers; raises `ValueError` when they do not fit."""
        try:
            headers = self._headers.validate_python(message.headers)
            if self._may_be_empty and not message.body:
                return self._payload.validate_python(None), headers
            return self._payload.validate_json(message.body), headers
        except ValidationError as error:
            raise ValueError(f"not {self.name}: {_first(error)}") from error


@dataclass(frozen=True, slots=True)
class Received(Generic[H_co]):
    """What came with a payload.

    Attributes:
        message_id: The same each time this message is delivered; may be empty.
        correlation_id: The one that came with it, else the one events and logs carry.
        attempt: How often a handler has been given it, this time included.
        parameters: What the routing key says, by name.
    """

    message_id: str
    correlation_id: str
    headers: H_co
    exchange: str
    routing_key: str
    parameters: Mapping[str, str]
    attempt: int


def received(
    delivery: Delivery, headers: H, address: str, correlation_id: str
) -> Received[H]:
    """Describe a delivery; one that was retried keeps its first routing key."""
    known = delivery.message.headers
    routing_key = str(known.get(ORIGINAL_ROUTING_KEY, delivery.routing_key))
    return Received(
        message_id=delivery.message.id,
        correlation_id=correlation_id,
        headers=headers,
        exchange=str(known.get(ORIGINAL_EXCHANGE, delivery.exchange)),
        routing_key=routing_key,
        parameters=parameters(address, routing_key),
        attempt=attempt(delivery.message),
    )


def attempt(message: Message) -> int:
    """Return how often handlers have been given a message, this time included."""
    value = message.headers.get(ATTEMPT)
    return value if isinstance(value, int) and value > 0 else 1


def routing_key(address: str, /, **values: str) -> str:
    """Fill the `{names}` of an address; a value must be one word of a routing key."""
    for name, value in values.items():
        if not re.fullmatch(rf"[^{_parting(address)}*#\s]+", value):
            raise ValueError(f"{name} cannot be part of a routing key: {value!r}")
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], address)


def parameters(address: str, routing_key: str) -> dict[str, str]:
    """Return the values of an address's `{names}`; none when the key does not fit."""
    names = re.findall(r"\{(\w+)\}", address)
    parts = re.split(r"\{\w+\}", address)
    word = f"([^{_parting(address)}]+)"
    found = re.fullmatch(word.join(map(re.escape, parts)), routing_key)
    return dict(zip(names, found.groups(), strict=True)) if found else {}


def _parting(address: str) -> str:
    """Return what parts the words of an address: dots, and slashes where it has any."""
    return "./" if "/" in address else "."


def _first(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else problem["msg"]
