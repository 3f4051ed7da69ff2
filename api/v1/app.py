"""The API as an application of its own, so that its errors and its description are its own."""

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import errors
from api.rates import limited
from api.v1 import (
    VERSION,
    actions,
    adjustments,
    agenda_order,
    ahead,
    attendance,
    attestations,
    audit,
    breakdowns,
    calendar,
    colleagues,
    comparisons,
    consultations,
    deadlines,
    delegations,
    destructions,
    differences,
    disclosure,
    escalations,
    events,
    families,
    feeds,
    figures,
    forum,
    implementation_tests,
    lead_times,
    measures,
    meetings,
    minutes,
    panels,
    parliament,
    people,
    preparation,
    publications,
    reference,
    retention,
    revisions,
    rising,
    signals,
    similar,
    subscriptions,
    suspensions,
    themes,
    walk_ins,
)
from api.v1.bodies import only_json
from api.v1.description import describe
from api.v1.parameters import only_known
from kdt.errors import KdtError
from kdt.register.figures import BadQuery

_PARTS = (
    escalations,
    similar,
    actions,
    ahead,
    colleagues,
    comparisons,
    suspensions,
    families,
    delegations,
    feeds,
    panels,
    people,
    meetings,
    walk_ins,
    attestations,
    attendance,
    minutes,
    preparation,
    calendar,
    deadlines,
    agenda_order,
    themes,
    consultations,
    forum,
    parliament,
    signals,
    implementation_tests,
    adjustments,
    figures,
    breakdowns,
    revisions,
    lead_times,
    measures,
    reference,
    audit,
    events,
    publications,
    subscriptions,
    retention,
    rising,
    destructions,
    differences,
    disclosure,
)


def create_v1() -> FastAPI:
    """The API, to be mounted under `/v1`."""
    app = FastAPI(
        title="KDT",
        version=VERSION,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(limited), Depends(only_json), Depends(only_known)],
    )
    for kind in (KdtError, BadQuery, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, errors.as_problem)
    for part in _PARTS:
        app.include_router(part.router)
    describe(app)
    return app
