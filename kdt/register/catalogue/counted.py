"""The measures that are counted from entries: those of every row of figures."""

from datetime import date
from typing import Any

from kdt.register.catalogue.model import (
    Ask,
    Definition,
    Disclosure,
    Division,
    Example,
    MeasureUnit,
    PeriodRule,
)
from kdt.vocabulary import Action, Inquiry, Measure, Outcome, Referral, Ruling

_PLACES = frozenset({Division.LEVEL, Division.LOCATION, Division.QUESTION, Division.GROUND})
_TIMED = _PLACES | {Division.TIME}
_ENDING = frozenset({Division.OUTCOME, Division.RULING})
_JANUARY = (date(2022, 1, 1), date(2022, 1, 31))
_FEBRUARY = (date(2022, 2, 1), date(2022, 2, 28))


def _in_january(answer: int, *, as_of: date | None = None, level: str | None = None) -> Ask:
    return Ask(*_JANUARY, answer, as_of, {"level": level} if level else {})


def _measure(
    measure: Measure,
    unit: MeasureUnit,
    story: str,
    *asks: Ask,
    actions: tuple[Action, ...] = (),
    period: PeriodRule = PeriodRule.WITHIN,
    **further: Any,
) -> Definition:
    """A measure that adds up over place and time, unless `further` says otherwise."""
    divided = {"divisions": _TIMED, "adds_up": _TIMED} | further
    return Definition(
        id=measure.value,
        version=1,
        name_at=f"measure.{measure}",
        meaning_at=f"definition.{measure}",
        unit=unit,
        actions=actions,
        period=period,
        example=Example(story, asks),
        **divided,
    )


def _outcome(
    measure: Measure,
    story: str,
    *asks: Ask,
    outcome: Outcome,
    detail: str | None = None,
    disclosure: Disclosure = Disclosure.ROUNDED,
) -> Definition:
    """Considerations that ended in an outcome."""
    return _measure(
        measure,
        MeasureUnit.CONSIDERATION,
        story,
        *asks,
        actions=(Action.CONSIDER,),
        outcome=outcome.value,
        detail=detail,
        disclosure=disclosure,
    )


_MOVES = tuple(one for one in Action if one not in (Action.OPEN, Action.TAG, Action.CORRECT))

