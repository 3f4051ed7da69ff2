"""What the answers say of implementation tests, what followed them, and how satisfied who took part
is (answers 6 and 7 of 8 November 2022)."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection

from kdt import clock, words
from kdt.register.figures import Query
from kdt.register.wording import Counted, Known, Since, parts
from kdt.themes import implementation
from kdt.themes.adjustments import Adjustment, adjustments, by_status
from kdt.themes.implementation import ImplementationTest
from kdt.vocabulary import (
    INTEREST,
    AdjustmentKind,
    ImplementationKind,
    LookedAt,
    Organisation,
    Satisfaction,
)


def told_of_tests(connection: Connection, query: Query) -> Known:
    """The words by which the sentences are filled in; nothing while no test was recorded, and
    nothing of satisfaction while none of that was."""
    since = implementation.registered_since(connection, query.as_of)
    if since is None:
        return {}
    every = implementation.held(connection, as_of=query.as_of)
    known = adjustments(connection, as_of=query.as_of)
    within = [one for one in every if query.first <= one.held_on <= query.until]
    return {
        "tests_since": Since(since),
        **_looked_at(within),
        **_followed(within, known),
        **_satisfied(every, within),
    }


def _looked_at(within: Sequence[ImplementationTest]) -> Known:
    kinds = Counter(one.kind for one in within)
    unknown = [one for one in within if LookedAt.UNKNOWN in (one.person, one.capability)]
    return {
        "tests_period": Counted(len(within), "test"),
        "tests_kinds": parts("test_kind", {one: kinds[one] for one in ImplementationKind}),
        "tests_person": Counted(len([o for o in within if o.person == LookedAt.YES])),
        "tests_capability": Counted(len([o for o in within if o.capability == LookedAt.YES])),
        "tests_not_known": Counted(len(unknown)),
    }


def _followed(within: Sequence[ImplementationTest], known: Sequence[Adjustment]) -> Known:
    nothing = [one for one in known if one.kind == AdjustmentKind.NONE]
    changed = [one for one in known if one.kind != AdjustmentKind.NONE]
    ids = {one.id for one in within}
    answering = [one for one in changed if not ids.isdisjoint(one.tests)]
    return {
        "tests_followed": Counted(len(_answered(answering) & ids)),
        "tests_adjustments": parts("adjustment_status", by_status(answering)),
        "tests_nothing": Counted(len(_answered(nothing) & ids)),
        "adjustments_known": Counted(len(changed), "adjustment"),
        "adjustments_statuses": parts("adjustment_status", by_status(changed)),
        "adjustments_none": Counted(len(nothing)),
    }


def _answered(by: Sequence[Adjustment]) -> set[str]:
    return {test for one in by for test in one.tests}


def _satisfied(every: Sequence[ImplementationTest], within: Sequence[ImplementationTest]) -> Known:
    said = [clock.day(opinion.recorded_at) for one in every for opinion in one.opinions]
    if not said:
        return {}
    heard = [
        (organisation, told.satisfaction)
        for one in within
        for organisation, told in one.last.items()
        if organisation in one.organisations
    ]
    return {
        "opinions_since": Since(min(said)),
        "organisations_asked": Counted(sum(len(one.organisations) for one in within)),
        "organisations_heard": Counted(len(heard)),
        "satisfaction_execution": _counted(heard, interest=False),
        "satisfaction_interest": _counted(heard, interest=True),
    }


def _counted(heard: Sequence[tuple[str, str]], *, interest: bool) -> str:
    """How many of one side are how satisfied."""
    side = {one for one in Organisation if (one in INTEREST) is interest}
    counted = Counter(satisfaction for organisation, satisfaction in heard if organisation in side)
    if not counted:
        return words.say("answers.nobody_heard")
    return parts("satisfaction", {one: counted[one] for one in Satisfaction})
