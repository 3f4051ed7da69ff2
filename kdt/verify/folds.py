"""What each kind of fact of the ledger comes to in the tables that are read; code of the verifier
alone."""

from collections.abc import Iterable, Mapping
from datetime import date, time

from kdt.ledger.table import Subject
from kdt.verify.fold_rows import Fold, Row, Rows, add, known_at, take, take_newest
from kdt.verify.ledger import Fact
from kdt.verify.outside_folds import OUTSIDE_FOLDS
from kdt.verify.theme_folds import THEME_FOLDS


def _demo(rows: Rows, _fact: Fact) -> None:
    add(rows, "record")


def _import(rows: Rows, fact: Fact) -> None:
    values = fact.values
    add(
        rows,
        "imports",
        values["import"],
        fact.texts["file_name"],
        values["file_digest"],
        fact.person,
    )


def _location(rows: Rows, fact: Fact) -> None:
    add(rows, "locations")
    _term(rows, fact)


def _panel(rows: Rows, fact: Fact) -> None:
    values = fact.values
    starts_at = time.fromisoformat(values["starts_at"])
    days = _weekdays(values["weekdays"])
    add(rows, "panels", values["level"], values.get("location"), days, starts_at)
    _term(rows, fact)


def _weekdays(given: Iterable[int]) -> str:
    return f"{{{','.join(str(int(day)) for day in given)}}}"


def _go_live(rows: Rows, fact: Fact) -> None:
    live_on = date.fromisoformat(fact.values["live_on"])
    add(rows, "location_go_lives", live_on, fact.person, known_at(fact))


def _pattern(rows: Rows, fact: Fact) -> None:
    values = fact.values
    add(
        rows,
        "panel_patterns",
        date.fromisoformat(values["effective_on"]),
        _weekdays(values["weekdays"]),
        time.fromisoformat(values["starts_at"]),
        fact.texts["place"],
        *(values[name] for name in _NUMBERS),
        fact.person,
        fact.recorded_at,
    )


_NUMBERS = ("cut_off_days", "cut_off_hours", "capacity", "item_minutes", "attendance")


def _day(rows: Rows, fact: Fact) -> None:
    said = (date.fromisoformat(fact.values["day"]), fact.values["off"], fact.texts["name"])
    add(rows, "calendar_days", *said, fact.person, fact.recorded_at)


def _attest(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values.get("attested"), values.get("considered"), values.get("reason"))
    add(rows, "attestations", *said, fact.person, known_at(fact))


def _approve_minutes(rows: Rows, fact: Fact) -> None:
    add(rows, "minutes", fact.values["digest"], fact.person, fact.recorded_at)


def _told_alone(_rows: Rows, _fact: Fact) -> None:
    """What the ledger alone tells: it stands in no table of its own."""


def _weigh(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values[name] for name in ("unresolved", "deadline", "held_over", "waiting"))
    effective_on = date.fromisoformat(values["effective_on"])
    add(rows, "agenda_weights", effective_on, *said, fact.person, fact.recorded_at)


def _term(rows: Rows, fact: Fact) -> None:
    """A name, and whether it is open, from a day on: only ever added to."""
    effective_on = date.fromisoformat(fact.values["effective_on"])
    said = (effective_on, fact.texts["name"], fact.values["open"])
    add(rows, f"{fact.subject}_terms", *said, fact.person, fact.recorded_at)


def _warn(rows: Rows, fact: Fact) -> None:
    effective_on = date.fromisoformat(fact.values["effective_on"])
    said = (effective_on, fact.values["days"])
    add(rows, "deadline_warnings", *said, fact.person, fact.recorded_at)


def _rule(rows: Rows, fact: Fact) -> None:
    values, texts = fact.values, fact.texts
    said = (date.fromisoformat(values["effective_on"]), texts["name"], texts["source"])
    term = (values["count"], values["unit"], values["extension"], values["open"])
    add(rows, "deadline_rules", *said, *term, fact.person, fact.recorded_at)


def _person(rows: Rows, fact: Fact) -> None:
    add(rows, "people", fact.texts["person"], fact.texts["label"], False)


def _rename(rows: Rows, fact: Fact) -> None:
    for known, _, disabled in take(rows, "people"):
        add(rows, "people", known, fact.texts["label"], disabled)


def _disable(rows: Rows, fact: Fact) -> None:
    for known, label, _ in take(rows, "people"):
        add(rows, "people", known, label, fact.fact == "disable")


def _grant(rows: Rows, fact: Fact) -> None:
    add(rows, "grants", fact.values["role"], fact.values.get("location"))


def _revoke(rows: Rows, fact: Fact) -> None:
    take_newest(rows, "grants", fact.values["role"], fact.values.get("location"))


def _lent(fact: Fact) -> Row:
    """A delegation without its last day."""
    values = fact.values
    first_on = date.fromisoformat(values["first_on"])
    return (fact.texts["to"], values["role"], values.get("location"), first_on)


def _delegate(rows: Rows, fact: Fact) -> None:
    add(rows, "delegations", *_lent(fact), date.fromisoformat(fact.values["last_on"]))


def _end_delegation(rows: Rows, fact: Fact) -> None:
    """Of several from one day only the newest had not been ended."""
    take_newest(rows, "delegations", *_lent(fact))
    _delegate(rows, fact)


def _map(rows: Rows, fact: Fact) -> None:
    add(rows, "mappings", *_mapping(fact))


def _unmap(rows: Rows, fact: Fact) -> None:
    take_newest(rows, "mappings", *_mapping(fact))


