"""What is sent again, what is not, and what a failure is called."""

import asyncio
import socket
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.documents import AsyncDocuments, Config, Documents
from integrations.runtime.calls import Calls
from integrations.runtime.clock import FakeClock
from integrations.runtime.errors import (
    ConfigurationError,
    Conflict,
    DeadlineExceeded,
    IntegrationError,
    InvalidRequest,
    PermissionDenied,
    Unavailable,
    UnexpectedResponse,
)
from integrations.runtime.objects_testing import Reply, Request, fake_bucket
from integrations.runtime.secrets import Secret

BUSY = Reply(503, b"<Error><Code>InternalError</Code></Error>")
SLOW = Reply(503, b"<Error><Code>SlowDown</Code></Error>")
UPLOAD = Reply(
    200,
    b"<InitiateMultipartUploadResult><UploadId>u1</UploadId>"
    b"</InitiateMultipartUploadResult>",
)


@pytest.fixture
def byte_by_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand on every byte as it comes, not when there is a megabyte."""
    for module in ("objects_client", "objects_client_async"):
        monkeypatch.setattr(f"integrations.runtime.{module}.CHUNK_BYTES", 1)


def settings(endpoint: str) -> Config:
    return Config(
        bucket="bucket",
        prefix=None,
        endpoint=endpoint,
        path_style=True,
        access_key_id="AKIA",
        secret_access_key=Secret("very-secret"),
    )


def asked(
    replies: Sequence[Reply], work: Callable[[Documents], object]
) -> tuple[list[Request], FakeClock]:
    """Do `work` while the bucket answers so; return what it was asked."""
    clock = FakeClock()
    with fake_bucket(replies) as (endpoint, requests):
        work(Documents(settings(endpoint), calls=Calls("documents", clock=clock)))
    return requests, clock


def failing(replies: Sequence[Reply], work: Callable[[Documents], object]) -> list[str]:
    """Do `work`, which fails; return the methods that were asked."""
    seen: list[str] = []

    def attempt(objects: Documents) -> None:
        with pytest.raises(IntegrationError):
            work(objects)

    requests, _ = asked(replies, attempt)
    seen.extend(request.method for request in requests)
    return seen


def test_a_put_is_sent_again(tmp_path: Path) -> None:
    file = tmp_path / "body"
    file.write_bytes(b"hello")

    def put(objects: Documents) -> None:
        objects.put("a", b"hello")
        objects.put("a", file)
        with file.open("rb") as opened:
            objects.put("a", opened)

    requests, clock = asked([BUSY, Reply()] * 3, put)
    assert [request.body for request in requests] == [b"hello"] * 6
    assert len(clock.sleeps) == 3


def test_a_put_carries_its_checksum() -> None:
    requests, _ = asked([Reply()], lambda o: o.put("a", b"hello"))
    assert (
        requests[0].headers["x-amz-checksum-sha256"]
        == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    )


def test_a_conditional_put_is_not_sent_again() -> None:
    sent = failing([BUSY, Reply()], lambda o: o.put("a", b"x", if_absent=True))
    assert sent == ["PUT"]


def test_a_conditional_put_that_was_turned_away_is_sent_again() -> None:
    requests, _ = asked([SLOW, Reply()], lambda o: o.put("a", b"x", if_absent=True))
    assert [r.headers["if-none-match"] for r in requests] == ["*", "*"]


def test_a_body_that_can_be_read_once_is_not_sent_again() -> None:
    assert failing([UPLOAD, BUSY], lambda o: o.put("a", iter([b"x"])))[:2] == [
        "POST",
        "PUT",
    ]


def test_an_upload_in_parts_that_fails_is_aborted() -> None:
    sent = failing([UPLOAD, BUSY, Reply(204)], lambda o: o.put("a", iter([b"x"])))
    assert sent == ["POST", "PUT", "DELETE"]


@pytest.mark.usefixtures("byte_by_byte")
def test_reading_goes_on_where_the_connection_broke() -> None:
    first = Reply(200, b"01234", missing=5)
    rest = Reply(206, b"56789", {"Content-Range": "bytes 5-9/10"})
    found: list[bytes] = []
    requests, _ = asked([first, rest], lambda d: found.append(d.get("a").read()))
    assert found == [b"0123456789"]
    assert requests[1].headers["range"] == "bytes=5-9"
    assert requests[1].headers["if-match"] == '"1"'


@pytest.mark.usefixtures("byte_by_byte")
def test_reading_gives_up_when_nothing_more_comes() -> None:
    first = Reply(200, b"01234", missing=5)
    nothing = Reply(206, b"", {"Content-Range": "bytes 5-9/10"}, missing=5)
    assert (
        failing([first, nothing, nothing], lambda o: o.get("a").read()) == ["GET"] * 2
    )


def test_reading_does_not_mix_two_versions() -> None:
    first = Reply(200, b"01234", missing=5)

    def work(objects: Documents) -> None:
        with pytest.raises(Conflict):
            objects.get("a").read()

    asked([first, Reply(412)], work)


@pytest.mark.usefixtures("byte_by_byte")
def test_asyncio_goes_on_and_sends_again() -> None:
    async def main(endpoint: str) -> bytes:
        clock = FakeClock()
        calls = Calls("documents", clock=clock)
        objects = AsyncDocuments(settings(endpoint), calls=calls)
        await objects.put("a", b"x")
        return await (await objects.get("a")).read()

    first = Reply(200, b"01234", missing=5)
    rest = Reply(206, b"56789", {"Content-Range": "bytes 5-9/10"})
    with fake_bucket([BUSY, Reply(), first, rest]) as (endpoint, _):
        assert asyncio.run(main(endpoint)) == b"0123456789"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(403, b"<Error><Code>AccessDenied</Code></Error>"), PermissionDenied),
        (Reply(404, b"<Error><Code>NoSuchBucket</Code></Error>"), ConfigurationError),
        (Reply(416, b"<Error><Code>InvalidRange</Code></Error>"), InvalidRequest),
    ],
)
def test_each_failure_has_its_kind(reply: Reply, kind: type[IntegrationError]) -> None:
    def work(objects: Documents) -> None:
        with pytest.raises(kind) as caught:
            objects.get("a")
        assert "very-secret" not in str(caught.value)

    requests, clock = asked([reply], work)
    assert (len(requests), clock.sleeps) == (1, [])


def listing(*keys: str, size: int = 1) -> Reply:
    contents = "".join(
        f"<Contents><Key>{key}</Key><Size>{size}</Size>"
        "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
        for key in keys
    )
    text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}"
    return Reply(200, f"{text}</ListBucketResult>".encode())


def keys_of(*replies: Reply) -> list[str]:
    """Return what is listed, in blocking code and then with asyncio."""
    found: list[str] = []
    asked(replies, lambda o: found.extend(info.key for info in o.list()))

    async def main(endpoint: str) -> None:
        calls = Calls("documents", clock=FakeClock())
        objects = AsyncDocuments(settings(endpoint), calls=calls)
        found.extend([info.key async for info in objects.list()])

    with fake_bucket(replies) as (endpoint, _):
        asyncio.run(main(endpoint))
    return found


def test_listing_leaves_out_markers_of_folders() -> None:
    assert keys_of(listing("a/", size=0), Reply(404)) == []
    assert keys_of(listing("empty", size=0), Reply()) == ["empty", "empty"]


def test_listing_leaves_out_keys_that_no_operation_takes() -> None:
    assert keys_of(listing("a\\b", "c")) == ["c", "c"]


def test_listing_names_a_key_that_cannot_be_read() -> None:
    def work(objects: Documents) -> None:
        with pytest.raises(UnexpectedResponse, match="a//b"):
            list(objects.list())

    requests, _ = asked([listing("a//b")], work)
    assert len(requests) == 1


def test_a_missing_bucket_is_not_taken_for_a_deleted_object() -> None:
    missing = Reply(404, b"<Error><Code>NoSuchBucket</Code></Error>")

    def work(objects: Documents) -> None:
        with pytest.raises(ConfigurationError):
            objects.delete("a")

    async def main(endpoint: str) -> None:
        with pytest.raises(ConfigurationError):
            await AsyncDocuments(settings(endpoint)).delete("a")

    asked([missing], work)
    with fake_bucket([missing]) as (endpoint, _):
        asyncio.run(main(endpoint))


def test_no_request_outlives_the_time_for_the_operation() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        config = replace(settings(endpoint), timeout_seconds=0.3)
        started = time.monotonic()
        with pytest.raises((DeadlineExceeded, Unavailable)):
            Documents(config).put("a", b"x")
    assert time.monotonic() - started < 2


def test_limits_may_be_infinite() -> None:
    inf = float("inf")

    def work(objects: Documents) -> None:
        config = replace(
            settings(""), connect_seconds=inf, attempt_seconds=inf, timeout_seconds=inf
        )
        with fake_bucket([Reply()]) as (endpoint, _):
            Documents(replace(config, endpoint=endpoint)).put("a", b"x")

    asked([], work)


def test_a_hang_up_is_unavailable_after_three_attempts() -> None:
    def work(objects: Documents) -> None:
        with pytest.raises(Unavailable):
            objects.head("a")

    requests, clock = asked([Reply(0)] * 3, work)
    assert (len(requests), len(clock.sleeps)) == (3, 2)


def test_a_signed_url_expires_within_a_week() -> None:
    objects = Documents(settings("http://127.0.0.1:9"))
    url = urlsplit(objects.sign_get("a/b", expires_seconds=60))
    assert url.path == "/bucket/a/b"
    assert parse_qs(url.query)["X-Amz-Expires"] == ["60"]
    for seconds in (0, 604_801):
        with pytest.raises(InvalidRequest):
            objects.sign_put("a", expires_seconds=seconds)


def test_live_a_signed_url_works_without_credentials(live_config: Config) -> None:
    objects = Documents(live_config)
    request = urllib.request.Request(objects.sign_put("a"), data=b"hello", method="PUT")
    request.add_header("Content-Type", "application/octet-stream")
    urllib.request.urlopen(request).close()
    with urllib.request.urlopen(objects.sign_get("a")) as reply:
        assert reply.read() == b"hello"


def test_an_empty_prefix_takes_the_usual_one_away() -> None:
    assert Config.from_env({}).prefix == "2026"
    assert Config.from_env({"DOCUMENTS_PREFIX": ""}).prefix is None


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("very-secret\n")
    config = Config.from_env(
        {
            "DOCUMENTS_ENDPOINT": "https://s3.example.com",
            "DOCUMENTS_ACCESS_KEY_ID": "AKIA",
            "DOCUMENTS_SECRET_ACCESS_KEY_FILE": str(secret),
        }
    )
    assert config.secret_access_key == Secret("very-secret")
    assert "very-secret" not in repr(config)
    with pytest.raises(ConfigurationError, match="need one another"):
        Config.from_env({"DOCUMENTS_ACCESS_KEY_ID": "AKIA"})
