"""How a server starts: where it listens, and whom it lets in as an example person."""

import socket
from pathlib import Path
from typing import Any

import pytest

from api.commands import listening, run
from kdt.settings import InvalidSetting, Settings
from kdt.store.engine import Store


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


def test_the_second_part_of_an_answer_waits_for_nobody(tmp_path: Path) -> None:
    """Held back until the browser says it has the first, it comes 40 ms later, at every click."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        listening(Settings(home=tmp_path, port=port)) as listener,
        socket.create_connection(("127.0.0.1", port)),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
