"""The provider's tokens, each claim checked: an ID token for signing in, an access token (RFC 9068)
for programs. What is wrong with one is a code; nothing of the token itself is repeated."""

import binascii
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry
from joserfc.util import urlsafe_b64decode

from api.oidc.provider import Provider

# With a key pair alone: a shared secret or none at all proves nothing here.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519", "EdDSA"),
)
# Clocks differ.
LEEWAY_SECONDS = 30
LARGEST = 16 * 2**10
_ESSENTIAL: ClaimsOption = {"essential": True}
_ACCESS_TYPES = frozenset({"at+jwt", "application/at+jwt"})


class Code(StrEnum):
    """What is wrong with a token; the Dutch stands under `token`."""

    INVALID = "invalid"
    EXPIRED = "expired"
    WRONG_TYPE = "wrong_type"
    TOO_WEAK = "too_weak"


class BadToken(Exception):
    """A token that proves nothing."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def access_claims(provider: Provider, token: str) -> Mapping[str, Any]:
    """What an access token for this API says. Raises BadToken, and Unavailable when the provider
    cannot be asked for its keys."""
    header = _header(token)
    if str(header.get("typ", "")).lower() not in _ACCESS_TYPES:
        raise BadToken(Code.WRONG_TYPE)
    claims = _decoded(provider, token, header).claims
    assert provider.audience is not None
    wanted = {**_expected(provider.issuer, provider.audience), "jti": _ESSENTIAL}
    try:
        JWTClaimsRegistry(None, LEEWAY_SECONDS, **wanted).validate(claims)
    except JoseError as error:
        raise _bad(error) from error
    # A program that asked for itself has no strength (RFC 9068, 2.2.1 and 2.2).
    if claims["sub"] != claims.get("client_id"):
        _strong(provider, claims)
    return claims


def id_claims(
    provider: Provider, token: str, *, nonce: str, access_token: str | None
) -> Mapping[str, Any]:
    """What an ID token says that was given to us for this sign-in. Raises as `access_claims`."""
    header = _header(token)
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise BadToken(Code.WRONG_TYPE)
    decoded = _decoded(provider, token, header)
    given = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    wanted = _expected(provider.issuer, provider.client_id)
    try:
        CodeIDToken(decoded.claims, decoded.header, wanted, given).validate(leeway=LEEWAY_SECONDS)
    except JoseError as error:
        raise _bad(error) from error
    _strong(provider, decoded.claims)
    return decoded.claims


def _expected(issuer: str, audience: str) -> dict[str, ClaimsOption]:
    return {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": audience},
        "sub": _ESSENTIAL,
        "exp": _ESSENTIAL,
        "iat": _ESSENTIAL,
    }


def _strong(provider: Provider, claims: Mapping[str, Any]) -> None:
    """Raise BadToken unless whoever it is signed in as strongly as is asked here."""
    acr = claims.get("acr")
    if provider.strengths and not (isinstance(acr, str) and acr in provider.strengths):
        raise BadToken(Code.TOO_WEAK)


def _header(token: str) -> Mapping[str, Any]:
    """The head of a token, unproven yet: it says which key to try."""
    if len(token) > LARGEST or not token.isascii():
        raise BadToken(Code.INVALID)
    try:
        found = json.loads(urlsafe_b64decode(token.partition(".")[0].encode()))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise BadToken(Code.INVALID) from error
    if not isinstance(found, dict):
        raise BadToken(Code.INVALID)
    return found


def _decoded(provider: Provider, token: str, header: Mapping[str, Any]) -> jwt.Token:
    kid = header.get("kid")
    # An extension that must be understood is one we do not know.
    if not isinstance(kid, str) or header.get("alg") not in ALGORITHMS or "crit" in header:
        raise BadToken(Code.INVALID)
    # Of several keys the one that is named; a set of one would be tried whatever is named.
    keys = KeySet([key for key in provider.told(kid=kid).keys if key.kid == kid])
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise _bad(error) from error


def _bad(error: Exception) -> BadToken:
    return BadToken(Code.EXPIRED if isinstance(error, ExpiredTokenError) else Code.INVALID)
