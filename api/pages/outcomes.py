"""An outcome with what it carries as one choice, so that recording it is one press and a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.pages.forms import Field, Option, label
from api.pages.rendering import capital
from kdt import words
from kdt.cases.inputs import codes, key
from kdt.procedure import FIELDS, Procedure
from kdt.vocabulary import Action

_DETAIL = {one.name: one for one in FIELDS[Action.CONSIDER]}


def field(
    procedure: Procedure, outcomes: Iterable[str], given: Mapping[str, object] | None = None
) -> Field:
    """The choice among outcomes; `given` are inputs as they go out, by key."""
    return Field(
        "outcome",
        label(Action.CONSIDER, "outcome"),
        "radio",
        required=True,
        options=tuple(_options(procedure, outcomes)),
        value=chosen(procedure, given or {}),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """An outcome as a meeting chooses it: by one key, with reasons that fit it in words that stand
    ready."""

    value: str
    label: str
    key: str
    reasons: tuple[Option, ...]


def ready(options: Iterable[Option]) -> list[Choice]:
    """The options of `field`, each with its key and the reasons that stand ready for it."""
    return [
        Choice(
            one.value,
            one.label,
            words.say(f"outcome_key.{one.value}"),
            tuple(
                Option(f"{one.value}.{number}", said)
                for number, said in words.group(f"standard_reason.{one.value}").items()
            ),
        )
        for one in options
    ]


def reasoned(given: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, with the reason that stood ready for the outcome written out before what
    was typed; one that belongs to another outcome is let go."""
    told = dict(given)
    ready_made = told.pop("ready", "")
    fits = ready_made.startswith(f"{given.get('outcome')}.")
    if fits and words.known(f"standard_reason.{ready_made}"):
        said = words.say(f"standard_reason.{ready_made}")
        told["reasons"] = f"{said}\n{given['reasons']}" if "reasons" in given else said
    return told


def split(procedure: Procedure, given: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, with the one choice taken apart into outcome and detail."""
    outcome, _, detail = given.get("outcome", "").partition(".")
    apart = dict(given)
    row = procedure.outcome.get(outcome)
    if row is not None:
        apart["outcome"] = outcome
        if row.detail and detail:
            apart[key(row.detail)] = detail
    return apart


def chosen(procedure: Procedure, given: Mapping[str, object]) -> str | None:
    """The one choice that stands for an outcome and its detail."""
    outcome = given.get("outcome")
    row = procedure.outcome.get(str(outcome))
    if row is None:
        return None if outcome is None else str(outcome)
    detail = given.get(key(row.detail)) if row.detail else None
    return f"{outcome}.{detail}" if detail else str(outcome)


def _options(procedure: Procedure, outcomes: Iterable[str]) -> Iterable[Option]:
    for code in outcomes:
        detail = procedure.outcome[code].detail
        for value in codes(_DETAIL[detail]) if detail else (None,):
            yield Option(*_choice(code, detail, value))


def _choice(code: str, detail: str | None, value: str | None) -> tuple[str, str]:
    choice = f"{code}.{value}" if value else code
    if words.known(f"choice.{choice}"):
        return choice, words.say(f"choice.{choice}")
    said = capital(words.say(f"outcome.{code}"))
    return choice, f"{said}: {words.say(f'{detail}.{value}')}" if value else said
