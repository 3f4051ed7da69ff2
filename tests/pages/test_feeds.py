"""Meetings in a calendar program: at an address that cannot be guessed and can be revoked."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner
from icalendar import Calendar

from kdt.access.permissions import Actor
from kdt.access.service import set_disabled
from kdt.ledger.service import By
from kdt.meetings import arranging
from kdt.meetings.feed_commands import feeds as commands
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.vocabulary import MeetingKind, Role
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk, Reader

PATH = "/calendar-feeds"


def test_a_feed_follows_what_is_moved_and_cancelled_and_ends_with_its_address(
    desk: Desk, store: Store
) -> None:
    tab = desk.sign_in(SECRETARY)
    assert desk.sign_in(OFFICER).get(PATH).status == 403
    path = new_address(tab, desk.local)
    secretary = [Actor(SECRETARY, Role.SECRETARY, "Den Bosch")]
    far = desk.today + timedelta(days=20)
    extra = MeetingKind.EXTRAORDINARY
    arranging.add(store, secretary, desk.local, far, extra, "Verzonnen geheim.", place="Zaal 9")
    first = events(tab.get(path).answer.content)
    assert {str(one["SUMMARY"]) for one in first.values()} >= {"KDT Den Bosch"}
    (uid,) = [key for key, one in first.items() if "extra overleg" in str(one["SUMMARY"])]
    assert first[uid]["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert str(first[uid]["LOCATION"]) == "Zaal 9"
    to = far + timedelta(days=1)
    arranging.move(store, secretary, desk.local, far, to, "Verzonnen.")
    moved = events(tab.get(path).answer.content)
    assert moved.keys() == first.keys()
    assert moved[uid]["DTSTART"].dt.date() == to
    assert int(moved[uid]["SEQUENCE"]) > int(first[uid]["SEQUENCE"])
    arranging.cancel(store, secretary, desk.local, to, "Verzonnen.")
    assert str(events(tab.get(path).answer.content)[uid]["STATUS"]) == "CANCELLED"
    # Without any session, and without anything of why.
    told = httpx.get(desk.base.join(path))
    assert told.status_code == 200
    assert b"Verzonnen" not in told.content
    with writing(store) as connection:
        set_disabled(connection, By("beheer"), SECRETARY, disabled=True)
    assert httpx.get(desk.base.join(path)).status_code == 404
    with writing(store) as connection:
        set_disabled(connection, By("beheer"), SECRETARY, disabled=False)
    again = desk.sign_in(SECRETARY)
    other = new_address(again, desk.local)
    assert again.get(path).status == 404
    assert again.get(other).status == 200
    again.fill(PATH, panel=desk.local, do="revoke")
    assert again.get(other).status == 404


def test_a_program_makes_one_once_and_ends_it(desk: Desk) -> None:
    with httpx.Client(base_url=desk.base, headers=token(SECRETARY)) as program:
        feeds, body = "/v1/calendar-feeds", {"panel": desk.local}
        assert httpx.get(desk.base.join(feeds), headers=token(OFFICER)).status_code == 403
        key = {"Idempotency-Key": "een"}
        made = program.post(feeds, json=body, headers=key).json()
        assert program.get(made["address"]).status_code == 200
        # Sent again, nothing is made and nothing shown.
        assert program.post(feeds, json=body, headers=key).json() == {**made, "address": None}
        assert program.get(made["address"]).status_code == 200
        other = program.post(feeds, json={}).json()
        has = {one["panel"]: one["madeAt"] for one in program.get(feeds).json()["items"]}
        assert has == {None: other["madeAt"], desk.local: made["madeAt"]}
        assert program.post(feeds, json={"panel": "kdt-elders"}).status_code == 404
        assert program.delete(f"{feeds}/all").status_code == 204
        assert program.get(other["address"]).status_code == 404
        assert program.get(made["address"]).status_code == 200


def test_from_the_command_line_as_well(desk: Desk, store: Store, tmp_path: Path) -> None:
    def typed(*arguments: str) -> str:
        environment = {
            "KDT_HOME": str(tmp_path),
            "KDT_DATABASE_URL": store.url,
            "KDT_BASE_URL": str(desk.base),
        }
        given = [*arguments, "--by", SECRETARY]
        done = CliRunner().invoke(commands, given, env=environment, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    address = typed("make", desk.local)
    assert httpx.get(address).status_code == 200
    assert f"{desk.today:%Y-%m-%d}" in typed("list")
    typed("revoke", desk.local)
    assert httpx.get(address).status_code == 404


def token(person: str) -> dict[str, str]:
    return {"Authorization": f"Bearer demo-{person}"}


def new_address(tab: Reader, panel: str) -> str:
    """The path of the address that is shown once."""
    page = tab.fill(PATH, panel=panel, do="make")
    (address,) = re.findall(r'<code class="address">([^<]*)</code>', page.main)
    return httpx.URL(address).path


def events(content: bytes) -> dict[str, Any]:
    """The meetings in a calendar by their UID."""
    calendar = Calendar.from_ical(content)
    return {str(one["UID"]): one for one in calendar.walk("VEVENT")}
