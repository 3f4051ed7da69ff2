"""The rules by which reading is called unusual, and how a sample is shared out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt import words
from kdt.audit.reading import Line
from kdt.audit.sampling import Drawn, Question, Strata, allot, draw, rank
from kdt.audit.unusual import MANY, REFUSALS, Rule, found_in
from kdt.ledger.table import FACTS, Subject
from kdt.reads.codes import Look, Result
from kdt.vocabulary import Purpose, Role
from kdt.workdays import PROPOSED

# A working day, at noon in Amsterdam.
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)


def line(number: int, at: datetime = NOON, **given: object) -> Line:
    told = {
        "look": Look.CASE, "result": Result.SHOWN, "escalation": f"V-{number}", "purpose": None,
        "person": "anna", **given,
    }  # fmt: skip
    return Line(
        id=number, at=at, trace="", door="", location=None, role=Role.SECRETARY, own=False,
        label=None, origin=None, about=None, **told,  # type: ignore[arg-type]
    )  # fmt: skip


def rules(*lines: Line) -> list[Rule]:
    return [one.rule for one in found_in(lines, PROPOSED)]


@pytest.mark.parametrize(
    ("at", "outside"),
    [
        (datetime(2026, 11, 25, 6, tzinfo=UTC), False),
        (datetime(2026, 11, 25, 5, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 25, 17, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 25, 18, tzinfo=UTC), True),
        # In summer the clock is an hour ahead.
        (datetime(2026, 7, 1, 5, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 11, tzinfo=UTC), True),
        (datetime(2026, 12, 25, 11, tzinfo=UTC), True),
    ],
)
def test_outside_working_hours_is_by_the_clock_and_the_calendar_here(
    at: datetime, outside: bool
) -> None:
    assert (Rule.OUTSIDE_HOURS in rules(line(1, at))) == outside


def test_many_different_escalations_in_a_short_time_are_one_event() -> None:
    step = timedelta(seconds=20)
    leafing = [line(number, NOON + number * step) for number in range(MANY + 3)]
    (event,) = found_in(leafing, PROPOSED)
    assert (event.rule, event.count) == (Rule.MANY_AT_ONCE, MANY + 3)
    assert rules(*leafing[: MANY - 1]) == []
    again = [line(1, NOON + number * step) for number in range(MANY)]
    assert rules(*again) == []
    slowly = [line(number, NOON + number * timedelta(minutes=1)) for number in range(MANY)]
    assert rules(*slowly) == []
    others = [line(number, NOON, person=f"p{number}") for number in range(MANY)]
    assert rules(*others) == []


def test_what_else_is_listed() -> None:
    assert rules(line(1, purpose=Purpose.QUALITY)) == [Rule.COLLEAGUES_CASE]
    assert rules(line(1, look=Look.EXPORT)) == [Rule.WHOLE_RECORD]
    night = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert rules(*(line(one, night, look=Look.BACKUP) for one in range(3))) == [Rule.BACKUPS]
    refused = [line(number, result=Result.NOT_KNOWN) for number in range(REFUSALS)]
    assert rules(*refused) == [Rule.REFUSED_AGAIN]
    assert rules(*refused[1:]) == []
    assert rules(line(1)) == []


@given(
    st.dictionaries(st.text("ab", min_size=1, max_size=4), st.integers(1, 40), min_size=1),
    st.integers(1, 60),
)
def test_every_stratum_gets_its_share_and_one_at_least(sizes: dict[str, int], size: int) -> None:
    shares = allot(sizes, size)
    total = sum(sizes.values())
    assert sum(shares.values()) == min(max(size, len(sizes)), total)
    assert all(1 <= shares[name] <= of for name, of in sizes.items())
    for name, of in sizes.items():
        fair = sum(shares.values()) * of / total
        assert shares[name] <= 1 or shares[name] < fair + len(sizes)


def test_a_sample_is_those_whose_digest_is_lowest_whatever_the_order() -> None:
    every = [Drawn(f"V-{one}", "Den Bosch", "decision", "queued", None, "") for one in range(50)]
    question = Question("seed", 5, Strata.NONE, date(2026, 11, 25))
    found = [one.id for one in draw(every, question).drawn]
    assert found == [one.id for one in draw(every[::-1], question).drawn]
    assert found == sorted((one.id for one in every), key=lambda one: rank("seed", one))[:5]
    other = Question("other", 5, Strata.NONE, date(2026, 11, 25))
    assert found != [one.id for one in draw(every, other).drawn]


def test_everything_a_change_holds_has_a_word() -> None:
    """What had none would be left out of what an auditor reads."""
    held = {
        name
        for subject, facts in FACTS.items()
        if subject is not Subject.READS
        for row in facts.values()
        for name in row.values | row.texts | row.optional
    }
    assert not [one for one in sorted(held) if not words.known(f"ledger_value.{one}")]
    facts = [f"fact.{subject}.{fact}" for subject, facts in FACTS.items() for fact in facts]
    said = [*facts, *(f"subject.{subject}" for subject in Subject)]
    assert not [one for one in said if not words.known(one)]
