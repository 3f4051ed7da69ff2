"""Forms drawn from the procedure's fields, read by the one reader of inputs, and given back with
every problem at its own field and what was typed kept."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from api.errors import Trouble
from api.pages.rendering import capital
from api.pages.requests import text
from kdt import personal, words
from kdt.cases import inputs
from kdt.cases.inputs import key
from kdt.panels.agendas import WHY_LATE
from kdt.procedure import FIELDS
from kdt.procedure.rows import Field as Input
from kdt.procedure.rows import Kind
from kdt.values import Problem
from kdt.vocabulary import Action

# Up to so many choices stand open on the page; more go into a list to choose from.
_OPEN_CHOICES = 9


@dataclass(frozen=True, slots=True)
class Option:
    """One choice."""

    value: str
    label: str
    hint: str | None = None
    # The letter that chooses it, where keys do.
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field as `macros/forms.html` draws it; `value` is a list for checkboxes."""

    name: str
    label: str
    kind: str
    required: bool = False
    hint: str | None = None
    options: tuple[Option, ...] = ()
    value: str | Sequence[str] | None = None
    error: str | None = None
    # What the text seems to hold that does not belong in it; and the same in codes, to be sent
    # back by who was warned.
    warning: str | None = None
    warned: tuple[str, ...] = ()


def fields(
    action: Action,
    *,
    options: Mapping[str, Sequence[Option]] | None = None,
    given: Mapping[str, object] | None = None,
    only: Iterable[str] | None = None,
) -> list[Field]:
    """The fields of an action, named as they are outside (camelCase).

    `options` are choices the record knows, by name; `only` narrows to some, in that order.
    """
    known = {key(one.name): one for one in FIELDS[action]}
    names = tuple(known) if only is None else tuple(only)
    return [_field(action, known[name], options or {}, given or {}) for name in names]


def described(
    action: Action, one: Input, value: object = None, options: Sequence[Option] = ()
) -> Field:
    """One input as a field, filled with `value`."""
    name = key(one.name)
    return _field(action, one, {name: options} if options else {}, {name: value})


def typed(form: FormData, names: Iterable[str]) -> dict[str, str]:
    """What was filled in, by field; empty fields are left out."""
    return {name: value for name in names if (value := text(form, name)) is not None}


def names(action: Action) -> tuple[str, ...]:
    """The names of an action's fields as they stand in a form."""
    return tuple(key(one.name) for one in FIELDS[action])


def with_problems(shown: Iterable[Field], problems: Iterable[Problem]) -> list[Field]:
    """The fields with the sentence of what is wrong at each."""
    wrong = {one.field.removeprefix("with."): one for one in problems}
    return [
        replace(one, error=sentence(wrong[one.name], one.label)) if one.name in wrong else one
        for one in shown
    ]


def with_trouble(shown: Iterable[Field], trouble: Trouble) -> tuple[list[Field], str | None]:
    """The fields with what the service found wrong at each, and the sentence for what stands at
    none of them."""
    wrong = {one.field.removeprefix("with."): one.detail for one in trouble.wrong}
    marked = [replace(one, error=wrong.get(one.name)) for one in shown]
    placed = {one.name for one in marked}
    elsewhere = [detail for name, detail in wrong.items() if name not in placed]
    if not trouble.wrong:
        elsewhere = [trouble.detail]
    return marked, " ".join(elsewhere) or None


def with_warnings(shown: Sequence[Field], form: FormData) -> list[Field] | None:
    """The fields with what their texts seem to hold of a person; None when there is nothing of
    which whoever sent the form was not warned already."""
    found = [_warned(one) for one in shown]
    told = {code for one in found for code in one.warned}
    return found if told - {str(one) for one in form.getlist("warned")} else None


def _warned(one: Field) -> Field:
    if one.kind != "textarea" or not isinstance(one.value, str):
        return one
    kinds = personal.seems_to_hold(one.value)
    if not kinds:
        return one
    return replace(
        one,
        warning=words.personal(kinds),
        warned=tuple(f"{one.name}:{kind}" for kind in kinds),
    )


def sentence(problem: Problem, label: str) -> str:
    """What is wrong with a field, in words for whoever filled it in."""
    form_key = f"form.{problem.code}"
    found = form_key if words.known(form_key) else f"problem.{problem.code}"
    said = words.say(found, **{**problem.details, "field": _within(label)})
    return said.replace("?.", "?")


def _within(label: str) -> str:
    """A label in the middle of a sentence; a question stays as it was asked."""
    if label.endswith("?") or not label[1:2].islower():
        return label
    return label[:1].lower() + label[1:]


def choices(kind: str, codes: Iterable[str]) -> tuple[Option, ...]:
    """Codes as choices, with their words and, where there is one, a hint."""
    return tuple(
        Option(code, capital(words.say(f"{kind}.{code}")), _known(f"hint.{kind}.{code}"))
        for code in codes
    )


def _field(
    action: Action,
    one: Input,
    options: Mapping[str, Sequence[Option]],
    given: Mapping[str, object],
) -> Field:
    name = key(one.name)
    found = tuple(options.get(name) or choices(one.name, inputs.codes(one)))
    value = given.get(name)
    return Field(
        name,
        label(action, one.name),
        _kind(one, found),
        one.required,
        _known(f"hint.{action}.{one.name}") or _known(f"hint.when.{one.name}"),
        found,
        None if value is None else str(value),
    )


def label(action: Action, field: str) -> str:
    """What a field is called in the form of an action."""
    own = f"label.{action}.{field}"
    return capital(words.say(own if words.known(own) else f"field.{field}"))


def _kind(one: Input, options: Sequence[Option]) -> str:
    if options:
        return "radio" if len(options) <= _OPEN_CHOICES else "select"
    if one.kind is Kind.DAY:
        return "date"
    return "textarea" if one.kind is Kind.PROSE else "text"


def _known(key: str) -> str | None:
    return words.say(key) if words.known(key) else None


def why_late(value: str | None = None) -> Field:
    """Asks why something still comes on an agenda that is drawn up."""
    label, hint = words.say("agenda.label_late"), words.say("agenda.late_hint")
    options = choices("late", WHY_LATE)
    return Field("late", label, "select", hint=hint, options=options, value=value)


def new_key() -> str:
    """A key under which a form is one request, however often it is sent."""
    return secrets.token_urlsafe(16)
