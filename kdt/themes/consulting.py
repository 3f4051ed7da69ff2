"""Consultations are recorded by a policy adviser: that they were held, when, with whom and about
which themes is for everybody; what was agreed is for who was there. So is changing one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kdt import names, words
from kdt.access.table import Right
from kdt.errors import Forbidden
from kdt.ledger.table import Subject
from kdt.themes.checking import among
from kdt.themes.consultations import Inside
from kdt.themes.model import consultation_terms
from kdt.themes.telling import Known, Row, Said, Sort
from kdt.values import Problem
from kdt.vocabulary import ConsultationForm, Partner


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    CONSULTATION_WITHDRAWN = "consultation_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a consultation: by codes and ids, and what was agreed. Whoever tells it was
    there too."""

    held_on: date
    form: str
    partners: Collection[str]
    themes: Collection[str]
    participants: Collection[str]
    agreements: str


def may_read(person: str, inside: Inside) -> bool:
    """Whether somebody was there, and so may read what was agreed."""
    return person in inside.participants


def check_there(person: str, inside: Inside) -> None:
    """Raise Forbidden unless this person was there."""
    if not may_read(person, inside):
        raise Forbidden(words.say("forbidden.not_there"))


def _check_there(last: Row, person: str) -> None:
    check_there(person, Inside(tuple(last["participants"]), last["agreements"]))


def _said(told: Told, person: str) -> Said:
    partners = [one for one in Partner if one in told.partners]
    values = {"held_on": told.held_on, "form": told.form, "partners": partners}
    texts = {
        "participants": "\n".join(sorted({*told.participants, person})),
        "agreements": names.text_given("agreements", told.agreements),
    }
    return Said({**values, "themes": sorted({*told.themes})}, texts)


def _check(told: Told, known: Known) -> list[Problem]:
    problems = []
    if told.held_on > known.today:
        problems.append(Problem("held_in_the_future", "heldOn"))
    if not told.partners:
        problems.append(Problem("missing", "partners"))
    problems += among("form", [told.form], [*ConsultationForm])
    problems += among("partners", told.partners, [*Partner])
    problems += among("themes", told.themes, known.themes)
    # Who there are is not told.
    people = known.people
    return problems + [
        Problem("not_one_of", "participants", {"given": one[:50], "known": ""})
        for one in told.participants
        if people is not None and one not in people
    ]


CONSULTATIONS = Sort(
    Subject.CONSULTATION,
    Right.CONSULT,
    "G",
    Code.CONSULTATION_WITHDRAWN,
    consultation_terms,
    Told,
    _check,
    _said,
    check_person=_check_there,
)
enter, change, withdraw = CONSULTATIONS.enter, CONSULTATIONS.change, CONSULTATIONS.withdraw
