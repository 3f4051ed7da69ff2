"""Legal and illegal acts by several people, by chance, the service beside the model at every step.

Hypothesis gives each step one number, and what is done follows from that: were each choice drawn by
itself, an example of hundreds of acts would not fit in what Hypothesis will draw.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kdt.access.permissions import Actor
from kdt.tallies.compaction import compact
from kdt.vocabulary import Role
from tests.oracle.figures import DIMENSIONS
from tests.oracle.moments import parse_date
from tests.service import moves
from tests.service.beside import REACHED, Beside
from tests.service.model import Wish
from tests.service.world import PLACES, World, at
from tests.support import assert_sound

# About both changes of the clock, a turn of the year, and a plain winter day.
STARTS = (
    datetime(2022, 1, 3, 9, tzinfo=UTC),
    datetime(2022, 3, 25, 22, 30, tzinfo=UTC),
    datetime(2022, 10, 28, 21, 59, 59, tzinfo=UTC),
    datetime(2022, 12, 30, 15, tzinfo=UTC),
)
LATER = (0, 1, 3_600, 25_200, 86_400, 86_400, 3 * 86_400, 20 * 86_400)
FEW = 4
# One in so many records is verified whole; of the others what was touched is looked at.
WHOLE = 5


class Service(Beside, RuleBasedStateMachine):
    """Somebody does something, again and again."""

    def __init__(self, world: World) -> None:
        RuleBasedStateMachine.__init__(self)
        Beside.__init__(self, world)
        self.turns = 0
        world.empty()

    def one(self, pick: moves.Pick) -> int:
        """One of them, most often a live one."""
        live = self.live if pick(range(8)) else []
        return pick(live or range(len(self.stories)))

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: datetime) -> None:
        self.world.set_clock(start)

    @rule(seed=st.integers(0, 2**32 - 1))
    def do_something(self, seed: int) -> None:
        # Another at every turn, and the same in every run.
        self.turns += 1
        pick = Random(f"{seed} {self.turns}").choice
        if len(self.live) < FEW:
            self.bring(pick)
        # It may have been refused, where the location closed.
        if self.stories:
            pick(DOINGS)(self, pick)

    def time_passes(self, pick: moves.Pick) -> None:
        self.world.set_clock(self.world.now + timedelta(seconds=pick(LATER)))

    def midnight_comes(self, pick: moves.Pick) -> None:
        midnight = at(self.world.today + timedelta(1), 0)
        self.world.set_clock(max(self.world.now, midnight + timedelta(seconds=pick((-1, 0)))))

    def bring(self, pick: moves.Pick) -> None:
        place = pick(PLACES)
        officer = Actor(pick((f"medewerker-{place}-1", "duizendpoot")), Role.OFFICER, place)
        wishes = [moves.opening(pick, place)]
        if pick((True, False)):
            wishes.append(Wish("submit", {}))
        self.attempt(officer, None, wishes, key=pick((True, False)))

    def go_on(self, pick: moves.Pick) -> None:
        """Several moves on end, for high on the ladder there is most to do."""
        story = self.one(pick)
        for _ in range(pick((3, 6, 10))):
            self.one_step(pick, story)
            if pick(range(3)) == 0:
                # Where it only passes through, little else would ever be done.
                self.beside_the_sequence(pick, story)
            if story not in self.live:
                break

    def one_step(self, pick: moves.Pick, story: int) -> None:
        steps = self.stories[story].steps(self.world.panels)
        if steps and steps[-1].after.phase == "listed":
            # Or else most meetings would still have to come.
            meeting = parse_date(steps[-1].fields["meetingOn"])
            if meeting > self.world.today and pick(range(4)):
                self.world.set_clock(at(meeting))
        wish = moves.onward(pick, lambda wish: self.scene(story, wish))
        self.attempt(self.who(pick, story, wish), story, [wish], key=pick(range(4)) == 0)

    def try_anything(self, pick: moves.Pick) -> None:
        story = self.one(pick) if pick(range(12)) else None
        wish = moves.inputs(
            pick,
            pick(moves.ACTIONS),
            lambda wish: self.scene(story, wish),
            wild=pick((True, False)),
        )
        self.attempt(self.who(pick, story, wish), story, [wish])

    def correct(self, pick: moves.Pick) -> None:
        story = self.one(pick)
        wish = moves.correction(pick, self.scene(story, moves.NOTHING))
        self.attempt(self.who(pick, story, wish), story, [wish])

    def beside_the_sequence(self, pick: moves.Pick, story: int | None = None) -> None:
        """A tag, a correction, or an end that comes from elsewhere."""
        story = self.one(pick) if story is None else story
        action = pick(("tag", "tag", "correct", "correct", "correct", "lapse"))
        wish = moves.inputs(pick, action, lambda wish: self.scene(story, wish), wild=False)
        self.attempt(self.who(pick, story, wish), story, [wish])

    def do_several_at_once(self, pick: moves.Pick) -> None:
        """Each wish is drawn for where the escalation stands before any of them."""
        story = self.one(pick)
        wishes = [
            moves.inputs(
                pick,
                pick((*self.possible(story), "tag", "correct", "correct")),
                lambda wish: self.scene(story, wish),
                wild=False,
            )
            for _ in range(pick((2, 2, 3)))
        ]
        self.attempt(self.who(pick, story, wishes[-1]), story, wishes)

    def repeat(self, pick: moves.Pick) -> None:
        """The same again, or something else under the same key."""
        if not self.requests:
            return
        earlier = pick(self.requests)
        wishes = list(earlier.wishes)
        if pick(range(4)) == 0:
            wishes.append(Wish("tag", {"theme": "nareis"}))
        self.attempt(earlier.actor, earlier.story, wishes, version=earlier.version, key=earlier.key)

    def act_on_what_was_seen(self, pick: moves.Pick) -> None:
        """With the version somebody saw: the newest, or an older one."""
        story = self.one(pick)
        version = len(self.stories[story].entries) - pick((0, 0, 0, 0, 1, -1))
        wish = moves.onward(pick, lambda wish: self.scene(story, wish))
        self.attempt(self.who(pick, story, wish), story, [wish], version=version)

    def ask(self, pick: moves.Pick) -> None:
        """Any figures: the tallies, the log and the oracle agree."""
        days = [entry.day for story in self.stories for entry in story.entries]
        earliest = min(days) - timedelta(3)
        span = (self.world.today - earliest).days + 2
        first, until = sorted(earliest + timedelta(pick(range(span))) for _ in range(2))
        if pick(range(3)) == 0:
            first, until = first.replace(day=1), max(first, self.world.today)
        as_of = pick((None, pick(days), self.world.today))
        by = tuple(one for one in DIMENSIONS if pick((True, False)))
        self.agree(first, until, as_of, by)

    def compact(self, _: moves.Pick) -> None:
        with self.world.store.engine.begin() as connection:
            compact(connection)

    def teardown(self) -> None:
        REACHED["records",] += 1
        if REACHED["records",] % WHOLE == 1:
            assert_sound(self.world.store)
        if any(story.entries for story in self.stories):
            self.agree(date(2021, 1, 1), self.world.today, None, DIMENSIONS)
        entries = sum(len(story.entries) for story in self.stories)
        assert self.world.count("entries") == self.world.count("outbox") == entries


# As often as they stand here.
DOINGS: Sequence[Callable[[Service, moves.Pick], None]] = (
    *(Service.go_on,) * 5,
    *(Service.correct,) * 3,
    *(Service.beside_the_sequence,) * 2,
    *(Service.try_anything,) * 4,
    *(Service.do_several_at_once,) * 2,
    Service.bring,
    Service.repeat,
    Service.act_on_what_was_seen,
    Service.ask,
    Service.time_passes,
    Service.midnight_comes,
    Service.compact,
)
