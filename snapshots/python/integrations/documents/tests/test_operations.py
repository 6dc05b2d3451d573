"""Every operation, on a folder and, where there is one, on a bucket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from integrations.documents import AsyncDocuments, Config, Documents
from integrations.runtime.errors import Conflict, InvalidRequest, NotFound

LARGE = bytes(range(256)) * 70_000  # three parts of at most 8 MiB


def test_get_returns_what_was_put(objects: Documents) -> None:
    put = objects.put(
        "a/b ü#%.txt", b"hello", content_type="text/plain", metadata={"author": "me"}
    )
    content = objects.get("a/b ü#%.txt")
    assert content.read() == b"hello"
    assert content.content_type == "text/plain"
    assert content.metadata == {"author": "me"}
    assert (content.info.key, content.info.size) == ("a/b ü#%.txt", 5)
    assert content.info.etag == put.etag


def test_get_returns_a_range(objects: Documents) -> None:
    objects.put("a", b"0123456789")
    assert objects.get("a", start=2, end=4).read() == b"23"
    assert objects.get("a", start=7).read() == b"789"
    assert objects.get("a", end=3).read() == b"012"


def test_get_raises_not_found(objects: Documents) -> None:
    with pytest.raises(NotFound):
        objects.get("nothing")
    with pytest.raises(NotFound):
        objects.head("nothing")
    with pytest.raises(NotFound):
        objects.copy("nothing", "b")


def test_put_takes_any_body(objects: Documents, tmp_path: Path) -> None:
    file = tmp_path / "body"
    file.write_bytes(b"file")
    objects.put("path", file)
    objects.put("opened", BytesIO(b"opened"))
    objects.put("pieces", iter([b"pie", b"ces"]))
    found = [objects.get(key).read() for key in ("path", "opened", "pieces")]
    assert found == [b"file", b"opened", b"pieces"]


def test_put_sends_a_large_body_in_parts(objects: Documents) -> None:
    objects.put("large", LARGE)
    assert objects.head("large").size == len(LARGE)
    assert objects.get("large").read() == LARGE


def test_put_leaves_nothing_of_a_body_that_fails(objects: Documents) -> None:
    def body() -> Iterator[bytes]:
        yield LARGE
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="the disk went away"):
        objects.put("half", body())
    with pytest.raises(NotFound):
        objects.head("half")


def test_put_if_absent_never_replaces(objects: Documents) -> None:
    objects.put("a", b"first", if_absent=True)
    with pytest.raises(Conflict):
        objects.put("a", b"second", if_absent=True)
    assert objects.get("a").read() == b"first"
    objects.put("a", b"third")
    assert objects.get("a").read() == b"third"


def test_list_yields_the_objects_below_a_prefix_by_key(objects: Documents) -> None:
    for key in ("b/2", "b/1", "a", "bc"):
        objects.put(key, b"x")
    assert [found.key for found in objects.list()] == ["a", "b/1", "b/2", "bc"]
    assert [found.key for found in objects.list("b")] == ["b/1", "b/2"]
    assert [found.key for found in objects.list("b/")] == ["b/1", "b/2"]
    assert list(objects.list("nothing")) == []


def test_list_follows_pages(
    objects: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("objects_client", "objects_listing"):
        monkeypatch.setattr(f"integrations.runtime.{module}.PAGE_SIZE", 2)
    for key in "edcba":
        objects.put(key, b"x")
    assert [found.key for found in objects.list()] == list("abcde")


def test_folder_shows_one_level(objects: Documents) -> None:
    for key in ("a/1", "a/b/2", "c"):
        objects.put(key, b"x")
    top = objects.folder()
    assert (top.folders, [found.key for found in top.objects]) == (("a",), ["c"])
    below = objects.folder("a")
    assert (below.folders, [f.key for f in below.objects]) == (("a/b",), ["a/1"])


def test_delete_is_no_error_when_there_is_nothing(objects: Documents) -> None:
    objects.put("a", b"x", metadata={"author": "me"})
    objects.delete("a")
    objects.delete("a")
    with pytest.raises(NotFound):
        objects.head("a")
    objects.put("a", b"x")
    assert objects.get("a").metadata == {}


def test_copy_copies_bytes_and_attributes(objects: Documents) -> None:
    objects.put("a", b"x", content_type="text/plain", metadata={"author": "me"})
    objects.copy("a", "b/c")
    copied = objects.get("b/c")
    assert (copied.read(), copied.content_type) == (b"x", "text/plain")
    assert copied.metadata == {"author": "me"}


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/./b",
        "a\\b",
        "a\0",
        "é" * 513,
    ],
)
def test_keys_that_lead_elsewhere_are_refused(
    config: Config, key: str, tmp_path: Path
) -> None:
    objects = Documents(config)
    with pytest.raises(InvalidRequest):
        objects.put(key, b"x")
    with pytest.raises(InvalidRequest):
        objects.get(key)
    with pytest.raises(InvalidRequest):
        objects.delete(key)
    with pytest.raises(InvalidRequest):
        objects.copy("a", key)
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


def test_attributes_that_cannot_be_sent_are_refused(objects: Documents) -> None:
    with pytest.raises(InvalidRequest):
        objects.put("a", b"x", metadata={"Content-Type": "text/plain"})
    with pytest.raises(InvalidRequest):
        objects.put("a", b"x", metadata={"author": "a\r\nb: c"})
    with pytest.raises(InvalidRequest):
        objects.get("a", start=3, end=3)


def test_asyncio_does_the_same(async_objects: AsyncDocuments) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"pie"
        yield b"ces"

    async def main() -> None:
        objects = async_objects
        await objects.put("a/1", body(), content_type="text/plain")
        await objects.put("a/2", b"x", metadata={"author": "me"})
        content = await objects.get("a/1", start=1)
        assert (await content.read(), content.content_type) == (b"ieces", "text/plain")
        with pytest.raises(Conflict):
            await objects.put("a/1", b"x", if_absent=True)
        await objects.copy("a/2", "b")
        assert (await objects.get("b")).metadata == {"author": "me"}
        assert (await objects.head("b")).size == 1
        assert [found.key async for found in objects.list("a")] == ["a/1", "a/2"]
        assert (await objects.folder()).folders == ("a",)
        await objects.delete("b")
        with pytest.raises(NotFound):
            await objects.get("b")

    asyncio.run(main())
