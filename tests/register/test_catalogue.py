"""The catalogue of measures: complete, and true of the small history that explains it."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from kdt import words
from kdt.cases.importing import import_history
from kdt.publications.tables import TOPICS
from kdt.register import figures as tallies
from kdt.register import from_log, lead_times
from kdt.register.catalogue import examples
from kdt.register.catalogue.lasting import IN_TIME
from kdt.register.catalogue.model import Ask, Definition, Disclosure, MeasureUnit, Opens
from kdt.register.catalogue.table import BALANCES, CATALOGUE, of
from kdt.register.figures import Query
from kdt.register.opening import OPENED
from kdt.register.pace import paces
from kdt.register.stays import TimeUnit
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes import counting
from kdt.vocabulary import Measure

_STORIES: dict[str, list[Definition]] = defaultdict(list)
for _one in CATALOGUE.values():
    _STORIES[_one.example.story].append(_one)


@pytest.mark.parametrize("story", _STORIES)
def test_every_worked_example_gives_the_answer_it_shows(
    story: str, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "story.jsonl"
    file.write_text(examples.content(story), "utf-8")
    assert import_history(store, file, by="beheer").bad == []
    for one in _STORIES[story]:
        for ask in one.example.asks:
            said = _answers(store, one, ask)
            assert said == dict.fromkeys(said, ask.answer), (one.id, ask)


def _answers(store: Store, one: Definition, ask: Ask) -> dict[str, Any]:
    """What the product says, by each engine that can."""
    query = Query(ask.first, ask.until, ask.as_of, tuple(one for one in ask.at if one != "theme"))
    with reading(store) as connection:
        if one.id == "themeSeen":
            counts = counting.counts(connection, ask.first, ask.until, ask.as_of)
            return {"log": counts.get(ask.at["theme"], 0)}
        if one is IN_TIME:
            found = paces(connection, query, {}, today(connection)).total
            return {"log": found and found.within.value}
        if one.id.startswith("leadTime"):
            rows = lead_times.lead_times(connection, query, TimeUnit.DAYS, today=today(connection))
            here = [row for row in rows if row.key == tuple(ask.at.values())]
            said: Any = lead_times.as_json(query, TimeUnit.DAYS, here, today=today(connection))
            return {"log": _of_row(said["rows"][0], one.id)}
        return {
            name: sum(
                row.amounts[Measure(one.id)]
                for row in engine(connection, query)
                if row.key == tuple(ask.at.values())
            )
            for name, engine in (("tallies", tallies.figures), ("log", from_log.figures))
        }


def _of_row(row: Any, measure: str) -> Any:
    name = measure.removeprefix("leadTime")
    name = name[0].lower() + name[1:]
    if name == "settledWithin":
        return row["marks"][0]["settled"]["value"]
    return row[name]["value"] if name == "median" else row[name]


def test_every_number_has_a_definition_and_every_definition_its_words() -> None:
    assert {one.value for one in Measure} <= CATALOGUE.keys()
    explained = words.group("lead_times.definition").keys() - {"interval"}
    assert explained == {
        one.meaning_at.removeprefix("lead_times.definition.")
        for one in CATALOGUE.values()
        if one.id.startswith("leadTime")
    }
    assert words.group("catalogue.asks").keys() == CATALOGUE.keys()
    for one in CATALOGUE.values():
        assert one.question.endswith("?")
        assert one.meaning.endswith(".")
        assert one.name
        assert one.adds_up <= one.divisions
        assert one.version >= 1
        assert one.example.asks


def test_what_counts_can_be_opened_and_what_does_not_says_why() -> None:
    for one in CATALOGUE.values():
        estimated = one.unit in (MeasureUnit.DAYS, MeasureUnit.SHARE)
        assert (one.id in OPENED) is not estimated
    assert words.group("catalogue.opens").keys() == {*Opens}


def test_what_counts_distinct_things_or_how_it_stands_does_not_add_up_over_time() -> None:
    for one in CATALOGUE.values():
        if one.unit in (MeasureUnit.CASE, MeasureUnit.DAYS, MeasureUnit.SHARE):
            assert one.adds_up == frozenset(), one.id
        if one.period != "within":
            assert "time" not in one.adds_up, one.id


def test_what_is_published_is_what_the_catalogue_lets_out() -> None:
    published = {one for topic in TOPICS.values() for one in topic.measures}
    let_out = {one for one in Measure if of(one).disclosure is not Disclosure.INSIDE}
    assert published == let_out


def test_a_balance_notices_one_too_many() -> None:
    for balance in BALANCES:
        amounts = dict.fromkeys(Measure, 0)
        assert balance.closes(amounts)
        for measure in balance.measures:
            assert not balance.closes(amounts | {measure: 1})


def test_every_story_is_a_history_file_without_anything_of_anybody() -> None:
    folder = Path(examples.__file__).parent / "stories"
    assert {one.stem for one in folder.iterdir()} == _STORIES.keys()
    for story in _STORIES:
        lines = [json.loads(line) for line in examples.content(story).splitlines()]
        acts = [line for line in lines if "action" in line]
        assert len(examples.events(story)) == len(acts) <= 20
