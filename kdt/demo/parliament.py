"""The questions of Parliament of the example year, both of them invented."""

from datetime import date, timedelta

from kdt.access.permissions import Actor
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.parliament.queries import questions
from kdt.parliament.service import Told, enter
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Chamber, Measure, Role


def ask_some(store: Store, end: date) -> None:
    """Record one that was answered two months before the end of the year, and one that waits for an
    answer; where any is recorded already, nothing."""
    with reading(store) as connection:
        if questions(connection):
            return
    adviser = next(one.id for one in EXAMPLE_PEOPLE if (Role.POLICY_ADVISER, None) in one.grants)
    actor = Actor(adviser, Role.POLICY_ADVISER)
    first, until = end - timedelta(days=330), end - timedelta(days=75)
    answered = Told(
        Chamber.SENATE,
        end - timedelta(days=80),
        "Verzonnen: hoeveel zaken behandelden de KDT's dit jaar, en hoe vaak kwam het landelijke "
        "KDT er niet uit?",
        [Measure.CASES_HANDLED, Measure.CONSIDERED, Measure.UNRESOLVED],
        first,
        until,
        "Verzonnen: de getallen staan in de bijlage, zoals op de peildatum bekend.",
        end - timedelta(days=60),
        end - timedelta(days=70),
        "Verzonnen: Kamerstukken I, nr. 1",
    )
    waiting = Told(
        Chamber.HOUSE,
        end - timedelta(days=6),
        "Verzonnen: hoe vaak droegen de KDT's een aanvullend gehoor of onderzoek op?",
        [Measure.INTERVIEWS_ORDERED, Measure.INVESTIGATIONS_ORDERED],
        first,
        end - timedelta(days=10),
    )
    for one in (answered, waiting):
        enter(store, actor, one)
