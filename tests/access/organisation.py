"""The organisation of the matrix: everybody in every capacity, and an escalation in every phase.

Everything is invented. Each escalation has a case number and a text of its own, so that either is
recognised wherever it comes out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import cast

from sqlalchemy import text

from kdt.access import delegating, sessions
from kdt.access.mapping import RoleMapping
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.access.sessions import Limits
from kdt.cases import families, positions, proposals, service, suspending
from kdt.deadlines import service as deadlines
from kdt.deadlines.reckoning import Term, Unit
from kdt.deadlines.rules import Rule
from kdt.disclosure import service as disclosure
from kdt.disclosure.service import Asked
from kdt.forum import service as forum
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.meetings import service as meetings
from kdt.panels.planning import plan
from kdt.panels.queries import all_panels
from kdt.parliament import service as parliament
from kdt.people import service as people
from kdt.publications import service as publications
from kdt.publications import subscribing
from kdt.retention import service as retention
from kdt.retention.model import retention_items
from kdt.retention.queries import Listed, What, digest
from kdt.retention.terms import Ending
from kdt.store.engine import Store
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading, writing
from kdt.store.writing import insert
from kdt.themes import adjusting, consulting, signalling, stepping, testing
from kdt.themes import service as themes
from kdt.themes.consulting import Told
from kdt.themes.stepping import Told as Step
from kdt.vocabulary import Phase, Role, Stance, SuspensionGround
from tests.publications.waiting import digest as digest_of
from tests.publications.waiting import prepared
from tests.service.test_together import command

HERE, ELSEWHERE = "Den Bosch", "Ter Apel"
ADMINISTRATOR = Actor("administrator.national", Role.ADMINISTRATOR)
BRINGER = Actor("officer.own", Role.OFFICER, HERE)
STRANGER = Actor("bringer.elsewhere", Role.OFFICER, ELSEWHERE)
COLLEAGUE = "colleague"
PUBLISHER, RELEASER = Actor("publisher", Role.MANAGER), "releaser"
# By when a decision is due on each, and of which it is said that the term does not run.
TERM = date(2099, 12, 31)
_WITH_A_TERM = frozenset({Phase.DRAFT, Phase.QUEUED, Phase.LISTED, Phase.RETURNED})
PLACES: dict[str, tuple[str | None, ...]] = {
    "here": (HERE,),
    "elsewhere": (ELSEWHERE,),
    "several": (ELSEWHERE, HERE),
    "national": (None,),
}


@dataclass(frozen=True)
class Capacity:
    """A person in one role, at one place, several or nationally; signed in as a browser is."""

    name: str
    role: Role
    locations: tuple[str | None, ...]
    token: str
    csrf: str


@dataclass(frozen=True)
class Escalation:
    """One escalation; `set` says where it was brought and how far it went."""

    id: str
    set: str
    phase: Phase
    case: str
    text: str
    version: int


@dataclass(frozen=True, eq=False)
class Organisation:
    """Everything the matrix asks about."""

    capacities: tuple[Capacity, ...]
    escalations: tuple[Escalation, ...]
    local: str
    national: str
    theme: str
    # The number of a step taken with it.
    theme_step: int
    # What none of the capacities brought to the forum.
    item: str
    # A question of Parliament.
    question: str
    # An address that is told of releases.
    subscription: str
    # A talk at which none of the capacities were.
    consultation: str
    # A signal that is open.
    signal: str
    # A test that was held, and an adjustment that answers it.
    test: str
    adjustment: str
    delegation: int
    mapping: int
    # The key of somebody.
    reader: str
    today: date
    # Prepared by somebody else.
    selection: str
    listed: str
    # The case about which something was asked.
    asked: str
    # By when the law wants a decision.
    rule: str
    # A publication that was released, and one that waits, with what is to be seen of it.
    published: str
    waiting: str
    seen: str
    # The ref of each escalation's first entry.
    first: Mapping[str, str]
    # Of each set one that belongs with no other, beside those above.
    kin: Mapping[str, str]

    def one(self, set_: str, phase: Phase) -> Escalation:
        return next(one for one in self.escalations if (one.set, one.phase) == (set_, phase))


def build(store: Store) -> Organisation:
    """Enter it all by legal moves."""
    for place in (HERE, ELSEWHERE):
        meetings.create_location(store, ADMINISTRATOR, place)
    meetings.create_panel(store, ADMINISTRATOR, "national")
    with reading(store) as connection:
        day = today_in(connection)
        panels = {one.location: one.id for one in all_panels(connection)}
    held = {
        (role, place): Person(f"{role}.{place}", f"{role} {place}", tuple((role, at) for at in ats))
        for role in Role
        for place, ats in PLACES.items()
    }
    own = Person(BRINGER.person, "officer own", ((Role.OFFICER, HERE),))
    stranger = Person(STRANGER.person, "bringer elsewhere", ((Role.OFFICER, ELSEWHERE),))
    everywhere = tuple((Role.OFFICER, at) for at in (HERE, ELSEWHERE, None))
    publishing = [Person(one, one, ((Role.MANAGER, None),)) for one in (PUBLISHER.person, RELEASER)]
    others = (stranger, Person(COLLEAGUE, "Collega", everywhere), *publishing)
    limits = Limits(timedelta(hours=10), timedelta(hours=10))
    # The long run takes longer than a proof holds.
    proven = datetime.now(UTC) + timedelta(hours=10)
    with writing(store) as connection:
        plan(connection, [(panel, day) for panel in panels.values()])
        enter(connection, By("beheer"), [*held.values(), own, *others])
        capacities = []
        for (role, place), person in {**held, (Role.OFFICER, "own"): own}.items():
            begun = sessions.begin(connection, person.id, limits, proven_at=proven)
            assert begun is not None
            locations = PLACES.get(place, (HERE,))
            capacities.append(Capacity(person.id, role, locations, begun[0], begun[1].csrf))
    adviser = Actor("beleid", Role.POLICY_ADVISER)
    theme = themes.add(store, adviser, "Verzonnen draad").id
    talk = Told(day, "talk", ["vajn"], [theme], [], "Verzonnen.")
    question = parliament.Told("senate", day, "Verzonnen?", ["considered"], day, day)
    asked_of = Step("send_out", reasons="Verzonnen.", owed_by="policy", due_on=day)
    step = stepping.take(store, adviser, theme, asked_of)
    signal = signalling.Told("journal", day, "Verzonnen", "Verzonnen.", themes=[theme])
    test = testing.Told("ex_ante", day, "Verzonnen", ["ind"])
    tested = testing.enter(store, adviser, test)
    adjustment = adjusting.Told("practice", "decided", day, "Verzonnen", tests=[tested])
    maker = _Maker(store, panels, theme, day)
    escalations = [
        *(maker.made("plain", phase) for phase in Phase),
        *(maker.made("up", phase) for phase in Phase if phase is not Phase.DRAFT),
        maker.made("elsewhere", Phase.QUEUED),
    ]
    _agree(store, next(one for one in escalations if (one.set, one.phase) == _LISTED))
    kin = {set_: _kin(store, maker, set_, escalations) for set_ in ("plain", "up")}
    with reading(store) as connection:
        opened = connection.execute(text("select escalation_id, ref from entries where seq = 1"))
        first = {row.escalation_id: row.ref for row in opened}
    lent = delegating.delegate(store, STRANGER, COLLEAGUE, day, day).id
    claim = RoleMapping("roles", "kdt", Role.MANAGER)
    mapping = people.add_mapping(store, ADMINISTRATOR, claim)
    kept = next(one for one in escalations if (one.set, one.phase) == ("up", Phase.CLOSED))
    retention.place(store, ADMINISTRATOR, kept.id, "Verzonnen.")
    with reading(store) as connection:
        key = str(connection.scalar(text("select key from people order by id limit 1")))
    law = Rule("Verzonnen", "Verzonnen wet", Term(6, Unit.MONTHS))
    rule = deadlines.set_rule(store, ADMINISTRATOR, law, date(2001, 4, 1))
    asked = disclosure.receive(store, ADMINISTRATOR, "Z-plain-queued", Asked.ACCESS)
    return Organisation(
        tuple(capacities),
        tuple(escalations),
        panels[HERE],
        panels[None],
        theme,
        step,
        forum.bring(store, adviser, "Verzonnen."),
        parliament.enter(store, adviser, question),
        subscribing.begin(store, ADMINISTRATOR, "https://voorbeeld.nl/kdt"),
        consulting.enter(store, adviser, talk),
        signalling.enter(store, adviser, signal),
        tested,
        adjusting.enter(store, adviser, adjustment),
        lent,
        mapping,
        key,
        day,
        *_selected(store, next(one for one in escalations if one.phase is Phase.CLOSED), day),
        str(asked),
        rule,
        *_publications(store),
        first,
        kin,
    )


def _publications(store: Store) -> tuple[str, str, str]:
    """One that was released and one that waits, both asked for by somebody else than whoever asks
    here."""
    released, waits = (prepared(store, PUBLISHER, year) for year in (2001, 2002))
    publications.release(store, Actor(RELEASER, Role.MANAGER), released, digest_of(store, released))
    return released, waits, digest_of(store, waits)


def _kin(store: Store, maker: "_Maker", set_: str, escalations: Sequence[Escalation]) -> str:
    """One more of a set, in no family; all others of it are in one."""
    first, *others = (one for one in escalations if one.set == set_)
    for one in others:
        families.join(store, BRINGER, first.id, one.id, "Verzonnen.")
    return maker.made(set_, Phase.QUEUED, "-erbij").id


_LISTED = ("plain", Phase.LISTED)


def _agree(store: Store, one: Escalation) -> None:
    """What is listed can go without discussion."""
    wish = command("consider", outcome="held_over", reasons="Verzonnen.").inputs
    number = proposals.propose(store, BRINGER, one.id, wish)
    for name in ("member.here", "member.several", "chair.several"):
        role = Role.MEMBER if name.startswith("member") else Role.CHAIR
        actor = Actor(name, role, HERE)
        positions.give(store, actor, one.id, Stance.AGREE, proposal=number)


def _selected(store: Store, one: Escalation, day: date) -> tuple[str, str]:
    """A selection somebody else prepared, and the digest of its list. Nothing here is past any term
    yet, so not by a move."""
    chosen, listed = "D-verzonnen", [Listed(one.id, 1, one.version, Ending.OTHER, day)]
    values = {
        "what": What.CONTENT,
        "due_on": day,
        "terms": [f"{Ending.OTHER} 12 closed"],
        "escalations": 1,
        "cases": 1,
        "digest": digest(listed),
    }
    with writing(store) as connection:
        append(connection, By("beheer"), Fact(Subject.DESTRUCTION, chosen, "prepare", values))
        insert(connection, [(retention_items, [(chosen, *listed[0])])])
    return chosen, digest(listed)


@dataclass(frozen=True)
class _Maker:
    store: Store
    panels: dict[str | None, str]
    theme: str
    day: date

    def made(self, set_: str, phase: Phase, more: str = "") -> Escalation:
        bringer = STRANGER if set_ == "elsewhere" else BRINGER
        place = cast("str", bringer.location)
        case, told = f"Z-{set_}-{phase}{more}", f"Verzonnen-{set_}-{phase}-tekst."
        # Of an inquiry the question is that inquiry, so that it is answered and can be followed.
        question = "additional_interview" if phase is Phase.IN_INQUIRY else "decision"
        opening = command(
            "open",
            case=case,
            location=place,
            question=question,
            ground="buikpijn",
            decideBy=TERM.isoformat(),
            summary=told,
        )
        done = service.perform(self.store, bringer, None, [opening])
        for actor, action, given in self.path(set_, phase, bringer, place):
            done = service.perform(self.store, actor, done.escalation, [command(action, **given)])
        assert done.phase == phase
        if phase in _WITH_A_TERM:
            suspending.suspend(
                self.store, bringer, done.escalation, TERM, None, SuspensionGround.OTHER
            )
        return Escalation(done.escalation, set_, phase, case, told, done.version)

    def path(
        self, set_: str, phase: Phase, bringer: Actor, place: str
    ) -> list[tuple[Actor, str, dict[str, object]]]:
        """The moves from the opening to a phase, at the local panel or the national one."""
        secretary = Actor("secretaris", Role.SECRETARY, place)
        if phase is Phase.DRAFT:
            return []
        moves: list[tuple[Actor, str, dict[str, object]]] = [(bringer, "submit", {})]
        if set_ == "up":
            up: dict[str, object] = {"outcome": "referred_up", "reasons": "Verzonnen."}
            moves += [
                (secretary, "tag", {"theme": self.theme}),
                (secretary, "list", self.meeting(place)),
                (secretary, "consider", up),
            ]
            secretary = Actor("secretaris", Role.SECRETARY)
        if phase in (Phase.WITHDRAWN, Phase.LAPSED):
            action = "withdraw" if phase is Phase.WITHDRAWN else "lapse"
            return [*moves, (bringer, action, {"reason": "Verzonnen."})]
        if phase is Phase.QUEUED:
            return moves
        moves.append((secretary, "list", self.meeting(secretary.location)))
        outcomes: dict[Phase, dict[str, object]] = {
            Phase.IN_INQUIRY: {
                "outcome": "inquiry_ordered",
                "inquiry": "interview",
                "sought": "Verzonnen.",
                "consequences": "Verzonnen.",
                "dueOn": TERM.isoformat(),
            },
            Phase.RETURNED: {"outcome": "information_requested"},
            Phase.SETTLED: {"outcome": "decided", "ruling": "other"},
            Phase.CLOSED: {"outcome": "decided", "ruling": "other"},
        }
        if phase in outcomes:
            moves.append((secretary, "consider", {**outcomes[phase], "reasons": "Verzonnen."}))
        if phase is Phase.CLOSED:
            moves.append((bringer, "follow_through", {"result": "carried_out"}))
        return moves

    def meeting(self, location: str | None) -> dict[str, object]:
        return {"panel": self.panels[location], "meetingOn": self.day.isoformat()}
