"""The whole catalogue, by id, and the balances its measures must keep."""

from collections.abc import Iterable, Mapping

from kdt.register.catalogue.counted import COUNTED
from kdt.register.catalogue.lasting import IN_TIME, LASTING, THEMED
from kdt.register.catalogue.model import Balance, Definition, Disclosure
from kdt.vocabulary import Measure, Outcome

CATALOGUE: Mapping[str, Definition] = {one.id: one for one in (*COUNTED, *LASTING, IN_TIME, THEMED)}

# Which measure counts considerations with an outcome, and with which detail.
BY_ENDING: Mapping[tuple[str, str | None], Measure] = {
    (one.outcome, one.detail): Measure(one.id) for one in COUNTED if one.outcome is not None
}


def _adding_up(outcome: str) -> tuple[Measure, ...]:
    """The measures that are together all considerations with an outcome."""
    if (outcome, None) in BY_ENDING:
        return (BY_ENDING[outcome, None],)
    return tuple(measure for (one, _), measure in BY_ENDING.items() if one == outcome)


BY_OUTCOME: Mapping[str, tuple[Measure, ...]] = {one.value: _adding_up(one) for one in Outcome}
# Outcomes of which the number in a year is published exactly.
EXACT_BY_YEAR: tuple[str, ...] = tuple(
    one.outcome
    for one in COUNTED
    if one.outcome is not None and one.disclosure is Disclosure.EXACT_BY_YEAR
)

QUEUE = Balance("queue", (Measure.STOCK_START, Measure.ENTERED), (Measure.LEFT,), Measure.STOCK_END)
OUTCOMES = Balance(
    "outcomes",
    tuple(one for measures in BY_OUTCOME.values() for one in measures),
    (),
    Measure.CONSIDERED,
)
BALANCES = (QUEUE, OUTCOMES)


def of(measure: Measure) -> Definition:
    """What the catalogue says of a measure of the figures."""
    return CATALOGUE[measure.value]


def balances(one: Definition) -> tuple[Balance, ...]:
    """Those a measure takes part in."""
    return tuple(each for each in BALANCES if one.id in each.measures)


def versions(measures: Iterable[Measure]) -> dict[str, int]:
    """The version of each of these measures, to keep with what is made of them."""
    return {one.value: of(one).version for one in measures}
