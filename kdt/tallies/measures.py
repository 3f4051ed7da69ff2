"""The measures: which add up as cells, and how each is read off them; and how a stay ends."""

import re
from enum import StrEnum

from kdt.vocabulary import Measure

# Those a tally cell carries. Stock is read off `entered` and `left`, distinct cases off the days
# their case was considered before.
ADDITIVE: tuple[Measure, ...] = tuple(
    measure
    for measure in Measure
    if measure not in (Measure.CASES_HANDLED, Measure.STOCK_START, Measure.STOCK_END)
)

DIMENSIONS = ("level", "location", "question", "ground")


class End(StrEnum):
    """How a stay ends: its question answered, sent on to the next level, or not pursued."""

    SETTLED = "settled"
    REFERRED_UP = "referredUp"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


def column(measure: Measure) -> str:
    """The column of a measure in the tallies; prefixed, for `left` is a word of SQL."""
    return "n_" + re.sub("(?<=[a-z])(?=[A-Z])", "_", measure.value).lower()
