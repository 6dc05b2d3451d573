"""Models of the resource `planets` of Galaxy.

Written by integrate from galaxy.yaml; a class that ends in `Input` is a dict to send.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from integrations.galaxy.models.shared import User
from integrations.runtime.models import Model


class Planet(Model):
    """A planet."""

    id: int
    name: str
    description: str | None = None
    image: str | None = None
    creator: User | None = None


class PlanetsListReply(Model):
    """The reply of `planets.list`."""

    data: list[Planet] | None = None
    meta: PaginatedResourceMeta | None = None


class PaginatedResourceMeta(Model):
    """The field `meta` of `PaginatedResource`."""

    limit: int | None = None
    offset: int | None = None
    total: int | None = None
    next: str | None = None


class ImageUploadedMessage(Model):
    """Message about an image upload."""

    message: str | None = None

    image_url: str | None = Field(default=None, alias="imageUrl")
    """The URL where the uploaded image can be accessed."""

    uploaded_at: datetime | None = Field(default=None, alias="uploadedAt")
    """Timestamp when the image was uploaded."""

    file_size: int | None = Field(default=None, alias="fileSize")
    """Size of the uploaded image in bytes."""

    mime_type: str | None = Field(default=None, alias="mimeType")
    """The content type of the uploaded image."""
