"""A publication that waits for a second person, in a record with nothing in it then."""

from datetime import date

from kdt.access.permissions import Actor
from kdt.publications import making, periods, service
from kdt.publications.making import How
from kdt.publications.periods import PeriodKind
from kdt.publications.queries import Asked, Stage, publication
from kdt.publications.secret import Secret
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.publications.tables import KEY

HOW = How(lambda: Secret(KEY), 5, 92)


def prepared(store: Store, actor: Actor, year: int) -> str:
    """One about June of a year, asked for by somebody; its id."""
    june = periods.of(PeriodKind.MONTH, date(year, 6, 1))
    asked = Asked("referred", june, date(year, 8, 1), ("level",), True)
    wanted = service.ask(store, actor, asked)
    making.make(store, wanted, HOW)
    return wanted


def digest(store: Store, wanted: str) -> str:
    """What whoever releases it has to have seen."""
    with reading(store) as connection:
        one = publication(connection, wanted)
    step = one.step(Stage.PREPARED) if one else None
    assert step
    return str(step.values["document"])
