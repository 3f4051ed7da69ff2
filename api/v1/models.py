"""What the API gives back. Keys in camelCase; a moment carries its offset, a day is a day in
Amsterdam."""

from datetime import date, datetime, time
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, WithJsonSchema
from pydantic.alias_generators import to_camel

from kdt.vocabulary import Action, Phase, Role

T = TypeVar("T")
# A time on the clock in Amsterdam.
ClockTime = Annotated[
    time, WithJsonSchema({"type": "string", "format": "time-local", "examples": ["09:00:00"]})
]


class Out(BaseModel):
    """The base of all answers: read from our own values, written in camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, frozen=True
    )


class Items(Out, Generic[T]):
    """A list. Where more follows, the Link in the head says where."""

    items: list[T]


class Problem(Out):
    """A problem (RFC 9457). `code` is for programs; the sentences may change."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list["FieldProblem"] | None = None


class FieldProblem(Out):
    """One bad field of a request."""

    field: str
    code: str
    detail: str


class TextWarning(Out):
    """What a text that was recorded seems to hold, and does not need: a BSN, a V-number, an
    address or a telephone number."""

    field: str
    code: str
    detail: str


class Receipt(Out):
    """What was recorded, and how the escalation then stood; with what its texts seem to hold of a
    person, for whoever sent them to look at again."""

    escalation: str
    version: int
    phase: Phase | None
    level: str | None
    refs: list[str]
    warnings: list[TextWarning]


class EscalationRow(Out):
    """An escalation in a list, without text. `decideBy` is the legal deadline in the record;
    `deadline` the one that counts, moved by suspensions, null while it is suspended until nobody
    knows when."""

    id: str
    case_number: str | None
    phase: Phase
    level: str | None
    location: str
    question: str
    ground: str
    brought_by: str | None
    decide_by: date | None
    deadline: date | None
    suspended: bool
    waiting_since: date | None
    held_over: int
    unresolved_last: bool
    settled: bool
    panel: str | None
    meeting_on: date | None
    last_on: date
    considered_on: date | None
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    due_on: date | None


class Destroyed(Out):
    """In the place of a text that retention destroyed: the day that was done."""

    destroyed: date


Prose = str | Destroyed


class Entry(Out):
    """An entry as recorded, by whom and, when they stood in for somebody, for whom, or by whose
    hand it was typed; `stands` is
    what is in force of it now, null when it was voided, and `correctedBy` the correction that made
    it so."""

    seq: int
    ref: str
    action: Action
    role: Role
    person: str | None
    on_behalf_of: str | None
    typed_by: str | None
    occurred_on: date
    recorded_at: datetime
    imported: bool
    values: dict[str, Any]
    texts: dict[str, Prose]
    stands: dict[str, Any] | None
    corrected_by: str | None
    correctable: list[str]


class PanelAnswer(Out):
    """What a panel said of it, as it stands now; of an inquiry it ordered, what is to be found out
    (`sought`), what each answer would change (`consequences`), and by when."""

    ref: str
    level: str
    panel: str
    on: date
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    reasons: Prose | None
    settles: bool
    sought: Prose | None
    consequences: Prose | None
    due_on: date | None


class Reason(Out):
    """Why something may not be done now."""

    code: str
    detail: str


class Affordance(Out):
    """An action on an escalation: where to post it, and when it may not be done now, why."""

    action: Action
    href: str
    enabled: bool
    reason: Reason | None


class Escalation(Out):
    """An escalation with its history and what may be done with it now. `holder` goes on with it:
    whoever brought it, until it was handed over; `recused`: the roles in which somebody takes no
    part."""

    id: str
    version: int
    procedure_version: int
    case_number: str | None
    phase: Phase
    level: str | None
    location: str
    question: str
    ground: str
    brought_by: str | None
    holder: str | None
    recused: list[Role]
    opened_on: date
    decide_by: date | None
    deadline: date | None
    suspended: bool
    settled: bool
    panel: str | None
    meeting_on: date | None
    waiting_since: date | None
    held_over: int
    unresolved_at: str | None
    summary: Prose | None
    themes: list[str]
    answers: list[PanelAnswer]
    entries: list[Entry]
    outcomes: list[str]
    actions: list[Affordance]


