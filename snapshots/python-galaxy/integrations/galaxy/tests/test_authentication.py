"""What each operation of `authentication` sends, and what it reads of the examples."""

from __future__ import annotations

from integrations.galaxy import AsyncGalaxy, Galaxy
from integrations.runtime.http_testing import FakeService

Service = FakeService[Galaxy, AsyncGalaxy]


def test_create_user(service: Service) -> None:
    service.example(201, "User")
    reply = service.both(
        lambda galaxy: galaxy.authentication.create_user(
            name="Marc",
            email="marc@scalar.com",
            password="i-love-scalar",
        )
    )
    assert service.sent == ["POST /user/signup"]
    assert service.json == {
        "name": "Marc",
        "email": "marc@scalar.com",
        "password": "i-love-scalar",
    }
    assert reply.name == "Marc"


def test_get_token(service: Service) -> None:
    service.example(201, "Token")
    reply = service.both(
        lambda galaxy: galaxy.authentication.get_token(
            email="marc@scalar.com",
            password="i-love-scalar",
        )
    )
    assert service.sent == ["POST /auth/token"]
    assert service.json == {"email": "marc@scalar.com", "password": "i-love-scalar"}
    assert reply.token is not None


def test_get_me(service: Service) -> None:
    service.example(200, "User")
    reply = service.both(lambda galaxy: galaxy.authentication.get_me())
    assert service.sent == ["GET /me"]
    assert reply.name == "Marc"
