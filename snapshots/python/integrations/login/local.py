"""An issuer of one's own, for tests and development.

`python -m integrations.login.local KEYS.json` writes the key set that
`LOGIN_LOCAL_KEYS_FILE` is to name, and prints a token good for an hour.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from integrations.login.config import LoginConfig

ALGORITHM = "ES256"
LIFETIME_SECONDS = 3600


class LocalIssuer:
    """Signs tokens with a key that only this process has."""

    def __init__(self, config: LoginConfig, *, kid: str = "local-1") -> None:
        """Make a key; tokens will satisfy `config`, unless told otherwise."""
        self.key = ECKey.generate_key("P-256", {"kid": kid, "alg": ALGORITHM})
        self._config = config

    def jwks(self) -> str:
        """Return the public key as a JWK Set."""
        return json.dumps(KeySet([self.key]).as_dict(private=False))

    def token(
        self,
        *,
        claims: Mapping[str, object] | None = None,
        header: Mapping[str, object] | None = None,
        now: float | None = None,
    ) -> str:
        """Return a token; `claims` and `header` replace ours, None leaves one out."""
        issued_at = int(time.time() if now is None else now)
        all_claims: dict[str, object] = {
            "iss": self._config.issuer,
            "sub": "local",
            "aud": self._config.audiences[0],
            "iat": issued_at,
            "exp": issued_at + LIFETIME_SECONDS,
            "scope": " ".join(self._config.required_scopes),
            "tenant": "example",
        }
        all_header = {"alg": ALGORITHM, "kid": self.key.kid, "typ": "at+jwt"}
        return jwt.encode(
            _merged(all_header, header),
            _merged(all_claims, claims),
            self.key,
            algorithms=[ALGORITHM],
        )


def _merged(
    ours: Mapping[str, object], others: Mapping[str, object] | None
) -> dict[str, object]:
    return {k: v for k, v in {**ours, **(others or {})}.items() if v is not None}


if __name__ == "__main__":
    issuer = LocalIssuer(LoginConfig.from_env())
    Path(sys.argv[1]).write_text(issuer.jwks(), encoding="utf-8")
    sys.stdout.write(issuer.token() + "\n")
