"""What the service should say, modelled apart from it: the oracle judges the procedure, and who may
see and do what, which names are known, and tags are judged here, from the documents alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kdt.access.permissions import Actor
from tests.oracle.history import History, judge_correction, opener
from tests.oracle.lines import EVERYONE, SHAPES, Fields, RefusedError, check_action
from tests.oracle.moments import parse_date, to_moment
from tests.oracle.walk import VOID, Entry, State, Step, correction_of, in_force, walk
from tests.service.world import CLOSED, CLOSED_ON, PLACES, THEMES, meets

TAG, POLICY = "tag", "policy_adviser"
# The table of the domain, cell by cell; what stands outside the sequence is not in it.
CELLS: Mapping[str, frozenset[str]] = {
    "-": frozenset({"open"}),
    "draft": frozenset({"submit", "withdraw", "lapse"}),
    "queued": frozenset({"list", "withdraw", "lapse"}),
    "listed": frozenset({"unlist", "consider", "withdraw", "lapse"}),
    "returned": frozenset({"submit", "withdraw", "lapse"}),
    "in_inquiry": frozenset({"report_back", "follow_through", "withdraw", "lapse"}),
    "settled": frozenset({"follow_through", "reopen"}),
    "closed": frozenset({"reopen"}),
    "withdrawn": frozenset(),
    "lapsed": frozenset(),
}
AFTERWARDS = (*EVERYONE, POLICY)
ROLES = {action: SHAPES[action].roles for action in SHAPES} | {
    TAG: AFTERWARDS,
    "correct": AFTERWARDS,
}


@dataclass(frozen=True)
class Wish:
    """One act somebody wishes to do, its fields as a program sends them."""

    action: str
    given: Fields
    on: date | None = None


@dataclass
class Story:
    """The entries of one escalation, and what follows from them."""

    entries: list[Entry] = field(default_factory=list)
    # The walk over as many entries as it was taken for; entries are only added.
    _walked: tuple[int, list[Step]] | None = None

    def copied(self) -> "Story":
        """The same, to go on with apart."""
        return Story(list(self.entries), self._walked)

    def root(self, ref: object) -> Fields | None:
        """The action a ref is about in the end; None when it is not of this escalation."""
        return _root({entry.ref: entry.fields for entry in self.entries}, str(ref))

    @property
    def plain(self) -> list[Entry]:
        """Without tags and what corrects them: of those the oracle knows nothing."""
        known = {entry.ref: entry.fields for entry in self.entries}
        return [e for e in self.entries if (_root(known, e.ref) or {}).get("action") != TAG]

    @property
    def tags(self) -> list[Fields]:
        """The tags that stand."""
        tagged = [entry for entry in self.entries if entry.fields["action"] == TAG]
        return [e.fields for e in tagged if correction_of(e.ref, self.entries) != VOID]

    def steps(self, panels: Mapping[str, Any]) -> list[Step]:
        if self._walked is None or self._walked[0] != len(self.entries):
            self._walked = len(self.entries), walk(in_force(self.plain), panels)
        return self._walked[1]


def _root(known: Mapping[str, Fields], ref: str) -> Fields | None:
    found = known.get(ref)
    while found is not None and found["action"] == "correct":
        found = known.get(found["replaces"])
    return found


@dataclass(frozen=True)
class Scene:
    """Where somebody finds an escalation when acting on it: enough to say whether a refusal is
    true."""

    actor: Actor
    wish: Wish
    story: Story
    steps: Sequence[Step]
    panels: Mapping[str, Any]
    today: date
    recorded_on: date
    new: bool
    # Who did an officer's work on its case, in this escalation or another.
    worked: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        return self.steps[-1].after if self.steps else State()

    @property
    def opening(self) -> Fields:
        return self.steps[0].fields

    @property
    def on(self) -> date:
        """The day it happened: today, or of a consideration the meeting's, unless said."""
        if self.wish.on is None and self.wish.action == "consider" and self.state.phase == "listed":
            return parse_date(self.steps[-1].fields["meetingOn"])
        return self.wish.on or self.today

    @property
    def given(self) -> Fields:
        return self.wish.given

    @property
    def corrects(self) -> Fields | None:
        """The action at the root of a correction."""
        return self.story.root(self.given["replaces"]) if self.wish.action == "correct" else None

    def entry(self, ref: str, now: datetime) -> Entry:
        """What it becomes in the record."""
        fields = {
            "ref": ref,
            "recordedAt": now.isoformat(),
            "occurredOn": self.on.isoformat(),
            "actor": self.actor.person,
            "role": self.actor.role.value,
            "action": self.wish.action,
            "escalation": "V",
            **self.given,
        }
        return Entry(0, to_moment(now), self.recorded_on, fields)


def seen(actor: Actor, steps: Sequence[Step], *, themed: bool) -> bool:
    """Who may know of an escalation: who brought it; the panels of its location; the national ones
    once it waited there; policy when it shows a theme; supervision and management."""
    if not steps:
        return False
    opening = steps[0].fields
    if actor.role == "officer":
        return bool(opening["actor"] == actor.person)
    if actor.role in ("auditor", "manager"):
        return True
    if actor.role == POLICY:
        return themed and actor.location in (None, opening["location"])
    if actor.role not in ("secretary", "chair", "member"):
        return False
    if actor.location is not None:
        return bool(actor.location == opening["location"])
    return any(
        step.after.level == "national" and step.after.phase in ("queued", "listed")
        for step in steps
    )


