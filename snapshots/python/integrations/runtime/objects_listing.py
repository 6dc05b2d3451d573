"""Listings of a store, as this project sees objects."""

# pyright: reportUnknownMemberType=false
# obstore's types also name those of `arro3`, which nothing here needs.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import obstore
from obstore.store import LocalStore, S3Store

from integrations.runtime.objects import PAGE_SIZE, Folder, ObjectInfo, info

if TYPE_CHECKING:
    from obstore import ListResult, ObjectMeta

Place = S3Store | LocalStore


def page(store: Place, prefix: str | None, after: str | None) -> Sequence[ObjectInfo]:
    """Return the next objects by key, up to a page of them."""
    listed = obstore.list(store, prefix, offset=after, chunk_size=PAGE_SIZE)
    if isinstance(store, LocalStore):
        return _first(listed.collect())
    metas: Sequence[ObjectMeta] = next(listed, ())
    return [info(meta) for meta in metas]


async def page_async(
    store: Place, prefix: str | None, after: str | None
) -> Sequence[ObjectInfo]:
    """Return the next objects by key, up to a page of them."""
    listed = obstore.list(store, prefix, offset=after, chunk_size=PAGE_SIZE)
    if isinstance(store, LocalStore):
        return _first(await listed.collect_async())
    metas: Sequence[ObjectMeta] = await anext(listed, ())
    return [info(meta) for meta in metas]


def folder(store: Place, prefix: str | None) -> Folder:
    """Return what lies directly below a prefix."""
    return _folder(obstore.list_with_delimiter(store, prefix))


async def folder_async(store: Place, prefix: str | None) -> Folder:
    """Return what lies directly below a prefix."""
    return _folder(await obstore.list_with_delimiter_async(store, prefix))


def _first(metas: Sequence[ObjectMeta]) -> Sequence[ObjectInfo]:
    """Return the first page by key: a folder gives all its files, in no order."""
    return sorted(map(info, metas), key=lambda found: found.key)[:PAGE_SIZE]


def _folder(result: ListResult[Sequence[ObjectMeta]]) -> Folder:
    objects = tuple(info(meta) for meta in result["objects"])
    return Folder(tuple(result["common_prefixes"]), objects)
