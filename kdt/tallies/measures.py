"""The measures: which add up as cells, and how each is read off them."""

import re

from kdt.vocabulary import Measure

# Those a tally cell carries. Stock is read off `entered` and `left`, distinct cases off the days
# their case was considered before.
ADDITIVE: tuple[Measure, ...] = tuple(
    measure
    for measure in Measure
    if measure not in (Measure.CASES_HANDLED, Measure.STOCK_START, Measure.STOCK_END)
)

DIMENSIONS = ("level", "location", "question", "ground")


def column(measure: Measure) -> str:
    """The column of a measure in the tallies; prefixed, for `left` is a word of SQL."""
    return "n_" + re.sub("(?<=[a-z])(?=[A-Z])", "_", measure.value).lower()
