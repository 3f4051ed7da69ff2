"""The lines of a history file about themes (version 6): themes with their steps, talks, signals,
tests and adjustments as they were told, and what the forum saw."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kdt import clock
from kdt.access.table import Right
from kdt.cases.inputs import key
from kdt.cases.line_values import Read, Reader, codes, holding, several, strange, true, worded
from kdt.ledger.table import FACTS, Subject
from kdt.procedure.rows import Kind
from kdt.themes import history
from kdt.themes.circuit import ROWS
from kdt.themes.history import ThemeFact
from kdt.values import Invalid, Problem, code, day, name, string
from kdt.vocabulary import (
    AdjustmentKind,
    AdjustmentStatus,
    Assessment,
    ConsultationForm,
    DecidedBy,
    FromLawyers,
    ImplementationKind,
    LookedAt,
    Organisation,
    Partner,
    Role,
    Satisfaction,
    SignalSource,
    Stream,
    ThemeState,
    ThemeStatus,
)

# From which version of the format.
SINCE = 6
THEME = "theme"
# What each line is about, by its kind.
SUBJECTS: Mapping[str, Subject] = {
    "theme_fact": Subject.THEME,
    **{one.value: one for one in history.SUBJECTS if one is not Subject.THEME},
}
_KINDS = {subject: kind for kind, subject in SUBJECTS.items()}


@dataclass(frozen=True, slots=True)
class _Form:
    """What a fact says, by the names of the ledger, and which roles record it. What is in `may` is
    left out where there is none."""

    roles: tuple[str, ...]
    must: Mapping[str, Reader] = field(default_factory=dict)
    may: Mapping[str, Reader] = field(default_factory=dict)


_NAMES = several(name)
_TITLED = {"title": name}
_REFERENCE = {"reference": worded}
_ANYONE = tuple(Role)


def _by(right: Right) -> tuple[str, ...]:
    """The roles with a right; an administrator records what a letter or a file names."""
    return tuple(dict.fromkeys((*holding(right), Role.ADMINISTRATOR)))


def _told(right: Right, must: Mapping[str, Reader], may: Mapping[str, Reader]) -> dict[str, _Form]:
    """The forms of what is entered, told anew and withdrawn."""
    whole = _Form(_by(right), must, may)
    return {"enter": whole, "change": whole, "withdraw": _Form(_by(right))}


def _steps() -> Iterator[tuple[str, _Form]]:
    """The forms of the steps of a theme, as its circuit has them."""
    for row in ROWS:
        must: dict[str, Reader] = {}
        may: dict[str, Reader] = {}
        for one in row.fields:
            reader: Reader = name
            if one.codes is not None:
                reader = codes(one.codes)
            elif one.kind is Kind.DAY:
                reader = day
            elif one.kind is Kind.PROSE:
                reader = worded
            elif one.name == "escalations":
                reader = _NAMES
            (must if one.required else may)[one.name] = reader
        yield row.action, _Form(_by(row.right), must, may)


_FORMS: Mapping[Subject, Mapping[str, _Form]] = {
    Subject.THEME: {
        "change": _Form(
            _by(Right.MANAGE_THEMES),
            {"name": name},
            {"description": worded, "status": codes(ThemeStatus)},
        ),
        "describe": _Form(
            _by(Right.MANAGE_THEMES),
            may={"stream": codes(Stream), "owner": name, "codes": _NAMES, "sources": _NAMES},
        ),
        **dict(_steps()),
    },
    Subject.CONSULTATION: _told(
        Right.CONSULT,
        {
            "held_on": day,
            "form": codes(ConsultationForm),
            "partners": several(codes(Partner)),
            "participants": _NAMES,
        },
        {"themes": _NAMES, "agreements": worded},
    ),
    Subject.SIGNAL: {
        **_told(
            Right.ASSESS_SIGNALS,
            {
                "signal_source": codes(SignalSource),
                "received_on": day,
                "from_lawyers": codes(FromLawyers),
                **_TITLED,
                "concerns": worded,
            },
            {
                "at_latest": true,
                "themes": _NAMES,
                "origin": worded,
                **_REFERENCE,
                "followed": worded,
            },
        ),
        "assess": _Form(
            _by(Right.ASSESS_SIGNALS),
            {"assessment": codes(Assessment), "reasons": worded},
            {"published_by": worded},
        ),
    },
    Subject.TEST: {
        **_told(
            Right.FOLLOW_UP,
            {
                "test_kind": codes(ImplementationKind),
                "held_on": day,
                "person_effect": codes(LookedAt),
                "capability": codes(LookedAt),
                "organisations": several(codes(Organisation)),
                **_TITLED,
            },
            {"findings": worded, **_REFERENCE},
        ),
        "hear": _Form(
            _by(Right.FOLLOW_UP),
            {
                "organisation": codes(Organisation),
                "satisfaction": codes(Satisfaction),
                "said_on": day,
            },
            {"said": worded, **_REFERENCE},
        ),
    },
    Subject.ADJUSTMENT: _told(
        Right.FOLLOW_UP,
        {
            "adjustment_kind": codes(AdjustmentKind),
            "adjustment_status": codes(AdjustmentStatus),
            "since": day,
            "decided_by": codes(DecidedBy),
            **_TITLED,
        },
        {
            "at_latest": true,
            "themes": _NAMES,
            "signals": _NAMES,
            "tests": _NAMES,
            "content": worded,
            "reasons": worded,
            **_REFERENCE,
        },
    ),
    Subject.FORUM: {
        "bring": _Form(_ANYONE, {"words": worded}, {"escalation": name}),
        "withdraw": _Form(_ANYONE),
        "conclude": _Form(_by(Right.MANAGE_THEMES), may={"theme": name, "words": worded}),
    },
}
_ENTERED = _Form(
    _by(Right.PROPOSE_THEMES),
    {"status": codes((ThemeState.PROPOSED, ThemeState.CONFIRMED, ThemeState.CLOSED))},
)
_WHO: Mapping[str, Reader] = {"ref": name, "occurredOn": day, "actor": name}
# Lists that the ledger words, with one a line.
_OF_LINES = ("participants", "codes", "sources")


def theme(
    given: Mapping[str, object], moment: Reader, take: Read, problems: list[Problem]
) -> ThemeFact | None:
    """A theme as it was entered, before anything else is said of it."""
    named: Mapping[str, Reader] = {"id": name, "name": name, "description": string}
    taken = _taken(given, moment, take, problems, _ENTERED, named)
    if taken is None:
        return None
    texts = {one: taken[one] for one in ("name", "description")}
    return _fact(taken, Subject.THEME, history.ENTER, {"status": taken["status"]}, texts)


def fact(
    given: Mapping[str, object], moment: Reader, take: Read, problems: list[Problem]
) -> ThemeFact | None:
    """What was recorded of a theme, a talk, a signal, a test, an adjustment or an item of the
    forum."""
    subject = SUBJECTS[str(given["kind"])]
    try:
        which = code(given["fact"], _FORMS[subject])
    except KeyError:
        problems.append(Problem("missing", "fact"))
        return None
    except Invalid as problem:
        problems.append(Problem(problem.code, "fact", problem.details))
        return None
    form = _FORMS[subject][which]
    taken = _taken(given, moment, take, problems, form, {"id": name, "fact": string})
    if taken is None:
        return None
    said = {one: taken[key(one)] for one in (*form.must, *form.may) if key(one) in taken}
    if which == "assess":
        published = said.pop("published_by", None)
        said |= {"published": published is not None, "assessor": published or taken["actor"]}
    return _fact(taken, subject, which, *_apart(subject, which, said))


def _taken(
    given: Mapping[str, object],
    moment: Reader,
    take: Read,
    problems: list[Problem],
    form: _Form,
    named: Mapping[str, Reader],
) -> dict[str, Any] | None:
    """The fields of a line by their own names, or None with what is wrong."""
    known = {"recordedAt": moment, **_WHO, "role": codes(form.roles), **named}
    known |= {key(one): reader for one, reader in form.must.items()}
    may = {key(one): reader for one, reader in form.may.items()}
    strange(given, {"kind", *known, *may}, problems)
    known |= {one: reader for one, reader in may.items() if one in given}
    taken = take(given, known, problems)
    return None if problems else taken


def _apart(
    subject: Subject, which: str, said: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was said as the ledger has it: values, and texts, empty where there is none."""
    row = FACTS[subject][which]
    texts = {
        one: "\n".join(said.get(one, ())) if one in _OF_LINES else said.get(one, "")
        for one in row.texts
    }
    values = {one: value for one, value in said.items() if one not in row.texts}
    if "at_latest" in row.values:
        values.setdefault("at_latest", False)
    for one in ("themes", "signals", "tests"):
        if one in row.values:
            values.setdefault(one, [])
    return values, texts


