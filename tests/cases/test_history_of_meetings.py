"""Meetings in history files: what the product recorded of them goes out and comes in the same, and
a line that cannot be true is named."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kdt import clock, words
from kdt.access import delegating
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.exporting import encoded, export_history
from kdt.cases.importing import BadLine, import_history
from kdt.cases.lines import Line, parse
from kdt.cases.meeting_judge import MeetingJudge
from kdt.cases.service import perform
from kdt.ledger.service import By
from kdt.meetings import arranging, closing, settings
from kdt.meetings.attendance import attend
from kdt.panels.coverage import Coverage, coverage, gaps
from kdt.panels.history import Slot, Told
from kdt.panels.patterns import first, met_on
from kdt.panels.planning import plan_ahead
from kdt.panels.queries import began_with
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Attested, MeetingKind, Reopening, Role
from tests.meetings.test_attendance import CHAIR, MEMBER, NAMES
from tests.meetings.test_keeping import (
    NOW,
    PANEL,
    PATTERN,
    PLACE,
    SECRETARY,
    TODAY,
    brought,
    coming,
    den_bosch,
    listed,
)
from tests.oracle.generator import encode, generate
from tests.service.test_together import ADMINISTRATOR, command
from tests.support import assert_sound

__all__ = ["den_bosch"]
Fields = dict[str, Any]
STAND_IN = Actor("l-2", Role.MEMBER, PLACE)


def counted(store: Store, as_of: date | None = None) -> list[Coverage]:
    with reading(store) as connection:
        return coverage(connection, date(2022, 1, 1), TODAY, as_of, TODAY + timedelta(days=1))


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    with reading(store) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def taken_out(store: Store, file: Path) -> bytes:
    export_history(store, file, by="tester")
    return file.read_bytes()


def bring_in(store: Store, lines: list[Fields] | bytes, folder: Path) -> list[BadLine]:
    file = folder / "in.jsonl"
    file.write_bytes(lines if isinstance(lines, bytes) else b"".join(map(encoded, lines)))
    return import_history(store, file, by="beheer").bad


def held(store: Store) -> None:
    """A day of meetings in which all happens that is recorded of them."""
    with writing(store) as connection:
        seats = [*NAMES.items(), (STAND_IN, "Stan")]
        people = [Person(one.person, name, ((one.role, PLACE),)) for one, name in seats]
        enter(connection, By("beheer"), people)
    delegating.delegate(store, CHAIR, STAND_IN.person, TODAY, TODAY)
    days = [one.held_on for one in coming(store)]
    arranging.cancel(store, [SECRETARY], PANEL, days[0], "Verzonnen: iedereen is op cursus.")
    arranging.move(store, [CHAIR], PANEL, days[1], TODAY + timedelta(days=60), "Verzonnen.")
    for there, to in ((60, 61), (61, 60)):
        first, last = (TODAY + timedelta(days=number) for number in (there, to))
        arranging.move(store, [CHAIR], PANEL, first, last, "Verzonnen.", place="Zaal “3”")
    extra = (PANEL, TODAY + timedelta(days=70), MeetingKind.WRITTEN, "Verzonnen spoed.")
    arranging.add(store, [SECRETARY], *extra, starts_at=time(16, 15))
    # Closed by mistake, opened again and held after all.
    closing.close(store, [SECRETARY], PANEL, TODAY, Attested.NOTHING, 0)
    closing.reopen(store, [CHAIR], PANEL, TODAY, Reopening.MISTAKEN)
    attend(store, [SECRETARY], PANEL, TODAY, arrived=[SECRETARY.person, MEMBER.person])
    attend(store, [SECRETARY], PANEL, TODAY, left=[MEMBER.person], arrived=[STAND_IN.person])
    one = brought(store, 1)
    listed(store, one, TODAY)
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    perform(store, SECRETARY, one, [outcome])
    closing.close(store, [CHAIR], PANEL, TODAY, Attested.EVERYTHING, 1)


def test_what_was_recorded_of_meetings_comes_in_elsewhere_and_goes_out_the_same(
    den_bosch: Store, elsewhere: Store, tmp_path: Path
) -> None:
    held(den_bosch)
    first = taken_out(den_bosch, tmp_path / "first.jsonl")
    assert first.startswith(b'{"kind": "history", "version": 5}\n')
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    for as_of in (None, TODAY, TODAY - timedelta(days=1)):
        assert counted(elsewhere, as_of) == counted(den_bosch, as_of)
    mine = next(one for one in counted(elsewhere) if one.panel == PANEL)
    assert (mine.planned, mine.attested, mine.live_on) == (1, 1, TODAY)
    came = "select person, stands_for, arrived_at, left_at from meeting_attendance order by 3"
    assert rows(elsewhere, came) == rows(den_bosch, came)
    assert len(rows(elsewhere, came)) == 3
    kept = "select attested, considered, reason, recorded_by, recorded_at from attestations"
    assert rows(elsewhere, f"{kept} order by 5") == rows(den_bosch, f"{kept} order by 5")
    # Who imported it stands with every fact, and nothing pretends to be older than it is.
    late = "select count(*) from ledger where subject = 'meeting' and import_id is null"
    assert rows(elsewhere, late) == [(0,)]
    assert_sound(elsewhere)


def test_a_record_without_meetings_of_its_own_is_exported_as_before(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    assert bring_in(store, encode(generate(1, 6)), tmp_path) == []
    first = taken_out(store, tmp_path / "first.jsonl")
    assert b'"kind": "meeting' not in first
    assert first.startswith(b'{"kind": "history", "version": 1}\n')


AT = datetime(2022, 3, 1, 9, tzinfo=UTC)


def moment(minute: int) -> str:
    return (AT + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")


def slot(minute: int, day: str = "2022-03-01", **more: object) -> Fields:
    line = {"kind": "meeting", "recordedAt": moment(minute), "panel": "kdt-a", "heldOn": day}
    return {**line, "startsAt": "09:30", "sort": "regular", "status": "planned", **more}


def fact(minute: int, ref: str, which: str, day: str = "2022-03-01", **more: object) -> Fields:
    line: Fields = {"kind": "meeting_fact", "ref": ref, "recordedAt": moment(minute)}
    line |= {"occurredOn": "2022-03-01", "actor": "s", "role": "secretary", "fact": which}
    return {**line, "panel": "kdt-a", "heldOn": day, **more}


SEAT = {"person": "l-1", "standsFor": "l-1"}
GOOD: list[Fields] = [
    {"kind": "history", "version": 5},
    {"kind": "panel", "id": "kdt-a", "level": "local", "location": "A"},
    {
        "kind": "go_live", "ref": "live", "recordedAt": moment(0), "occurredOn": "2022-03-01",
        "actor": "b", "role": "administrator", "location": "A", "liveOn": "2022-03-01",
    },
    slot(1, place="Zaal 1", capacity=60, itemMinutes=10, attendance=2),
    slot(2, "2022-03-02", status="moved", movedTo="2022-03-04"),
    slot(3, "2022-03-04", byHand=True),
    slot(4, "2022-03-07", status="cancelled", byHand=True),
    fact(5, "in", "arrive", **SEAT),
    fact(6, "moved", "move", "2022-03-04", startsAt="10:00", reason="Verzonnen."),
    fact(7, "off", "cancel", "2022-03-07", reason="Verzonnen."),
    fact(8, "out", "leave", **SEAT),
    fact(9, "closed", "attest", attested="nothing", considered=0),
    fact(10, "open", "reopen", reason="mistaken"),
    fact(11, "again", "attest", attested="everything", considered=3),
]  # fmt: skip
# What is changed of which good line (its number from 1), and what that line is then said to be.
BAD: list[tuple[int, Fields, str]] = [
    (3, {"liveOn": "1 maart"}, "not_a_date"),
    (3, {"role": "secretary"}, "not_one_of"),
    (3, {"location": " "}, "blank"),
    (3, {"ref": None}, "null"),
    (4, {"panel": "kdt-b"}, "panel_unknown"),
    (4, {"recordedAt": "2022-03-01"}, "not_a_moment"),
    (4, {"recordedAt": moment(-9)}, "recorded_decreasing"),
    (4, {"startsAt": "half tien"}, "not_a_time"),
    (4, {"sort": "gezellig"}, "not_one_of"),
    (4, {"status": "held"}, "not_one_of"),
    (4, {"capacity": "60"}, "not_in_range"),
    (4, {"capacity": True}, "not_in_range"),
    (4, {"capacity": 5}, "no_room_for_an_item"),
    (4, {"attendance": ...}, "missing"),
    (4, {"byHand": False}, "not_true"),
    (4, {"movedTo": "2022-03-09"}, "unknown_field"),
    (4, {"chair": "v-1"}, "unknown_field"),
    (5, {"movedTo": ...}, "missing"),
    (5, {"movedTo": "2022-03-02"}, "not_another_day"),
    (5, {"movedTo": "2022-03-09"}, "meeting_unknown"),
    (6, {"heldOn": "2022-03-01"}, "meeting_twice"),
    (8, {"fact": "eat"}, "not_one_of"),
    (8, {"fact": ...}, "missing"),
    (8, {"heldOn": "2022-03-09"}, "meeting_unknown"),
    (8, {"heldOn": "2022-03-02"}, "meeting_moved"),
    (8, {"heldOn": "2022-03-04"}, "meeting_to_come"),
    (8, {"occurredOn": "2022-03-02"}, "occurred_after_recorded"),
    (8, {"person": ...}, "missing"),
    (8, {"reason": "Verzonnen."}, "unknown_field"),
    (8, {"ref": "live"}, "ref_twice"),
    (9, {"heldOn": "2022-03-01"}, "meeting_not_by_hand"),
    (9, {"wasOn": "2022-03-04"}, "not_another_day"),
    (9, {"reason": ...}, "missing"),
    (9, {"reason": ""}, "blank"),
    (10, {"heldOn": "2022-03-04"}, "meeting_not_cancelled"),
    (11, {"standsFor": "l-2"}, "not_there"),
    (11, {"recordedAt": moment(5), "fact": "arrive"}, "recorded_decreasing"),
    (12, {"considered": 2}, "attested_otherwise"),
    (12, {"considered": -1}, "not_in_range"),
    (12, {"attested": "most"}, "not_one_of"),
    (12, {"recordedAt": moment(8)}, "not_after_previous"),
    (13, {"reason": "Verzonnen."}, "not_one_of"),
    (13, {"fact": "attest", "reason": ..., "attested": "nothing", "considered": 0},
     "meeting_closed"),
    (14, {"fact": "reopen", "reason": "other", "attested": ..., "considered": ...},
     "meeting_not_closed"),
    (14, {"heldOn": "2022-03-07", "wasOn": "2022-03-01"}, "meeting_cancelled"),
]  # fmt: skip


# What a sentence about a line fills in.
NAMED = ("field", "given", "known", "least", "most", "panel", "held_on", "person", "ref")


def changed(good: list[Fields], number: int, with_: Fields) -> list[Fields]:
    """Good lines, with other values in the one with this number; `...` leaves a field out."""
    lines = [dict(line) for line in good]
    line = {**lines[number - 1], **with_}
    lines[number - 1] = {name: value for name, value in line.items() if value is not ...}
    return lines


def test_the_good_lines_are_good(store: Store, elsewhere: Store, tmp_path: Path) -> None:
    assert bring_in(store, GOOD, tmp_path) == []
    out = taken_out(store, tmp_path / "out.jsonl")
    assert out == b"".join(map(encoded, GOOD))
    assert bring_in(elsewhere, out, tmp_path) == []
    assert counted(elsewhere) == counted(store) != []
    assert_sound(store)
    # What goes on from there comes in with a next file, and is held against what is there.
    later = [fact(20, "opened", "reopen", reason="other"), fact(21, "back", "arrive", **SEAT)]
    assert bring_in(store, [*GOOD[:2], slot(1), *later], tmp_path)[0].line == 3
    assert bring_in(store, [*GOOD[:2], GOOD[3], *later], tmp_path) == []
    twice = bring_in(store, [*GOOD[:2], *later], tmp_path)
    assert [one.ref for one in twice] == ["opened", "back"]
    assert_sound(store)


def test_what_was_attested_by_a_day_long_before_the_import_still_was(
    store: Store, tmp_path: Path
) -> None:
    assert bring_in(store, GOOD, tmp_path) == []
    by_then = date(2022, 3, 2)
    with reading(store) as connection:
        (one,) = coverage(connection, date(2022, 1, 1), date(2022, 12, 31), by_then, TODAY)
        assert (one.live_on, one.planned, one.attested) == (date(2022, 3, 1), 1, 1)
        before = coverage(connection, date(2022, 1, 1), by_then, date(2022, 2, 28), TODAY)
    assert before == []


def test_a_panel_that_came_with_a_file_goes_on_meeting_on_its_days(
    den_bosch: Store, elsewhere: Store, tmp_path: Path
) -> None:
    """And shows no gap on any other."""
    twice = replace(PATTERN, weekdays=(2, 4))
    settings.set_pattern(den_bosch, ADMINISTRATOR, PANEL, twice)
    settings.go_live(den_bosch, ADMINISTRATOR, PLACE, TODAY)
    plan_ahead(den_bosch, NOW)
    assert bring_in(elsewhere, taken_out(den_bosch, tmp_path / "out.jsonl"), tmp_path) == []
    then = NOW + timedelta(weeks=10)
    plan_ahead(elsewhere, then)
    with reading(elsewhere) as connection:
        began = began_with(connection)
        missed = gaps(connection, clock.day(then), [PANEL])
    assert (began[PANEL].weekdays, began["kdt-national"].weekdays) == ((2, 4), (4,))
    assert {one.held_on.isoweekday() for one in missed if one.held_on > TODAY} == {2, 4}
    assert_sound(elsewhere)


def test_the_days_of_a_panel_are_those_of_most_weeks() -> None:
    mondays = [date(2022, 3, 7) + timedelta(weeks=number) for number in range(8)]
    daily = first("local")
    assert met_on(mondays, daily).weekdays == (1,)
    # Once on another day, or every other week.
    assert met_on([*mondays, date(2022, 3, 11)], daily).weekdays == (1,)
    fridays = [day + timedelta(days=4) for day in mondays[::2]]
    assert met_on([*mondays, *fridays], daily).weekdays == (1, 5)
    # What was long ago, or too little to tell by.
    assert met_on([*mondays, *(day - timedelta(days=100) for day in mondays)], daily) == replace(
        daily, weekdays=(1,)
    )
    assert met_on(mondays[:3], daily) == met_on([], daily) == daily


def test_a_bad_line_is_named_whichever_way_it_is_bad(store: Store, tmp_path: Path) -> None:
    for number, with_, code in BAD:
        lines = changed(GOOD, number, with_)
        found = {one.line: one for one in bring_in(store, lines, tmp_path)}
        assert number in found, (with_, found)
        first = found[number]
        assert first.ref == lines[number - 1].get("ref")
        begins = words.say(f"problem.{code}", **dict.fromkeys(NAMED, "\0")).partition("\0")[0]
        assert any(one.startswith(begins) for one in first.problems), (with_, first)
    assert rows(store, "select count(*) from meetings") == [(0,)]
    assert rows(store, "select count(*) from ledger") == [(0,)]


def test_an_older_version_knows_no_meetings(store: Store, tmp_path: Path) -> None:
    for version in range(1, 5):
        lines = [{"kind": "history", "version": version}, *GOOD[1:]]
        found = bring_in(store, lines, tmp_path)
        assert [one.line for one in found] == list(range(3, len(GOOD) + 1))


def read(line: Fields) -> Line:
    found, _, problems = parse(encoded(line)[:-1], first=False, version=5)
    assert found is not None, problems
    return found


WHICH = ("arrive", "leave", "attest", "nothing", "reopen")


@given(st.lists(st.tuples(st.sampled_from(WHICH), st.sampled_from("ab"), st.booleans())))
def test_of_any_lines_about_a_meeting_those_stay_that_can_be_true(
    asked: list[tuple[str, str, bool]],
) -> None:
    judge = MeetingJudge({}, {})
    first = read(slot(0))
    assert isinstance(first, Slot)
    assert not judge.slot(first, 1, {"kdt-a"})
    closed, there = False, set[str]()
    good = []
    for number, (which, who, stale) in enumerate(asked, 1):
        line = fact(number if not stale else 0, f"r{number}", which)
        possible = not stale
        if which in ("arrive", "leave"):
            line |= {"person": who, "standsFor": who}
            possible &= not closed and (who in there) == (which == "leave")
        elif which == "reopen":
            line |= {"reason": "other"}
            possible &= closed
        else:
            considered = 0 if which == "nothing" else number
            said = {"attested": "nothing" if which == "nothing" else "everything"}
            line |= {"fact": "attest", "considered": considered, **said}
            possible &= not closed
        told = read(line)
        assert isinstance(told, Told)
        assert bool(judge.tell(told, number)) is not possible
        if possible:
            good.append(told)
            closed = {"attest": True, "nothing": True, "reopen": False}.get(which, closed)
            there ^= {who} if which in ("arrive", "leave") else set()
    assert judge.told == good


def several(meetings: int) -> Iterator[Fields]:
    """Lines of many meetings in the order of their moments."""
    yield from GOOD[:3]
    for number in range(meetings):
        day = (date(2021, 1, 1) + timedelta(days=number)).isoformat()
        at = 10 * number + 1
        yield slot(at, day)
        yield fact(at + 1, f"in-{number}", "arrive", day, **SEAT)
        if number % 3:
            yield fact(at + 2, f"shut-{number}", "attest", day, attested="nothing", considered=0)


def test_many_meetings_come_in_and_go_out(store: Store, tmp_path: Path) -> None:
    lines = list(several(400))
    assert bring_in(store, lines, tmp_path) == []
    out = taken_out(store, tmp_path / "out.jsonl")
    assert out == b"".join(map(encoded, lines))
