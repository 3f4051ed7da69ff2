"""The talks about themes of the example year, all of them invented."""

from datetime import date, timedelta

from kdt.access.permissions import Actor
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes.consultations import consultations
from kdt.themes.consulting import Told, enter
from kdt.themes.queries import themes
from kdt.vocabulary import ConsultationForm, Partner, Role

# Days before the end of the year, the form, with whom, and how many themes came up.
_TALKS = (
    (301, ConsultationForm.TALK, (Partner.VAJN, Partner.SVMA), 2),
    (236, ConsultationForm.TALK, (Partner.VAJN, Partner.SVMA, Partner.POLICY), 3),
    (170, ConsultationForm.REFLECTION, (Partner.SVMA, Partner.JUDICIARY, Partner.MINISTRY), 1),
    (145, ConsultationForm.TALK, (Partner.VWN, Partner.POLICY), 2),
    (97, ConsultationForm.TALK, (Partner.VAJN,), 2),
    (60, ConsultationForm.DIALOGUE, (Partner.MINISTRY, Partner.POLICY), 3),
    (23, ConsultationForm.TALK, (Partner.VAJN, Partner.SVMA), 2),
)
_AGREED = "Verzonnen: beide kanten leggen hun voorbeelden naast elkaar, en spreken elkaar weer."


def enter_all(store: Store, end: date) -> None:
    """Record them; where any talk is recorded already, nothing."""
    with reading(store) as connection:
        known = [one.id for one in themes(connection)]
        if consultations(connection):
            return
    adviser = next(one.id for one in EXAMPLE_PEOPLE if (Role.POLICY_ADVISER, None) in one.grants)
    for number, (ago, form, partners, about) in enumerate(_TALKS):
        day = end - timedelta(days=ago)
        day -= timedelta(days=max(0, day.isoweekday() - 5))
        subjects = {known[(number * 3 + each) % len(known)] for each in range(about)}
        told = Told(day, form, partners, subjects, (), _AGREED)
        enter(store, Actor(adviser, Role.POLICY_ADVISER), told)
