"""Themes (rode draden): the list, how many escalations show each, and the circuit of each."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models, theme_models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.periods import AsOf
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import splitting
from kdt.cases.queries import themed_by_location
from kdt.register.figures import Query as Period
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes import circuit, counting, queries, service, stepping
from kdt.themes.queries import Profile
from kdt.themes.stepping import Told
from kdt.themes.trend import YEAR, Trend, trend
from kdt.values import FIRST_DAY, LAST_DAY
from kdt.vocabulary import Ending, Owing, Stream, ThemeAction, ThemeStatus

router = APIRouter(prefix="/themes", tags=["themes"])

# How many escalations a split moves at once.
_MOST = 500
_PROFILE = frozenset({"stream", "owner", "codes", "sources"})
_VALUES = ("owed_by", "due_on", "closed_as", "consultation", "target", "replaces")


class NewTheme(In):
    """A theme to enter."""

    name: str
    description: str = ""


class ThemeChange(In):
    """What becomes different about a theme; `reasons` go with a status."""

    name: str | None = None
    description: str | None = None
    status: str | None = Field(None, json_schema_extra={"enum": [*ThemeStatus]})
    reasons: str | None = None
    stream: str | None = Field(None, json_schema_extra={"enum": [*Stream, None]})
    owner: Name | None = None
    codes: list[Name] | None = None
    sources: list[Name] | None = None


class StepIn(In):
    """A step to take; which fields go with an action, the table of the circuit says."""

    action: str = Field(json_schema_extra={"enum": [*ThemeAction]})
    occurred_on: Day | None = None
    reasons: str | None = None
    owed_by: str | None = Field(None, json_schema_extra={"enum": [*Owing, None]})
    due_on: Day | None = None
    closed_as: str | None = Field(None, json_schema_extra={"enum": [*Ending, None]})
    consultation: Name | None = None
    target: Name | None = None
    escalations: Annotated[list[Name], Field(max_length=_MOST)] | None = None
    replaces: int | None = Field(None, ge=1, le=2**31 - 1)

    def told(self) -> Told:
        """As the service takes it."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


@router.get(
    "",
    summary="Rode draden",
    response_model=models.Items[theme_models.Theme],
    responses=READ,
)
def list_themes(
    request: Request,
    _person: Asker,
    first: Annotated[Day, Query(alias="from")] = FIRST_DAY,
    until: Day = LAST_DAY,
    as_of: AsOf = None,
) -> Mapping[str, Any]:
    """De rode draden, en hoeveel voorleggingen elk tonen in een periode. Een voorlegging met meer
    rode draden telt bij elk mee, dus de aantallen tellen niet op."""
    period = Period(first, until, as_of)
    with reading(context(request).store) as connection:
        period.check(today(connection))
        counts = counting.counts(connection, first, until, as_of)
        profiles = queries.profiles(connection)
        return {
            "items": [
                _theme(one, profiles.get(one.id, Profile()), counts.get(one.id, 0))
                for one in queries.themes(connection)
            ]
        }


@router.post(
    "",
    status_code=201,
    summary="Stel een rode draad voor",
    response_model=theme_models.Theme,
    responses=WRITE,
)
def create_theme(
    request: Request, response: Response, actors: Acting, key: Key, new: NewTheme
) -> theme_models.Theme:
    """Zet een rode draad op de lijst: als voorstel, van een beleidsadviseur meteen bevestigd."""
    actor = permissions.holder(actors, Right.PROPOSE_THEMES) or actors[0]
    made = service.add(context(request).store, actor, new.name, new.description, key=key)
    response.headers["Location"] = href(request, "themes", made.id)
    return _theme(made, Profile(), 0)


@router.patch(
    "/{theme}",
    summary="Wijzig een rode draad",
    response_model=theme_models.Theme,
    responses=WRITE_ONE,
)
def change_theme(
    request: Request, actors: Acting, theme: Name, change: ThemeChange
) -> theme_models.Theme:
    """Geef een rode draad een andere naam, omschrijving, eigenaar of onderwerp, of bevestig of
    sluit haar in het kort. Voor een beleidsadviseur; wat is weggelaten, blijft."""
    told: dict[str, Any] = {
        name: getattr(change, name) for name in change.model_fields_set & _PROFILE
    }
    for name in ("codes", "sources"):
        if name in told:
            told[name] = tuple(told[name] or ())
    stepping.alter(
        context(request).store,
        _keeper(actors),
        theme,
        name=change.name,
        description=change.description,
        profile=told or None,
        status=change.status,
        reasons=change.reasons,
    )
    return _found(request, theme)


