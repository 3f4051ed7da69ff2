"""Policy says afterwards which rode draad a case shows, and why; and takes that back."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kdt.access.permissions import Actor
from kdt.cases import service, view
from kdt.cases.by_policy import added
from kdt.errors import NotFound, Refused, Unavailable
from kdt.store import migrate
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import service as themes
from kdt.themes import stepping
from kdt.themes.counting import counts
from kdt.vocabulary import Role
from tests import canary
from tests.cases.test_history_of_meetings import bring_in, taken_out
from tests.service.test_together import (
    PLACES,
    agree,
    bring,
    command,
    officer,
    prepare,
    secretary,
)
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
COLLEAGUE = Actor("beleid-2", Role.POLICY_ADVISER)
WHY = "Verzonnen: de aanvrager wachtte een jaar op stukken."
YEAR = (date(2022, 1, 1), date(2022, 12, 31))
Fields = dict[str, Any]


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return str(refused.value.refusal.code)


def seen(store: Store, today: date) -> dict[str, int]:
    with reading(store) as connection:
        return counts(connection, today - timedelta(days=30), today)


class Closed:
    """A case that was answered, tagged with the first theme by its panel, and closed."""

    def __init__(self, store: Store) -> None:
        self.store, self.today = store, prepare(store)
        self.first, self.second = (themes.add(store, ADVISER, one).id for one in ("Kou", "Wachten"))
        self.id = bring(store, PLACES[0], "Z-1", self.today).escalation
        decided = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
        done = self.does(secretary(PLACES[0]), decided, command("tag", theme=self.first))
        self.by_panel = done[1]
        self.does(officer(PLACES[0]), command("follow_through", result="carried_out"))

    def does(self, actor: Actor, *commands: service.Command) -> tuple[str, ...]:
        return service.perform(self.store, actor, self.id, commands).refs

    def tagged(self) -> str:
        """Tagged with the second theme by policy; the entry that says so."""
        return self.does(ADVISER, command("tag", theme=self.second, reason=WHY))[0]

    def voided(self, ref: str, by: Actor = COLLEAGUE) -> str:
        gone = command("correct", replaces=ref, reason="Verzonnen: vergist.", void=True)
        return self.does(by, gone)[0]

    def refused(self, act: Callable[[], object]) -> str:
        with pytest.raises(Refused) as refused:
            act()
        return code_of(refused)


@pytest.fixture
def closed(store: Store) -> Closed:
    return Closed(store)


def test_a_closed_case_is_tagged_and_no_outcome_counts_otherwise(closed: Closed) -> None:
    before = agree(closed.store, closed.today)
    ref = closed.tagged()
    assert seen(closed.store, closed.today) == {closed.first: 1, closed.second: 1}
    assert agree(closed.store, closed.today) == before
    with reading(closed.store) as connection:
        assert added(connection, closed.first, [closed.id]) == {}
        by_policy = added(connection, closed.second, [closed.id])[closed.id]
        mine = view.escalation(connection, [officer(PLACES[0])], closed.id)
        theirs = view.escalation(connection, [ADVISER], closed.id)
    assert by_policy.on == closed.today
    assert mine
    assert theirs
    assert mine.state.phase == "closed"
    for found, person in ((mine, ADVISER.person), (theirs, None)):
        (entry,) = (one for one in found.entries if one.ref == ref)
        assert (entry.seq, entry.person) == (by_policy.seq, person)
        assert dict(entry.texts) == canary.told({"reason": WHY})
    assert_sound(closed.store)


def test_it_is_taken_back_by_policy_with_a_reason_and_both_stay(closed: Closed) -> None:
    ref = closed.tagged()
    silent = command("tag", theme=closed.second)
    assert closed.refused(partial(closed.does, ADVISER, silent)) == "field_required"
    for other in (officer(PLACES[0]), secretary(PLACES[0])):
        assert closed.refused(partial(closed.voided, ref, other)) == "tagged_by_policy"
    of_panel = partial(closed.voided, closed.by_panel, ADVISER)
    assert closed.refused(of_panel) == "not_tagged_by_policy"
    closed.voided(ref)
    assert seen(closed.store, closed.today) == {closed.first: 1}
    with reading(closed.store) as connection:
        found = view.escalation(connection, [officer(PLACES[0])], closed.id)
    assert found
    # Who gave it and who took it away, each with why.
    gave, took = found.entries[-2:]
    assert (gave.person, gave.texts, gave.stands) == (
        ADVISER.person,
        canary.told({"reason": WHY}),
        None,
    )
    assert (took.person, took.values["replaces"]) == (COLLEAGUE.person, ref)
    assert took.texts == canary.told({"reason": "Verzonnen: vergist."})
    assert_sound(closed.store)


def test_policy_tags_only_what_it_may_know_of(closed: Closed) -> None:
    elsewhere = Actor("beleid-3", Role.POLICY_ADVISER, PLACES[1])
    tag = command("tag", theme=closed.second, reason=WHY)
    with pytest.raises(NotFound):
        closed.does(elsewhere, tag)
    ref = closed.tagged()
    closed.voided(closed.by_panel, secretary(PLACES[0]))
    closed.voided(ref)
    # It shows no theme any more.
    with pytest.raises(NotFound):
        closed.tagged()


def test_it_goes_where_its_theme_goes_and_can_still_be_taken_back(closed: Closed) -> None:
    ref = closed.tagged()
    merged = stepping.Told("merge", closed.today, "Verzonnen.", target=closed.first)
    stepping.take(closed.store, ADVISER, closed.second, merged)
    assert seen(closed.store, closed.today) == {closed.first: 1}
    with reading(closed.store) as connection:
        assert [*added(connection, closed.first, [closed.id])] == [closed.id]
    closed.voided(closed.by_panel, secretary(PLACES[0]))
    assert seen(closed.store, closed.today) == {closed.first: 1}
    closed.voided(ref)
    assert seen(closed.store, closed.today) == {}
    assert_sound(closed.store)


def test_it_goes_out_and_comes_in_elsewhere_the_same(
    closed: Closed, elsewhere: Store, tmp_path: Path
) -> None:
    plain = taken_out(closed.store, tmp_path / "before.jsonl")
    assert plain.startswith(b'{"kind": "history", "version": 6}\n')
    closed.voided(closed.tagged())
    closed.tagged()
    first = taken_out(closed.store, tmp_path / "first.jsonl")
    assert first.startswith(b'{"kind": "history", "version": 7}\n')
    assert WHY.encode() in first
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    assert seen(elsewhere, closed.today) == seen(closed.store, closed.today)
    assert_sound(elsewhere)


def test_no_release_before_is_left_with_what_it_cannot_read(closed: Closed, owner_url: str) -> None:
    closed.voided(closed.tagged())
    with pytest.raises(Unavailable, match="verloren gaan"):
        migrate.downgrade(owner_url, "0041")


def lines(version: int, *more: Fields) -> list[Fields]:
    """A case of January, and what was said of it since."""
    theme = {"kind": "theme", "id": "kou", "name": "Kou", "description": ""}
    if version > 5:
        theme |= act("t", "2022-01-03", ADVISER, status="confirmed")
    opening = {
        "case": "Z-1", "location": "Den Bosch", "question": "decision", "ground": "buikpijn"
    }  # fmt: skip
    by = Actor("medewerker", Role.OFFICER)
    opened = act("1", "2022-01-10", by, "open", **opening)
    return [{"kind": "history", "version": version}, theme, opened, *more]


def act(ref: str, day: str, by: Actor, action: str | None = None, **more: object) -> Fields:
    on = more.pop("on", day)
    done = {"action": action, "escalation": "A"} if action else {}
    who = {"actor": by.person, "role": by.role.value}
    return {"ref": ref, "recordedAt": f"{day}T12:00:00Z", "occurredOn": on, **who, **done, **more}


TAG = act("2", "2022-06-01", ADVISER, "tag", on="2022-01-12", theme="kou", reason=WHY)
GONE = act("3", "2022-09-01", ADVISER, "correct", replaces="2", reason=WHY, void=True)


def test_it_counts_on_the_day_it_says_once_it_was_recorded(store: Store, tmp_path: Path) -> None:
    assert bring_in(store, lines(7, TAG, GONE), tmp_path) == []
    known = {date(2022, 5, 31): {}, date(2022, 6, 1): {"kou": 1}, date(2022, 9, 1): {}}
    with reading(store) as connection:
        for as_of, count in known.items():
            january = counts(connection, date(2022, 1, 1), date(2022, 1, 31), as_of)
            assert january == counts(connection, *YEAR, as_of) == count, as_of
            assert counts(connection, date(2022, 6, 1), date(2022, 6, 30), as_of) == {}
    assert_sound(store)


def test_a_record_whose_themes_came_without_a_moment_says_when_they_came(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    by_officer = act("2", "2022-02-01", Actor("medewerker", Role.OFFICER), "tag", theme="kou")
    assert bring_in(store, lines(2, by_officer), tmp_path) == []
    service.perform(store, ADVISER, "A", [command("tag", theme="kou", reason=WHY)])
    first = taken_out(store, tmp_path / "first.jsonl")
    assert first.startswith(b'{"kind": "history", "version": 7}\n')
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    assert_sound(elsewhere)


@pytest.mark.parametrize(
    ("version", "line"),
    [
        (6, TAG),
        (6, TAG | {"role": "officer"}),
        (6, {one: TAG[one] for one in TAG if one != "reason"}),
        (7, {one: TAG[one] for one in TAG if one != "reason"}),
        (7, TAG | {"reason": " "}),
        (7, act("2", "2022-06-01", ADVISER, "correct", replaces="1", reason=WHY, void=True)),
        (7, act("2", "2022-06-01", ADVISER, "lapse", reason=WHY)),
    ],
)
def test_what_policy_may_not_say_or_the_version_does_not_know_is_bad(
    store: Store, tmp_path: Path, version: int, line: Fields
) -> None:
    (bad,) = bring_in(store, lines(version, line), tmp_path)
    assert (bad.line, bad.ref) == (4, "2")
    assert all(one.endswith(".") for one in bad.problems)
