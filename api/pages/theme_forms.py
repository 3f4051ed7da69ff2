"""The forms of themes: a new one, what one is about, and each step of its circuit, drawn from its
row."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from api.context import context
from api.pages.changes import Form
from api.pages.forms import Field, Option, choices
from api.pages.places import Places, places
from api.pages.rendering import day_long
from kdt import words
from kdt.access.queries import Person
from kdt.cases.queries import EscalationRow, Filter, escalations_of
from kdt.procedure.rows import Field as Input
from kdt.procedure.rows import Kind
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import queries, service
from kdt.themes.circuit import ROW
from kdt.themes.consultations import consultations
from kdt.themes.queries import Profile, Theme
from kdt.vocabulary import Ending, Stream, ThemeAction

PATH = "/themes"
# As many escalations as somebody can look through to split them off.
_MOST = 100
_TALKS = 12


@dataclass(frozen=True, slots=True)
class Offered:
    """What a step has to choose from."""

    target: Sequence[Option] = ()
    consultation: Sequence[Option] = ()
    escalations: Sequence[Option] = ()


def theme_choices(known: Iterable[Theme], told: Collection[str]) -> tuple[Option, ...]:
    """Themes to choose from: those that are open, and what was told already."""
    return tuple(Option(one.id, one.name) for one in known if one.open or one.id in told)


def new_form() -> Form:
    """Asks for a new theme."""
    back = (PATH, words.say("themes.title"))
    return Form("new_theme", f"{PATH}/new", back, _named("", ""))


def edit_form(theme: Theme, profile: Profile, owners: Sequence[Person]) -> Form:
    """Asks what a theme is called, what it is about and whose it is."""
    here = f"{PATH}/{theme.id}"
    fields = (
        *_named(theme.name, theme.description),
        Field(
            "stream",
            words.say("themes.stream"),
            "radio",
            options=choices("stream", Stream),
            value=profile.stream,
        ),
        Field(
            "owner",
            words.say("themes.owner"),
            "select",
            hint=words.say("themes.owner_hint"),
            options=tuple(Option(one.id, one.label) for one in owners),
            value=profile.owner,
        ),
        *(
            Field(
                name,
                words.say(f"themes.{name}"),
                "textarea",
                hint=words.say(f"themes.{name}_hint"),
                value="\n".join(lines),
            )
            for name, lines in (("sources", profile.sources), ("codes", profile.codes))
        ),
    )
    return Form("edit_theme", f"{here}/edit", (here, theme.name), fields, theme.name)


def step_form(theme: Theme, action: ThemeAction, offered: Offered, number: int | None) -> Form:
    """Asks for a step; `number` is of the step a correction takes back."""
    here = f"{PATH}/{theme.id}"
    path = f"{here}/{action}" if number is None else f"{here}/steps/{number}/{action}"
    key = f"theme_step_{action}"
    inputs = (_field(key, one, offered) for one in ROW[action].fields if one.name != "replaces")
    occurred_on = Field(
        "occurredOn",
        words.say("themes.occurred_on"),
        "date",
        hint=words.say("themes.occurred_on_hint"),
    )
    fields = (*inputs, occurred_on)
    return Form(key, path, (here, theme.name), fields, theme.name, action in _GRAVE)


def offered(request: Request, person: Person, theme: Theme, action: ThemeAction) -> Offered:
    """What a step has to choose from: other themes, talks, and the escalations this person may know
    of."""
    asked = {one.name for one in ROW[action].fields}
    with reading(context(request).store) as connection:
        into: Sequence[Option] = ()
        talks: Sequence[Option] = ()
        shown: Sequence[Option] = ()
        if "target" in asked:
            into = [
                Option(one.id, one.name)
                for one in queries.themes(connection)
                if one.open and one.id != theme.id
            ]
        if "consultation" in asked:
            talks = [
                Option(one.id, f"{day_long(one.held_on)}, {_with(one.partners)}")
                for one in consultations(connection)[:_TALKS]
            ]
        if "escalations" in asked:
            known = places(connection, today_in(connection))
            found = escalations_of(
                connection, person.actors, Filter(theme=theme.id), after=None, limit=_MOST
            )
            shown = [Option(one.id, _case(one, known)) for one in found]
    return Offered(into, talks, shown)


def read_edit(request: Request, theme: str) -> tuple[Theme, Profile, list[Person]]:
    """What the form to change a theme begins with. Raises NotFound."""
    with reading(context(request).store) as connection:
        found = service.found(connection, theme)
        return found, queries.profile(connection, theme), service.owners(connection)


_GRAVE = frozenset({ThemeAction.REJECT, ThemeAction.MERGE, ThemeAction.CORRECT})


def _named(name: str, description: str) -> tuple[Field, ...]:
    return (
        Field("name", words.say("themes.name"), "text", required=True, value=name),
        Field(
            "description",
            words.say("themes.description"),
            "textarea",
            hint=words.say("themes.description_hint"),
            value=description,
        ),
    )


def _field(key: str, one: Input, offered: Offered) -> Field:
    label, required = words.say(f"{key}.label_{one.name}"), one.required
    if one.kind is Kind.NAME:
        kind = "checkboxes" if one.name == "escalations" else "select"
        options: Sequence[Option] = getattr(offered, one.name)
        return Field(one.name, label, kind, required, options=tuple(options))
    outside = _OUTSIDE.get(one.name, one.name)
    if one.codes is not None:
        return Field(outside, label, "radio", required, options=_said(one))
    if one.kind is Kind.DAY:
        return Field(outside, label, "date", required)
    hint = words.say("themes.reasons_hint")
    return Field(outside, label, "textarea", required, hint=hint)


_OUTSIDE = {"owed_by": "owedBy", "due_on": "dueOn", "closed_as": "closedAs"}


def _case(one: EscalationRow, known: Places) -> str:
    where = known.location_name(one.state.location)
    return f"{one.case_number or one.id}, {where}, {words.full_day(one.last_on)}"


def _said(one: Input) -> tuple[Option, ...]:
    """The choices there are for a person; that nothing was said, nobody says."""
    codes = [code for code in one.codes or () if code != Ending.UNSTATED]
    return choices(one.name, codes)


def _with(partners: Sequence[str]) -> str:
    return ", ".join(words.say(f"partner.{one}") for one in partners)
