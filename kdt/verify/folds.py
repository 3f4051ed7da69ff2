"""What each kind of fact of the ledger comes to in the tables that are read; code of the verifier
alone."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from kdt import clock
from kdt.ledger.table import ADJUSTMENT_TEXTS, SIGNAL_TEXTS, TEST_TEXTS, Subject
from kdt.verify.ledger import Fact

Row = tuple[Any, ...]
# The rows about one subject by table, each without what tells whose it is.
Rows = dict[str, list[Row]]
Fold = Callable[[Rows, Fact], None]


def _add(rows: Rows, table: str, *row: object) -> None:
    hash(row)
    rows.setdefault(table, []).append(row)


def _take(rows: Rows, table: str, *start: object) -> list[Row]:
    """Take away the rows that begin so."""
    kept: list[Row] = []
    going: list[Row] = []
    for row in rows.get(table, []):
        (going if row[: len(start)] == start else kept).append(row)
    rows[table] = kept
    return going


def _take_newest(rows: Rows, table: str, *start: object) -> None:
    """Take away the newest row that begins so. Raises ValueError when there is none."""
    going = _take(rows, table, *start)
    if not going:
        raise ValueError(table)
    rows[table] += going[:-1]


def _demo(rows: Rows, _fact: Fact) -> None:
    _add(rows, "record")


def _import(rows: Rows, fact: Fact) -> None:
    values = fact.values
    _add(
        rows,
        "imports",
        values["import"],
        fact.texts["file_name"],
        values["file_digest"],
        fact.person,
    )


def _location(rows: Rows, fact: Fact) -> None:
    _add(rows, "locations")
    _term(rows, fact)


def _panel(rows: Rows, fact: Fact) -> None:
    values = fact.values
    starts_at = time.fromisoformat(values["starts_at"])
    days = _weekdays(values["weekdays"])
    _add(rows, "panels", values["level"], values.get("location"), days, starts_at)
    _term(rows, fact)


def _weekdays(given: Iterable[int]) -> str:
    return f"{{{','.join(str(int(day)) for day in given)}}}"


def _go_live(rows: Rows, fact: Fact) -> None:
    live_on = date.fromisoformat(fact.values["live_on"])
    _add(rows, "location_go_lives", live_on, fact.person, _known_at(fact))


def _known_at(fact: Fact) -> datetime:
    """Since when it was known: as the history file says that it came with."""
    said = fact.values.get("known_at")
    return fact.recorded_at if said is None else datetime.fromisoformat(said)


def _pattern(rows: Rows, fact: Fact) -> None:
    values = fact.values
    _add(
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
    _add(rows, "calendar_days", *said, fact.person, fact.recorded_at)


def _attest(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values.get("attested"), values.get("considered"), values.get("reason"))
    _add(rows, "attestations", *said, fact.person, _known_at(fact))


def _approve_minutes(rows: Rows, fact: Fact) -> None:
    _add(rows, "minutes", fact.values["digest"], fact.person, fact.recorded_at)


def _told_alone(_rows: Rows, _fact: Fact) -> None:
    """What the ledger alone tells: it stands in no table of its own."""


def _weigh(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values[name] for name in ("unresolved", "deadline", "held_over", "waiting"))
    effective_on = date.fromisoformat(values["effective_on"])
    _add(rows, "agenda_weights", effective_on, *said, fact.person, fact.recorded_at)


def _term(rows: Rows, fact: Fact) -> None:
    """A name, and whether it is open, from a day on: only ever added to."""
    effective_on = date.fromisoformat(fact.values["effective_on"])
    said = (effective_on, fact.texts["name"], fact.values["open"])
    _add(rows, f"{fact.subject}_terms", *said, fact.person, fact.recorded_at)


def _warn(rows: Rows, fact: Fact) -> None:
    effective_on = date.fromisoformat(fact.values["effective_on"])
    said = (effective_on, fact.values["days"])
    _add(rows, "deadline_warnings", *said, fact.person, fact.recorded_at)


def _rule(rows: Rows, fact: Fact) -> None:
    values, texts = fact.values, fact.texts
    said = (date.fromisoformat(values["effective_on"]), texts["name"], texts["source"])
    term = (values["count"], values["unit"], values["extension"], values["open"])
    _add(rows, "deadline_rules", *said, *term, fact.person, fact.recorded_at)


def _theme(rows: Rows, fact: Fact) -> None:
    _add(rows, "themes")
    _theme_term(rows, fact)


def _theme_term(rows: Rows, fact: Fact) -> None:
    """Where it began; only what was recorded before themes had a circuit says how it stands."""
    status = fact.values.get("status")
    if status is None:
        status = rows["theme_terms"][-1][2]
    said = (fact.texts["name"], fact.texts["description"], status)
    _add(rows, "theme_terms", *said, fact.person, fact.recorded_at)


# From where to where a step leads, told apart from the table that decides; "" is any that goes on.
_UNDER_WAY = ("confirmed", "in_consultation", "action_out", "answered", "effect_followed")
_LEADS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "confirm": (("proposed",), "confirmed"),
    "reject": (("proposed",), "rejected"),
    "consult": (_UNDER_WAY, "in_consultation"),
    "send_out": (_UNDER_WAY, "action_out"),
    "answer": (("in_consultation", "action_out"), "answered"),
    "follow": (("answered",), "effect_followed"),
    "close": (_UNDER_WAY, "closed"),
    "reopen": (("closed", "rejected"), "confirmed"),
    "merge": (("proposed", *_UNDER_WAY), "closed"),
    "split": (_UNDER_WAY, ""),
}


def _theme_step(rows: Rows, fact: Fact) -> None:
    """A step. Raises ValueError when, with what stands before it, it cannot have been taken."""
    values = fact.values
    said = (fact.seq, fact.fact, fact.occurred_on, clock.day(fact.recorded_at))
    inputs = (
        values.get("owed_by"),
        date.fromisoformat(values["due_on"]) if "due_on" in values else None,
        values.get("closed_as"),
        values.get("consultation"),
        values.get("target"),
        " ".join(values["escalations"]) if "escalations" in values else None,
        values.get("replaces"),
    )
    _add(rows, "theme_steps", *said, *inputs, fact.texts["reasons"], fact.person, fact.recorded_at)
    steps = rows["theme_steps"]
    gone = {step[10] for step in steps}
    state: str = rows["theme_terms"][-1][2]
    for seq, what, *_ in steps:
        if what == "correct" or seq in gone:
            continue
        sources, to = _LEADS[what]
        if state not in sources:
            raise ValueError(what)
        state = to or state


def _theme_profile(rows: Rows, fact: Fact) -> None:
    texts = fact.texts
    said = (fact.values.get("stream"), texts["owner"], texts["codes"], texts["sources"])
    _add(rows, "theme_profiles", *said, fact.person, fact.recorded_at)


def _consultation(rows: Rows, fact: Fact) -> None:
    values, texts = fact.values, fact.texts
    said = (date.fromisoformat(values["held_on"]), values["form"])
    about = (" ".join(values["partners"]), " ".join(values["themes"]), True)
    inside = (texts["participants"], texts["agreements"])
    _add(rows, "consultation_terms", *said, *about, *inside, fact.person, fact.recorded_at)


def _withdraw_consultation(rows: Rows, fact: Fact) -> None:
    """It stays as it was last told, and stands no more. Raises IndexError when nothing was."""
    held_on, form, partners, themes, _, *inside, _, _ = rows["consultation_terms"][-1]
    said = (held_on, form, partners, themes, False, *inside)
    _add(rows, "consultation_terms", *said, fact.person, fact.recorded_at)


def _signal(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["signal_source"], date.fromisoformat(values["received_on"]), values["at_latest"])
    about = (values["from_lawyers"], " ".join(values["themes"]), True)
    worded = (fact.texts[name] for name in SIGNAL_TEXTS)
    _add(rows, "signal_terms", *said, *about, *worded, fact.person, fact.recorded_at)


def _withdraw_signal(rows: Rows, fact: Fact) -> None:
    """As a consultation."""
    *said, _, title, concerns, origin, reference, followed, _, _ = rows["signal_terms"][-1]
    worded = (title, concerns, origin, reference, followed)
    _add(rows, "signal_terms", *said, False, *worded, fact.person, fact.recorded_at)


def _view(rows: Rows, fact: Fact) -> None:
    found = (fact.values["assessment"], fact.values["published"])
    worded = (fact.texts["assessor"], fact.texts["reasons"])
    _add(rows, "signal_views", *found, *worded, fact.person, fact.recorded_at)


def _test(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["test_kind"], date.fromisoformat(values["held_on"]))
    about = (values["person_effect"], values["capability"], " ".join(values["organisations"]), True)
    worded = (fact.texts[name] for name in TEST_TEXTS)
    rest = (*worded, fact.person, fact.recorded_at)
    _add(rows, "implementation_test_terms", *said, *about, *rest)


def _withdraw_test(rows: Rows, fact: Fact) -> None:
    """As a consultation."""
    *said, _, title, findings, reference, _, _ = rows["implementation_test_terms"][-1]
    rest = (title, findings, reference, fact.person, fact.recorded_at)
    _add(rows, "implementation_test_terms", *said, False, *rest)


def _hear(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["organisation"], values["satisfaction"], date.fromisoformat(values["said_on"]))
    worded = (fact.texts["said"], fact.texts["reference"])
    rest = (fact.person, fact.recorded_at)
    _add(rows, "implementation_test_opinions", *said, *worded, *rest)


def _adjustment(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["adjustment_kind"], values["adjustment_status"])
    day = (date.fromisoformat(values["since"]), values["at_latest"], values["decided_by"])
    about = (" ".join(values[name]) for name in ("themes", "signals", "tests"))
    worded = (fact.texts[name] for name in ADJUSTMENT_TEXTS)
    rest = (*worded, fact.person, fact.recorded_at)
    _add(rows, "adjustment_terms", *said, *day, *about, True, *rest)


def _withdraw_adjustment(rows: Rows, fact: Fact) -> None:
    """As a consultation."""
    *said, _, title, content, reasons, reference, _, _ = rows["adjustment_terms"][-1]
    rest = (title, content, reasons, reference, fact.person, fact.recorded_at)
    _add(rows, "adjustment_terms", *said, False, *rest)


def _forum(rows: Rows, fact: Fact) -> None:
    """A step with what was brought. Raises ValueError where it is not brought first, and once."""
    if bool(rows.get("forum_steps")) is (fact.fact == "bring"):
        raise ValueError(fact.fact)
    values = fact.values
    said = (fact.seq, fact.fact, fact.occurred_on, values.get("escalation"), values.get("theme"))
    _add(rows, "forum_steps", *said, fact.texts["words"], fact.person, fact.recorded_at)


def _person(rows: Rows, fact: Fact) -> None:
    _add(rows, "people", fact.texts["person"], fact.texts["label"], False)


def _rename(rows: Rows, fact: Fact) -> None:
    for known, _, disabled in _take(rows, "people"):
        _add(rows, "people", known, fact.texts["label"], disabled)


def _disable(rows: Rows, fact: Fact) -> None:
    for known, label, _ in _take(rows, "people"):
        _add(rows, "people", known, label, fact.fact == "disable")


def _grant(rows: Rows, fact: Fact) -> None:
    _add(rows, "grants", fact.values["role"], fact.values.get("location"))


def _revoke(rows: Rows, fact: Fact) -> None:
    _take_newest(rows, "grants", fact.values["role"], fact.values.get("location"))


def _lent(fact: Fact) -> Row:
    """A delegation without its last day."""
    values = fact.values
    first_on = date.fromisoformat(values["first_on"])
    return (fact.texts["to"], values["role"], values.get("location"), first_on)


def _delegate(rows: Rows, fact: Fact) -> None:
    _add(rows, "delegations", *_lent(fact), date.fromisoformat(fact.values["last_on"]))


def _end_delegation(rows: Rows, fact: Fact) -> None:
    """Of several from one day only the newest had not been ended."""
    _take_newest(rows, "delegations", *_lent(fact))
    _delegate(rows, fact)


def _map(rows: Rows, fact: Fact) -> None:
    _add(rows, "mappings", *_mapping(fact))


def _unmap(rows: Rows, fact: Fact) -> None:
    _take_newest(rows, "mappings", *_mapping(fact))


def _mapping(fact: Fact) -> Row:
    values = fact.values
    return (fact.texts["claim"], fact.texts["value"], values["role"], values.get("location"))


def _arrive(rows: Rows, fact: Fact) -> None:
    seat = (fact.texts["person"], fact.texts["stands_for"])
    _add(rows, "meeting_attendance", *seat, _known_at(fact), None)


def _leave(rows: Rows, fact: Fact) -> None:
    """Whoever came last goes. Raises ValueError for who was not there."""
    seat = (fact.texts["person"], fact.texts["stands_for"])
    came = _take(rows, "meeting_attendance", *seat)
    if not came or came[-1][-1] is not None:
        raise ValueError(seat)
    rows["meeting_attendance"] += came[:-1]
    _add(rows, "meeting_attendance", *came[-1][:-1], _known_at(fact))


def _recuse(rows: Rows, fact: Fact) -> None:
    if (person := fact.texts["person"]) is not None:
        _add(rows, "recusals", person, fact.values["role"], fact.values.get("location"))


def _hand_over(rows: Rows, fact: Fact) -> None:
    rows.pop("hand_overs", None)
    if (person := fact.texts["person"]) is not None:
        _add(rows, "hand_overs", person)


def _state_purpose(rows: Rows, fact: Fact) -> None:
    """The last one of a day holds."""
    if fact.person is not None:
        stated = (fact.person, fact.occurred_on)
        _take(rows, "stated_purposes", *stated)
        _add(rows, "stated_purposes", *stated, fact.values["purpose"])


def _stand_in(rows: Rows, fact: Fact) -> None:
    if (person := fact.texts["person"]) is not None:
        for ref in fact.values["entries"]:
            _add(rows, "stand_ins", ref, person)


def _suspend(rows: Rows, fact: Fact) -> None:
    values = fact.values
    last_on = date.fromisoformat(values["last_on"]) if "last_on" in values else None
    first_on = date.fromisoformat(values["first_on"])
    _add(rows, "suspensions", fact.seq, first_on, last_on, values["ground"])


def _resume(rows: Rows, fact: Fact) -> None:
    ((number, first_on, _, ground),) = _take(rows, "suspensions", fact.values["suspension"])
    last_on = date.fromisoformat(fact.values["last_on"])
    _add(rows, "suspensions", number, first_on, last_on, ground)


def _void_suspension(rows: Rows, fact: Fact) -> None:
    _take_newest(rows, "suspensions", fact.values["suspension"])


def _join_family(rows: Rows, fact: Fact) -> None:
    """It is in one at most."""
    rows.pop("family_members", None)
    _add(rows, "family_members", fact.values["family"], fact.seq)


def _leave_family(rows: Rows, fact: Fact) -> None:
    _take_newest(rows, "family_members", fact.values["family"])


def _propose(rows: Rows, fact: Fact) -> None:
    values = fact.values
    details = (values.get(name) for name in ("ruling", "inquiry", "referral"))
    said = (fact.seq, values["round"], fact.role, values["outcome"], *details)
    _add(rows, "proposals", *said, fact.recorded_at)


def _position(rows: Rows, fact: Fact) -> None:
    if (person := fact.texts["person"]) is not None:
        values = fact.values
        said = (fact.role, values["stance"], values.get("proposal"), fact.recorded_at)
        _add(rows, "positions", fact.seq, values["round"], person, *said)


def _consent(rows: Rows, fact: Fact) -> None:
    _add(rows, "consents", fact.values["entry"])


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
    Subject.THEME: {
        "enter": _theme,
        "change": _theme_term,
        "describe": _theme_profile,
        "correct": _theme_step,
        **dict.fromkeys(_LEADS, _theme_step),
    },
    Subject.CONSULTATION: {
        "enter": _consultation,
        "change": _consultation,
        "withdraw": _withdraw_consultation,
    },
    Subject.SIGNAL: {
        "enter": _signal,
        "change": _signal,
        "withdraw": _withdraw_signal,
        "assess": _view,
    },
    Subject.TEST: {
        "enter": _test,
        "change": _test,
        "withdraw": _withdraw_test,
        "hear": _hear,
    },
    Subject.ADJUSTMENT: {
        "enter": _adjustment,
        "change": _adjustment,
        "withdraw": _withdraw_adjustment,
    },
    Subject.FORUM: dict.fromkeys(("bring", "withdraw", "conclude"), _forum),
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
        "propose": _propose,
        "position": _position,
        "consent": _consent,
    },
}
