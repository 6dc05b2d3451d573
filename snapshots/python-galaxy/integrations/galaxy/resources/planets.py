"""The resource `planets` of Galaxy.

Everything about planets.

Written by integrate from galaxy.yaml.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from integrations.galaxy.models.planets import (
    ImageUploadedMessage,
    Planet,
    PlanetsListReply,
)
from integrations.galaxy.models.shared import UserInput
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_encoding import (
    OMIT,
    File,
    Omit,
    json_body,
    multipart_body,
)
from integrations.runtime.http_pages import Pages, by_offset
from integrations.runtime.http_request import ANONYMOUS, Operation, nothing

_LIST = Operation(
    "planets.list",
    "GET",
    "/planets",
    PlanetsListReply.model_validate_json,
    security=ANONYMOUS,
)
_LIST_PAGES: Pages[PlanetsListReply, Planet] = Pages(
    lambda page: page.data,
    by_offset("offset", lambda page: page.meta.total if page.meta else None),
)
_CREATE = Operation("planets.create", "POST", "/planets", Planet.model_validate_json)
_GET = Operation(
    "planets.get",
    "GET",
    "/planets/{}",
    Planet.model_validate_json,
    security=ANONYMOUS,
)
_UPDATE = Operation("planets.update", "PUT", "/planets/{}", Planet.model_validate_json)
_DELETE = Operation("planets.delete", "DELETE", "/planets/{}", nothing)
_UPLOAD_IMAGE = Operation(
    "planets.upload_image",
    "POST",
    "/planets/{}/image",
    ImageUploadedMessage.model_validate_json,
)


class Planets:
    """Everything about planets."""

    def __init__(self, http: HttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    def list(
        self,
        *,
        limit: int | None = None,
        offset: int | None = None,
        timeout_seconds: float | None = None,
    ) -> Iterator[Planet]:
        """Get all planets. Yields the items of every page, fetched when needed.

        Args:
            limit: The number of items to return. Defaults to 10.
            offset: The number of items to skip before starting to collect the result
                set. Defaults to 0.

        Source: GET /planets, `getAllData` in galaxy.yaml
        """
        in_query = {"limit": limit, "offset": offset}
        request = _LIST(query=in_query)
        return _LIST_PAGES.iterate(self._http, request, timeout_seconds)

    def create(
        self,
        *,
        name: str,
        description: str | Omit | None = OMIT,
        image: str | Omit | None = OMIT,
        creator: UserInput | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Planet:
        """Create a planet.

        Args:
            name: Such as `Mars`.
            description: Such as `The red planet`.
            image: Such as `https://cdn.scalar.com/photos/mars.jpg`.
            creator: A user.

        Raises:
            InvalidRequest: Bad Request (400).
            PermissionDenied: Forbidden (403).

        Source: POST /planets, `createPlanet` in galaxy.yaml
        """
        in_body = {
            "name": name,
            "description": description,
            "image": image,
            "creator": creator,
        }
        request = _CREATE(body=json_body(in_body))
        return self._http.send(request, timeout_seconds)

    def get(self, planet_id: int, *, timeout_seconds: float | None = None) -> Planet:
        """Get a planet.

        Args:
            planet_id: The ID of the planet to get.

        Raises:
            NotFound: NotFound (404).

        Source: GET /planets/{planetId}, `getPlanet` in galaxy.yaml
        """
        request = _GET(planet_id)
        return self._http.send(request, timeout_seconds)

    def update(
        self,
        planet_id: int,
        *,
        name: str,
        description: str | Omit | None = OMIT,
        image: str | Omit | None = OMIT,
        creator: UserInput | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Planet:
        """Update a planet.

        Args:
            planet_id: The ID of the planet to get.
            name: Such as `Mars`.
            description: Such as `The red planet`.
            image: Such as `https://cdn.scalar.com/photos/mars.jpg`.
            creator: A user.

        Raises:
            InvalidRequest: Bad Request (400).
            PermissionDenied: Forbidden (403).
            NotFound: NotFound (404).

        Source: PUT /planets/{planetId}, `updatePlanet` in galaxy.yaml
        """
        in_body = {
            "name": name,
            "description": description,
            "image": image,
            "creator": creator,
        }
        request = _UPDATE(planet_id, body=json_body(in_body))
        return self._http.send(request, timeout_seconds)

    def delete(self, planet_id: int, *, timeout_seconds: float | None = None) -> None:
        """Delete a planet.

        Args:
            planet_id: The ID of the planet to get.

        Raises:
            NotFound: Not Found (404).

        Source: DELETE /planets/{planetId}, `deletePlanet` in galaxy.yaml
        """
        request = _DELETE(planet_id)
        return self._http.send(request, timeout_seconds)

    def upload_image(
        self,
        planet_id: int,
        *,
        image: File | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> ImageUploadedMessage:
        """Upload an image to a planet.

        Args:
            planet_id: The ID of the planet to get.
            image: The image file to upload.

        Raises:
            InvalidRequest: Bad Request (400).
            PermissionDenied: Forbidden (403).
            NotFound: NotFound (404).

        Source: POST /planets/{planetId}/image, `uploadImage` in galaxy.yaml
        """
        in_body = {"image": image}
        request = _UPLOAD_IMAGE(planet_id, body=multipart_body(in_body))
        return self._http.send(request, timeout_seconds)


class AsyncPlanets:
    """Everything about planets."""

    def __init__(self, http: AsyncHttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    def list(
        self,
        *,
        limit: int | None = None,
        offset: int | None = None,
        timeout_seconds: float | None = None,
    ) -> AsyncIterator[Planet]:
        """Get all planets; see `Planets.list`."""
        in_query = {"limit": limit, "offset": offset}
        request = _LIST(query=in_query)
        return _LIST_PAGES.iterate_async(self._http, request, timeout_seconds)

    async def create(
        self,
        *,
        name: str,
        description: str | Omit | None = OMIT,
        image: str | Omit | None = OMIT,
        creator: UserInput | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Planet:
        """Create a planet; see `Planets.create`."""
        in_body = {
            "name": name,
            "description": description,
            "image": image,
            "creator": creator,
        }
        request = _CREATE(body=json_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def get(
        self,
        planet_id: int,
        *,
        timeout_seconds: float | None = None,
    ) -> Planet:
        """Get a planet; see `Planets.get`."""
        request = _GET(planet_id)
        return await self._http.send(request, timeout_seconds)

    async def update(
        self,
        planet_id: int,
        *,
        name: str,
        description: str | Omit | None = OMIT,
        image: str | Omit | None = OMIT,
        creator: UserInput | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> Planet:
        """Update a planet; see `Planets.update`."""
        in_body = {
            "name": name,
            "description": description,
            "image": image,
            "creator": creator,
        }
        request = _UPDATE(planet_id, body=json_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def delete(
        self,
        planet_id: int,
        *,
        timeout_seconds: float | None = None,
    ) -> None:
        """Delete a planet; see `Planets.delete`."""
        request = _DELETE(planet_id)
        return await self._http.send(request, timeout_seconds)

    async def upload_image(
        self,
        planet_id: int,
        *,
        image: File | Omit = OMIT,
        timeout_seconds: float | None = None,
    ) -> ImageUploadedMessage:
        """Upload an image to a planet; see `Planets.upload_image`."""
        in_body = {"image": image}
        request = _UPLOAD_IMAGE(planet_id, body=multipart_body(in_body))
        return await self._http.send(request, timeout_seconds)
