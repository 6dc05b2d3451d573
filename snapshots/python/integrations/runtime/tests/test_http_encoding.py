"""How values are spelt in paths, queries and bodies."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from email import message_from_bytes, policy
from urllib.parse import unquote
from uuid import UUID

import pytest

from integrations.runtime.http_encoding import (
    OMIT,
    File,
    Style,
    form_body,
    json_body,
    multipart_body,
    path,
    pick,
    query_pairs,
    texts,
)


def test_path_segments_are_percent_encoded() -> None:
    assert path("/a/{}/b/{}", "x/y ?#%", 7) == "/a/x%2Fy%20%3F%23%25/b/7"
    assert path("/a/{}", "{}") == "/a/%7B%7D"


def test_a_list_in_a_path_stands_with_commas() -> None:
    assert path("/files/{}", ["docs", "a,b"]) == "/files/docs,a%2Cb"


@pytest.mark.parametrize("segment", ["", ".", "..", ["a", ".."], ["a", ""]])
def test_a_segment_that_leads_elsewhere_is_refused(segment: object) -> None:
    with pytest.raises(ValueError, match="cannot be a path segment"):
        path("/planets/{}", segment)


def test_a_query_leaves_out_none_and_repeats_lists() -> None:
    query = {
        "none": None,
        "flag": True,
        "tags": ["a", "b"],
        "after": date(2026, 1, 2),
        "created": {"gte": 1, "in": ["x"]},
    }
    assert query_pairs(query) == [
        ("flag", "true"),
        ("tags", "a"),
        ("tags", "b"),
        ("after", "2026-01-02"),
        ("created[gte]", "1"),
        ("created[in][]", "x"),
    ]


@pytest.mark.parametrize(
    ("style", "value", "pairs"),
    [
        (None, ["a", 1], [("x", "a"), ("x", "1")]),
        (None, {"b": 1}, [("x[b]", "1")]),
        ("comma", ["a", 1, False], [("x", "a,1,false")]),
        ("pipe", ["a", "b"], [("x", "a|b")]),
        ("space", ["a", "b"], [("x", "a b")]),
        ("brackets", ["a", "b"], [("x[]", "a"), ("x[]", "b")]),
        ("comma", {"b": 1, "c": "d"}, [("x", "b,1,c,d")]),
        ("repeat", {"b": 1, "c": None}, [("b", "1")]),
        ("repeat", {"b": ["c", "d"]}, [("b", "c"), ("b", "d")]),
        ("repeat", ["a", "b"], [("x", "a"), ("x", "b")]),
        ("json", {"b": ["é"]}, [("x", '{"b":["é"]}')]),
        ("json", None, []),
        ("comma", None, []),
    ],
)
def test_a_parameter_with_parts_has_a_style(
    style: Style | None, value: object, pairs: list[tuple[str, str]]
) -> None:
    assert query_pairs({"x": value}, {"x": style} if style else {}) == pairs


def test_headers_and_cookies_are_texts() -> None:
    given = {"a": 1, "b": None, "c": ["x", True], "d": {"e": 1}}
    assert texts(given) == {"a": "1", "c": "x,true", "d": "e,1"}


def test_pick_gives_names_of_the_wire_to_what_is_there() -> None:
    assert pick({"per_page": 5}, {"per_page": "perPage", "page": "page"}) == {
        "perPage": 5
    }


def test_json_tells_null_from_absent() -> None:
    when = datetime(2026, 1, 2, tzinfo=UTC)
    body = json_body(
        {
            "a": None,
            "b": OMIT,
            "c": [{"d": when}],
            "e": UUID(int=1),
            "f": b"\x00",
            "g": Decimal("1.50"),
        }
    )
    assert json.loads(body.content) == {
        "a": None,
        "c": [{"d": "2026-01-02T00:00:00+00:00"}],
        "e": "00000000-0000-0000-0000-000000000001",
        "f": "AA==",
        "g": "1.50",
    }
    assert body.content_type == "application/json"


def test_json_refuses_what_it_cannot_spell() -> None:
    with pytest.raises(TypeError, match="object cannot be sent as JSON"):
        json_body({"a": object()})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime.fromisoformat("2026-01-02"), "has no time zone"),
        (float("nan"), "nan|Out of range"),
        (float("inf"), "inf|Out of range"),
        (Decimal("NaN"), "NaN cannot be sent"),
    ],
)
def test_what_has_no_one_meaning_is_refused(value: object, said: str) -> None:
    for send in (lambda: json_body({"a": [value]}), lambda: query_pairs({"a": value})):
        with pytest.raises(ValueError, match=said):
            send()


def test_numbers_and_bytes_are_texts_in_a_query() -> None:
    given = {"a": Decimal("1E+2"), "b": b"text", "c": 1.5}
    assert query_pairs(given) == [("a", "100"), ("b", "dGV4dA=="), ("c", "1.5")]


def test_fields_of_a_form_have_styles() -> None:
    fields = {"a": ["x", "y"], "b": [1, 2], "c": {"d": [1]}, "e": {"f": 1}}
    styles: dict[str, Style] = {"b": "comma", "c": "json", "e": "repeat"}
    assert unquote(form_body(fields, styles).content.decode()) == (
        'a=x&a=y&b=1,2&c={"d":[1]}&f=1'
    )


def test_a_form_repeats_lists_or_spells_them_with_brackets() -> None:
    fields = {"a": ["x", "y"], "b": None, "c": OMIT, "d": {"e": [{"f": 1}], "g": [2]}}
    assert unquote(form_body(fields).content.decode()) == (
        "a=x&a=y&b=&d[e][0][f]=1&d[g][]=2"
    )
    assert unquote(form_body(fields, brackets=True).content.decode()) == (
        "a[]=x&a[]=y&b=&d[e][0][f]=1&d[g][]=2"
    )


def test_a_multipart_form_holds_files_texts_and_json() -> None:
    body = multipart_body(
        {
            "file": [File('a".png', b"\x89PNG\r\n", "image/png"), File("b", b"")],
            "note": "hé",
            "more": {"x": 1},
            "gone": OMIT,
        }
    )
    head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
    message = message_from_bytes(head + body.content, policy=policy.HTTP)
    read = [
        (part["content-disposition"].params, part.get_payload(decode=True))
        for part in message.iter_parts()
    ]
    assert read == [
        ({"name": "file", "filename": "a%22.png"}, b"\x89PNG\r\n"),
        ({"name": "file", "filename": "b"}, b""),
        ({"name": "note"}, "hé".encode()),
        ({"name": "more"}, b'{"x":1}'),
    ]
