"""What every model forgives, and what it does not."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import Discriminator, Field, Tag, TypeAdapter

from integrations.runtime.models import DEFERRED, Model, by_tag


class Moon(Model):
    kind: Literal["moon"] | str
    planet_name: str | None = Field(default=None, alias="planetName")


class Star(Model):
    kind: Literal["star"] | str
    planets: list[Body]


Body = Annotated[
    Annotated[Moon, Tag("moon")]
    | Annotated[Star, Tag("star")]
    | Annotated[dict[str, object], Tag("")],
    Discriminator(by_tag("kind", "moon", "star")),
]
BODY: TypeAdapter[Body] = TypeAdapter(Body, config=DEFERRED)


def test_fields_have_the_service_s_names_on_the_wire() -> None:
    moon = Moon.model_validate_json(b'{"kind": "moon", "planetName": "Mars", "new": 1}')
    assert moon.planet_name == "Mars"
    assert moon == Moon(kind="moon", planetName="Mars")


def test_absent_is_told_from_null() -> None:
    assert Moon.model_validate_json(b'{"kind": "moon"}').model_fields_set == {"kind"}


def test_a_union_is_read_by_its_tag_and_a_new_tag_is_kept() -> None:
    content = b'{"kind": "star", "planets": [{"kind": "moon"}, {"kind": "comet"}]}'
    star = BODY.validate_json(content)
    assert isinstance(star, Star)
    assert star.planets == [Moon(kind="moon"), {"kind": "comet"}]


def test_a_broken_promise_names_its_place_and_hides_the_value() -> None:
    with pytest.raises(ValueError, match=r"star\.planets\n  Field required") as raised:
        BODY.validate_json(b'{"kind": "star", "password": "hunter2"}')
    assert "hunter2" not in str(raised.value)
