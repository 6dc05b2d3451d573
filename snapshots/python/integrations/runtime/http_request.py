"""What an adapter asks of a service over HTTP, and what comes back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from urllib.parse import quote

from integrations.runtime.http_encoding import Body, Style, is_header_text, path, texts

T_co = TypeVar("T_co", covariant=True)

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
"""Methods that do no more when repeated. Source: RFC 9110, section 9.2.2."""

Security = tuple[tuple[str, ...], ...]
"""Alternatives, each of schemes that allow an operation together; `()` needs none."""

ANONYMOUS: Final[Security] = ((),)
"""The security of an operation that needs no credentials."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves who is calling, as headers and query parameters."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])


Authorize = Callable[[str, Security | None], Credentials]
"""Returns the credentials for an operation's name and security, on each attempt."""


@dataclass(frozen=True)
class Operation(Generic[T_co]):
    """What is fixed about one operation. Call it to get a request.

    Attributes:
        name: Its name in events, metrics and errors, such as `planets.get`.
        method: The HTTP method.
        path: Path below the base URL, with `{}` for each path parameter.
        decode: Reads the body of a successful reply; raises ValueError when it cannot.
        security: What allows the operation; None means the service's usual.
        accept: The media types asked for.
        idempotency_header: Header that marks repeats of one write as such; empty when
            the service knows none, and then only `REPEATABLE` methods are repeated.
        styles: How a query parameter is spelt, where `query_pairs` would not know.
        json_texts: The headers and cookies that are sent as JSON.
    """

    name: str
    method: str
    path: str
    decode: Callable[[bytes], T_co]
    security: Security | None = None
    accept: str = "application/json"
    idempotency_header: str = ""
    styles: Mapping[str, Style] = field(default_factory=dict[str, Style])
    json_texts: Collection[str] = ()

    def __call__(
        self,
        *segments: object,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        cookies: Mapping[str, object] | None = None,
        body: Body | None = None,
        idempotency_key: str | None = None,
    ) -> Request[T_co]:
        """Return a request; headers and cookies that are None are left out."""
        sent = texts(headers or {}, self.json_texts)
        if bad := [name for name, value in sent.items() if not is_header_text(value)]:
            raise ValueError(f"a header takes no line break or such: {', '.join(bad)}")
        if crumbs := texts(cookies or {}, self.json_texts).items():
            sent["cookie"] = "; ".join(f"{n}={quote(t, safe='')}" for n, t in crumbs)
        if self.idempotency_header:
            sent[self.idempotency_header] = idempotency_key or str(uuid.uuid4())
        return Request(self, path(self.path, *segments), query or {}, sent, body)


@dataclass(frozen=True)
class Request(Generic[T_co]):
    """One request, the same on each attempt.

    Attributes:
        operation: What it asks for.
        path: Path below the base URL, or a whole URL that the service gave.
        query: Parameters of the query; None is left out.
        headers: Headers besides the site's and the credentials.
        body: What it carries.
        guessed: Whether it may ask for more than there is: not found is no failure.
    """

    operation: Operation[T_co]
    path: str
    query: Mapping[str, object] = field(default_factory=dict[str, object])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Body | None = None
    guessed: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does no more than once."""
        operation = self.operation
        return operation.method in REPEATABLE or bool(operation.idempotency_header)


@dataclass(frozen=True)
class Reply(Generic[T_co]):
    """A successful reply: its body decoded into `value`, and the URL it came from."""

    value: T_co
    status: int
    headers: Mapping[str, str]
    url: str


def nothing(_content: bytes) -> None:
    """Read a reply that has no body, or none that matters."""


def raw(content: bytes) -> bytes:
    """Read a reply as it is."""
    return content


def text(content: bytes) -> str:
    """Read a reply that is text."""
    return content.decode()


def optional(decode: Callable[[bytes], T_co]) -> Callable[[bytes], T_co | None]:
    """Read a reply with `decode`, or as None where it has no body."""
    return lambda content: decode(content) if content else None
