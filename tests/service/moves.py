"""What somebody might try, drawn by chance: mostly what can be done, often enough what cannot."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from kdt.access.permissions import Actor
from tests import canary
from tests.oracle.lines import GROUNDS, OUTCOMES, QUESTIONS, SHAPES, Fields
from tests.oracle.moments import parse_date
from tests.oracle.walk import Step
from tests.service.model import CELLS, ROLES, TAG, Scene, Wish, here, seen, theirs
from tests.service.world import CLOSED_THEME, PLACES, THEMES, meets, people

T = TypeVar("T")
PEOPLE = people()
RULINGS, INQUIRIES = ("in_favour", "against", "other"), ("interview", "investigation")
REFERRALS = ("not_settled", "belongs_nationally")
DETAILS = {"ruling": RULINGS, "inquiry": INQUIRIES, "referral": REFERRALS}
ACTIONS = (*SHAPES, TAG)
ONWARD = ("submit", "list", "consider", "report_back", "follow_through", "reopen")
TEXT = f"Verzonnen. {canary.WORD}"
# For looking round without doing anything.
NOTHING = Wish("lapse", {"reason": TEXT})


class Pick(Protocol):
    """One of these, by chance."""

    def __call__(self, options: Sequence[T], /) -> T: ...


def opening(pick: Pick, place: str) -> Wish:
    """A case brought; few numbers, so that cases come back."""
    given = {
        "case": f"Z-{pick(range(6))}",
        "location": place,
        "question": pick(QUESTIONS),
        "ground": pick(GROUNDS),
    }
    if pick((True, False)):
        given |= {"decideBy": "2022-09-01", "summary": TEXT}
    return Wish("open", given)


def onward(pick: Pick, scene: Callable[[Wish], Scene]) -> Wish:
    """Something the table has from here."""
    state = scene(NOTHING).state
    possible = sorted(CELLS[state.phase]) or ["reopen"]
    action = pick([*possible, *[one for one in possible if one in ONWARD] * 8])
    return inputs(pick, action, scene, wild=pick(range(8)) == 0)


def inputs(pick: Pick, action: str, scene: Callable[[Wish], Scene], *, wild: bool) -> Wish:
    """An action with its inputs; `wild`: whether they fit is left to chance."""
    here_now = scene(NOTHING)
    given: Fields = {}
    on = _day(pick, here_now, action)
    if action == "open":
        return Wish("open", opening(pick, pick((*PLACES, "Nergens") if wild else PLACES)).given, on)
    if "reason" in SHAPES.get(action, SHAPES["submit"]).required:
        given["reason"] = pick((TEXT, " ")) if wild else TEXT
    if action == TAG:
        given["theme"] = pick((*THEMES, CLOSED_THEME, "onbekend") if wild else THEMES)
        if pick((True, False)):
            given["reason"] = TEXT
    if action == "list":
        given |= _listing(pick, here_now, on or here_now.today, wild=wild)
    if action == "consider":
        given |= {"reasons": TEXT, **_outcome(pick, here_now, wild=wild)}
    if action == "follow_through":
        given["result"] = pick(("carried_out", "deviated"))
        if (given["result"] == "deviated") != (wild and pick((True, False))):
            given["reasons"] = TEXT
    if action == "report_back" and pick((True, False)):
        given["findings"] = pick((TEXT, ""))
    if action == "correct":
        return correction(pick, here_now, on)
    return Wish(action, given, on)


def correction(pick: Pick, scene: Scene, on: date | None = None) -> Wish:
    """A correction, most often of something late, where least stands in the way."""
    story = scene.story
    known = [entry.ref for entry in story.entries]
    told = [e.ref for e in story.entries if e.fields["action"] in ("consider", "follow_through")]
    ref = pick([*known, *known[-3:] * 3, *told * 2, "nooit-vastgelegd"])
    given: Fields = {"replaces": ref, "reason": TEXT}
    root = story.root(ref)
    kind = pick(("void", *("with",) * 4, "both", "neither") if pick(range(6)) == 0 else KINDS)
    if kind in ("void", "both"):
        given["void"] = True
    if kind in ("with", "both"):
        given["with"] = _changes(pick, scene, root or {"action": "submit"})
    return Wish("correct", given, on)


KINDS = ("void", "with", "with")


def who(pick: Pick, scene: Scene) -> Actor:
    """Somebody who may do this, each role as often; or one time in eight just anybody."""
    if pick(range(8)):
        able = [
            actor
            for actor in PEOPLE
            if actor.role in ROLES[scene.wish.action]
            and (scene.new or seen(actor, scene.steps, themed=bool(scene.story.tags)))
            and here(replace(scene, actor=actor))
            and theirs(replace(scene, actor=actor))
        ]
        if able:
            role = pick(sorted({actor.role for actor in able}))
            return pick([actor for actor in able if actor.role == role])
    return pick(PEOPLE)


def _day(pick: Pick, scene: Scene, action: str) -> date | None:
    """Mostly left out; else late, too late or too early."""
    if pick(range(4)):
        return None
    last = scene.steps[-1].day if scene.steps else scene.today
    if action == "consider" and pick((True, False)):
        last = _meeting(scene.steps) or last
    return pick((last, scene.today - timedelta(1), scene.today + timedelta(1), last - timedelta(1)))


def _meeting(steps: Sequence[Step]) -> date | None:
    meeting = steps[-1].fields.get("meetingOn") if steps else None
    return parse_date(meeting) if meeting else None


def _listing(pick: Pick, scene: Scene, day: date, *, wild: bool) -> Fields:
    fitting = [
        name
        for name, panel in scene.panels.items()
        if panel["level"] == scene.state.level
        and panel.get("location") in (None, scene.opening["location"])
    ]
    panel = pick([*scene.panels, "kdt-nergens"]) if wild or not fitting else fitting[0]
    level = scene.panels.get(panel, {"level": "local"})["level"]
    days = [day + timedelta(number) for number in range(-8 if wild else 0, 9)]
    if not wild:
        days = [one for one in days if meets(level, one)][:2]
    return {"panel": panel, "meetingOn": pick(days).isoformat()}


def _outcome(pick: Pick, scene: Scene, *, wild: bool) -> Fields:
    question = scene.opening["question"] if scene.steps else "decision"
    fitting = ["inquiry_ordered", "information_requested", "held_over"]
    fitting += ["decided" if question == "decision" else "inquiry_not_needed"]
    fitting += ["referred_up"] * 3 if scene.state.level == "local" else ["unresolved"] * 2
    given: Fields = {"outcome": pick(OUTCOMES if wild else fitting)}
    named = {"decided": "ruling", "inquiry_ordered": "inquiry", "referred_up": "referral"}
    for name, codes in DETAILS.items():
        belongs = named.get(given["outcome"]) == name
        if belongs and name == "referral" and pick(range(3)) == 0:
            continue
        if belongs != (wild and pick(range(3)) == 0):
            given[name] = pick(codes)
    return given


def _changes(pick: Pick, scene: Scene, root: Fields) -> Fields:
    changes: Fields = {}
    if pick(range(3)) == 0:
        near = parse_date(root.get("occurredOn", "2022-01-03")) + timedelta(pick((-2, -1, 0, 1, 9)))
        changes["occurredOn"] = near.isoformat()
    strange = pick(range(10)) == 0
    action = pick(("open", "consider", "follow_through")) if strange else root["action"]
    if action == "open":
        fresh = opening(pick, PLACES[0]).given | {"decideBy": "2022-10-01"}
        names = pick((*SHAPES["open"].fixable, "all"))
        chosen = SHAPES["open"].fixable if names == "all" else (names,)
        changes |= {name: fresh[name] for name in chosen}
    if action == "consider":
        found = _outcome(pick, _at_level_of(scene, root), wild=pick(range(4)) == 0)
        one = pick(("all", "all", "reasons", *found))
        changes |= found if one == "all" else {one: found.get(one, TEXT)}
    if action == "follow_through":
        changes |= pick(
            (
                {"result": "carried_out"},
                {"result": "deviated", "reasons": TEXT},
                {"result": "deviated"},
                {"reasons": TEXT},
            )
        )
    return changes or {"occurredOn": scene.today.isoformat()}


def _at_level_of(scene: Scene, root: Fields) -> Scene:
    """The scene in which a consideration was held, as far as it stands."""
    refs: list[Any] = [step.fields.get("ref") for step in scene.steps]
    if root.get("ref") not in refs:
        return scene
    place = refs.index(root["ref"])
    return replace(scene, steps=scene.steps[:place])
