"""How a server starts: where it listens, and whom it lets in as an example person."""

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.commands import address, listening, run, served
from kdt.settings import InvalidSetting, Settings
from kdt.store.engine import Store
from tests.certificates import LOOPBACK, certificate
from tests.support import free_port


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"host": "0.0.0.0"}, "KDT_HOST"),
        ({"host": "192.0.2.1"}, "KDT_HOST"),
        ({"host": "::"}, "KDT_HOST"),
        ({"host": "kdt.example.org"}, "KDT_HOST"),
        ({"base_url": "https://kdt.example.org"}, "KDT_BASE_URL"),
        (
            {
                "base_url": "http://127.0.0.1:8000",
                "oidc_issuer": "https://provider.example.org",
                "oidc_client_id": "kdt",
            },
            "KDT_OIDC_ISSUER",
        ),
    ],
)
def test_a_demonstration_that_others_can_reach_does_not_start(
    store: Store, tmp_path: Path, given: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidSetting, match=rf"^[^\n]*{named}[^\n]*\.$"):
        run(store, Settings(home=tmp_path, **given), demo=True)


def test_it_speaks_tls_where_a_certificate_is_set(store: Store, tmp_path: Path) -> None:
    own, key = certificate(tmp_path)
    port = free_port()
    chosen = Settings(home=tmp_path, port=port, tls_certificate=own, tls_key=key)
    assert address(chosen) == f"https://{LOOPBACK}:{port}"
    with listening(chosen) as listener:
        server = uvicorn.Server(served(create_app(store, chosen, demo=True), chosen))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx.Client(verify=ssl.create_default_context(cafile=own)) as client:
                page = client.get(f"{address(chosen)}/signin")
                assert page.status_code == 200
                assert "strict-transport-security" in page.headers
            with pytest.raises(httpx.TransportError):
                httpx.get(f"http://{LOOPBACK}:{port}/signin")
        finally:
            server.should_exit = True
            thread.join()


def test_it_does_not_start_with_a_key_that_is_not_of_the_certificate(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (own, _), (_, other) = certificate(tmp_path), certificate(tmp_path / "other")
    for key in (other, tmp_path / "nowhere"):
        with pytest.raises(InvalidSetting, match="KDT_TLS_KEY"):
            run(store, Settings(home=tmp_path, tls_certificate=own, tls_key=key), demo=False)


def test_the_second_part_of_an_answer_waits_for_nobody(tmp_path: Path) -> None:
    """Held back until the browser says it has the first, it comes 40 ms later, at every click."""
    port = free_port()
    with (
        listening(Settings(home=tmp_path, port=port)) as listener,
        socket.create_connection(("127.0.0.1", port)),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
