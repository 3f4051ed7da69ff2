"""An outcome with what it carries as one choice, so that recording it is one press and a reason."""

from collections.abc import Iterable, Mapping

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
