"""What became of the rode draden of the example year: something in every state, all invented."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from kdt.access.permissions import Actor
from kdt.cases.by_policy import added
from kdt.cases.inputs import Inputs
from kdt.cases.queries import Filter, escalations_of
from kdt.cases.service import Command, perform
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.forum.queries import items
from kdt.forum.service import Concluded, bring, conclude
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes.queries import Profile, steps
from kdt.themes.service import add
from kdt.themes.stepping import Told, alter, take
from kdt.vocabulary import Action, Ending, Owing, Phase, Role, Stream
from kdt.vocabulary import ThemeAction as Do


@dataclass(frozen=True, slots=True)
class _Taken:
    """A step so many days before the end of the year; `due` is in how many days after that end."""

    ago: int
    told: Told
    due: int | None = None


def _out(ago: int, by: Owing, due: int, reasons: str) -> _Taken:
    return _Taken(ago, Told(Do.SEND_OUT, owed_by=by, reasons=f"Verzonnen: {reasons}"), due)


def _said(ago: int, action: Do, reasons: str) -> _Taken:
    return _Taken(ago, Told(action, reasons=f"Verzonnen: {reasons}"))


# What an officer proposed: one still waits, one was rejected, one went into another.
_PROPOSED = (
    ("Reiskosten voor gehoren", "Wie ver woont, komt niet of te laat op een gehoor."),
    ("Wachten op een tolk", "Een gehoor gaat niet door omdat er geen tolk is."),
    ("Papieren uit het land zelf", "Gevraagde papieren zijn daar niet te krijgen."),
)
_STEPS: Mapping[str, tuple[_Taken, ...]] = {
    "dublin-kwetsbaar": (_said(97, Do.CONSULT, "met VAJN besproken wat zij zien."),),
    "staatloos": (_said(23, Do.CONSULT, "VAJN en SVMA leggen hun voorbeelden ernaast."),),
    "medische-stukken": (
        _said(170, Do.CONSULT, "besproken met het departement."),
        _out(150, Owing.MINISTRY, -30, "uitzoeken of een arts van buiten stukken kan aanleveren."),
    ),
    "afhankelijk-verblijf": (
        _said(60, Do.CONSULT, "besproken met beleid."),
        _out(40, Owing.POLICY, 45, "een werkinstructie over wat als bewijs telt."),
    ),
    "termijn-overmacht": (
        _said(145, Do.CONSULT, "besproken met VluchtelingenWerk."),
        _out(120, Owing.EXECUTION, -60, "bij enkele dagen te laat eerst bellen."),
        _said(75, Do.ANSWER, "er wordt voortaan eerst gebeld."),
    ),
    "pleegkinderen": (
        _said(301, Do.CONSULT, "besproken met VAJN en SVMA."),
        _out(280, Owing.POLICY, -215, "een voorstel voor wat als bewijs genoeg is."),
        _said(219, Do.ANSWER, "een verklaring van school of arts is genoeg."),
        _said(218, Do.FOLLOW, "het moet bij de KDT's minder vaak voorkomen."),
    ),
    "intrekking-na-jaren": (
        _said(145, Do.CONSULT, "besproken met VluchtelingenWerk."),
        _said(120, Do.ANSWER, "het beleid blijft zoals het is; dit is waarom."),
        _Taken(100, Told(Do.CLOSE, closed_as=Ending.ACCEPTED)),
    ),
    "wachten-op-een-tolk": (
        _said(50, Do.REJECT, "dit gaat over planning, niet over beleid. Planning zoekt het uit."),
    ),
    "papieren-uit-het-land-zelf": (
        _said(30, Do.CONFIRM, "het komt vaker voor."),
        _Taken(
            20,
            Told(
                Do.MERGE,
                target="stukken-die-er-niet-zijn",
                reasons="Verzonnen: hetzelfde probleem met een andere naam.",
            ),
        ),
    ),
}
_ABOUT = {
    "dublin-kwetsbaar": Profile(Stream.ASYLUM, sources=("Dublinverordening, artikel 17",)),
    "medische-stukken": Profile(Stream.BOTH, sources=("Vc 2000 A3/7",)),
    "afhankelijk-verblijf": Profile(Stream.REGULAR, sources=("Vc 2000 B8",)),
    "pleegkinderen": Profile(Stream.REGULAR, sources=("Vc 2000 B7", "artikel 8 EVRM")),
    "termijn-overmacht": Profile(Stream.BOTH, sources=("Awb, artikel 6:11",)),
}


def follow_all(store: Store, end: date) -> None:
    """Record them; where any step was recorded already, nothing."""
    with reading(store) as connection:
        if steps(connection, next(iter(_STEPS))):
            return
    officer = Actor("officer-den-bosch-1", Role.OFFICER, "Den Bosch")
    for name, description in _PROPOSED:
        add(store, officer, name, description)
    keeper = _keeper()
    adviser = Actor(keeper, Role.POLICY_ADVISER)
    for theme, profile in _ABOUT.items():
        alter(store, adviser, theme, profile=asdict(replace(profile, owner=keeper)))
    # What is looked at to tell that it was done, last.
    for theme, taken in reversed([*_STEPS.items()]):
        for one in taken:
            due_on = None if one.due is None else end + timedelta(days=one.due)
            told = replace(one.told, occurred_on=end - timedelta(days=one.ago), due_on=due_on)
            take(store, adviser, theme, told)


# What policy saw of closed cases with one theme when it compared them with those of another.
_SEEN, _ALSO = "staatloos", "stukken-die-er-niet-zijn"
_WHY = "Verzonnen: gevraagd werd om papieren die het land van herkomst aan staatlozen niet geeft."
_AFTERWARDS = 3


def tag_afterwards(store: Store) -> None:
    """Say it of a few, each on the day it was discussed; where it was said of any, nothing."""
    adviser = Actor(_keeper(), Role.POLICY_ADVISER)
    closed = Filter(theme=_SEEN, phases=(Phase.CLOSED,))
    with reading(store) as connection:
        found = escalations_of(connection, [adviser], closed, after=None, limit=_AFTERWARDS)
        if added(connection, _ALSO, [one.id for one in found]):
            return
    for one in found:
        inputs = Inputs({"theme": _ALSO}, {"reason": _WHY})
        perform(store, adviser, one.id, [Command(Action.TAG, inputs, one.considered_on)])


def _keeper() -> str:
    """Who keeps the themes."""
    return next(one.id for one in EXAMPLE_PEOPLE if (Role.POLICY_ADVISER, None) in one.grants)


# What was brought to the forum: by whom, and what came of it.
_BROUGHT = (
    ("officer-ter-apel-1", Role.OFFICER, "Ter Apel", "Ouders van een kind dat hier zorg krijgt."),
    ("secretary-den-bosch-1", Role.SECRETARY, "Den Bosch", "Papieren uit een land in oorlog."),
    ("manager-1", Role.MANAGER, None, "Brieven die niemand begrijpt."),
)


def bring_all(store: Store) -> None:
    """Bring something to the forum, of which one became part of a theme and one none; where
    anything was brought already, nothing."""
    with reading(store) as connection:
        if items(connection):
            return
        today = moments.today(connection)
    made = [
        bring(store, Actor(person, role, where), f"Verzonnen: {problem}")
        for person, role, where, problem in _BROUGHT
    ]
    adviser = Actor(_keeper(), Role.POLICY_ADVISER)
    led = Concluded(today, "Verzonnen: dit is dezelfde rode draad.", "stukken-die-er-niet-zijn")
    conclude(store, adviser, made[1], led)
    conclude(store, adviser, made[2], Concluded(today, "Verzonnen: communicatie pakt dit op."))
