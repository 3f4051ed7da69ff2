"""Implementation tests are recorded by a policy adviser, and what each organisation says of what
followed beside them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kdt import names
from kdt.access.table import Right
from kdt.ledger.table import TEST_TEXTS, Subject
from kdt.themes.checking import among
from kdt.themes.model import implementation_test_opinions, implementation_test_terms
from kdt.themes.telling import Known, Remark, Row, Said, Sort
from kdt.values import Problem
from kdt.vocabulary import ImplementationKind, LookedAt, Organisation, Satisfaction


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    TEST_WITHDRAWN = "test_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a test; `title` says which proposal it was about."""

    kind: str
    held_on: date
    title: str
    organisations: Collection[str]
    person: str = LookedAt.UNKNOWN
    capability: str = LookedAt.UNKNOWN
    findings: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """How satisfied an organisation said to be with what followed, and where that stands."""

    organisation: str
    satisfaction: str
    said_on: date
    said: str = ""
    reference: str = ""


def _said(told: Told, _person: str) -> Said:
    values = {
        "test_kind": told.kind,
        "held_on": told.held_on,
        "person_effect": told.person,
        "capability": told.capability,
        "organisations": [one for one in Organisation if one in told.organisations],
    }
    texts = {name: names.text_given(name, getattr(told, name)) for name in TEST_TEXTS}
    return Said(values, {**texts, "title": names.given("title", told.title)})


def _check(told: Told, known: Known) -> list[Problem]:
    problems = among("kind", [told.kind], [*ImplementationKind])
    if told.held_on > known.today:
        problems.append(Problem("tested_in_the_future", "heldOn"))
    if not told.organisations:
        problems.append(Problem("missing", "organisations"))
    problems += among("organisations", told.organisations, [*Organisation])
    problems += among("person", [told.person], [*LookedAt])
    return problems + among("capability", [told.capability], [*LookedAt])


def _heard(heard: Heard, _person: str) -> Said:
    values = {
        "organisation": heard.organisation,
        "satisfaction": heard.satisfaction,
        "said_on": heard.said_on,
    }
    texts = {name: names.text_given(name, getattr(heard, name)) for name in ("said", "reference")}
    return Said(values, texts)


def _read_heard(said: Said) -> Heard:
    return Heard(**{**said.values, **said.texts})


def _check_heard(heard: Heard, last: Row, known: Known) -> list[Problem]:
    problems = among("organisation", [heard.organisation], last["organisations"])
    problems += among("satisfaction", [heard.satisfaction], [*Satisfaction])
    if heard.said_on > known.today:
        problems.append(Problem("said_in_the_future", "saidOn"))
    return problems


TESTS = Sort(
    Subject.TEST,
    Right.FOLLOW_UP,
    "T",
    Code.TEST_WITHDRAWN,
    implementation_test_terms,
    Told,
    _check,
    _said,
    columns={"test_kind": "kind", "person_effect": "person"},
)
OPINIONS = Remark(TESTS, "hear", implementation_test_opinions, _check_heard, _heard, _read_heard)
enter, change, withdraw, hear = TESTS.enter, TESTS.change, TESTS.withdraw, OPINIONS.make