def _mapping(fact: Fact) -> Row:
    values = fact.values
    return (fact.texts["claim"], fact.texts["value"], values["role"], values.get("location"))


def _arrive(rows: Rows, fact: Fact) -> None:
    seat = (fact.texts["person"], fact.texts["stands_for"])
    if seat[0] is not None:
        add(rows, "meeting_attendance", *seat, known_at(fact), None)


def _leave(rows: Rows, fact: Fact) -> None:
    """Whoever came last goes. Raises ValueError for who was not there."""
    seat = (fact.texts["person"], fact.texts["stands_for"])
    if seat[0] is None:
        return
    came = take(rows, "meeting_attendance", *seat)
    if not came or came[-1][-1] is not None:
        raise ValueError(seat)
    rows["meeting_attendance"] += came[:-1]
    add(rows, "meeting_attendance", *came[-1][:-1], known_at(fact))


def _recuse(rows: Rows, fact: Fact) -> None:
    if (person := fact.texts["person"]) is not None:
        add(rows, "recusals", person, fact.values["role"], fact.values.get("location"))


def _hand_over(rows: Rows, fact: Fact) -> None:
    rows.pop("hand_overs", None)
    if (person := fact.texts["person"]) is not None:
        add(rows, "hand_overs", person)


def _state_purpose(rows: Rows, fact: Fact) -> None:
    """The last one of a day holds."""
    if fact.person is not None:
        stated = (fact.person, fact.occurred_on)
        take(rows, "stated_purposes", *stated)
        add(rows, "stated_purposes", *stated, fact.values["purpose"])


def _stand_in(rows: Rows, fact: Fact) -> None:
    if (person := fact.texts["person"]) is not None:
        for ref in fact.values["entries"]:
            add(rows, "stand_ins", ref, person)


def _suspend(rows: Rows, fact: Fact) -> None:
    values = fact.values
    last_on = date.fromisoformat(values["last_on"]) if "last_on" in values else None
    first_on = date.fromisoformat(values["first_on"])
    add(rows, "suspensions", fact.seq, first_on, last_on, values["ground"])


def _resume(rows: Rows, fact: Fact) -> None:
    ((number, first_on, _, ground),) = take(rows, "suspensions", fact.values["suspension"])
    last_on = date.fromisoformat(fact.values["last_on"])
    add(rows, "suspensions", number, first_on, last_on, ground)


def _void_suspension(rows: Rows, fact: Fact) -> None:
    take_newest(rows, "suspensions", fact.values["suspension"])


def _join_family(rows: Rows, fact: Fact) -> None:
    """It is in one at most."""
    rows.pop("family_members", None)
    add(rows, "family_members", fact.values["family"], fact.seq)


def _leave_family(rows: Rows, fact: Fact) -> None:
    take_newest(rows, "family_members", fact.values["family"])


def _propose(rows: Rows, fact: Fact) -> None:
    values = fact.values
    details = (values.get(name) for name in ("ruling", "inquiry", "referral"))
    said = (fact.seq, values["round"], fact.role, values["outcome"], *details)
    add(rows, "proposals", *said, fact.recorded_at)


def _position(rows: Rows, fact: Fact) -> None:
    if (person := fact.texts["person"]) is not None:
        values = fact.values
        said = (fact.role, values["stance"], values.get("proposal"), fact.recorded_at)
        add(rows, "positions", fact.seq, values["round"], person, *said)


def _consent(rows: Rows, fact: Fact) -> None:
    add(rows, "consents", fact.values["entry"])


# What each kind of fact comes to. Around a case the people go with those of its own log, and what
# stood of them in a table then goes too.
FOLDS: Mapping[Subject, Mapping[str, Fold]] = {
    Subject.RECORD: {"mark_demo": _demo, "import": _import, "warn": _warn},
    Subject.LOCATION: {"enter": _location, "change": _term, "go_live": _go_live},
    Subject.PANEL: {"enter": _panel, "change": _term, "pattern": _pattern},
    Subject.CALENDAR: {"set": _day},
    # What became of a meeting the ledger alone tells; an entry that names one is held against its
    # slot in `names.py`.
    Subject.MEETING: {
        "add": _told_alone,
        "move": _told_alone,
        "cancel": _told_alone,
        "draw_up": _told_alone,
        "move_item": _told_alone,
        "attest": _attest,
        "reopen": _attest,
        "arrive": _arrive,
        "leave": _leave,
        "stand_in": _told_alone,
        "approve_minutes": _approve_minutes,
    },
    Subject.RULE: {"set": _rule},
    Subject.ORDER: {"weigh": _weigh},
    **THEME_FOLDS,
    **OUTSIDE_FOLDS,
    Subject.PERSON: {
        "enter": _person,
        "rename": _rename,
        "grant": _grant,
        "revoke": _revoke,
        "disable": _disable,
        "enable": _disable,
        "delegate": _delegate,
        "end_delegation": _end_delegation,
    },
    Subject.MAPPING: {"add": _map, "remove": _unmap},
    Subject.ESCALATION: {
        "recuse": _recuse,
        "hand_over": _hand_over,
        "state_purpose": _state_purpose,
        "stand_in": _stand_in,
        "type_in": _told_alone,
        "suspend": _suspend,
        "resume": _resume,
        "void_suspension": _void_suspension,
        "join_family": _join_family,
        "leave_family": _leave_family,
        "brought_together": _join_family,
        "left_alone": _leave_family,
        "propose": _propose,
        "position": _position,
        "consent": _consent,
    },
}
