"""Every way to alter a token is refused: what comes from the real provider is good, what was
changed in any way is not. The list is the specification; each line is one test."""

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from api.oidc import tokens
from api.oidc.provider import Provider
from api.oidc.tokens import BadToken
from kdt.errors import Unavailable
from kdt.settings import Settings
from tests.signing_in import conftest
from tests.signing_in.conftest import AUDIENCE, PROGRAM, as_usual, new_key

NONCE = "the-nonce-of-this-sign-in"
HOUR = 3600


def encoded(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@dataclass(frozen=True)
class Forger:
    """Somebody who has good tokens, the provider's key or their own, and makes others of them."""

    beside: conftest.Provider
    access: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    own: RSAKey

    def header_with(self, **changes: Any) -> str:
        """Signed by the provider's own key, with another head."""
        return self._signed(_changed(self.header, changes), self.claims)

    def claims_with(self, **changes: Any) -> str:
        """Signed by the provider's own key, with other claims."""
        return self._signed(self.header, _changed(self.claims, changes))

    def payload(self, payload: bytes) -> str:
        """Signed by the provider's own key, whatever the payload."""
        return self._sealed(f"{encoded(dict(self.header))}.{encoded(payload)}")

    def unsigned(self, alg: str, signature: str = "") -> str:
        return f"{encoded({**self.header, 'alg': alg})}.{self.parts[1]}.{signature}"

    def keyed(self, alg: str, secret: bytes) -> str:
        """Signed with a shared secret that everybody knows: the public key."""
        head = f"{encoded({**self.header, 'alg': alg})}.{self.parts[1]}"
        sizes = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
        return f"{head}.{encoded(hmac.digest(secret, head.encode(), sizes[alg]))}"

    def by(self, key: RSAKey | ECKey, **header: Any) -> str:
        """Signed by somebody else's key."""
        changed = _changed(self.header, header)
        return jwt.encode(changed, dict(self.claims), key, [changed["alg"]], default_type=None)

    @property
    def parts(self) -> list[str]:
        return self.access.split(".")

    @property
    def public(self) -> RSAKey:
        return self.beside.key

    def _signed(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        return self._sealed(f"{encoded(header)}.{encoded(claims)}")

    def _sealed(self, head: str) -> str:
        key = self.beside.key.private_key
        assert key is not None
        return f"{head}.{encoded(key.sign(head.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _changed(of: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """With changes; what is changed to `...` is left out."""
    return {name: value for name, value in {**of, **changes}.items() if value is not ...}


def now() -> int:
    return int(time.time())


def flipped(text: str) -> str:
    return ("B" if text[0] == "A" else "A") + text[1:]


Forgery = Callable[[Forger], str]

SIGNATURES: Mapping[str, Forgery] = {
    "alg none": lambda f: f.unsigned("none"),
    "alg None": lambda f: f.unsigned("None"),
    "alg NONE": lambda f: f.unsigned("NONE"),
    "alg none, signature kept": lambda f: f.unsigned("none", f.parts[2]),
    "alg empty": lambda f: f.unsigned(""),
    "signature stripped": lambda f: f"{f.parts[0]}.{f.parts[1]}.",
    "signature and its dot stripped": lambda f: f"{f.parts[0]}.{f.parts[1]}",
    "signature cut short": lambda f: f.access[:-8],
    "signature altered": lambda f: f"{f.parts[0]}.{f.parts[1]}.{flipped(f.parts[2])}",
    "signature of another token": lambda f: (
        f"{f.parts[0]}.{f.parts[1]}.{f.claims_with(jti='x').split('.')[2]}"
    ),
    "signature of zeros": lambda f: f"{f.parts[0]}.{f.parts[1]}.{encoded(bytes(256))}",
    "payload altered": lambda f: f"{f.parts[0]}.{flipped(f.parts[1])}.{f.parts[2]}",
    "payload of another token": lambda f: (
        f"{f.parts[0]}.{encoded({**f.claims, 'groups': ['kdt-auditor']})}.{f.parts[2]}"
    ),
    "head altered": lambda f: f"{encoded({**f.header, 'x': 1})}.{f.parts[1]}.{f.parts[2]}",
    "HS256 with the public key as PEM": lambda f: f.keyed("HS256", f.public.as_pem(private=False)),
    "HS384 with the public key as PEM": lambda f: f.keyed("HS384", f.public.as_pem(private=False)),
    "HS512 with the public key as PEM": lambda f: f.keyed("HS512", f.public.as_pem(private=False)),
    "HS256 with the public key as DER": lambda f: f.keyed("HS256", f.public.as_der(private=False)),
    "HS256 with the modulus": lambda f: f.keyed("HS256", str(f.public.as_dict()["n"]).encode()),
    "HS256 with nothing": lambda f: f.keyed("HS256", b""),
    "another key under the same kid": lambda f: f.by(f.own),
    "another key under its own kid": lambda f: f.by(f.own, kid="own"),
    "another key brought along": lambda f: f.by(f.own, jwk=f.own.as_dict(private=False)),
    "another key, by address": lambda f: f.by(f.own, jku="https://evil.example/keys"),
    "another key, by certificate": lambda f: f.by(f.own, x5u="https://evil.example/cert"),
    "another algorithm of the same key": lambda f: f.by(
        RSAKey.import_key({**f.public.as_dict(private=True), "alg": "PS256"}), alg="PS256"
    ),
    "an elliptic key under the same kid": lambda f: f.by(
        ECKey.generate_key("P-256", {"kid": str(f.header["kid"])}), alg="ES256"
    ),
}

HEADS: Mapping[str, Forgery] = {
    "kid unknown": lambda f: f.header_with(kid="unknown"),
    "kid absent": lambda f: f.header_with(kid=...),
    "kid null": lambda f: f.header_with(kid=None),
    "kid a number": lambda f: f.header_with(kid=1),
    "kid a list": lambda f: f.header_with(kid=["first"]),
    "kid a path": lambda f: f.header_with(kid="../../dev/null"),
    "alg absent": lambda f: f.header_with(alg=...),
    "alg a number": lambda f: f.header_with(alg=256),
    "alg a list": lambda f: f.header_with(alg=["RS256"]),
    "alg of encryption": lambda f: f.header_with(alg="RSA-OAEP"),
    "alg weak": lambda f: f.header_with(alg="RS1"),
    "typ absent": lambda f: f.header_with(typ=...),
    "typ JWT": lambda f: f.header_with(typ="JWT"),
    "typ of a logout token": lambda f: f.header_with(typ="logout+jwt"),
    "typ a number": lambda f: f.header_with(typ=1),
    "typ nearly right": lambda f: f.header_with(typ="at+jwt "),
    "critical and unknown": lambda f: f.header_with(crit=["exp"], exp=now() + HOUR),
    "critical, empty": lambda f: f.header_with(crit=[]),
    "payload not encoded": lambda f: f.header_with(crit=["b64"], b64=False),
}

CLAIMS: Mapping[str, Forgery] = {
    "expired": lambda f: f.claims_with(exp=now() - 60),
    "expired long ago": lambda f: f.claims_with(exp=0),
    "exp absent": lambda f: f.claims_with(exp=...),
    "exp null": lambda f: f.claims_with(exp=None),
    "exp a text": lambda f: f.claims_with(exp=str(now() + HOUR)),
    "exp true": lambda f: f.claims_with(exp=True),
    "exp a list": lambda f: f.claims_with(exp=[now() + HOUR]),
    "exp NaN": lambda f: f.claims_with(exp=float("nan")),
    "exp infinite": lambda f: f.claims_with(exp=float("inf")),
    "not yet valid": lambda f: f.claims_with(nbf=now() + 120),
    "nbf a text": lambda f: f.claims_with(nbf="0"),
    "nbf null": lambda f: f.claims_with(nbf=None),
    "iat absent": lambda f: f.claims_with(iat=...),
    "iat to come": lambda f: f.claims_with(iat=now() + 120),
    "iat a text": lambda f: f.claims_with(iat="0"),
    "iss absent": lambda f: f.claims_with(iss=...),
    "iss another": lambda f: f.claims_with(iss="https://evil.example"),
    "iss with a slash more": lambda f: f.claims_with(iss=f"{f.claims['iss']}/"),
    "iss in capitals": lambda f: f.claims_with(iss=str(f.claims["iss"]).upper()),
    "iss a list": lambda f: f.claims_with(iss=[f.claims["iss"]]),
    "aud absent": lambda f: f.claims_with(aud=...),
    "aud another": lambda f: f.claims_with(aud="urn:other"),
    "aud of the client": lambda f: f.claims_with(aud="kdt"),
    "aud a list of others": lambda f: f.claims_with(aud=["urn:other", "kdt"]),
    "aud empty": lambda f: f.claims_with(aud=""),
    "aud an empty list": lambda f: f.claims_with(aud=[]),
    "aud an object": lambda f: f.claims_with(aud={AUDIENCE: True}),
    "aud nearly right": lambda f: f.claims_with(aud=f"{AUDIENCE}x"),
    "sub absent": lambda f: f.claims_with(sub=...),
    "sub empty": lambda f: f.claims_with(sub=""),
    "sub a number": lambda f: f.claims_with(sub=1),
    "sub a list": lambda f: f.claims_with(sub=["machine"]),
    "jti absent": lambda f: f.claims_with(jti=...),
    "jti a number": lambda f: f.claims_with(jti=1),
}

SHAPES: Mapping[str, Forgery] = {
    "empty": lambda _: "",
    "a word": lambda _: "token",
    "only dots": lambda _: "..",
    "an example person's": lambda _: "demo-officer-den-bosch-1",
    "a part more": lambda f: f"{f.access}.{f.parts[2]}",
    "five parts, as if encrypted": lambda f: f"{f.parts[0]}..{f.parts[1]}.{f.parts[2]}.x",
    "as JSON": lambda f: json.dumps(
        {"protected": f.parts[0], "payload": f.parts[1], "signature": f.parts[2]}
    ),
    "with a line end": lambda f: f"{f.access}\n",
    "with a space": lambda f: f.access.replace(".", " .", 1),
    "twice": lambda f: f"{f.access} {f.access}",
    "not ASCII": lambda f: f"{f.access}é",
    "oversized": lambda f: f.claims_with(padding="x" * 20_000),
    "head oversized": lambda f: f.header_with(padding="x" * 20_000),
    "head nested deep": lambda f: f"{encoded(b'[' * 9000)}.{f.parts[1]}.{f.parts[2]}",
    "head a list": lambda f: f"{encoded([])}.{f.parts[1]}.{f.parts[2]}",
    "head not JSON": lambda f: f"{encoded(b'x')}.{f.parts[1]}.{f.parts[2]}",
    "payload a list": lambda f: f.payload(b"[]"),
    "payload null": lambda f: f.payload(b"null"),
    "payload empty": lambda f: f.payload(b""),
    "payload not JSON": lambda f: f.payload(b"x"),
    "payload not UTF-8": lambda f: f.payload(b"\xff"),
    "payload nested deep": lambda f: f.payload(b'{"a":' * 2000 + b"1" + b"}" * 2000),
}

FORGERIES = {**SIGNATURES, **HEADS, **CLAIMS, **SHAPES}


@pytest.fixture(scope="module")
def settings(started: conftest.Provider, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        home=tmp_path_factory.mktemp("home"),
        base_url="http://127.0.0.1:1",
        oidc_issuer=started.issuer,
        oidc_client_id="kdt",
        oidc_audience=AUDIENCE,
    )


@pytest.fixture(scope="module")
def forger(started: conftest.Provider, key: RSAKey) -> Forger:
    as_usual(started, key)
    access = started.access_token()
    header, claims = (
        json.loads(base64.urlsafe_b64decode(part + "==")) for part in access.split(".")[:2]
    )
    return Forger(started, access, header, claims, new_key("own"))


@pytest.fixture(scope="module")
def ours(settings: Settings, forger: Forger) -> Provider:
    made = Provider(settings)
    made.told()
    return made


def test_what_the_provider_gives_is_good(ours: Provider, forger: Forger) -> None:
    claims = tokens.access_claims(ours, forger.access)
    assert claims["sub"] == "machine"
    assert claims["groups"] == PROGRAM["groups"]
    assert claims["scope"] == "kdt:read kdt:write"


def test_what_the_forger_makes_is_good_until_something_is_changed(
    ours: Provider, forger: Forger
) -> None:
    for same in (
        forger.claims_with(),
        forger.header_with(),
        forger.claims_with(nbf=now() - 1),
        forger.claims_with(aud=["urn:other", AUDIENCE]),
        forger.header_with(typ="application/AT+JWT"),
        forger.payload(json.dumps(dict(forger.claims)).encode()),
    ):
        assert tokens.access_claims(ours, same)["sub"] == "machine"


@pytest.mark.parametrize("name", FORGERIES)
def test_a_token_that_was_altered_is_refused(name: str, ours: Provider, forger: Forger) -> None:
    with pytest.raises(BadToken):
        tokens.access_claims(ours, FORGERIES[name](forger))


def test_there_are_a_hundred_ways_to_alter_one(forger: Forger) -> None:
    assert len(FORGERIES) == len(SIGNATURES) + len(HEADS) + len(CLAIMS) + len(SHAPES)
    assert len(FORGERIES) >= 100
    made = {name: forge(forger) for name, forge in FORGERIES.items()}
    assert len({*made.values()}) == len(made)
    assert forger.access not in made.values()


def id_token(forger: Forger, header: Mapping[str, Any], **changes: Any) -> str:
    claims = {"iss": forger.claims["iss"], "sub": "anna", "aud": "kdt", "nonce": NONCE}
    good = {**claims, "iat": now(), "exp": now() + HOUR}
    signer = Forger(forger.beside, "", _changed(forger.header, header), good, forger.own)
    return signer.claims_with(**changes)


ID_FORGERIES: Mapping[str, Forgery] = {
    "an access token": lambda f: f.access,
    "typ of an access token": lambda f: id_token(f, {}),
    "nonce absent": lambda f: id_token(f, {"typ": "JWT"}, nonce=...),
    "nonce of another sign-in": lambda f: id_token(f, {"typ": "JWT"}, nonce="x"),
    "nonce a list": lambda f: id_token(f, {"typ": "JWT"}, nonce=[NONCE]),
    "aud another": lambda f: id_token(f, {"typ": "JWT"}, aud=AUDIENCE),
    "aud several, azp absent": lambda f: id_token(f, {"typ": "JWT"}, aud=["kdt", "x"]),
    "aud several, azp another": lambda f: id_token(f, {"typ": "JWT"}, aud=["kdt", "x"], azp="x"),
    "azp another": lambda f: id_token(f, {"typ": "JWT"}, azp="x"),
    "iss another": lambda f: id_token(f, {"typ": "JWT"}, iss="https://evil.example"),
    "expired": lambda f: id_token(f, {"typ": "JWT"}, exp=now() - 60),
    "exp absent": lambda f: id_token(f, {"typ": "JWT"}, exp=...),
    "iat absent": lambda f: id_token(f, {"typ": "JWT"}, iat=...),
    "sub absent": lambda f: id_token(f, {"typ": "JWT"}, sub=...),
    "sub empty": lambda f: id_token(f, {"typ": "JWT"}, sub=""),
    "at_hash of another access token": lambda f: id_token(f, {"typ": "JWT"}, at_hash="x"),
    "alg none": lambda f: (
        f"{encoded({'alg': 'none', 'kid': 'first'})}.{id_token(f, {}).split('.')[1]}."
    ),
    "kid unknown": lambda f: id_token(f, {"typ": "JWT", "kid": "x"}),
    "signature stripped": lambda f: id_token(f, {"typ": "JWT"}).rpartition(".")[0] + ".",
}


@pytest.mark.parametrize("name", ID_FORGERIES)
def test_an_id_token_that_was_altered_is_refused(name: str, ours: Provider, forger: Forger) -> None:
    good = id_token(forger, {"typ": "JWT"})
    said = tokens.id_claims(ours, good, nonce=NONCE, access_token=forger.access)
    assert said["sub"] == "anna"
    with pytest.raises(BadToken):
        tokens.id_claims(ours, ID_FORGERIES[name](forger), nonce=NONCE, access_token=forger.access)


def test_an_id_token_is_no_access_token(ours: Provider, forger: Forger) -> None:
    for aud in ("kdt", AUDIENCE):
        token = id_token(forger, {"typ": "JWT"}, aud=aud, jti="x", scope="kdt:read kdt:write")
        with pytest.raises(BadToken):
            tokens.access_claims(ours, token)


def test_who_signed_in_too_weakly_is_turned_away(settings: Settings, forger: Forger) -> None:
    strict = Provider(replace(settings, oidc_acr="loa3 loa4"))
    head = {"typ": "JWT"}
    # What a program asked for itself has no strength.
    assert tokens.access_claims(strict, forger.access)["sub"] == "machine"
    assert tokens.access_claims(strict, forger.claims_with(sub="anna", acr="loa4"))["acr"] == "loa4"
    good = id_token(forger, head, acr="loa3")
    assert tokens.id_claims(strict, good, nonce=NONCE, access_token=None)["acr"] == "loa3"
    for acr in ("loa2", "LOA3", "loa3 loa4", "", None, ["loa3"], ...):
        with pytest.raises(BadToken):
            tokens.access_claims(strict, forger.claims_with(sub="anna", acr=acr))
        weak = id_token(forger, head, acr=acr)
        with pytest.raises(BadToken):
            tokens.id_claims(strict, weak, nonce=NONCE, access_token=None)


def test_another_key_of_the_provider_is_found_and_the_old_one_no_longer_good(
    provider: conftest.Provider, settings: Settings
) -> None:
    moment = [1000.0]
    ours = Provider(settings, clock=lambda: moment[0])
    old = provider.access_token()
    tokens.access_claims(ours, old)
    provider.told(keys=provider.sees(new_key("second")))
    new = provider.access_token()
    # Not asked again at once: nobody can make us call the provider at every request.
    with pytest.raises(BadToken):
        tokens.access_claims(ours, new)
    moment[0] += 10
    assert tokens.access_claims(ours, new)["sub"] == "machine"
    with pytest.raises(BadToken):
        tokens.access_claims(ours, old)


def test_while_the_provider_is_away_its_keys_are_used_for_an_hour(
    provider: conftest.Provider, settings: Settings
) -> None:
    moment = [1000.0]
    ours = Provider(settings, clock=lambda: moment[0])
    token = provider.access_token()
    tokens.access_claims(ours, token)
    provider.told(away=True)
    moment[0] += 3599
    assert tokens.access_claims(ours, token)["sub"] == "machine"
    moment[0] += 1
    with pytest.raises(Unavailable):
        tokens.access_claims(ours, token)
    provider.told(away=False)
    moment[0] += 10
    assert tokens.access_claims(ours, token)["sub"] == "machine"


def test_nobody_waits_for_the_answer_to_another_s_question(
    provider: conftest.Provider, settings: Settings
) -> None:
    moment = [1000.0]
    ours = Provider(settings, clock=lambda: moment[0])
    token = provider.access_token()
    tokens.access_claims(ours, token)
    moment[0] += 10
    with socket.create_server(("127.0.0.1", 0)) as hangs, ThreadPoolExecutor(1) as threads:
        ours.issuer = f"http://127.0.0.1:{hangs.getsockname()[1]}"
        asking = threads.submit(ours.told, kid="unknown")
        asked, _ = hangs.accept()
        with asked:
            assert ours.told(kid="another unknown") is ours.told()
            assert not asking.done()
            moment[0] += 3600
            with pytest.raises(Unavailable):
                ours.told()
            assert not asking.done()
        with pytest.raises(Unavailable):
            asking.result()
