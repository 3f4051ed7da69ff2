"""The examples of a proxy that stand in deploy/, with the real programs: a prefix, TLS, and nothing
believed that the client says of itself. Skipped where the program is not installed, but never on
the CI."""

import os
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import text

from api.app import create_app
from kdt.settings import Settings
from kdt.store.engine import Store
from tests.api.conftest import OFFICER, furnished, open_port
from tests.certificates import certificate
from tests.support import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "intranet.example.org"

pytestmark = pytest.mark.slow


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    """The example of nginx, listening here and sent there, inside what Debian puts around it."""
    server = (DEPLOY / "nginx.conf").read_text()
    for theirs, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/kdt", f"{folder}/kdt"),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
    ):
        assert theirs in server
        server = server.replace(theirs, ours)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{places}{server}}}\n"
    )
    return ["nginx", "-c", str(file), "-p", str(folder), "-e", str(folder / "start.log")]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    """The example of Caddy, with a certificate of ours."""
    site = (DEPLOY / "Caddyfile").read_text()
    for theirs, ours in (
        (f"{NAME} {{", f"https://{NAME}:{port} {{\n\ttls {folder}/kdt.pem {folder}/kdt.key"),
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
    ):
        assert theirs in site
        site = site.replace(theirs, ours)
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]


@contextmanager
def serving(store: Store, home: Path) -> Iterator[int]:
    """KDT as behind a proxy that offers it under /kdt; its port."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(store, Settings(home=home), demo=True), log_config=None, root_path="/kdt"
        )
    )
    with open_port() as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def client(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[httpx.Client]:
    """A browser that comes through the proxy."""
    made: Callable[[Path, int, int], list[str]] = request.param
    if shutil.which(made.__name__) is None and not os.environ.get("CI"):
        pytest.skip(f"{made.__name__} is not installed")
    own, _ = certificate(tmp_path, NAME)
    furnished(store)
    port = free_port()
    trusted = ssl.create_default_context(cafile=own)
    with serving(store, tmp_path) as upstream:
        command = made(tmp_path, port, upstream)
        with (tmp_path / "out.log").open("wb") as out:
            proxy = subprocess.Popen(command, stdout=out, stderr=out, cwd=tmp_path)
        try:
            with httpx.Client(
                base_url=f"https://127.0.0.1:{port}/kdt",
                verify=trusted,
                headers={"Host": NAME if made is nginx else f"{NAME}:{port}"},
                timeout=30,
            ) as opened:
                until = time.monotonic() + 20
                while True:
                    try:
                        opened.get("/live", extensions={"sni_hostname": NAME})
                        break
                    except httpx.TransportError:
                        assert proxy.poll() is None, (tmp_path / "out.log").read_text()
                        assert time.monotonic() < until
                        time.sleep(0.1)
                yield opened
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)


def test_it_works_under_its_prefix_and_believes_the_proxy_alone(
    client: httpx.Client, store: Store
) -> None:
    sni = {"sni_hostname": NAME}
    first = client.get("/", extensions=sni)
    assert (first.status_code, first.headers["location"]) == (303, "/kdt/signin")
    page = client.get("/signin", extensions=sni, headers={"X-Forwarded-For": "198.51.100.7"})
    assert page.status_code == 200
    assert 'href="/kdt/static/kdt.css"' in page.text
    assert "strict-transport-security" in page.headers
    assert client.get("/static/kdt.css", extensions=sni).status_code == 200
    signed_in = client.post("/signin", data={"person": OFFICER}, extensions=sni)
    assert signed_in.headers["location"] == "/kdt/"
    assert signed_in.headers["set-cookie"].startswith("__Host-kdt=")
    assert "secure" in signed_in.headers["set-cookie"].lower()
    home = client.get("/escalations/new", extensions=sni)
    assert 'action="/kdt/escalations/new"' in home.text
    api = client.get("/v1/openapi.json", extensions=sni)
    assert api.json()["servers"][0]["url"].endswith("/kdt/v1")
    large = client.post("/signin", content=b"x" * (2 * 2**20), extensions=sni)
    # Caddy before 2.7 calls it a bad gateway.
    assert large.status_code in (413, 502)
    assert client.get("/metrics", extensions=sni).status_code in (403, 404)
    with store.engine.connect() as connection:
        known = set(connection.scalars(text("select who from rates")))
    assert "address 127.0.0.1" in known
    assert "address 198.51.100.7" not in known