class Capacity(Out):
    """A role, and where it counts: null for nationally, or everywhere."""

    role: Role
    location: str | None


class Person(Out):
    """Somebody who may come in, unless disabled, with the roles of the last time they signed in."""

    id: str
    label: str
    disabled: bool
    signed_in_at: datetime | None
    roles: list[Capacity]


class Delegation(Out):
    """Who stands in for whom, in which role and where, from and until which day, both included."""

    id: int
    giver: str
    taker: str
    role: Role
    location: str | None
    first_on: date
    last_on: date


class CalendarFeed(Out):
    """What somebody can have in a calendar program: the meetings of one panel, or (without one) of
    all they sit in. `madeAt`: since when there is an address of it."""

    panel: str | None
    name: str
    made_at: datetime | None


class NewAddress(CalendarFeed):
    """The address itself, which is shown once."""

    address: str | None


class Mapping(Out):
    """Whoever has the value at the claim has the role; `*` in the value stands for any text, and as
    a location for the one which that text names."""

    id: int
    claim: str
    value: str
    role: Role
    location: str | None


class Location(Out):
    """A location as it is called on the day asked for, and whether it is open then."""

    id: str
    name: str
    open: bool


class Panel(Location):
    """A panel likewise; it meets on these days of the week (Monday is 1), at this hour."""

    level: str
    location: str | None
    weekdays: list[int]
    starts_at: ClockTime


class CalendarDay(Out):
    """A holiday, or a day the organisation looked at: whether it is a day off."""

    day: date
    off: bool
    name: str


class Pattern(Out):
    """When and how a panel meets. The agenda is drawn up so many working days, and hours on top of
    those, before it begins; capacity and the time of an item are minutes."""

    weekdays: list[int]
    starts_at: ClockTime
    place: str
    cut_off_days: int
    cut_off_hours: int
    capacity: int
    item_minutes: int
    attendance: int


class GoLive(Out):
    """From which day a location takes part."""

    live_on: date


class Meeting(Out):
    """A slot of a panel, at an hour in Amsterdam: a sitting, or one that was moved away from there
    or cancelled. `version` is that of its agenda, 0 as long as it is not drawn up; `cutOff` is when
    it will be; `attested` is what was attested when it was closed, none as long as it is not."""

    panel: str
    held_on: date
    starts_at: ClockTime
    kind: str
    status: str
    moved_to: date | None
    place: str | None
    capacity: int | None
    attendance: int | None
    cut_off: datetime | None
    version: int
    attested: str | None


class AgendaItem(Out):
    """An escalation on an agenda: what gave it its place, and why it came late, where it did."""

    escalation: str
    basis: str
    late: str | None


class AgendaVersion(Out):
    """A version of an agenda and what made it: drawn up, or something that came, went or moved."""

    number: int
    recorded_at: datetime
    change: str
    escalation: str | None
    reason: str | None
    items: list[AgendaItem]


class Considered(Out):
    """What was considered at a meeting, with what it ended in there."""

    escalation: EscalationRow
    ref: str
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    settles: bool


class Agenda(Meeting):
    """A sitting with what is listed for it, in the order of the agenda, and what was considered."""

    listed: list[EscalationRow]
    considered: list[Considered]


class Term(Out):
    """A word of the field: its group, the code in the record, and the Dutch people read."""

    group: str
    code: str
    dutch: str


class Event(Out):
    """A CloudEvent by the NL GOV profile: that something was recorded, in ids and codes."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    dataref: str
    data: dict[str, Any]


class Events(RootModel[list[Event]]):
    """A batch of events."""
