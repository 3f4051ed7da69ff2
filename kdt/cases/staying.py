"""What acts add to the cells of stays."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import cast

from kdt.procedure import VERSIONS, Act, History, Refusal, State, Step, Walk, decide
from kdt.tallies.stays import Open, StayCell, cells, changes, moves, of_walk
from kdt.vocabulary import Action

# The acts of an escalation that were recorded so far.
ActBook = Callable[[], Iterable[Act]]


def stepped(
    step: Step, begun: Open | None, version: int, book: ActBook
) -> tuple[Iterable[StayCell], Open | None]:
    """What a step adds, and what is open after it. What was open before is read from the acts that
    went before, and only when it matters and is not known."""
    if not moves(step):
        return (), begun
    if begun is None and step.before is not None and step.before.reached:
        # What was recorded was accepted, so it walks.
        walk = cast("Walk", History([*book()]).walk(VERSIONS[version]))
        begun = of_walk(walk, step.act.recorded_on)[1]
    begun = {} if begun is None else begun
    return [*cells(changes(step, begun), step.after, step.act.recorded_on)], begun


def corrected(before: Walk, after: Walk, recorded_on: date) -> tuple[Counter[StayCell], Open]:
    """The difference between two walks, dated to the correction, and what is open in the second."""
    (was, _), (now, begun) = of_walk(before, recorded_on), of_walk(after, recorded_on)
    now.subtract(was)
    return now, begun


def added(acts: Sequence[Act], version: int) -> Iterator[Counter[StayCell] | Refusal]:
    """What each act of a history adds, one by one; a refusal, and no more, where it is no walk."""
    procedure = VERSIONS[version]
    state: State | None = None
    begun: Open | None = {}
    for number, act in enumerate(acts, 1):
        if act.action is Action.CORRECT:
            known = (number - 1, number)
            before, after = (History(acts[:one]).walk(procedure) for one in known)
            if isinstance(before, Refusal) or isinstance(after, Refusal):
                yield before if isinstance(before, Refusal) else cast("Refusal", after)
                return
            found, begun = corrected(before, after, act.recorded_on)
            state = after.state
        else:
            step = decide(procedure, state, act)
            if isinstance(step, Refusal):
                yield step
                return
            more, begun = stepped(step, begun, version, lambda: ())
            found, state = Counter(more), step.after
        yield found
