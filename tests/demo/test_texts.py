"""The invented texts: all say so, none shows its seams, and hardly any two are alike."""

import re
from random import Random

import pytest

from kdt.demo.dilemmas import INVENTED, Dilemma, Situation, situations
from kdt.demo.phrases import Person, expand
from tests.demo.year import example

SEAMS = re.compile(r"[{}<>~|]|\s\s(?<!\n\n)| [.,;]")


def grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.removesuffix(INVENTED).lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def test_every_summary_says_that_it_is_invented() -> None:
    opened = example().actions("open")
    assert all(line["summary"].endswith(INVENTED) for line in opened)


def test_hardly_any_two_summaries_are_alike() -> None:
    """Of 300 drawn, the share whose nearest neighbour shares over half of its word fives."""
    texts = [grams(line["summary"]) for line in example().actions("open")]
    sample = Random(7).sample(texts, 300)
    nearest = [max(len(a & b) / len(a | b) for b in sample if b is not a) for a in sample]
    assert sum(likeness > 0.5 for likeness in nearest) <= 6
    assert sorted(nearest)[150] < 0.3


def test_summaries_differ_in_length_and_build() -> None:
    summaries = [line["summary"] for line in example().actions("open")]
    lengths = sorted(len(text) for text in summaries)
    assert lengths[len(lengths) // 10] * 1.5 < lengths[-len(lengths) // 10]
    assert len({text.count("\n\n") for text in summaries}) >= 4
    assert len(set(summaries)) == len(summaries)


def test_no_text_shows_the_grammar_it_was_made_with() -> None:
    for line in example().lines:
        texts = [line.get(name) for name in ("summary", "reasons", "reason", "findings")]
        for text in filter(None, texts):
            assert not SEAMS.search(text), text


@pytest.mark.parametrize("situation", situations(), ids=lambda situation: situation.id)
def test_every_template_expands(situation: Situation) -> None:
    rng = Random(5)
    pools: tuple[tuple[str, ...], ...] = (
        situation.facts,
        situation.rule,
        situation.doubt,
        situation.proposal,
    )
    pools += (situation.missing, situation.favour, situation.against, situation.finding)
    pools += ((situation.interview, situation.investigation),)
    for template in (template for pool in pools for template in pool):
        for _ in range(12):
            text = expand(template, rng, Dilemma.draw(situation, rng).person)
            assert not SEAMS.search(text), text


def test_there_are_many_situations_of_both_kinds() -> None:
    tracks = [situation.track for situation in situations()]
    assert len({situation.id for situation in situations()}) == len(tracks) >= 40
    assert tracks.count("asylum") >= 15
    assert tracks.count("regular") >= 15


def test_a_slot_keeps_its_value_within_one_case() -> None:
    person = Person({"land": "land_dublin"}, female=True)
    text = expand("{land} {land} {Land} <hij~zij>", Random(1), person)
    first, second, third, pronoun = text.split()
    assert first == second == third
    assert pronoun == "zij"


def test_an_unknown_slot_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such slot"):
        expand("{nergens}", Random(1), Person({}, female=False))