def _fact(
    taken: Mapping[str, Any],
    subject: Subject,
    which: str,
    values: Mapping[str, Any],
    texts: Mapping[str, str],
) -> ThemeFact:
    return ThemeFact(
        taken["ref"],
        taken["recordedAt"],
        taken["occurredOn"],
        taken["actor"],
        Role(taken["role"]),
        subject,
        taken["id"],
        which,
        values,
        texts,
    )


def line(told: ThemeFact) -> dict[str, object]:
    """A fact as a line."""
    who = {
        "ref": told.ref,
        "recordedAt": clock.written(told.recorded_at),
        "occurredOn": told.occurred_on.isoformat(),
        "actor": told.actor,
        "role": told.role,
    }
    if told.subject is Subject.THEME and told.fact == history.ENTER:
        named = {"kind": THEME, "id": told.id, **{one: told.texts[one] for one in _NAMED}}
        return {**named, **who, "status": told.values["status"]}
    said: dict[str, Any] = {**told.values, **told.texts}
    if said.pop("published", False):
        said["published_by"] = said["assessor"]
    for one in _OF_LINES:
        if said.get(one):
            said[one] = said[one].split("\n")
    form = _FORMS[told.subject][told.fact]
    return {
        "kind": _KINDS[told.subject],
        **who,
        "id": told.id,
        "fact": told.fact,
        **{key(one): _plain(said[one]) for one in (*form.must, *form.may) if said.get(one)},
    }


_NAMED = ("name", "description")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
