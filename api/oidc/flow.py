"""The code flow: off to the provider with a question, back with a code, and the code for what the
provider says of who signed in. With PKCE (S256), state and nonce."""

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx2
import structlog
from authlib.integrations.httpx_client import (  # type: ignore[import-untyped]
    OAuth2Client,
    OAuthError,
)

from api.oidc import tokens
from api.oidc.provider import TIMEOUT_SECONDS, Provider, Told
from api.oidc.tokens import BadToken, Code
from api.people import TurnedAway
from kdt import words
from kdt.access.sign_ins import SignIn
from kdt.errors import Unavailable

_log = structlog.get_logger("kdt.oidc")


# Whoever is signed in there already proves once more who they are, and the provider says when.
_AGAIN = {"prompt": "login", "max_age": "0"}


def address(provider: Provider, begun: SignIn, *, again: bool = False) -> str:
    """Where a browser signs in; `again`: not by being signed in there already. Raises
    Unavailable."""
    told = provider.told()
    asked = dict(_AGAIN) if again else {}
    if provider.strengths:
        asked["acr_values"] = " ".join(sorted(provider.strengths))
    with _client(provider, told) as client:
        found, _ = client.create_authorization_url(
            told.authorization_endpoint,
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
            **asked,
        )
    return str(found)


def claims(provider: Provider, begun: SignIn, answer: Mapping[str, str]) -> Mapping[str, Any]:
    """What the provider says of who signed in, for the answer that a browser came back with.

    Raises TurnedAway when that is no good answer, and Unavailable.
    """
    told = provider.told()
    issuer = answer.get("iss")
    if issuer is None and told.names_itself:
        raise _failed("issuer_missing")
    if issuer is not None and not hmac.compare_digest(issuer.encode(), provider.issuer.encode()):
        raise _failed("issuer_differs")
    if "error" in answer:
        # Its own words may say whose account it is; the standard's codes do not.
        said = "cancelled" if answer["error"] == "access_denied" else "refused"
        raise TurnedAway(words.say(f"sign_in.{said}"))
    if not answer.get("code"):
        raise _failed("code_missing")
    got = _exchanged(provider, told, begun, answer["code"])
    token, access_token = got.get("id_token"), got.get("access_token")
    if not isinstance(token, str):
        raise _failed("id_token_missing")
    try:
        return tokens.id_claims(
            provider,
            token,
            nonce=begun.nonce,
            access_token=access_token if isinstance(access_token, str) else None,
        )
    except BadToken as error:
        if error.code is Code.TOO_WEAK:
            _log.warning("sign_in_failed", why=error.code)
            raise TurnedAway(words.say("sign_in.too_weak")) from error
        raise _failed(f"id_token_{error.code}") from error


def leaving(provider: Provider) -> str | None:
    """Where one signs out with the provider too; None when it has no such place, or is away."""
    try:
        told = provider.told()
    except Unavailable:
        return None
    if told.end_session_endpoint is None:
        return None
    asked = urlencode(
        {
            "client_id": provider.client_id,
            "post_logout_redirect_uri": f"{provider.base_url}/signin",
        }
    )
    joined = "&" if "?" in told.end_session_endpoint else "?"
    return f"{told.end_session_endpoint}{joined}{asked}"


def _client(provider: Provider, told: Told) -> OAuth2Client:
    method = "client_secret_post" if told.secret_in_body else "client_secret_basic"
    return OAuth2Client(
        client_id=provider.client_id,
        client_secret=provider.secret,
        token_endpoint_auth_method=method if provider.secret else "none",
        scope=provider.scopes,
        redirect_uri=provider.redirect_uri,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
    )


def _exchanged(provider: Provider, told: Told, begun: SignIn, code: str) -> Mapping[str, Any]:
    try:
        with _client(provider, told) as client:
            found: Mapping[str, Any] = client.fetch_token(
                told.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
            )
    except OAuthError as error:
        raise _failed(f"token_{error.error}") from error
    except (httpx2.HTTPError, ValueError) as error:
        _log.warning("provider_unavailable", exc_info=error)
        raise Unavailable(words.say("unavailable.provider")) from error
    return found


def _failed(why: str) -> TurnedAway:
    _log.warning("sign_in_failed", why=why)
    return TurnedAway(words.say("sign_in.failed"))
