"""Example people are for the machine itself: a server that lets others be one does not start."""

from pathlib import Path
from typing import Any

import pytest

from api.commands import run
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
