"""Signals of harshness: who reads which, how they stand by what was found of them, and answer 9."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from kdt.access.permissions import Actor
from kdt.audit.changes import changes
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.ledger.service import By
from kdt.ledger.table import Subject
from kdt.register.answers import answers, question
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import letters, signalling
from kdt.themes.adjustments import adjustments
from kdt.themes.replies import STEP, replies, rounded
from kdt.themes.replies import Told as ToldOf
from kdt.themes.service import add
from kdt.themes.signalling import Found, Told, assess, change, enter, withdraw
from kdt.themes.signals import Wanted, signal, signals
from kdt.themes.standing import View, standing
from kdt.vocabulary import (
    CLOSED_SOURCES,
    Assessment,
    FromLawyers,
    Role,
    SignalSource,
    SignalStanding,
)
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
OTHER = Actor("beleid-2", Role.POLICY_ADVISER)
AUDITOR = Actor("auditor", Role.AUDITOR)
TOLD = Told("journal", date(2022, 3, 1), "Verzonnen", "Verzonnen: het valt hard uit.")
REPLY = replace(TOLD, source="coa_staff", title="GEHEIM-titel", concerns="GEHEIM-tekst")
START = datetime(2022, 1, 1, tzinfo=UTC)

views = st.lists(
    st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from(Assessment)), max_size=8
).map(
    lambda drawn: [
        View(who, public, found, "", START + timedelta(days=day))
        for day, (who, public, found) in enumerate(drawn)
    ]
)


def answer_9(store: Store, first: date, until: date, as_of: date | None = None) -> str:
    with reading(store) as connection:
        today = moments.today(connection)
        found = answers(connection, question(first, until, as_of, today=today), today=today)
    return "\n".join(next(one.now for one in found.answers if one.number == 9))


@given(views, st.randoms())
def test_how_a_signal_stands_follows_from_what_each_found_last(
    found: list[View], shuffle: random.Random
) -> None:
    last = {(one.published, one.assessor): one.assessment for one in found}
    stands = standing(found)
    if not last:
        assert stands is SignalStanding.UNASSESSED
    elif len({*last.values()}) > 1:
        assert stands is SignalStanding.DIVIDED
    elif len(last) == 1 and not any(published for published, _ in last):
        assert stands is SignalStanding.AWAITS_SECOND
    else:
        assert stands == found[-1].assessment
    other = [*found]
    shuffle.shuffle(other)
    assert standing(other) is stands


def test_each_opinion_is_kept_and_disagreement_shows(store: Store) -> None:
    made = enter(store, ADVISER, TOLD)

    def stands() -> tuple[SignalStanding, int]:
        with reading(store) as connection:
            one = signal(connection, made, closed=False)
        assert one
        return one.standing, len(one.views)

    assert stands() == ("unassessed", 0)
    assess(store, ADVISER, made, Found("recognised", "Niet te voorzien."), key="eens")
    assess(store, ADVISER, made, Found("recognised", "Niet te voorzien."), key="eens")
    assert stands() == ("awaits_second", 1)
    assess(store, OTHER, made, Found("not_recognised", "Zo was het bedoeld."))
    assert stands() == ("divided", 2)
    assess(store, OTHER, made, Found("recognised", "Bij nader inzien niet bedoeld."))
    assert stands() == ("recognised", 3)
    assess(store, OTHER, made, Found("open", "Wie het publiceerde.", "Een bewindspersoon"))
    assert stands() == ("divided", 4)
    for wrong, field in ((Found("hard", "x"), "assessment"), (Found("open", " "), "reasons")):
        with pytest.raises(InvalidInput) as refused:
            assess(store, ADVISER, made, wrong)
        assert [one.field for one in refused.value.problems] == [field]
    with pytest.raises(Forbidden):
        assess(store, AUDITOR, made, Found("open", "x"))
    withdraw(store, ADVISER, made)
    with pytest.raises(Refused) as gone:
        assess(store, ADVISER, made, Found("open", "x"))
    assert gone.value.refusal.code == signalling.Code.SIGNAL_WITHDRAWN
    with pytest.raises(Refused):
        change(store, ADVISER, made, TOLD)
    assert_sound(store)


def test_only_a_policy_adviser_records_signals_and_only_what_can_be(store: Store) -> None:
    theme = add(store, ADVISER, "Wachttijd").id
    with pytest.raises(Forbidden):
        enter(store, Actor("voorzitter", Role.CHAIR), TOLD)
    with reading(store) as connection:
        tomorrow = moments.today(connection) + timedelta(days=1)
    for wrong, field in (
        (replace(TOLD, received_on=tomorrow), "receivedOn"),
        (replace(TOLD, source="roddel"), "source"),
        (replace(TOLD, lawyers="misschien"), "lawyers"),
        (replace(TOLD, themes=["onbekend"]), "themes"),
        (replace(TOLD, concerns=" "), "concerns"),
        (replace(TOLD, title=" "), "title"),
        (replace(TOLD, followed="a\0b"), "followed"),
        (replace(REPLY, origin="iemand"), "origin"),
        (replace(REPLY, reference="een mail"), "reference"),
        (replace(REPLY, lawyers="yes"), "lawyers"),
    ):
        with pytest.raises(InvalidInput) as refused:
            enter(store, ADVISER, wrong)
        assert [one.field for one in refused.value.problems] == [field]
    with pytest.raises(NotFound):
        change(store, ADVISER, "S-00000000", TOLD)
    made = enter(store, ADVISER, replace(TOLD, themes=[theme]), key="eens")
    assert enter(store, ADVISER, replace(TOLD, themes=[theme]), key="eens") == made
    with pytest.raises(Conflict):
        enter(store, ADVISER, TOLD, key="eens")
    with reading(store) as connection:
        for wanted, count in (
            (Wanted(theme=theme), 1),
            (Wanted(theme="anders"), 0),
            (Wanted(source="journal", standing="unassessed", first=TOLD.received_on), 1),
            (Wanted(until=TOLD.received_on - timedelta(days=1)), 0),
        ):
            assert len(signals(connection, closed=False, wanted=wanted)) == count


def test_a_reply_of_staff_stays_closed_and_numbers_of_them_are_rounded(store: Store) -> None:
    made = [enter(store, ADVISER, REPLY) for _ in range(7)]
    few = enter(store, ADVISER, replace(REPLY, source="vwn"))
    assess(store, ADVISER, few, Found("open", "GEHEIM-reden"))
    with reading(store) as connection:
        assert signals(connection, closed=False) == []
        assert signal(connection, few, closed=False) is None
        assert len(signals(connection, closed=True)) == 8
        assert replies(connection) == {SignalSource.COA_STAFF: 5}
    # The list of changes says nothing of them, nor what an adviser finds of an open one.
    shown = enter(store, ADVISER, TOLD)
    assess(store, ADVISER, shown, Found("open", "GEHEIM-oordeel"))
    told = changes(store, [AUDITOR], subject=Subject.SIGNAL)
    assert {one.subject_id for one in told} == {shown}
    assert "GEHEIM" not in repr(told)
    # It cannot be made open, nor an open one closed.
    for one, other in ((made[0], TOLD), (shown, REPLY)):
        with pytest.raises(Refused) as refused:
            change(store, ADVISER, one, other)
        assert refused.value.refusal.code == signalling.Code.REPLY_STAYS_CLOSED
    change(store, ADVISER, made[0], replace(REPLY, source="vwn"))
    said = answer_9(store, date(2022, 1, 1), date(2022, 12, 31))
    assert "GEHEIM" not in said
    assert "medewerkers van het COA: 5" in said
    assert "1 signaal" in said
    assert_sound(store)


def test_numbers_are_rounded_to_fives() -> None:
    assert [rounded(count) for count in (5, 7, 8, 12, 13, 100)] == [5, 5, 10, 10, 15, 100]


@given(st.lists(st.integers(0, 60), max_size=40))
@example([8, 3, 7])
def test_a_number_that_was_told_stays_until_a_whole_step_came_or_went(counts: list[int]) -> None:
    """Asked about every day, it shows no single reply."""
    before, last = ToldOf(), 0
    for count in counts:
        now = before.after(count)
        assert now.about is None or (now.about % STEP == 0 and now.about >= STEP)
        # None is told of as many as one less than a step.
        off = STEP - 1 if now.about is None else STEP // 2
        assert abs((now.about or 0) - count) <= off + STEP - 1
        if now.about != before.about:
            assert abs(count - last) >= STEP
        if abs(count - last) >= STEP:
            last = count
        before = now


def test_who_asks_about_every_day_sees_no_single_reply(store: Store, owner_url: str) -> None:
    for _ in range(8):
        enter(store, ADVISER, REPLY)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        # One a day, as they could have come in.
        connection.exec_driver_sql(
            "update signal_terms set recorded_at = recorded_at - (8 - rank) * interval '1 day' "
            "from (select signal as one, row_number() over (order by signal) as rank "
            "from signal_terms) as ranked where signal = one"
        )
    engine.dispose()
    with reading(store) as connection:
        now = moments.today(connection)
        told = [replies(connection, now - timedelta(days=day)) for day in range(7, -1, -1)]
    assert [one.get(SignalSource.COA_STAFF) for one in told] == [None] * 4 + [5] * 4


def test_the_letters_are_loaded_once_with_what_they_say_and_no_more(store: Store) -> None:
    assert letters.load(store, By("beheer")) == letters.Loaded(9, 4)
    withdraw(store, ADVISER, "S-BRIEF-3")
    assert letters.load(store, By("beheer")) == letters.Loaded(0, 0)
    with reading(store) as connection:
        found = {one.id: one for one in signals(connection, closed=True)}
    stands = {one: found[one].standing for one in found if found[one].views}
    assert stands == {
        "S-BRIEF-6": "recognised",
        "S-BRIEF-7": "recognised",
        "S-BRIEF-8": "other_bottleneck",
        "S-BRIEF-9": "other_bottleneck",
    }
    for one in found.values():
        assert not one.closed
        assert one.at_latest
        assert "brief van 25 juli 2022" in one.reference.lower()
        for view in one.views:
            assert view.published
            assert view.assessor == "Staatssecretaris van Justitie en Veiligheid"
            assert "Brief van 25 juli 2022" in view.reasons
    with reading(store) as connection:
        followed = {one.signals: (one.kind, one.status) for one in adjustments(connection)}
    assert followed == {
        ("S-BRIEF-6",): ("practice", "explored"),
        ("S-BRIEF-7",): ("policy_rule", "in_force"),
        ("S-BRIEF-8",): ("undecided", "explored"),
        ("S-BRIEF-9",): ("none", "decided"),
    }
    lawyers = [one.id for one in found.values() if one.lawyers == FromLawyers.YES]
    assert sorted(lawyers) == ["S-BRIEF-1", "S-BRIEF-2", "S-BRIEF-6"]
    assert not CLOSED_SOURCES & {one.source for one in found.values()}
    assert_sound(store)


def test_answer_9_says_which_from_where_and_since_when(store: Store) -> None:
    year = (date(2022, 1, 1), date(2022, 12, 31))
    assert answer_9(store, *year) == ""
    letters.load(store, By("beheer"))
    said = answer_9(store, *year)
    assert "9 signalen vastgelegd; daarvan 6 in deze periode" in said
    assert "bundel van de advocatuur: 2" in said
    assert "Uit de advocatuur: 3 signalen. Van 4 signalen is dat niet bekend." in said
    assert "onvoorzien hardvochtig effect herkend: 2" in said
    assert "(SVMA en VAJN)" in said
    assert "geen, of minder dan vijf" in said
    # At a reference date from before any of it was recorded, nothing was registered.
    assert answer_9(store, *year, date(2022, 12, 31)) == ""
