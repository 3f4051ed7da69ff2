"""The implementation tests and adjustments of the example year, all of them invented, beside those
of the letters of 2022, which come with their signals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kdt.access.permissions import Actor
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import adjusting, testing
from kdt.themes.implementation import held
from kdt.themes.queries import themes
from kdt.themes.testing import Heard
from kdt.vocabulary import (
    AdjustmentKind,
    AdjustmentStatus,
    DecidedBy,
    ImplementationKind,
    LookedAt,
    Organisation,
    Role,
    Satisfaction,
)


@dataclass(frozen=True, slots=True)
class _Test:
    """Days before the end of the year, about which proposal, whether it looked at the person and
    whether they can cope, who took part and how satisfied they are (None: not heard), and how the
    adjustment that followed is told, one telling after the other."""

    ago: int
    kind: ImplementationKind
    title: str
    looked_at: tuple[LookedAt, LookedAt]
    organisations: Mapping[Organisation, Satisfaction | None]
    adjusted: tuple[tuple[int, AdjustmentKind, AdjustmentStatus, DecidedBy], ...] = ()


_YES, _NO = LookedAt.YES, LookedAt.NO
_TESTS = (
    _Test(
        270,
        ImplementationKind.EX_ANTE,
        "Verzonnen: stukken alleen nog digitaal aanleveren",
        (_YES, _YES),
        {
            Organisation.IND: Satisfaction.SATISFIED,
            Organisation.COA: Satisfaction.SATISFIED,
            Organisation.VWN: Satisfaction.PARTLY,
        },
        (
            (240, AdjustmentKind.WORK_INSTRUCTION, AdjustmentStatus.PROPOSED, DecidedBy.NOT_SAID),
            (180, AdjustmentKind.WORK_INSTRUCTION, AdjustmentStatus.IN_FORCE, DecidedBy.IND),
        ),
    ),
    _Test(
        160,
        ImplementationKind.EX_ANTE,
        "Verzonnen: een kortere termijn voor bezwaar",
        (_YES, _NO),
        {
            Organisation.IND: Satisfaction.SATISFIED,
            Organisation.DTV: None,
            Organisation.SVMA: Satisfaction.NOT_SATISFIED,
        },
        ((120, AdjustmentKind.NONE, AdjustmentStatus.DECIDED, DecidedBy.LEGISLATOR),),
    ),
    _Test(
        70,
        ImplementationKind.EX_POST,
        "Verzonnen: een jaar werken met het nieuwe formulier",
        (_YES, LookedAt.UNKNOWN),
        {Organisation.IND: None, Organisation.NIDOS: None, Organisation.VAJN: None},
        ((30, AdjustmentKind.DECREE, AdjustmentStatus.EXPLORED, DecidedBy.NOT_SAID),),
    ),
)
_FINDINGS = "Verzonnen: wie geen hulp heeft, haalt de termijn niet."
_REASONS = "Verzonnen: het doel van de regel weegt hier zwaarder."


def enter_all(store: Store, end: date) -> None:
    """Record them; where any test is recorded already, nothing."""
    with reading(store) as connection:
        known = [one.id for one in themes(connection)]
        if held(connection):
            return
    adviser = Actor(
        next(one.id for one in EXAMPLE_PEOPLE if (Role.POLICY_ADVISER, None) in one.grants),
        Role.POLICY_ADVISER,
    )
    for number, one in enumerate(_TESTS):
        person, capability = one.looked_at
        told = testing.Told(
            one.kind,
            end - timedelta(days=one.ago),
            one.title,
            list(one.organisations),
            person,
            capability,
            _FINDINGS,
            "Verzonnen rapport",
        )
        test = testing.enter(store, adviser, told)
        _adjust(store, adviser, one, end, test, known[number % len(known)])
        for organisation, satisfaction in one.organisations.items():
            if satisfaction is not None:
                day = end - timedelta(days=one.ago // 2)
                heard = Heard(organisation, satisfaction, day, "Verzonnen.", "Verzonnen verslag")
                testing.hear(store, adviser, test, heard)


def _adjust(store: Store, adviser: Actor, of: _Test, end: date, test: str, theme: str) -> None:
    made: str | None = None
    for ago, kind, status, decided_by in of.adjusted:
        told = adjusting.Told(
            kind,
            status,
            end - timedelta(days=ago),
            f"{of.title}: wat volgde",
            decided_by,
            content="" if kind is AdjustmentKind.NONE else "Verzonnen: wie hulp mist, krijgt die.",
            reasons=_REASONS,
            reference="Verzonnen besluit",
            themes=[theme],
            tests=[test],
        )
        if made is None:
            made = adjusting.enter(store, adviser, told)
        else:
            adjusting.change(store, adviser, made, told)
