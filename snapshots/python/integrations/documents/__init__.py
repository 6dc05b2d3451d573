"""Adapter to the bucket `acme-documents`. Start with `Documents()`."""

from integrations.documents.client import AsyncDocuments, Documents
from integrations.documents.config import Config
from integrations.runtime.objects import Folder, ObjectInfo, Stored
from integrations.runtime.objects_client import Body, Content
from integrations.runtime.objects_client_async import AsyncBody, AsyncContent

__all__ = [
    "AsyncBody",
    "AsyncContent",
    "AsyncDocuments",
    "Body",
    "Config",
    "Content",
    "Documents",
    "Folder",
    "ObjectInfo",
    "Stored",
]
