"""Similar cases: what is found, for whom, why, and what becomes of it when texts are destroyed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from kdt.access.permissions import Actor, scope
from kdt.cases.inputs import Inputs
from kdt.cases.service import Command, perform
from kdt.similar import keeping
from kdt.similar.keeping import keep_up, rebuild, standing
from kdt.similar.model import points_of, similar_models
from kdt.similar.queries import Described, Found, similar
from kdt.similar.since import Change, Kind
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading
from kdt.themes import adjusting
from kdt.themes.adjusting import Told as Adjusted
from kdt.themes.service import add
from kdt.themes.stepping import Told, take
from kdt.vocabulary import Action, Role
from tests.similar.invented import ELSEWHERE, HERE, QUERIES, bring_in, texts

AUDITOR = Actor("toezicht", Role.AUDITOR)
MEMBER = Actor("lid", Role.MEMBER, HERE)
OFFICER = Actor(f"officer-{HERE}-0", Role.OFFICER, HERE)
STRANGER = Actor("nieuw", Role.OFFICER, HERE)
ADVISER = Actor("beleid", Role.POLICY_ADVISER)
MANAGER = Actor("manager", Role.MANAGER, ELSEWHERE)
TOLD = texts(60)


@pytest.fixture
def record(store: Store, tmp_path: Path) -> Store:
    """Sixty decided escalations, to be searched among."""
    bring_in(store, tmp_path, TOLD)
    assert keep_up(store) == len(TOLD)
    return store


def found(store: Store, actor: Actor, summary: str, limit: int = 5, **given: object) -> Found:
    described = Described(summary, "decision", **given)  # type: ignore[arg-type]
    with reading(store.within(scope([actor]))) as connection:
        return similar(connection, [actor], described, limit)


def ids(found: Found) -> list[str]:
    return [one.escalation.id for one in found.items]


def subject(escalation: str) -> str:
    return TOLD[int(escalation.removeprefix("V-"))][0]


def test_an_empty_record_says_that_there_is_nothing_to_search(store: Store) -> None:
    assert keep_up(store) == 0
    assert found(store, AUDITOR, QUERIES["studie"]) == Found(ready=False)


def test_what_is_found_is_about_the_same_and_says_why_and_what_became_of_it(record: Store) -> None:
    for about, query in QUERIES.items():
        got = found(record, AUDITOR, query)
        assert [subject(one) for one in ids(got)] == [about] * 5
        assert got == found(record, AUDITOR, query)
        for one in got.items:
            assert (one.escalation.outcome, one.escalation.ruling) == ("decided", "in_favour")
            assert one.same == ("question",)
            number = int(one.escalation.id.removeprefix("V-"))
            told = {0: "carried_out", 3: "deviated"}.get(number % 6)
            assert one.followed == told
    near = found(record, AUDITOR, TOLD[7][1]).items
    (nearest,) = (one for one in near if one.escalation.id == "V-7")
    assert nearest.strongly
    assert nearest.shared_words
    assert set(nearest.shared_words) <= set(TOLD[7][1].casefold().replace(".", "").split())
    assert "V-7" not in ids(found(record, AUDITOR, TOLD[7][1], 20, besides="V-7"))


def test_nobody_finds_what_they_may_not_know_of(record: Store) -> None:
    for query in QUERIES.values():
        here = found(record, MEMBER, query, 20)
        assert here.items
        assert {one.escalation.location for one in here.items} == {HERE}
        own = found(record, OFFICER, query, 20)
        assert {one.escalation.brought_by for one in own.items} == {OFFICER.person}
        assert not found(record, STRANGER, query, 20).items
        # How near a text is would tell somebody who reads none what stands in it.
        assert not found(record, MANAGER, query, 20).items


@pytest.mark.parametrize("query", ["", "?!", "zq wx", "\ud800", "pleegkind " * 100_000])
def test_nonsense_and_very_much_find_little_and_harm_nothing(record: Store, query: str) -> None:
    got = found(record, AUDITOR, query)
    assert got.ready
    assert bool(got.items) == ("pleegkind" in query)


def test_what_was_destroyed_is_found_no_more_and_soon_forgotten(
    record: Store, owner_url: str
) -> None:
    assert "V-7" in ids(found(record, AUDITOR, TOLD[7][1]))
    owner = connect(owner_url)
    with owner.begin() as connection:
        connection.execute(
            text(
                "update entry_texts set content = null, salt = null, destroyed_on = current_date "
                "where escalation_id = 'V-7' and seq = 1"
            )
        )
    owner.dispose()
    assert "V-7" not in ids(found(record, AUDITOR, TOLD[7][1], 20))
    # At the next knock what was learnt of it is learnt anew without it.
    with reading(record) as connection:
        before = connection.execute(select(similar_models.c.id)).scalar_one()
    assert keep_up(record) == len(TOLD) - 1
    with reading(record) as connection:
        ((after, sample),) = connection.execute(
            select(similar_models.c.id, similar_models.c.sample)
        )
        left = connection.scalar(select(func.count()).select_from(points_of(before)))
    assert (after, sample, left) == (before + 1, len(TOLD) - 1, 0)
    assert "V-7" not in ids(found(record, AUDITOR, TOLD[7][1], 20))


def test_while_another_is_made_the_one_before_is_searched_by(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_BATCH", 25)
    wanted = ids(found(record, AUDITOR, QUERIES["ziekte"]))
    seen: list[tuple[bool, list[str]]] = []

    def halfway(done: int, _of: int) -> None:
        with reading(record) as connection:
            renewing = standing(connection).renewing
        seen.append((renewing, ids(found(record, AUDITOR, QUERIES["ziekte"]))))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(record, halfway)
    assert seen == [(True, wanted)] * 2
    # What was begun is gone on with where it was.
    assert keep_up(record) == len(TOLD) - 50
    with reading(record) as connection:
        now = standing(connection)
    assert (now.found, now.texts, now.renewing) == (len(TOLD), len(TOLD), False)
    assert ids(found(record, AUDITOR, QUERIES["ziekte"])) == wanted


def test_it_says_whether_a_theme_of_it_was_answered_after_it_was(record: Store) -> None:
    themes = {one: add(record, ADVISER, name).id for one, name in (("V-5", "Pleeg"), ("V-0", "W"))}
    held = {"V-5": date(2026, 3, 3), "V-0": date(2026, 3, 1)}
    answered = {}
    for one, theme in themes.items():
        chair = Actor("voorzitter", Role.CHAIR, ELSEWHERE if int(one[2:]) % 2 else HERE)
        tagged = Command(Action.TAG, Inputs({"theme": theme}, {}))
        with reading(record) as connection:
            version = connection.scalar(text(f"select seq from escalations where id = '{one}'"))
        perform(record, chair, one, [tagged], version=version)
        for told in (
            Told("send_out", held[one], "Zoek uit.", owed_by="policy", due_on=date(2999, 1, 1)),
            Told("answer", held[one], "De regel is aangepast."),
        ):
            answered[one] = take(record, ADVISER, theme, told)

    def since(escalation: str) -> tuple[Change, ...]:
        items = found(record, AUDITOR, TOLD[int(escalation[2:])][1], 20).items
        return next(one.since for one in items if one.escalation.id == escalation)

    assert since("V-5") == (Change(themes["V-5"], Kind.ANSWER, held["V-5"]),)
    # Answered before it was considered.
    assert since("V-0") == ()
    rule = Adjusted("policy_rule", "in_force", held["V-5"], "Regel", themes=[themes["V-5"]])
    made = adjusting.enter(record, ADVISER, rule)
    unknown = replace(rule, at_latest=True, since=date(2026, 3, 4))
    adjusting.enter(record, ADVISER, unknown)
    assert [one.kind for one in since("V-5")] == [Kind.ANSWER, Kind.IN_FORCE]
    adjusting.withdraw(record, ADVISER, made)
    back = Told("correct", reasons="Vergissing.", replaces=answered["V-5"])
    take(record, ADVISER, themes["V-5"], back)
    assert since("V-5") == ()
