"""The pages: HTML for people, one module an audience."""

from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.pages import (
    absence,
    actions,
    adjustments,
    administration,
    agenda_order,
    answers,
    arranging,
    attendance,
    audit,
    audit_events,
    audit_files,
    audit_sample,
    behind,
    calendar,
    closing,
    colleagues,
    consent,
    consultations,
    corrections,
    dashboard,
    data_requests,
    deadlines,
    destruction,
    differences,
    dossier,
    escalate,
    escalations,
    families,
    feeds,
    figures,
    following,
    forum,
    holds,
    implementation_tests,
    lead_times,
    likeness,
    measures,
    meetings,
    minutes,
    open_data,
    papers,
    parliament,
    people,
    preparing,
    proposals,
    publication,
    publications,
    publishing,
    queue,
    reference,
    retention,
    revisions,
    rising,
    sessions,
    signals,
    signin,
    start,
    subscriptions,
    suspending,
    theme,
    theme_cases,
    theme_pack,
    theme_steps,
    themes,
    walking_in,
)
from api.pages.charts import warm_up
from api.pages.errors import error
from api.rates import limited

__all__ = ["error", "install", "warm_up"]

_STATIC = Path(__file__).parent / "static"
_ROUTERS = (
    # Before what takes any id in its place.
    escalate.router,
    likeness.router,
    papers.router,
    colleagues.router,
    suspending.router,
    families.router,
    proposals.router,
    escalations.router,
    dossier.router,
    corrections.router,
    actions.router,
    queue.router,
    arranging.router,
    closing.router,
    attendance.router,
    walking_in.router,
    following.router,
    feeds.router,
    minutes.router,
    preparing.router,
    consent.router,
    meetings.router,
    signin.router,
    sessions.router,
    start.router,
    figures.router,
    dashboard.router,
    lead_times.router,
    answers.router,
    reference.router,
    measures.router,
    behind.router,
    revisions.router,
    administration.router,
    agenda_order.router,
    calendar.router,
    deadlines.router,
    people.router,
    # "new" is no publication.
    publishing.router,
    publications.router,
    retention.router,
    rising.router,
    destruction.router,
    differences.router,
    data_requests.router,
    publication.router,
    holds.router,
    consultations.router,
    forum.router,
    subscriptions.router,
    open_data.router,
    parliament.router,
    theme_pack.router,
    theme.router,
    theme_cases.router,
    theme_steps.router,
    signals.router,
    implementation_tests.router,
    adjustments.router,
    themes.router,
    absence.router,
    audit.router,
    audit_files.router,
    audit_events.router,
    audit_sample.router,
)


class _Static(StaticFiles):
    """Files a browser may keep for a while; a new release shows within the hour."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept."""
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=3600"
        return answer


def install(app: FastAPI) -> None:
    """Put every page under the application's root."""
    app.mount("/static", _Static(directory=_STATIC))
    for router in _ROUTERS:
        app.include_router(router, include_in_schema=False, dependencies=[Depends(limited)])
