"""What the models of all adapters have in common.

Reading is lenient where services change by themselves (fields they add are ignored,
values they add to an enum are kept), and strict where code relies on the promise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeGuard

from pydantic import BaseModel, ConfigDict

DEFERRED: Final = ConfigDict(defer_build=True, hide_input_in_errors=True)
"""For a `TypeAdapter`: build its validator when it is first used, not on import."""


class Model(BaseModel):
    """A reply, or a part of one. Absent fields are None; see `model_fields_set`."""

    model_config = ConfigDict(
        defer_build=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )


def by_tag(field: str, *known: str) -> Callable[[object], str]:
    """Return what picks a union's member by `field`, or "" for a tag unknown today."""

    def tag(value: object) -> str:
        found: object
        if _is_mapping(value):
            found = value.get(field)
        else:
            found = getattr(value, _attribute(type(value), field), None)
        return found if isinstance(found, str) and found in known else ""

    return tag


def _attribute(kind: type[object], field: str) -> str:
    """Return how a model spells the field."""
    known = kind.model_fields if issubclass(kind, BaseModel) else {}
    return next((name for name, info in known.items() if info.alias == field), field)


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)
