"""The procedure: pure rules over plain values. It imports the standard library and the vocabulary."""

from kdt.procedure.decide import Available, Step, available, decide, outcomes_open
from kdt.procedure.ladder import IND, Ladder, Level
from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import OutcomeRow, Procedure, Rule
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
    "Level",
    "OutcomeRow",
    "Panel",
    "Procedure",
    "Refusal",
    "Rule",
    "Standing",
    "State",
    "Step",
    "Walk",
    "available",
    "decide",
    "judge",
    "outcomes_open",
]
