"""What each operation of `planets` sends, and what it reads of the examples."""

from __future__ import annotations

from integrations.galaxy import AsyncGalaxy, Galaxy
from integrations.runtime.http_encoding import File
from integrations.runtime.http_testing import FakeService

Service = FakeService[Galaxy, AsyncGalaxy]


def test_list(service: Service) -> None:
    service.example(200, "PlanetsListReply")
    service.example(200, "PlanetsListReply", empty="data")
    found = service.items(lambda galaxy: galaxy.planets.list(limit=10, offset=0))
    assert service.sent[0] == "GET /planets?limit=10&offset=0"
    assert service.sent[1] == "GET /planets?limit=10&offset=1"
    assert [item.name for item in found] == ["Mars"]


def test_create(service: Service) -> None:
    service.example(201, "Planet")
    reply = service.both(
        lambda galaxy: galaxy.planets.create(name="Mars", description="The red planet")
    )
    assert service.sent == ["POST /planets"]
    assert service.json == {"name": "Mars", "description": "The red planet"}
    assert reply.name == "Mars"


def test_get(service: Service) -> None:
    service.example(200, "Planet")
    reply = service.both(lambda galaxy: galaxy.planets.get(1))
    assert service.sent == ["GET /planets/1"]
    assert reply.name == "Mars"


def test_update(service: Service) -> None:
    service.example(200, "Planet")
    reply = service.both(
        lambda galaxy: galaxy.planets.update(1, name="Mars", description=None)
    )
    assert service.sent == ["PUT /planets/1"]
    assert service.json == {"name": "Mars", "description": None}
    assert reply.name == "Mars"


def test_delete(service: Service) -> None:
    service.answers(204)
    reply = service.both(lambda galaxy: galaxy.planets.delete(1))
    assert service.sent == ["DELETE /planets/1"]
    assert reply is None


def test_upload_image(service: Service) -> None:
    service.example(200, "ImageUploadedMessage")
    file = File("image", b"content")
    reply = service.both(lambda galaxy: galaxy.planets.upload_image(1, image=file))
    assert service.sent == ["POST /planets/1/image"]
    assert 'name="image"; filename="image"' in service.form
    assert reply.message == "Image uploaded successfully"
