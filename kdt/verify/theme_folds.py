"""What each kind of fact about a theme, a talk, a signal, a test, an adjustment or the forum comes
to; code of the verifier alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kdt import clock
from kdt.ledger.table import ADJUSTMENT_TEXTS, SIGNAL_TEXTS, TEST_TEXTS, Subject
from kdt.verify.fold_rows import Fold, Rows, add, known_at
from kdt.verify.ledger import Fact


def _theme(rows: Rows, fact: Fact) -> None:
    add(rows, "themes")
    _theme_term(rows, fact)


def _theme_term(rows: Rows, fact: Fact) -> None:
    """Where it began; only what was recorded before themes had a circuit says how it stands."""
    status = fact.values.get("status")
    if status is None:
        status = rows["theme_terms"][-1][2]
    said = (fact.texts["name"], fact.texts["description"], status)
    add(rows, "theme_terms", *said, fact.person, known_at(fact))


# From where to where a step leads, told apart from the table that decides; "" is any that goes on.
_UNDER_WAY = ("confirmed", "in_consultation", "action_out", "answered", "effect_followed")
_LEADS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "confirm": (("proposed",), "confirmed"),
    "reject": (("proposed",), "rejected"),
    "consult": (("confirmed", "action_out", "answered", "effect_followed"), "in_consultation"),
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
    said = (fact.seq, fact.fact, fact.occurred_on, clock.day(known_at(fact)))
    inputs = (
        values.get("owed_by"),
        date.fromisoformat(values["due_on"]) if "due_on" in values else None,
        values.get("closed_as"),
        values.get("consultation"),
        values.get("target"),
        " ".join(values["escalations"]) if "escalations" in values else None,
        values.get("replaces"),
    )
    add(rows, "theme_steps", *said, *inputs, fact.texts["reasons"], fact.person, known_at(fact))
    _walk(rows["theme_terms"][-1][2], rows["theme_steps"])


def _walk(state: str, steps: Sequence[Sequence[Any]]) -> None:
    """Raise ValueError unless the steps that were not taken back can have been taken in turn."""
    gone = [step[10] for step in steps if step[1] == "correct"]
    known = [step[0] for step in steps if step[1] != "correct"]
    if len({*gone}) < len(gone) or not {*gone} <= {*known}:
        raise ValueError("correct")
    since, merged = date.min, False
    for seq, what, on, _, _, due_on, *_ in steps:
        if what == "correct" or seq in gone:
            continue
        sources, to = _LEADS[what]
        late = on < since or (due_on is not None and due_on < on)
        if state not in sources or late or (merged and what == "reopen"):
            raise ValueError(what)
        state, since, merged = to or state, on, what == "merge"


def _theme_profile(rows: Rows, fact: Fact) -> None:
    texts = fact.texts
    said = (fact.values.get("stream"), texts["owner"], texts["codes"], texts["sources"])
    add(rows, "theme_profiles", *said, fact.person, known_at(fact))


def _consultation(rows: Rows, fact: Fact) -> None:
    values, texts = fact.values, fact.texts
    said = (date.fromisoformat(values["held_on"]), values["form"])
    about = (" ".join(values["partners"]), " ".join(values["themes"]), True)
    inside = (texts["participants"] or "", texts["agreements"] or "")
    add(rows, "consultation_terms", *said, *about, *inside, fact.person, known_at(fact))


def _withdraw_consultation(rows: Rows, fact: Fact) -> None:
    """It stays as it was last told, and stands no more. Raises IndexError when nothing was."""
    held_on, form, partners, themes, _, *inside, _, _ = rows["consultation_terms"][-1]
    said = (held_on, form, partners, themes, False, *inside)
    add(rows, "consultation_terms", *said, fact.person, known_at(fact))


def _signal(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["signal_source"], date.fromisoformat(values["received_on"]), values["at_latest"])
    about = (values["from_lawyers"], " ".join(values["themes"]), True)
    worded = (fact.texts[name] or "" for name in SIGNAL_TEXTS)
    add(rows, "signal_terms", *said, *about, *worded, fact.person, known_at(fact))


def _withdraw_signal(rows: Rows, fact: Fact) -> None:
    """As a consultation."""
    *said, _, title, concerns, origin, reference, followed, _, _ = rows["signal_terms"][-1]
    worded = (title, concerns, origin, reference, followed)
    add(rows, "signal_terms", *said, False, *worded, fact.person, known_at(fact))


def _view(rows: Rows, fact: Fact) -> None:
    found = (fact.values["assessment"], fact.values["published"])
    worded = (fact.texts["assessor"], fact.texts["reasons"] or "")
    add(rows, "signal_views", *found, *worded, fact.person, known_at(fact))


def _test(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["test_kind"], date.fromisoformat(values["held_on"]))
    about = (values["person_effect"], values["capability"], " ".join(values["organisations"]), True)
    worded = (fact.texts[name] for name in TEST_TEXTS)
    rest = (*worded, fact.person, known_at(fact))
    add(rows, "implementation_test_terms", *said, *about, *rest)


def _withdraw_test(rows: Rows, fact: Fact) -> None:
    """As a consultation."""
    *said, _, title, findings, reference, _, _ = rows["implementation_test_terms"][-1]
    rest = (title, findings, reference, fact.person, known_at(fact))
    add(rows, "implementation_test_terms", *said, False, *rest)


def _hear(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["organisation"], values["satisfaction"], date.fromisoformat(values["said_on"]))
    worded = (fact.texts["said"], fact.texts["reference"])
    rest = (fact.person, known_at(fact))
    add(rows, "implementation_test_opinions", *said, *worded, *rest)


def _adjustment(rows: Rows, fact: Fact) -> None:
    values = fact.values
    said = (values["adjustment_kind"], values["adjustment_status"])
    day = (date.fromisoformat(values["since"]), values["at_latest"], values["decided_by"])
    about = (" ".join(values[name]) for name in ("themes", "signals", "tests"))
    worded = (fact.texts[name] for name in ADJUSTMENT_TEXTS)
    rest = (*worded, fact.person, known_at(fact))
    add(rows, "adjustment_terms", *said, *day, *about, True, *rest)


def _withdraw_adjustment(rows: Rows, fact: Fact) -> None:
    """As a consultation."""
    *said, _, title, content, reasons, reference, _, _ = rows["adjustment_terms"][-1]
    rest = (title, content, reasons, reference, fact.person, known_at(fact))
    add(rows, "adjustment_terms", *said, False, *rest)


def _forum(rows: Rows, fact: Fact) -> None:
    """A step with what was brought. Raises ValueError where it is not brought first, and once."""
    if bool(rows.get("forum_steps")) is (fact.fact == "bring"):
        raise ValueError(fact.fact)
    values = fact.values
    said = (fact.seq, fact.fact, fact.occurred_on, values.get("escalation"), values.get("theme"))
    add(rows, "forum_steps", *said, fact.texts["words"], fact.person, known_at(fact))


THEME_FOLDS: Mapping[Subject, Mapping[str, Fold]] = {
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
}
