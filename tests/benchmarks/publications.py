"""Publications at the sizes they are meant for: a year of twenty locations, and sixty months."""

from collections.abc import Callable, Iterator

from kdt.publications.attack import Place, attack
from kdt.publications.rounding import solve
from kdt.publications.tables import problem
from kdt.store.embedded import Server
from tests.benchmarks.measuring import Result, seconds
from tests.publications.reading import inside, read
from tests.publications.tables import KEY, few, monthly, year

LOCATIONS, A_YEAR, MONTHS = 20, 1_500, 60
_SIZE = "20 x 7 x 12, all sums"


def _of(location: str) -> Callable[[Place], bool]:
    return lambda part: part[2] == location


def run(_held: Server) -> Iterator[Result]:
    """Rounding and attacking one year, and rounding five years of months one after another."""
    table, counted = year(1, LOCATIONS, A_YEAR)
    asked = problem(table, 5, counted, {}, never_up=few(counted))
    yield Result(
        f"rounding {_SIZE}", seconds(lambda: solve(asked, KEY)), "s", aim="15 s", note="HiGHS"
    )
    made = solve(asked, KEY)
    printed = [(read("P", table, made.rounded, made.bounds), inside(table, counted))]

    def everybody() -> None:
        assert attack(printed).passed
        for location in table.axes["location"]:
            assert attack(printed, least=2, known=_of(location)).passed

    yield Result(
        f"certificate of {_SIZE}",
        seconds(everybody),
        "s",
        aim="180 s",
        note="anybody, and all of each location in turn",
    )
    wide = 0

    def five_years() -> None:
        nonlocal wide
        for *_, solution in monthly(1, MONTHS):
            wide += max(solution.bounds.values()) > 4

    took = seconds(five_years)
    yield Result(
        f"{MONTHS} publications of the year to date, each",
        took / MONTHS,
        "s",
        note=f"all had an answer; {wide} with a wider bound, in print",
    )
