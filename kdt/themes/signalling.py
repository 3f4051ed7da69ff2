"""Signals are recorded by a policy adviser, and assessed by several, each with their own reasons;
what somebody finds now stands beside what they found before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from kdt import names
from kdt.access.table import Right
from kdt.errors import refused
from kdt.ledger.service import By
from kdt.ledger.table import SIGNAL_TEXTS, Subject
from kdt.themes.checking import among, missing
from kdt.themes.model import signal_terms, signal_views
from kdt.themes.telling import Known, Remark, Row, Said, Sort
from kdt.values import Problem
from kdt.vocabulary import CLOSED_SOURCES, Assessment, FromLawyers, SignalSource


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    SIGNAL_WITHDRAWN = "signal_withdrawn"
    REPLY_STAYS_CLOSED = "reply_stays_closed"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a signal. `at_latest`: by when it was there, since when is not known;
    `lawyers`: whether it comes from lawyers; `origin`: whose it is, and
    `reference`: where it stands; of staff neither is told."""

    source: str
    received_on: date
    title: str
    concerns: str
    at_latest: bool = False
    lawyers: str = FromLawyers.UNKNOWN
    origin: str = ""
    reference: str = ""
    followed: str = ""
    themes: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody finds of a signal, and why. `published_by`: who answers for it outside, where
    it was published and is recorded by another."""

    assessment: str
    reasons: str
    published_by: str = ""


def view(connection: Connection, by: By, signal: str, found: Found) -> None:
    """Record what was found of a signal that is there, within the caller's transaction. Raises
    InvalidInput."""
    VIEWS.record(connection, by, signal, found, {})


def _check_closed(last: Row, told: Told) -> None:
    """Raise Refused when a reply of staff would be open, or the other way round."""
    if (last["source"] in CLOSED_SOURCES) != (told.source in CLOSED_SOURCES):
        raise refused(Code.REPLY_STAYS_CLOSED)


def _said(told: Told, _person: str) -> Said:
    values = {
        "signal_source": told.source,
        "received_on": told.received_on,
        "at_latest": told.at_latest,
        "from_lawyers": told.lawyers,
        "themes": sorted({*told.themes}),
    }
    texts = {name: names.text_given(name, getattr(told, name)) for name in SIGNAL_TEXTS}
    return Said(values, {**texts, "title": names.given("title", told.title)})


def _check(told: Told, known: Known) -> list[Problem]:
    problems = []
    if told.received_on > known.today:
        problems.append(Problem("received_in_the_future", "receivedOn"))
    problems += missing("concerns", told.concerns)
    if told.source in CLOSED_SOURCES:
        problems += [
            Problem("of_staff", field)
            for field in ("origin", "reference")
            if getattr(told, field).strip()
        ]
        if told.lawyers == FromLawyers.YES:
            problems.append(Problem("of_staff", "lawyers"))
    problems += among("source", [told.source], [*SignalSource])
    problems += among("lawyers", [told.lawyers], [*FromLawyers])
    return problems + among("themes", told.themes, known.themes)


def _view(found: Found, person: str) -> Said:
    published = names.text_given("publishedBy", found.published_by)
    texts = {
        "assessor": published or person,
        "reasons": names.text_given("reasons", found.reasons),
    }
    return Said({"assessment": found.assessment, "published": bool(published)}, texts)


def _read_view(said: Said) -> Found:
    published = said.texts["assessor"] if said.values["published"] else ""
    return Found(str(said.values["assessment"]), said.texts["reasons"], published)


def _check_view(found: Found, _last: Row, _known: Known) -> list[Problem]:
    problems = among("assessment", [found.assessment], [*Assessment])
    return problems + missing("reasons", found.reasons)


SIGNALS = Sort(
    Subject.SIGNAL,
    Right.ASSESS_SIGNALS,
    "S",
    Code.SIGNAL_WITHDRAWN,
    signal_terms,
    Told,
    _check,
    _said,
    columns={"signal_source": "source", "from_lawyers": "lawyers"},
    check_change=_check_closed,
)
VIEWS = Remark(SIGNALS, "assess", signal_views, _check_view, _view, _read_view)
enter, change, withdraw = SIGNALS.enter, SIGNALS.change, SIGNALS.withdraw
record, assess = SIGNALS.record, VIEWS.make
