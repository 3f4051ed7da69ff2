"""The measures of how long things take, and of how often themes are seen."""

from datetime import date

from kdt.register.catalogue.model import (
    Answer,
    Ask,
    Definition,
    Division,
    Example,
    Known,
    MeasureUnit,
    Opens,
    PeriodRule,
    Revision,
)
from kdt.vocabulary import Action

_PLACES = frozenset({Division.LEVEL, Division.LOCATION, Division.QUESTION, Division.GROUND})
_JANUARY = (date(2022, 1, 1), date(2022, 1, 31))
_KNOWN = date(2022, 1, 31)
_FOLLOWED = tuple(one for one in Action if one not in (Action.OPEN, Action.TAG, Action.CORRECT))


def _lead_time(
    name: str,
    unit: MeasureUnit,
    story: str,
    answer: Answer,
    *,
    level: str | None = None,
    opens: Opens = Opens.ESTIMATE,
) -> Definition:
    """Of what came in a period. Counts add up over place, but for the levels: what goes up comes in
    anew there; estimates add up over nothing."""
    counted = unit is MeasureUnit.ESCALATION
    return Definition(
        id=f"leadTime{name[0].upper()}{name[1:]}",
        version=1,
        name_at=f"lead_times.term.{name}",
        meaning_at=f"lead_times.definition.{name}",
        unit=unit,
        actions=_FOLLOWED,
        period=PeriodRule.CAME_WITHIN,
        divisions=_PLACES,
        adds_up=_PLACES - {Division.LEVEL} if counted else frozenset(),
        known=Known.FOLLOWED,
        revision=Revision.ANEW,
        opens=Opens.ESCALATIONS if counted else opens,
        example=Example(
            story, (Ask(*_JANUARY, answer, _KNOWN, {"level": level} if level else {}),)
        ),
    )


LASTING: tuple[Definition, ...] = (
    _lead_time("came", MeasureUnit.ESCALATION, "waiting", 3),
    _lead_time("settled", MeasureUnit.ESCALATION, "waiting", 1),
    _lead_time("referredUp", MeasureUnit.ESCALATION, "referred-up", 2, level="local"),
    _lead_time("withdrawn", MeasureUnit.ESCALATION, "ended", 1),
    _lead_time("lapsed", MeasureUnit.ESCALATION, "ended", 1),
    _lead_time("open", MeasureUnit.ESCALATION, "waiting", 2),
    _lead_time("median", MeasureUnit.DAYS, "answered", 2),
    _lead_time("settledWithin", MeasureUnit.SHARE, "answered", 1.0),
    _lead_time("ageMedian", MeasureUnit.DAYS, "waiting", 11),
    _lead_time("clearance", MeasureUnit.SHARE, "answered", 1.0, opens=Opens.RATIO),
    _lead_time("disposition", MeasureUnit.DAYS, "waiting", 62.0, opens=Opens.RATIO),
)

# What management looks at: four weeks, in working days.
IN_TIME = Definition(
    id="answeredInTime",
    version=1,
    name_at="catalogue.in_time",
    meaning_at="catalogue.in_time_meaning",
    unit=MeasureUnit.SHARE,
    actions=_FOLLOWED,
    period=PeriodRule.CAME_WITHIN,
    divisions=_PLACES,
    adds_up=frozenset(),
    known=Known.FOLLOWED,
    revision=Revision.ANEW,
    opens=Opens.ESTIMATE,
    within=20,
    example=Example("in-time", (Ask(*_JANUARY, 0.5, date(2022, 2, 28)),)),
)

THEMED = Definition(
    id="themeSeen",
    version=1,
    name_at="catalogue.theme_seen",
    meaning_at="catalogue.theme_seen_meaning",
    unit=MeasureUnit.ESCALATION,
    actions=(Action.TAG,),
    period=PeriodRule.WITHIN,
    divisions=frozenset({Division.THEME, Division.TIME}),
    adds_up=frozenset(),
    opens=Opens.ESCALATIONS,
    example=Example(
        "themed",
        (
            Ask(*_JANUARY, 2, at={"theme": "documenten"}),
            # Once policy had said so of the second case too.
            Ask(*_JANUARY, 1, _KNOWN, {"theme": "reistijd"}),
            Ask(*_JANUARY, 2, at={"theme": "reistijd"}),
        ),
    ),
)
