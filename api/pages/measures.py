"""What every number counts, by which rules, and a small history that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.figure_views import word
from api.pages.rendering import capital, day_long, page
from kdt import words
from kdt.errors import NotFound
from kdt.register.catalogue import examples
from kdt.register.catalogue.counted import COUNTED
from kdt.register.catalogue.lasting import IN_TIME, LASTING, THEMED
from kdt.register.catalogue.model import Answer, Ask, Definition, Division, MeasureUnit
from kdt.register.catalogue.table import CATALOGUE, balances

router = APIRouter()

_GROUPS: Mapping[str, tuple[Definition, ...]] = {
    "counted": COUNTED,
    "lasting": (*LASTING, IN_TIME),
    "themed": (THEMED,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the example, and its answer, in words."""

    question: str
    answer: str


@router.get("/measures")
def catalogue(request: Request) -> Response:
    """All measures, each with the question it answers."""
    return page(
        request,
        "measures.html",
        HTTPStatus.OK,
        title=words.say("catalogue.title"),
        groups=[(words.say(f"catalogue.group.{name}"), these) for name, these in _GROUPS.items()],
    )


@router.get("/measures/{measure}")
def one_measure(request: Request, measure: str) -> Response:
    """One measure: its rules and its worked example."""
    one = CATALOGUE.get(measure)
    if one is None:
        raise NotFound(words.say("refusal.not_found"))
    return page(
        request,
        "measure.html",
        HTTPStatus.OK,
        title=capital(one.name),
        one=one,
        rules=[(words.say(f"catalogue.rule.{rule}"), capital(said)) for rule, said in _rules(one)],
        balances=[words.say(f"catalogue.balance.{each.code}") for each in balances(one)],
        events=examples.events(one.example.story),
        asked=[_asked(one, ask) for ask in one.example.asks],
    )


def _rules(one: Definition) -> list[tuple[str, str]]:
    return [
        ("unit", words.say(f"catalogue.unit.{one.unit}")),
        ("period", words.say(f"catalogue.period.{one.period}")),
        ("known", words.say(f"catalogue.known.{one.known}")),
        ("divisions", _listed(one.divisions)),
        ("adds_up", _listed(one.adds_up)),
        ("revision", words.say(f"catalogue.revision.{one.revision}")),
        ("disclosure", words.say(f"catalogue.disclosure.{one.disclosure}")),
        ("opens", words.say(f"catalogue.opens.{one.opens}")),
    ]


def _listed(divisions: frozenset[Division]) -> str:
    named = [words.say(f"dimension.{one}") for one in Division if one in divisions]
    return ", ".join(named) or words.say("catalogue.nothing")


def _asked(one: Definition, ask: Ask) -> Asked:
    period = words.say("catalogue.asked", first=day_long(ask.first), until=day_long(ask.until))
    places = [word(dimension, value) for dimension, value in ask.at.items()]
    known = [words.say("catalogue.as_of", day=day_long(ask.as_of))] if ask.as_of else []
    return Asked(", ".join([period, *places, *known]), _answered(one.unit, ask.answer))


def _answered(unit: MeasureUnit, answer: Answer) -> str:
    if unit is MeasureUnit.SHARE and answer is not None:
        return f"{round(answer * 100)}%"
    if unit is MeasureUnit.DAYS and answer is not None:
        return words.amount("day", round(answer))
    return words.number(int(answer or 0))
