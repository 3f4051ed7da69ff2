"""All that management watches on one page, narrowed by what stands in the address: what asks for
attention, what waits, came and went, how long it took, and the rode draden.

Numbers alone, as on the pages of figures and lead times, which it leads to.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import dashboard_views as views
from api.pages.attention import attention
from api.pages.comparison_views import Comparison, comparison
from api.pages.dashboard_views import Subject
from api.pages.figure_views import word
from api.pages.filtering import choice_field, chosen, with_unknown
from api.pages.forms import Field
from api.pages.places import Places, places
from api.pages.questions import asked, spelled
from api.pages.rendering import capital, day_long, page, url
from api.pages.requests import SignedIn
from api.pages.threads import threads_of
from kdt import words
from kdt.cases.overview import waiting
from kdt.procedure import CURRENT
from kdt.register import dashboard
from kdt.register.comparing import Basis, followed, of_considerations
from kdt.register.dashboard import ABOUT, MONTHLY, Figures, Place
from kdt.register.figures import provisional
from kdt.register.funnel import funnel
from kdt.register.pace import WITHIN, Paces, paces
from kdt.register.top import OFTEN
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.vocabulary import Ground, Measure, Question

router = APIRouter()

PATH = "/dashboard"


@router.get(PATH)
def show(request: Request, _person: SignedIn) -> Response:
    """The page for what stands in the address."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        known = places(connection, today)
        question = asked(request, today=today, dimensions=())
        offered = _offered(known)
        where = {one: value for one in offered if (value := chosen(request, one, offered[one]))}
        measure = Measure(chosen(request, "show", MONTHLY) or Measure.STOCK_END)
        basis = Basis(chosen(request, "compare", tuple(Basis)) or Basis.HELD_OVER)
        waits = waiting(connection, today, often=OFTEN)
        asks = attention(connection, waits, today, where.get("level"), where.get("location"))
        threads = threads_of(request, connection, today)
        filters = _filters(request, offered, where, measure, basis)
        query = None if any(one.error for one in filters) else question.query
        every = dashboard.read(connection, query) if query else None
        over = followed(query, today) if query else None
        pace = paces(connection, over, where, today) if over else None

    def subject(dimension: str, value: str) -> Subject:
        asked_for = urlencode({**where, dimension: value, "show": measure, "compare": basis})
        label = offered[dimension].get(value, value)
        return Subject(capital(label), url(request, f"{PATH}?{question.address}&{asked_for}"))

    found: dict[str, object] = {"period": None}
    if query is not None and every is not None:
        figures = every.at(where)
        found = {
            "period": spelled(query),
            "as_of": query.as_of,
            "provisional": provisional(query, today),
            "tallies": [(one, figures.period.total[one]) for one in views.COLUMNS],
            "multiples": views.by_location(figures, measure, known.location_name),
            "table": views.figures_table(words.say("dashboard.table"), figures.period, subject),
            "comparison": _comparison(every, pace, basis, where, known),
            "pace": pace and views.pace_table(_followed(pace), pace, subject),
            "figures": url(request, f"/figures?{question.address}"),
            "lead_times": url(request, f"/lead-times?{question.address}"),
        }
    return page(
        request,
        "dashboard.html",
        HTTPStatus.OK,
        title=words.say("dashboard.title"),
        action=url(request, PATH),
        fields=[*question.fields, *filters],
        only=[capital(offered[one].get(value, value)) for one, value in where.items()],
        attention=asks,
        threads=threads,
        **found,
    )


def _offered(known: Places) -> Mapping[str, Mapping[str, str]]:
    """What each dimension can be narrowed to, in words."""
    levels = [one.code for one in CURRENT.ladder.levels]
    return {
        "level": {one: word("level", one) for one in levels},
        "location": {one.id: one.name for one in known.locations.values()},
        "question": {one: word("question", one) for one in Question},
        "ground": {one: word("ground", one) for one in Ground},
    }


def _filters(
    request: Request,
    offered: Mapping[str, Mapping[str, str]],
    where: Place,
    measure: Measure,
    basis: Basis,
) -> list[Field]:
    labels = {one: capital(words.say(f"dimension.{one}")) for one in offered}
    narrowing = [
        with_unknown(choice_field(one, labels[one], named, where.get(one)), request.query_params)
        for one, named in offered.items()
    ]
    drawn = {one.value: words.say(f"dashboard.by_month.{one}") for one in MONTHLY}
    compared = {one.value: words.say(f"compare.basis.{one}", within=WITHIN) for one in Basis}
    shown = [
        choice_field("show", words.say("dashboard.show"), drawn, measure),
        choice_field("compare", words.say("dashboard.compare"), compared, basis),
    ]
    return [*narrowing, *(replace(one, required=True) for one in shown)]


def _comparison(
    every: Figures, pace: Paces | None, basis: Basis, where: Place, known: Places
) -> Comparison | None:
    """All locations compared, whichever the page is narrowed to; None where there are not two."""
    if basis is Basis.SETTLED_WITHIN:
        counts = pace.in_time if pace else {}
    else:
        about = {one: value for one, value in where.items() if one in ABOUT}
        counts = of_considerations(every.period.at(about), basis)
    found = funnel(counts)
    return comparison(basis, found, known.location_name) if found else None


def _followed(pace: Paces) -> str:
    return words.say("dashboard.pace", followed=day_long(pace.followed))
