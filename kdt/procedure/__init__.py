"""The procedure: pure rules over plain values, on the standard library and the vocabulary alone.

>>> from datetime import UTC, date, datetime
>>> from kdt.procedure import CURRENT, Act, decide
>>> from kdt.vocabulary import Action, Role
>>> now, today = datetime(2022, 11, 8, 9, 30, tzinfo=UTC), date(2022, 11, 8)
>>> inputs = dict(case="1", location="Ter Apel", question="decision", ground="buikpijn")
>>> opening = Act("a1", Action.OPEN, "anna", Role.OFFICER, today, now, today, inputs)
>>> draft = decide(CURRENT, None, opening).after
>>> submission = Act("a2", Action.SUBMIT, "anna", Role.OFFICER, today, now, today)
>>> decide(CURRENT, draft, submission).counts
((<Measure.ENTERED: 'entered'>, 'local', 1), (<Measure.REFERRED: 'referred'>, 'local', 1))
>>> hasty = Act("a3", Action.CONSIDER, "bram", Role.CHAIR, today, now, today)
>>> decide(CURRENT, draft, hasty).code
<Code.NOT_IN_PHASE: 'not_in_phase'>
"""

from kdt.procedure.decide import Available, Step, available, decide, outcomes_at, outcomes_open
from kdt.procedure.guards import outcome_with, says_why, theirs
from kdt.procedure.ladder import IND, Ladder, Level
from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import Leads, OutcomeRow, Procedure, Rule, To, Where
from kdt.procedure.state import Act, Panel, State
from kdt.procedure.table import CURRENT, FIELDS, VERSIONS
from kdt.procedure.walk import History, Standing, Walk, judge

__all__ = [
    "CURRENT",
    "FIELDS",
    "IND",
    "VERSIONS",
    "Act",
    "Available",
    "Code",
    "History",
    "Ladder",
    "Leads",
    "Level",
    "OutcomeRow",
    "Panel",
    "Procedure",
    "Refusal",
    "Rule",
    "Standing",
    "State",
    "Step",
    "To",
    "Walk",
    "Where",
    "available",
    "decide",
    "judge",
    "outcome_with",
    "outcomes_at",
    "outcomes_open",
    "says_why",
    "theirs",
]
