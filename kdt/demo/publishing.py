"""The publications of the example year: one that was released, and one that waits for a second."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from kdt import settings
from kdt.access.permissions import Actor
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.publications import making, periods, secret, service
from kdt.publications.making import How
from kdt.publications.periods import Period, PeriodKind
from kdt.publications.queries import Asked, Stage, all_publications, publication
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Role


def publish_some(store: Store, folder: Path, end: date) -> None:
    """Publish the last quarter by level, and ask for the last month by location; where anything is
    published already, nothing. `folder`: where the record has its secret."""
    with reading(store) as connection:
        as_of = min(end, today(connection)) - timedelta(days=1)
        if all_publications(connection):
            return
    chosen = replace(settings.load(), home=folder)
    days = chosen.publication_final_days
    how = How(lambda: secret.own(chosen), chosen.publication_base, days)
    manager, administrator = _who(Role.MANAGER), _who(Role.ADMINISTRATOR)
    last = as_of.replace(day=1) - timedelta(days=1)
    quarter = Asked("considered", _quarter(last), as_of, ("level",), by_month=False)
    first = service.ask(store, manager, quarter)
    making.make(store, first, how)
    with reading(store) as connection:
        made = publication(connection, first)
    step = made.step(Stage.PREPARED) if made else None
    if step is not None and step.values["passed"]:
        service.release(store, administrator, first, step.values["document"])
    month = periods.of(PeriodKind.MONTH, last)
    asked = Asked("considered", month, as_of, ("location",), by_month=True)
    making.make(store, service.ask(store, manager, asked), how)


def _quarter(day: date) -> Period:
    """The last quarter that was over on a day."""
    month = day.month - day.month % 3
    end = date(day.year, month, 1) if month else date(day.year - 1, 12, 1)
    return periods.of(PeriodKind.QUARTER, end)


def _who(role: Role) -> Actor:
    one = next(one.id for one in EXAMPLE_PEOPLE if (role, None) in one.grants)
    return Actor(one, role)
