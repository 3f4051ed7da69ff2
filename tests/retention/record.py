"""A record of long ago, with a word in every text, number and name that is found nowhere else."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.importing import import_history
from kdt.cases.model import proposals
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.register import figures
from kdt.register.figures import Query, as_json
from kdt.retention import service
from kdt.retention.queries import What, digest, items
from kdt.retention.terms import PEOPLE, Ending
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import insert
from kdt.vocabulary import Role

EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"
FIRST = Actor("beheer-1", Role.ADMINISTRATOR)
SECOND = Actor("beheer-2", Role.ADMINISTRATOR)
TODAY = date(2026, 11, 25)

_TEXTS = ("summary", "reasons", "reason", "findings")


def bring_in(store: Store, folder: Path) -> dict[str, set[str]]:
    """Import the example with planted words; gives the words by escalation."""
    planted: dict[str, set[str]] = {}
    lines = [json.loads(line) for line in EXAMPLE.read_text().splitlines()]
    for number, line in enumerate(lines):
        if "action" in line:
            words = planted.setdefault(line["escalation"], set())
            words.update(_plant(line, number))
            if isinstance(line.get("with"), dict):
                words.update(_plant(line["with"], 10_000 + number))
    file = folder / "planted.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert import_history(store, file, by="beheer").bad == []
    file.unlink()
    known(store)
    _plant_beside(store, planted)
    return planted


def _plant_beside(store: Store, planted: dict[str, set[str]]) -> None:
    """What was said of each ahead of its meeting, as it stands beside its log."""
    with writing(store) as connection:
        for number, (one, words) in enumerate(planted.items()):
            text, name = f"qxtekst{20_000 + number}z", f"qxnaam-voorstel-{number}-z"
            values = {"round": 0, "outcome": "held_over"}
            said = {"reasons": f"Verzonnen {text}."}
            fact = Fact(Subject.ESCALATION, one, "propose", values, said)
            (made,) = append(connection, By(name, Role.SECRETARY), fact)
            row = (one, made.seq, 0, Role.SECRETARY, "held_over", None, None, None)
            insert(connection, [(proposals, [(*row, made.recorded_at)])])
            words.update({text, name})


def known(store: Store) -> None:
    """Have the two who decide signed in once."""
    with writing(store) as connection:
        administrators = [Person(one.person, one.person, ()) for one in (FIRST, SECOND)]
        enter(connection, By(PRODUCT), administrators)


def _plant(given: dict[str, Any], number: int) -> Iterator[str]:
    for name in _TEXTS:
        if given.get(name):
            given[name] = f"Verzonnen qxtekst{number}z, {given[name]}"
            yield f"qxtekst{number}z"
    if "case" in given:
        given["case"] = f"qxzaak{given['case'].lower()}z"
        yield given["case"]
    if "actor" in given:
        given["actor"] = f"qxnaam-{given['actor']}-z"
        yield given["actor"]


def set_terms(store: Store, *endings: str, months: int = 12) -> None:
    """The same term for these, or for every ending."""
    for ending in endings or Ending:
        service.set_term(store, FIRST, ending, months=months)


def destroyed(store: Store, what: What = What.CONTENT) -> str:
    """Select what is due and have a second person confirm it."""
    selection = service.prepare(store, FIRST, what)
    service.confirm(store, SECOND, selection, shown(store, selection))
    return selection


def shown(store: Store, selection: str) -> str:
    """The digest whoever looks at a selection sees."""
    with reading(store) as connection:
        return digest(items(connection, selection))


def people_term(store: Store, months: int = 12) -> None:
    service.set_term(store, FIRST, PEOPLE, months=months)


def all_figures(store: Store) -> list[dict[str, object]]:
    """Figures over many periods and dimensions, at several reference dates."""
    asked = [
        Query(first, until, as_of, by)
        for first, until in ((date(2022, 1, 1), date(2022, 12, 31)), (date(2022, 3, 7), TODAY))
        for as_of in (None, date(2022, 6, 30))
        for by in ((), ("level", "location"), ("question", "ground"))
    ]
    with reading(store) as connection:
        return [as_json(one, figures.figures(connection, one), today=TODAY) for one in asked]