def here(scene: Scene) -> bool:
    """Whether this person, in this capacity, may act on it at all."""
    actor, level = scene.actor, scene.state.level
    if scene.wish.action == "open":
        return actor.role == "officer" and actor.location in (None, scene.given["location"])
    if scene.new or not scene.steps or actor.role == "officer":
        return True
    if scene.wish.action == "correct":
        return own_consideration(scene)
    if scene.wish.action == TAG:
        return True
    if actor.role not in ("secretary", "chair", "member"):
        return False
    if actor.location is None:
        return level == "national"
    return level in (None, "local") and scene.opening["location"] == actor.location


def theirs(scene: Scene) -> bool:
    """What policy tagged is corrected by policy, and nothing else is."""
    root = scene.corrects
    return root is None or (root["role"] == POLICY) == (scene.actor.role == POLICY)


def shaped(fields: Fields) -> Fields:
    """As the oracle checks it, which knows nothing of policy."""
    corrects = fields["action"] == "correct" and fields["role"] == POLICY
    return {**fields, "role": "secretary"} if corrects else fields


def own_consideration(scene: Scene) -> bool:
    """What a panel considered is corrected by that panel alone."""
    root = scene.corrects
    if root is None or root["action"] != "consider" or scene.actor.role == "auditor":
        return True
    if scene.actor.role == "manager":
        return False
    refs = [entry.ref for entry in scene.story.entries]
    before = scene.story.entries[: refs.index(root["ref"])]
    panels = [entry.fields["panel"] for entry in before if entry.fields["action"] == "list"]
    return bool(scene.panels[panels[-1]].get("location") == scene.actor.location)


def barred(scene: Scene) -> bool:
    """Whether a panel's decision of it is not for who was at work on the case."""
    return decides(scene) and scene.actor.person in scene.worked - {scene.opening["actor"]}


def brought(scene: Scene) -> bool:
    """Whether a panel's decision of it is not for who brought this very escalation."""
    return decides(scene) and scene.actor.person == scene.opening["actor"]


def decides(scene: Scene) -> bool:
    """Whether it is, or corrects, something a panel decides of an escalation that is there."""
    root = scene.corrects
    if not scene.steps or scene.new or (root is None and scene.actor.role == "officer"):
        return False
    return (root or {"action": scene.wish.action})["action"] in ("consider", "reopen")


def unknown_name(scene: Scene) -> str | None:
    """The kind of name in it that is not there, or no longer."""
    given = scene.given
    if scene.wish.action == "list":
        panel, day = scene.panels.get(given["panel"]), parse_date(given["meetingOn"])
        if panel is None:
            return "panel_unknown"
        if panel.get("location") == CLOSED and day >= CLOSED_ON:
            return "panel_closed"
        if not meets(panel["level"], day):
            return "no_meeting"
    if "location" in given:
        known = given["location"] in PLACES
        if not known or (given["location"] == CLOSED and scene.today >= CLOSED_ON):
            return "location_unknown"
    if "theme" in given and given["theme"] not in THEMES:
        return "theme_unknown"
    return None


def refuses(scene: Scene, now: datetime) -> str | None:
    """Why it should be refused, in the oracle's words; None when it should be done."""
    if not here(scene):
        return "not_here"
    if barred(scene):
        return "worked_on_it"
    if brought(scene):
        return "brought_it"
    if name := unknown_name(scene):
        return name
    entry = scene.entry("new", now)
    try:
        if scene.wish.action == "open" and not scene.new:
            return "phase"
        if scene.wish.action == TAG:
            return _refuses_tag(scene)
        check_action(shaped(entry.fields))
        if scene.on > scene.recorded_on:
            return "occurred_after_recorded"
        if scene.wish.action == "correct":
            return _refuses_correction(scene, entry)
        walk(in_force([*scene.story.plain, entry]), scene.panels)
    except RefusedError as refusal:
        return refusal.code
    return None


def _refuses_tag(scene: Scene) -> str | None:
    if not scene.steps:
        return "phase"
    if scene.actor.role not in ROLES[TAG]:
        return "bad_role"
    if scene.actor.role == POLICY and "reason" not in scene.given:
        return "missing_field"
    return "occurred_after_recorded" if scene.on > scene.recorded_on else None


def _refuses_correction(scene: Scene, entry: Entry) -> str | None:
    root = scene.corrects
    if not theirs(scene):
        return "not_theirs"
    after = Story([*scene.story.entries, entry])
    if root is not None and root["action"] == TAG:
        change = scene.given.get("with", {"occurredOn": "2022-01-01"})
        if set(change) != {"occurredOn"}:
            return "unknown_field"
        if "with" in scene.given and parse_date(change["occurredOn"]) > scene.recorded_on:
            return "corrected_to_after_recorded"
    else:
        entries = scene.story.plain
        known = {one.ref: one for one in entries}
        judge_correction(entry, entries, History(dict(scene.panels), entries=known))
    # What stands beside the sequence still needs an opening.
    if after.tags and not in_force(after.plain):
        return "stands_in_the_way"
    return None


def walks_after(scene: Scene) -> bool:
    """Whether the whole history still stands with this correction."""
    entry = scene.entry("new", datetime.fromisoformat("2022-01-01T00:00:00Z"))
    after = Story([*scene.story.entries, entry])
    try:
        return bool(after.steps(scene.panels)) or not after.tags
    except RefusedError:
        return False


def may_correct(scene: Scene) -> bool:
    """Four eyes: who opened corrects no consideration."""
    root = scene.corrects
    own = bool(scene.story.entries) and opener(scene.story.plain) == scene.actor.person
    return root is None or root["action"] != "consider" or not own
