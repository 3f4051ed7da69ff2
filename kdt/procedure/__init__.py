"""The procedure: pure rules over plain values, on the standard library and the vocabulary alone."""

from kdt.procedure.decide import Available, Step, available, decide, outcomes_open
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
    "outcomes_open",
]
