"""The invented cases: a situation with its people, and the texts written on it."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from kdt.demo.phrases import Person, expand, load, phrases

INVENTED = "(Verzonnen voorbeeld.)"
_FILES = (
    "asylum_credibility",
    "asylum_protection",
    "asylum_status",
    "regular_family",
    "regular_other",
)
_ASKS = {"additional_interview": "interview", "additional_investigation": "investigation"}


@dataclass(frozen=True)
class Situation:
    """A kind of dilemma; every text in it is a template of the grammar in `phrases`."""

    id: str
    track: str  # asylum or regular
    themes: tuple[str, ...]
    slots: dict[str, str]
    facts: tuple[str, ...]
    rule: tuple[str, ...]
    doubt: tuple[str, ...]
    proposal: tuple[str, ...]
    interview: str
    investigation: str
    missing: tuple[str, ...]
    favour: tuple[str, ...]
    against: tuple[str, ...]
    finding: tuple[str, ...]


def _situation(raw: dict[str, Any]) -> Situation:
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    return Situation(**known)


@cache
def situations() -> tuple[Situation, ...]:
    """Every situation, in the order of the files."""
    return tuple(_situation(raw) for name in _FILES for raw in load(name)["situation"])


@dataclass
class Dilemma:
    """One invented case: a situation, the facts chosen from it, and the person concerned."""

    situation: Situation
    facts: str
    person: Person

    @classmethod
    def draw(cls, situation: Situation, rng: Random) -> "Dilemma":
        """A new case of this situation."""
        facts = rng.choice(situation.facts)
        female = rng.random() < 0.5
        if facts.startswith(("m: ", "f: ")):
            female = facts.startswith("f: ")
        return cls(situation, facts, Person(situation.slots, female))

    def write(self, templates: tuple[str, ...] | list[str], rng: Random, **given: str) -> str:
        """One of the templates, written out for this case."""
        return expand(rng.choice(templates), rng, self.person, **given)

    def summary(self, question: str, rng: Random, again: bool = False) -> str:
        """The officer's text: rule, doubt and own proposal, each writer in a way of their own."""
        s, pool = self.situation, phrases()
        part = {
            "facts": expand(self.facts, rng, self.person),
            "rule": self.write(s.rule, rng),
            "doubt": self.write(s.doubt, rng),
            "proposal": self.write(self._asked(question), rng),
        }
        for name in ("opener", "closer"):
            part[name] = self.write(pool[name], rng)
        asides = rng.sample(pool["aside"] + pool[f"aside_{s.track}"], 3)
        part["a1"], part["a2"], part["a3"] = (expand(a, rng, self.person) for a in asides)
        text = rng.choice(_VOICES).format(**part)
        if again:
            text = f"{self.write(pool['again'], rng)} {text}"
        return f"{text} {INVENTED}"

    def reasons(self, key: str, rng: Random, own: tuple[str, ...] = ()) -> str:
        """Reasons from the pool `key`, with what is missing in this case or the case's own."""
        missing = rng.choice(self.situation.missing)
        return self.write(
            phrases()[key],
            rng,
            missing=missing,
            own=expand(rng.choice(own), rng, self.person) if own else "",
        )

    def _asked(self, question: str) -> tuple[str, ...]:
        ask = _ASKS.get(question)
        return (getattr(self.situation, ask),) if ask else self.situation.proposal


# How different people write: flowing, in three paragraphs, doubt first, in telegrams, as a letter.
_VOICES = (
    "{facts} {a1} {rule} {doubt} {proposal}",
    "{opener} {facts} {a1}\n\n{rule}\n\n{doubt} {proposal}",
    "De regel. {rule}\n\nDe twijfel. {facts} {a1} {doubt}\n\nMijn voorstel. {proposal}",
    "{doubt} {facts} {a1} {a2} {rule} {proposal}",
    "{facts} {doubt} {a1} {proposal}",
    "{opener}\n\n{facts} {a1} {a2} {rule}\n\n{doubt} {a3}\n\n{proposal} {closer}",
    "{rule} {facts} {a1} {doubt} {proposal} {closer}",
    "{opener} {facts} {rule} {a1} {doubt}\n\n{proposal}",
    "{facts} {a1} {a2}\n\n{doubt} {closer}\n\n{proposal}",
    "{a1} {facts} {rule}\n\n{doubt} {a2} {proposal}",
)
