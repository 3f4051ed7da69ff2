"""The organisation's provider: what it says of itself, and the keys it signs with now.

Both are fetched when they are first needed and kept a while, by all threads together. Keys that are
no longer in its set are no longer trusted after that while; a key that is not in ours yet is asked
for at once, though not more often than `_PAUSE`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kdt import words
from kdt.errors import Unavailable
from kdt.people.service import Arrival
from kdt.settings import Settings, is_loopback, secret_in

TIMEOUT_SECONDS = 5.0
# Seconds what was fetched counts, and how long it may be used still when the provider is away.
_FRESH, _USABLE = 600.0, 3600.0
# Seconds between two attempts, so that nobody can make us call the provider at every request.
_PAUSE = 10.0

_log = structlog.get_logger("kdt.oidc")


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider says of itself, and its keys."""

    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str | None
    names_itself: bool
    secret_in_body: bool
    keys: KeySet


class Provider:
    """The provider by the settings in force. Raises Unavailable where it cannot be used."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        assert settings.oidc_issuer is not None
        assert settings.oidc_client_id is not None
        assert settings.base_url is not None
        self.issuer, self.client_id = settings.oidc_issuer, settings.oidc_client_id
        self.audience, self.scopes = settings.oidc_audience, settings.oidc_scopes
        self.strengths = frozenset((settings.oidc_acr or "").split())
        self.label_claim = settings.oidc_label_claim
        self.secret = _secret(settings)
        self.base_url = settings.base_url.rstrip("/")
        self._clock, self._lock = clock, Lock()
        self._told: Told | None = None
        self._fetched_at = self._tried_at = float("-inf")

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends a browser back to."""
        return f"{self.base_url}/signin/callback"

    def arrival(self, claims: Mapping[str, Any]) -> Arrival:
        """Who it is that the provider says these claims of."""
        label = claims.get(self.label_claim)
        return Arrival(
            self.issuer, str(claims["sub"]), label if isinstance(label, str) else "", claims
        )

    def told(self, *, kid: str | None = None) -> Told:
        """What the provider says of itself; asked again when that is old, or lacks this key."""
        if (told := self._good(kid)) is not None:
            return told
        # One asks, and nobody waits for the answer to another's question: while the provider hangs,
        # tokens of anybody would hold every thread there is.
        if self._lock.acquire(blocking=False):
            try:
                if self._good(kid) is None and self._clock() - self._tried_at >= _PAUSE:
                    self._ask()
            finally:
                self._lock.release()
        told = self._told
        if told is None or self._clock() - self._fetched_at >= _USABLE:
            raise Unavailable(words.say("unavailable.provider"))
        return told

    def _ask(self) -> None:
        try:
            self._told, self._fetched_at = self._fetch(), self._clock()
        except (httpx2.HTTPError, JoseError, ValueError, TypeError, KeyError) as error:
            _log.warning("provider_unavailable", exc_info=error)
        self._tried_at = self._clock()

    def _good(self, kid: str | None) -> Told | None:
        told = self._told
        if told is None or self._clock() - self._fetched_at >= _FRESH:
            return None
        return told if kid is None or any(key.kid == kid for key in told.keys) else None

    def _fetch(self) -> Told:
        with httpx2.Client(timeout=TIMEOUT_SECONDS) as client:
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            said = _object(client.get(address))
            if said["issuer"] != self.issuer:
                raise ValueError("the provider calls itself by another name than the setting")
            keys = KeySet.import_key_set(_object(client.get(_endpoint(said, "jwks_uri"))))  # type: ignore[arg-type]
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        ends = "end_session_endpoint"
        return Told(
            authorization_endpoint=_endpoint(said, "authorization_endpoint"),
            token_endpoint=_endpoint(said, "token_endpoint"),
            end_session_endpoint=_endpoint(said, ends) if ends in said else None,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
            secret_in_body="client_secret_basic" not in methods,
            keys=keys,
        )


def _secret(settings: Settings) -> str | None:
    path = settings.oidc_client_secret_file
    return None if path is None else secret_in(path)


def _object(answer: httpx2.Response) -> dict[str, Any]:
    found = answer.raise_for_status().json()
    if not isinstance(found, dict):
        raise TypeError("the provider answers with something else than an object")
    return found


def _endpoint(said: Mapping[str, Any], name: str) -> str:
    address = said[name]
    parts = urlsplit(address)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname)
    ):
        raise ValueError("the provider names an address without TLS")
    return str(address)
