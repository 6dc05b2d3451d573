"""An HTTP server on this machine that answers a store as tests tell it to."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers.

    Attributes:
        status: The HTTP status; 0 hangs up without an answer.
        body: What it sends.
        headers: What it says besides length, date and tag.
        missing: How many bytes of `Content-Length` it never sends.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@contextmanager
def fake_bucket(replies: Sequence[Reply]) -> Generator[tuple[str, list[Request]]]:
    """Answer with `replies`, one a request; give the URL and what was asked."""
    left, asked = list(replies), list[Request]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            asked.append(Request(self.command, self.path, headers, body))
            reply = left.pop(0) if left else Reply(501)
            self.close_connection = True
            if reply.status == 0:
                return
            self.send_response(reply.status)
            known = {
                "Content-Length": str(len(reply.body) + reply.missing),
                "Last-Modified": DATE,
                "ETag": '"1"',
                "Connection": "close",
            }
            for name, value in {**known, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        def log_message(self, *args: object, **more: object) -> None:
            """Say nothing."""

    for method in ("GET", "PUT", "POST", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
