"""The service beside the model: one request to both, and all that must then be equal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kdt.access.permissions import Actor
from kdt.cases import service
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command, Receipt
from kdt.errors import Conflict, NotFound, Refused, Stale
from kdt.register import from_log
from kdt.register.figures import Query, as_json
from kdt.register.figures import figures as from_tallies
from kdt.store.transaction import reading
from kdt.vocabulary import Action
from tests import canary
from tests.oracle.figures import figures
from tests.oracle.history import History
from tests.oracle.moments import parse_date
from tests.service import moves
from tests.service.model import CELLS, Scene, Story, Wish, refuses, seen
from tests.service.reach import marks
from tests.service.truth import bad_shape, true
from tests.service.world import World

# What all examples together reached, and how many steps they took.
REACHED: Counter[tuple[str, ...]] = Counter()
OVER = ("withdrawn", "lapsed")
OFFICERS = ("open", "submit", "report_back", "follow_through", "withdraw")


def explained(given: Mapping[str, object]) -> Mapping[str, object]:
    """An inquiry as it is ordered in the product: with what it is for. What moves an escalation,
    which is what the model judges, knows nothing of that."""
    if given.get("outcome") != "inquiry_ordered":
        return given
    told = f"Verzonnen. {canary.WORD}"
    return {"sought": told, "consequences": told, "dueOn": "2999-12-31", **given}


@dataclass(frozen=True)
class Request:
    """A request that was done under a key, as it would be repeated."""

    actor: Actor
    story: int | None
    wishes: tuple[Wish, ...]
    version: int | None
    key: str
    at: datetime
    receipt: Receipt


@dataclass(frozen=True)
class No:
    """A no: what kind, and of a refusal its code."""

    kind: str
    code: str = ""


class Beside:
    """What was done so far. Escalations go by their number here, for their ids are random."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: list[str] = []
        self.stories: list[Story] = []
        self.requests: list[Request] = []
        self.keys = 0

    @property
    def live(self) -> list[int]:
        """The escalations with which something can still be done."""
        stood = [(n, story.steps(self.world.panels)) for n, story in enumerate(self.stories)]
        return [n for n, steps in stood if steps and steps[-1].after.phase not in OVER]

    def possible(self, story: int) -> list[str]:
        """What the table has from where it stands."""
        steps = self.stories[story].steps(self.world.panels)
        return sorted(CELLS[steps[-1].after.phase]) if steps else []

    def scene(self, story: int | None, wish: Wish, actor: Actor = moves.PEOPLE[0]) -> Scene:
        found = Story() if story is None else self.stories[story]
        return self._scene(actor, wish, found, new=story is None)

    def who(self, pick: moves.Pick, story: int | None, wish: Wish) -> Actor:
        return moves.who(pick, self.scene(story, wish))

    def _scene(self, actor: Actor, wish: Wish, story: Story, *, new: bool) -> Scene:
        steps = story.steps(self.world.panels)
        last = story.entries[-1].day if story.entries else self.world.today
        recorded_on = max(last, self.world.today)
        panels, today = self.world.panels, self.world.today
        worked = self._worked(steps[0].fields["case"]) if steps else frozenset()
        return Scene(actor, wish, story, steps, panels, today, recorded_on, new, worked)

    def _worked(self, case: str) -> frozenset[str]:
        """Who did an officer's work on a case, in any escalation that stands."""
        found = set()
        for story in self.stories:
            steps = story.steps(self.world.panels)
            if steps and steps[0].fields["case"] == case:
                found |= {
                    entry.fields["actor"]
                    for entry in story.entries
                    if entry.fields["action"] in OFFICERS
                }
        return frozenset(found)

    def attempt(
        self,
        actor: Actor,
        story: int | None,
        wishes: Sequence[Wish],
        *,
        version: int | None = None,
        key: str | bool = False,
    ) -> None:
        """Let the service do it, and see that it says what the model says."""
        REACHED["steps",] += 1
        commands = self.commands(actor, story, wishes)
        if commands is None:
            return
        if key is True:
            self.keys += 1
            key = f"sleutel-{self.keys}"
        escalation = None if story is None else self.ids[story]
        expected, after = self.expect(actor, story, wishes, version, key or None)
        said: Receipt | No
        try:
            said = service.perform(
                self.world.store, actor, escalation, commands, version=version, key=key or None
            )
        except Refused as refused:
            said = No("refused", refused.refusal.code)
        except (Stale, NotFound, Conflict) as error:
            said = No(type(error).__name__)
        if isinstance(said, No):
            REACHED["refused", said.code or said.kind] += 1
            assert expected == said.kind, (expected, said)
            if said.code:
                scene = after[-1]
                assert true(said.code, scene), (said.code, scene)
        elif isinstance(expected, Receipt):
            REACHED["repeated",] += 1
            assert said == expected
        else:
            assert expected is None, expected
            self.done(said, story, after, actor, tuple(wishes), version, key or None)
        if story is not None:
            self.same(story)

    def commands(
        self, actor: Actor, story: int | None, wishes: Sequence[Wish]
    ) -> list[Command] | None:
        """The wishes as a program sends them; None when one cannot even be read."""
        commands = []
        for wish in wishes:
            inputs = read(Action(wish.action), explained(wish.given))
            if not isinstance(inputs, Inputs):
                assert bad_shape(self.scene(story, wish, actor)), (wish, inputs)
                REACHED["unreadable",] += 1
                return None
            commands.append(Command(Action(wish.action), inputs, wish.on))
        return commands

    def expect(
        self,
        actor: Actor,
        story: int | None,
        wishes: Sequence[Wish],
        version: int | None,
        key: str | None,
    ) -> tuple[str | Receipt | None, list[Scene]]:
        """What the service should say, and the scenes up to where it stops."""
        for earlier in reversed(self.requests):
            same_key = key == earlier.key and actor.person == earlier.actor.person
            if same_key and self.world.now <= earlier.at + timedelta(days=2):
                same = (actor, story, tuple(wishes), version) == (
                    earlier.actor, earlier.story, earlier.wishes, earlier.version,
                )  # fmt: skip
                return (earlier.receipt if same else "Conflict"), []
        now = Story() if story is None else self.stories[story].copied()
        if story is not None:
            if not seen(actor, now.steps(self.world.panels), themed=bool(now.tags)):
                return "NotFound", []
            if version is not None and version != len(now.entries):
                return "Stale", []
        scenes: list[Scene] = []
        for number, wish in enumerate(wishes):
            found = now.copied()
            scene = self._scene(actor, wish, found, new=story is None and not found.entries)
            scenes.append(scene)
            if refuses(scene, self.world.now):
                return "refused", scenes
            now.entries.append(scene.entry(f"new-{number}", self.world.now))
        return None, scenes

    def done(
        self,
        said: Receipt,
        story: int | None,
        scenes: Sequence[Scene],
        actor: Actor,
        wishes: tuple[Wish, ...],
        version: int | None,
        key: str | None,
    ) -> None:
        """Take it over into the model, under the refs it was given."""
        asked = story
        if story is None:
            story = len(self.stories)
            self.ids.append(said.escalation)
            self.stories.append(Story())
        for scene, ref in zip(scenes, said.refs, strict=True):
            entry = scene.entry(ref, self.world.now)
            self.stories[story].entries.append(entry)
            REACHED.update(marks(scene, self.stories[story]))
        if key is not None:
            request = Request(actor, asked, wishes, version, key, self.world.now, said)
            self.requests.append(request)
        steps = self.stories[story].steps(self.world.panels)
        state = steps[-1].after if steps else None
        assert said.escalation == self.ids[story]
        assert said.version == len(self.stories[story].entries)
        assert said.phase == (state.phase if state else None)
        assert said.level == (state.level if state else None)

    def same(self, number: int) -> None:
        """The row of the escalation is what the model says stands."""
        row = self.world.row(self.ids[number])
        story = self.stories[number]
        steps = story.steps(self.world.panels)
        assert row is not None
        assert row["seq"] == len(story.entries)
        if not steps:
            assert row["phase"] is None
            return
        opening, state = steps[0].fields, steps[-1].after
        assert (row["phase"], row["level"]) == (state.phase, state.level)
        assert row["number"] == opening["case"]
        for name in ("location", "question", "ground"):
            assert row[name] == opening[name]
        assert row["last_on"] == steps[-1].day
        if state.phase in ("in_inquiry", "settled", "closed"):
            assert row["settled"] == state.answered
        if state.phase == "listed":
            meeting = parse_date(steps[-1].fields["meetingOn"])
            assert (row["panel"], row["meeting_on"]) == (steps[-1].fields["panel"], meeting)

    def agree(self, first: date, until: date, as_of: date | None, by: tuple[str, ...]) -> None:
        """Tallies, log and oracle give the same figures."""
        plain = {str(number): story.plain for number, story in enumerate(self.stories)}
        history = History(dict(self.world.panels), plain)  # type: ignore[arg-type]
        wanted = figures(history, first, until, as_of, by, self.world.now)
        query = Query(first, until, as_of, by)
        with reading(self.world.store) as connection:
            for count in (from_tallies, from_log.figures):
                found: Any = as_json(query, count(connection, query), today=self.world.today)
                assert found == wanted, count.__module__
        REACHED.update([("figures",), ("steps",)])
