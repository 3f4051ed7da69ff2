"""The signals of the example year: those of the letters of 2022, which are real and say where they
stand; beside them some that are invented, and say so."""

from dataclasses import dataclass
from datetime import date, timedelta

from kdt.access.permissions import Actor
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.ledger.service import PRODUCT, By
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import letters
from kdt.themes.queries import themes
from kdt.themes.signalling import Found, Told, assess, enter
from kdt.themes.signals import signals
from kdt.vocabulary import Assessment, FromLawyers, Role, SignalSource


@dataclass(frozen=True, slots=True)
class _Signal:
    """Days before the end of the year, where it came from, what it is about, and what each policy
    adviser found of it."""

    ago: int
    source: SignalSource
    title: str
    found: tuple[Assessment, ...] = ()
    lawyers: FromLawyers = FromLawyers.NO


_SIGNALS = (
    _Signal(
        280,
        SignalSource.ADVOCACY_BUNDLE,
        "Verzonnen: termijnen die aflopen terwijl iemand in het ziekenhuis ligt",
        (Assessment.RECOGNISED, Assessment.RECOGNISED),
        FromLawyers.YES,
    ),
    _Signal(
        214,
        SignalSource.JOURNAL,
        "Verzonnen: bewijs uit een land waar geen registers meer zijn",
        (Assessment.RECOGNISED, Assessment.NOT_RECOGNISED),
        FromLawyers.UNKNOWN,
    ),
    _Signal(
        150,
        SignalSource.INTERNET_CONSULTATION,
        "Verzonnen: brieven die zonder hulp niet te begrijpen zijn",
        (Assessment.OTHER_BOTTLENECK, Assessment.OTHER_BOTTLENECK),
        FromLawyers.UNKNOWN,
    ),
    _Signal(
        88,
        SignalSource.COUNCIL_OF_STATE,
        "Verzonnen: een uitzondering die nergens staat opgeschreven",
        (Assessment.OPEN,),
    ),
    _Signal(31, SignalSource.OTHER, "Verzonnen: een loket waar de wachttijd per stad verschilt"),
)
# Replies of staff, which nobody but policy reads: so many of each.
_REPLIES = ((SignalSource.IND_STAFF, 13), (SignalSource.COA_STAFF, 6), (SignalSource.VWN, 3))
_CONCERNS = "Verzonnen: wie het treft, kon dit niet voorzien en niet voorkomen."
_REASONS = "Verzonnen: afgewogen tegen waar de regel voor bedoeld is."


def enter_all(store: Store, end: date) -> None:
    """Record them; where any signal is recorded already, nothing."""
    with reading(store) as connection:
        known = [one.id for one in themes(connection)]
        if signals(connection, closed=True):
            return
    letters.load(store, By(PRODUCT))
    advisers = [
        Actor(one.id, Role.POLICY_ADVISER)
        for one in EXAMPLE_PEOPLE
        if (Role.POLICY_ADVISER, None) in one.grants
    ]
    for number, one in enumerate(_SIGNALS):
        told = Told(
            one.source,
            end - timedelta(days=one.ago),
            one.title,
            _CONCERNS,
            lawyers=one.lawyers,
            origin="Verzonnen",
            themes=[known[number % len(known)]],
        )
        made = enter(store, advisers[0], told)
        for adviser, assessment in zip(advisers, one.found, strict=False):
            assess(store, adviser, made, Found(assessment, _REASONS))
    for source, many in _REPLIES:
        for number in range(many):
            day, title = end - timedelta(days=40 + number), f"Verzonnen reactie {number + 1}"
            told = Told(source, day, title, _CONCERNS, lawyers=FromLawyers.NO)
            enter(store, advisers[0], told)
