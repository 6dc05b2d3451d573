"""The resource `authentication` of Galaxy.

Some endpoints are public, but some require authentication.

Written by integrate from galaxy.yaml.
"""

from __future__ import annotations

from integrations.galaxy.models.authentication import Token
from integrations.galaxy.models.shared import User
from integrations.runtime.http import AsyncHttpTransport, HttpTransport
from integrations.runtime.http_encoding import OMIT, Omit, json_body
from integrations.runtime.http_request import ANONYMOUS, Operation

_CREATE_USER = Operation(
    "authentication.create_user",
    "POST",
    "/user/signup",
    User.model_validate_json,
    security=ANONYMOUS,
)
_GET_TOKEN = Operation(
    "authentication.get_token",
    "POST",
    "/auth/token",
    Token.model_validate_json,
    security=ANONYMOUS,
)
_GET_ME = Operation(
    "authentication.get_me",
    "GET",
    "/me",
    User.model_validate_json,
    security=(
        ("basicAuth",),
        ("oAuth2",),
        ("bearerAuth",),
        ("apiKeyHeader",),
        ("apiKeyQuery",),
    ),
)


class Authentication:
    """Some endpoints are public, but some require authentication."""

    def __init__(self, http: HttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    def create_user(
        self,
        *,
        name: str | Omit = OMIT,
        email: str,
        password: str,
        timeout_seconds: float | None = None,
    ) -> User:
        """Create a user.

        Args:
            name: Such as `Marc`.
            email: Such as `marc@scalar.com`.
            password: Such as `i-love-scalar`.

        Raises:
            InvalidRequest: Bad Request (400).

        Source: POST /user/signup, `createUser` in galaxy.yaml
        """
        in_body = {"name": name, "email": email, "password": password}
        request = _CREATE_USER(body=json_body(in_body))
        return self._http.send(request, timeout_seconds)

    def get_token(
        self,
        *,
        email: str,
        password: str,
        timeout_seconds: float | None = None,
    ) -> Token:
        """Get a token.

        Args:
            email: Such as `marc@scalar.com`.
            password: Such as `i-love-scalar`.

        Source: POST /auth/token, `getToken` in galaxy.yaml
        """
        in_body = {"email": email, "password": password}
        request = _GET_TOKEN(body=json_body(in_body))
        return self._http.send(request, timeout_seconds)

    def get_me(self, *, timeout_seconds: float | None = None) -> User:
        """Get authenticated user.

        Raises:
            AuthenticationError: Unauthorized (401).
            PermissionDenied: Forbidden (403).

        Source: GET /me, `getMe` in galaxy.yaml
        """
        request = _GET_ME()
        return self._http.send(request, timeout_seconds)


class AsyncAuthentication:
    """Some endpoints are public, but some require authentication."""

    def __init__(self, http: AsyncHttpTransport) -> None:
        """Send through `http`."""
        self._http = http

    async def create_user(
        self,
        *,
        name: str | Omit = OMIT,
        email: str,
        password: str,
        timeout_seconds: float | None = None,
    ) -> User:
        """Create a user; see `Authentication.create_user`."""
        in_body = {"name": name, "email": email, "password": password}
        request = _CREATE_USER(body=json_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def get_token(
        self,
        *,
        email: str,
        password: str,
        timeout_seconds: float | None = None,
    ) -> Token:
        """Get a token; see `Authentication.get_token`."""
        in_body = {"email": email, "password": password}
        request = _GET_TOKEN(body=json_body(in_body))
        return await self._http.send(request, timeout_seconds)

    async def get_me(self, *, timeout_seconds: float | None = None) -> User:
        """Get authenticated user; see `Authentication.get_me`."""
        request = _GET_ME()
        return await self._http.send(request, timeout_seconds)
