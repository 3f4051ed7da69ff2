"""A ladder is data: the same procedure on three levels, local, regional and national."""

from collections import Counter
from dataclasses import replace

import pytest

from kdt.procedure import Ladder, Level, outcomes_open
from kdt.tallies.cells import Cell, Tally
from kdt.tallies.measures import ADDITIVE
from kdt.vocabulary import Action, Measure, Outcome, Phase, Role

from .moves import PANELS, VERSION_1, Story, reachable

REGIONAL = replace(
    VERSION_1,
    ladder=Ladder(
        (
            Level("local", per_location=True),
            Level("regional", per_location=False),
            Level("national", per_location=False),
        )
    ),
)


def climbed() -> Story:
    """From the officer to the top by way of every level, and back with an answer."""
    story = Story(REGIONAL).submitted().referred_up().referred_up()
    return story.heard(Outcome.UNRESOLVED).decided().does(Action.FOLLOW_THROUGH)


def tallied(story: Story) -> dict[str, Counter[Measure]]:
    """What the story adds to the tallies, by level."""
    tally = Tally()
    for step in story.steps:
        tally.add(step, step.after, step.act.recorded_on)
    found: dict[str, Counter[Measure]] = {}
    for row in tally.rows():
        of_level = found.setdefault(str(row[0]), Counter())
        for measure, amount in zip(ADDITIVE, row[len(Cell._fields) :], strict=True):
            assert isinstance(amount, int)
            of_level[measure] += amount
    return {level: +counts for level, counts in found.items()}


def test_a_question_climbs_level_by_level_and_comes_back() -> None:
    story = climbed()
    assert story.now.phase is Phase.CLOSED
    assert story.now.level == "national"
    assert story.now.reached == ("local", "regional", "national")


def test_every_level_counts_its_own_work() -> None:
    passed_on = Counter(
        {
            Measure.REFERRED: 1,
            Measure.CONSIDERED: 1,
            Measure.REFERRED_UP: 1,
            Measure.REFERRED_UP_NOT_SETTLED: 1,
            Measure.ENTERED: 1,
            Measure.LEFT: 1,
        }
    )
    assert tallied(climbed()) == {
        "local": passed_on,
        "regional": passed_on,
        "national": Counter(
            {
                Measure.REFERRED: 1,
                Measure.CONSIDERED: 2,
                Measure.DECISIONS: 1,
                Measure.DECISIONS_IN_FAVOUR: 1,
                Measure.UNRESOLVED: 1,
                Measure.ENTERED: 2,
                Measure.LEFT: 2,
            }
        ),
    }


def test_only_the_top_leaves_a_question_unresolved_and_only_the_top_cannot_refer_it_up() -> None:
    story = Story(REGIONAL).submitted()
    for level in ("local", "regional", "national"):
        state = story.listed().now
        assert state.level == level
        open_here = outcomes_open(REGIONAL, state)
        assert (Outcome.UNRESOLVED in open_here) == (level == "national")
        assert (Outcome.REFERRED_UP in open_here) == (level != "national")
        if level != "national":
            story.does(Action.CONSIDER, Role.CHAIR, outcome=Outcome.REFERRED_UP)


def test_before_it_is_listed_no_outcome_is_open() -> None:
    story = Story(REGIONAL).does(Action.OPEN)
    assert outcomes_open(REGIONAL, story.now) == ()


def test_a_level_without_panels_of_its_own_per_location_takes_from_anywhere() -> None:
    story = Story(REGIONAL).submitted(location="Den Bosch").referred_up()
    assert story.does(Action.LIST, Role.SECRETARY, panel=PANELS["regional"]).now.panel == "kdt-zuid"


def test_what_came_back_for_information_returns_to_the_level_that_asked() -> None:
    story = Story(REGIONAL).submitted().referred_up().heard(Outcome.INFORMATION_REQUESTED)
    assert story.does(Action.SUBMIT).now.waiting_at == "regional"


def test_every_row_is_reached_on_every_level() -> None:
    steps = reachable(REGIONAL)
    listed_at = {s.before.level for s in steps if s.before and s.before.phase is Phase.LISTED}
    assert listed_at == {"local", "regional", "national"}
    assert {s.after.phase for s in steps} == set(Phase)


def test_a_ladder_has_each_level_once_and_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least one level"):
        Ladder(())
    with pytest.raises(ValueError, match="each level once"):
        Ladder((Level("local", per_location=True), Level("local", per_location=False)))
    with pytest.raises(KeyError):
        VERSION_1.ladder.next("regional")