COUNTED: tuple[Definition, ...] = (
    _measure(
        Measure.REFERRED,
        MeasureUnit.ESCALATION,
        "referred-up",
        _in_january(2, level="local"),
        _in_january(2, level="national"),
        actions=(Action.SUBMIT, Action.CONSIDER),
        disclosure=Disclosure.ROUNDED,
    ),
    _measure(
        Measure.CONSIDERED,
        MeasureUnit.CONSIDERATION,
        "late",
        _in_january(0, as_of=date(2022, 1, 19)),
        _in_january(1, as_of=date(2022, 1, 20)),
        actions=(Action.CONSIDER,),
        divisions=_TIMED | _ENDING | {Division.THEME},
        adds_up=_TIMED | _ENDING,
        disclosure=Disclosure.ROUNDED,
    ),
    _measure(
        Measure.CASES_HANDLED,
        MeasureUnit.CASE,
        "twice",
        _in_january(1),
        Ask(*_FEBRUARY, 1),
        Ask(_JANUARY[0], _FEBRUARY[1], 1),
        actions=(Action.CONSIDER,),
        divisions=_TIMED | _ENDING | {Division.THEME},
        adds_up=frozenset(),
    ),
    _measure(
        Measure.DECISIONS,
        MeasureUnit.CONSIDERATION,
        "inquiries",
        _in_january(3),
        actions=(Action.CONSIDER,),
    ),
    _outcome(
        Measure.DECISIONS_IN_FAVOUR,
        "corrected",
        _in_january(1, as_of=date(2022, 1, 19)),
        _in_january(0, as_of=date(2022, 1, 20)),
        outcome=Outcome.DECIDED,
        detail=Ruling.IN_FAVOUR,
    ),
    _outcome(
        Measure.DECISIONS_AGAINST,
        "corrected",
        _in_january(0, as_of=date(2022, 1, 19)),
        _in_january(1, as_of=date(2022, 1, 20)),
        outcome=Outcome.DECIDED,
        detail=Ruling.AGAINST,
    ),
    _outcome(
        Measure.DECISIONS_OTHER,
        "referred-up",
        _in_january(1, level="national"),
        outcome=Outcome.DECIDED,
        detail=Ruling.OTHER,
    ),
    _outcome(
        Measure.INTERVIEWS_ORDERED,
        "inquiries",
        _in_january(2),
        outcome=Outcome.INQUIRY_ORDERED,
        detail=Inquiry.INTERVIEW,
    ),
    _outcome(
        Measure.INVESTIGATIONS_ORDERED,
        "inquiries",
        _in_january(1),
        outcome=Outcome.INQUIRY_ORDERED,
        detail=Inquiry.INVESTIGATION,
    ),
    _outcome(
        Measure.INQUIRIES_NOT_NEEDED,
        "inquiries",
        _in_january(1),
        outcome=Outcome.INQUIRY_NOT_NEEDED,
    ),
    _outcome(
        Measure.INFORMATION_REQUESTED,
        "returned",
        _in_january(1),
        outcome=Outcome.INFORMATION_REQUESTED,
    ),
    _outcome(Measure.REFERRED_UP, "referred-up", _in_january(2), outcome=Outcome.REFERRED_UP),
    _outcome(
        Measure.REFERRED_UP_NOT_SETTLED,
        "referred-up",
        _in_january(1),
        outcome=Outcome.REFERRED_UP,
        detail=Referral.NOT_SETTLED,
        disclosure=Disclosure.INSIDE,
    ),
    _outcome(
        Measure.REFERRED_UP_BELONGS_NATIONALLY,
        "referred-up",
        _in_january(1),
        outcome=Outcome.REFERRED_UP,
        detail=Referral.BELONGS_NATIONALLY,
        disclosure=Disclosure.INSIDE,
    ),
    _outcome(
        Measure.HELD_OVER,
        "twice",
        _in_january(1),
        Ask(*_FEBRUARY, 0),
        outcome=Outcome.HELD_OVER,
    ),
    _outcome(
        Measure.UNRESOLVED,
        "unresolved",
        _in_january(1),
        outcome=Outcome.UNRESOLVED,
        disclosure=Disclosure.EXACT_BY_YEAR,
    ),
    _measure(
        Measure.OPEN_AFTER_UNRESOLVED,
        MeasureUnit.ESCALATION,
        "unresolved",
        Ask(date(2022, 1, 1), date(2022, 1, 15), 1),
        _in_january(0),
        actions=_MOVES,
        period=PeriodRule.UP_TO_END,
        adds_up=_PLACES,
    ),
    _measure(
        Measure.WITHDRAWN,
        MeasureUnit.ESCALATION,
        "ended",
        _in_january(1),
        actions=(Action.WITHDRAW,),
        disclosure=Disclosure.ROUNDED,
    ),
    _measure(
        Measure.LAPSED,
        MeasureUnit.ESCALATION,
        "ended",
        _in_january(1),
        actions=(Action.LAPSE,),
        disclosure=Disclosure.ROUNDED,
    ),
    _measure(
        Measure.REOPENED,
        MeasureUnit.OCCURRENCE,
        "reopened",
        _in_january(1),
        actions=(Action.REOPEN,),
    ),
    _measure(
        Measure.STOCK_START,
        MeasureUnit.ESCALATION,
        "waiting",
        _in_january(0),
        Ask(*_FEBRUARY, 2),
        actions=_MOVES,
        period=PeriodRule.BEFORE,
        adds_up=_PLACES,
    ),
    _measure(
        Measure.STOCK_END,
        MeasureUnit.ESCALATION,
        "waiting",
        _in_january(2),
        actions=_MOVES,
        period=PeriodRule.END,
        adds_up=_PLACES,
        disclosure=Disclosure.ROUNDED,
    ),
    _measure(
        Measure.ENTERED,
        MeasureUnit.OCCURRENCE,
        "twice",
        _in_january(2),
        Ask(*_FEBRUARY, 0),
        actions=_MOVES,
    ),
    _measure(
        Measure.LEFT,
        MeasureUnit.OCCURRENCE,
        "twice",
        _in_january(1),
        Ask(*_FEBRUARY, 1),
        actions=_MOVES,
    ),
)
