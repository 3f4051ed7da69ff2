"""What a panel makes of an escalation, and the words it uses for it."""

from dataclasses import dataclass
from random import Random

from kdt.demo.record import Escalation

_INQUIRY = {"additional_interview": "interview", "additional_investigation": "investigation"}
_RULINGS = ("in_favour", "against", "other")
# What is weighed otherwise at some locations: in favour, against, other.
_UNLIKE = "geworteld-kind"
_STRICT, _LENIENT = (10.0, 82.0, 8.0), (80.0, 14.0, 6.0)
_OWN_WAY = {"Ter Apel": _STRICT, "Zevenaar": _STRICT, "Den Bosch": _LENIENT, "Zwolle": _LENIENT}


@dataclass(frozen=True)
class Outcome:
    """One outcome with what goes with it, as a history file has it."""

    outcome: str
    reasons: str
    ruling: str | None = None
    inquiry: str | None = None
    referral: str | None = None

    def fields(self) -> dict[str, str]:
        """The fields that are filled."""
        return {name: value for name, value in vars(self).items() if value is not None}


def settles(escalation: Escalation, outcome: Outcome) -> bool:
    """Whether this outcome answers the question put."""
    if outcome.outcome == "inquiry_ordered":
        return outcome.inquiry == _INQUIRY.get(escalation.question)
    return outcome.outcome in ("decided", "inquiry_not_needed")


def choose(escalation: Escalation, rng: Random) -> Outcome:
    """Draw an outcome that is allowed here, at the rates of the place or the national KDT."""
    return word(escalation, _draw(escalation, rng), rng)


def word(escalation: Escalation, kind: str, rng: Random) -> Outcome:
    """Complete an outcome of the given kind; `settled` is the outcome that answers the question."""
    dilemma, question = escalation.dilemma, escalation.question
    if kind == "settled":
        kind = _settling(escalation, rng)
    if kind == "decided":
        ruling = rng.choices(_RULINGS, _ruling_weights(escalation))[0]
        own = {"in_favour": dilemma.situation.favour, "against": dilemma.situation.against}
        reasons = dilemma.reasons(f"decided_{ruling}", rng, own.get(ruling, ()))
        if ruling in own and rng.random() < 0.6:
            reasons += " " + dilemma.reasons(f"weighing_{ruling}", rng)
        return Outcome(kind, reasons, ruling=ruling)
    if kind == "inquiry_ordered":
        asked = _INQUIRY.get(question)
        other = rng.choice(("interview", "investigation"))
        inquiry = asked if asked and rng.random() < 0.88 else other
        return Outcome(kind, dilemma.reasons(f"inquiry_{inquiry}", rng), inquiry=inquiry)
    if kind == "referred_up":
        referral = rng.choices(("not_settled", "belongs_nationally", None), (48, 40, 12))[0]
        pool = f"referred_up_{referral or 'plain'}"
        return Outcome(kind, dilemma.reasons(pool, rng), referral=referral)
    return Outcome(kind, dilemma.reasons(kind, rng))


def _draw(escalation: Escalation, rng: Random) -> str:
    place, national = escalation.place, escalation.level == "national"
    returned = escalation.count("information_requested")
    held = 0.15 if national else place.hold
    inquiry = 0.11 if national else 0.04 + 0.26 * place.inquiry_questions
    rates = {
        "referred_up": 0.0 if national else place.refer * (1.3 if _heavy(escalation) else 0.7),
        "held_over": 0.62 if national and escalation.stubborn else held,
        "information_requested": 0.09 if returned == 0 else 0.02,
        "inquiry_ordered": inquiry if escalation.count("inquiry_ordered") == 0 else 0.02,
    }
    if escalation.question != "decision":
        rates["inquiry_ordered"] = 0.0  # there it is an answer, drawn with the other answers
    point = rng.random()
    for kind, rate in rates.items():
        point -= rate
        if point < 0:
            return kind
    return "settled"


def _settling(escalation: Escalation, rng: Random) -> str:
    if escalation.question == "decision":
        return "decided"
    ordered = escalation.count("inquiry_ordered")
    return "inquiry_ordered" if rng.random() < (0.1 if ordered else 0.64) else "inquiry_not_needed"


def _heavy(escalation: Escalation) -> bool:
    return escalation.ground != "other" and escalation.question == "decision"


def _ruling_weights(escalation: Escalation) -> tuple[float, float, float]:
    """A location's habits: the busier asylum locations rule in favour a little less often, and of
    one rode draad some think otherwise."""
    if _UNLIKE in escalation.dilemma.situation.themes and escalation.place.name in _OWN_WAY:
        return _OWN_WAY[escalation.place.name]
    favour = 54 - 14 * escalation.place.asylum + (6 if escalation.ground == "buikpijn" else 0)
    return favour, 88 - favour, 12