@router.get(
    "/{theme}/trend",
    summary="Het verloop van een rode draad",
    response_model=theme_models.ThemeTrend,
    responses=READ_ONE,
)
def get_trend(request: Request, _person: Asker, theme: Name) -> theme_models.ThemeTrend:
    """Hoe vaak een rode draad voorkomt, per maand en per locatie, en of dat na het antwoord minder
    werd, met hoe zeker dat is."""
    with reading(context(request).store) as connection:
        service.found(connection, theme)
        now = today(connection)
        told = trend(connection, theme, queries.steps(connection, theme), now)
        where = themed_by_location(connection, theme, now - YEAR, now)
    return theme_models.ThemeTrend(
        months=[
            theme_models.Amount(of=f"{one:%Y-%m}", escalations=count) for one, count in told.months
        ],
        locations=[theme_models.Amount(of=one, escalations=where[one]) for one in sorted(where)],
        effect=_effect(told),
    )


@router.get(
    "/{theme}/steps",
    summary="Wat er met een rode draad gebeurde",
    response_model=models.Items[theme_models.ThemeStep],
    responses=READ_ONE,
)
def list_steps(request: Request, _person: Asker, theme: Name) -> Mapping[str, Any]:
    """De stappen die met een rode draad zijn gezet, zoals ze zijn vastgelegd; ook wat is
    teruggenomen."""
    with reading(context(request).store) as connection:
        service.found(connection, theme)
        return {"items": [_step(one) for one in queries.steps(connection, theme)]}


@router.post(
    "/{theme}/steps",
    status_code=201,
    summary="Zet een stap met een rode draad",
    response_model=theme_models.ThemeStep,
    responses=WRITE_ONE,
)
def take_step(
    request: Request, response: Response, actors: Acting, key: Key, theme: Name, new: StepIn
) -> theme_models.ThemeStep:
    """Bevestig, breng in gesprek, zet een actie uit, leg het antwoord vast, volg het effect, sluit,
    voeg samen of splits; of neem met `correct` een stap terug die niet klopt. Wat nu kan, staat bij
    de rode draad onder `actions`."""
    store = context(request).store
    number = splitting.take(store, actors, _keeper(actors), theme, new.told(), key=key)
    response.headers["Location"] = href(request, "themes", theme, "steps")
    with reading(store) as connection:
        taken = queries.steps(connection, theme)
    return next(_step(one) for one in taken if one.step.number == number)


@router.get(
    "/{theme}", summary="Een rode draad", response_model=theme_models.Theme, responses=READ_ONE
)
def get_theme(request: Request, _person: Asker, theme: Name) -> theme_models.Theme:
    """Een rode draad zoals zij nu heet, en hoeveel voorleggingen haar tonen."""
    return _found(request, theme)


def _keeper(actors: Sequence[Actor]) -> Actor:
    return permissions.holder(actors, Right.MANAGE_THEMES) or actors[0]


def _found(request: Request, wanted: str) -> theme_models.Theme:
    with reading(context(request).store) as connection:
        counts = counting.counts(connection, FIRST_DAY, LAST_DAY)
        found = service.found(connection, wanted)
        return _theme(found, queries.profile(connection, wanted), counts.get(found.id, 0))


def _theme(one: queries.Theme, profile: queries.Profile, escalations: int) -> theme_models.Theme:
    standing = one.standing
    return theme_models.Theme(
        id=one.id,
        name=one.name,
        description=one.description,
        status=one.status,
        state=one.state,
        since=standing.since,
        owed_by=Owing(standing.owed.by) if standing.owed else None,
        due_on=standing.owed.due_on if standing.owed else None,
        merged_into=standing.merged_into,
        stream=Stream(profile.stream) if profile.stream else None,
        owner=profile.owner,
        codes=[*profile.codes],
        sources=[*profile.sources],
        actions=[*circuit.available(standing)],
        escalations=escalations,
    )


def _effect(told: Trend) -> theme_models.ThemeEffect | None:
    found = told.effect
    if found is None or told.since is None:
        return None
    before, after = found.means or (None, None)
    ratio = found.ratio
    return theme_models.ThemeEffect(
        since=told.since,
        verdict=found.verdict,
        months_before=found.months[0],
        months_after=found.months[1],
        mean_before=before,
        mean_after=after,
        ratio=ratio.ratio if ratio else None,
        low=ratio.low if ratio else None,
        high=ratio.high if ratio else None,
    )


def _step(one: queries.Taken) -> theme_models.ThemeStep:
    step = one.step
    values: dict[str, Any] = {**step.values}
    moved = values.pop("escalations", None)
    return theme_models.ThemeStep(
        number=step.number,
        action=step.action,
        occurred_on=step.occurred_on,
        recorded_at=one.recorded_at,
        taken_back=one.taken_back,
        reasons=step.reasons,
        # Which they were is for who may know of them.
        escalations=len(moved) if isinstance(moved, list) else None,
        **{name: values.get(name) for name in _VALUES},
    )
