"""A browser at the running application, with JavaScript and without."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kdt.access.permissions import Actor
from kdt.store.engine import Store
from kdt.themes.service import add
from kdt.vocabulary import Role
from tests.api.conftest import ADVISER, furnished, serving
from tests.support import assert_sound

# A machine shared with others may be slow; a page that never comes still fails.
expect.set_options(timeout=30_000)

# Signs somebody in, in a window of their own.
SignIn = Callable[[str], Page]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs JavaScript."""
    return bool(request.param)


@pytest.fixture
def sign_in(browser: Browser, store: Store, tmp_path: Path, script: bool) -> Iterator[SignIn]:
    """Den Bosch and the national KDT, both meeting today, and a window for each person."""
    furnished(store)
    add(store, Actor(ADVISER, Role.POLICY_ADVISER), "Pleegkinderen in het gezin")
    contexts = []
    with serving(store, tmp_path) as client:

        def window(person: str) -> Page:
            contexts.append(
                browser.new_context(
                    base_url=str(client.base_url), java_script_enabled=script, locale="nl-NL"
                )
            )
            page = contexts[-1].new_page()
            page.goto("/")
            page.locator(f"button[value='{person}']").click()
            return page

        yield window
        for one in contexts:
            one.close()
    assert_sound(store)
