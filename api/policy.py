"""Which kind of route every route is, declared in one place: by that kind it is judged who may use
it, and tried in the tests for every role. An application with a route that is not declared here, or
declared and not there, is not made."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles


class Kind(StrEnum):
    """What a route is about, as far as it matters to who may use it."""

    OPEN = "open"
    SIGN_OUT = "sign_out"
    # Where somebody is signed in, for themselves.
    OWN_SESSIONS = "own_sessions"
    START = "start"
    # Figures, words, the names of panels and themes: for whoever is signed in.
    GENERAL = "general"
    CASE_LIST = "case_list"
    CASE_SEARCH = "case_search"
    CASE = "case"
    CASE_FORM = "case_form"
    CASE_ACTION = "case_action"
    BRING = "bring"
    INSPECT = "inspect"
    HAND_OVER = "hand_over"
    RECUSE = "recuse"
    SUSPEND = "suspend"
    RELATE = "relate"
    PROPOSE_OUTCOME = "propose_outcome"
    TAKE_POSITION = "take_position"
    READ_AHEAD = "read_ahead"
    CONSENT = "consent"
    # Who stands in for oneself: whoever is signed in sees that, and who works with cases says so.
    ABSENCE = "absence"
    DELEGATE = "delegate"
    OWN_DELEGATION = "own_delegation"
    OWN_PANELS = "own_panels"
    # Meetings in one's own calendar program: for whoever sits in a panel.
    OWN_FEEDS = "own_feeds"
    PANEL_WORK = "panel_work"
    PANEL_RECORD = "panel_record"
    ARRANGE_MEETINGS = "arrange_meetings"
    TAKE_MEETING = "take_meeting"
    UNDO_OUTCOME = "undo_outcome"
    PLACE_ITEMS = "place_items"
    CLOSE_MEETINGS = "close_meetings"
    APPROVE_MINUTES = "approve_minutes"
    # For everybody who works with KDT.
    BRING_TO_FORUM = "bring_to_forum"
    # For who brought it.
    OWN_FORUM_ITEM = "own_forum_item"
    # Cases alike, answered otherwise: for the national KDT and policy.
    COMPARE = "compare"
    PROPOSE_THEME = "propose_theme"
    KEEP_THEMES = "keep_themes"
    CONSULT = "consult"
    # For who was there.
    OWN_CONSULTATION = "own_consultation"
    # Signals recorded, read whole and assessed.
    ASSESS_SIGNALS = "assess_signals"
    # Tests and adjustments recorded.
    FOLLOW_UP = "follow_up"
    # Questions of Parliament recorded.
    ANSWER_PARLIAMENT = "answer_parliament"
    ADMINISTER = "administer"
    MANAGE_PEOPLE = "manage_people"
    EVENTS = "events"
    PUBLISH = "publish"
    SUBSCRIBE = "subscribe"
    RETAIN = "retain"
    HOLD = "hold"
    DISCLOSE = "disclose"
    # Who read what, samples; and what was changed around the cases.
    AUDIT = "audit"
    AUDIT_CHANGES = "audit_changes"
    # All that is held of a case about which something was asked, with its texts.
    DOSSIER = "dossier"


DECLARED: Mapping[Kind, tuple[str, ...]] = {
    Kind.OPEN: (
        "GET /live",
        "GET /ready",
        # For whoever has its token.
        "GET /metrics",
        "GET /static",
        "GET /signin",
        "POST /signin",
        "GET /signin/start",
        "GET /signin/callback",
        "GET /signedout",
        "GET /progress",
        "GET /dictionary",
        "GET /measures",
        "GET /measures/{measure}",
        "GET /procedure",
        "GET /procedure.bpmn",
        "GET /v1/openapi.json",
        # Publications that were released.
        "GET /open-data",
        "GET /open-data/catalog.jsonld",
        "GET /open-data/{publication}/figures.csv",
        "GET /open-data/{publication}/figures.csv-metadata.json",
        "GET /open-data/{publication}/document.json",
        "GET /open-data/{publication}/cijfers.{ending}",
        # For whatever calendar program has the address.
        "GET /calendar-feeds/{token}.ics",
    ),
    Kind.SIGN_OUT: ("POST /signout",),
    Kind.OWN_SESSIONS: ("GET /sessions", "POST /sessions"),
    Kind.START: ("GET /",),
    Kind.GENERAL: (
        # Of publications those that were released.
        "GET /publications",
        "GET /publications/{publication}",
        "GET /publications/{publication}/cijfers.{ending}",
        "GET /publications/{publication}/document.json",
        "GET /v1/publications",
        "GET /v1/publications/{publication}",
        "GET /figures",
        "GET /revisions",
        "GET /figures.json",
        "GET /figures.{ending}",
        "GET /lead-times",
        "GET /dashboard",
        "GET /answers",
        "GET /answers.txt",
        "GET /answers.json",
        "GET /answers.{ending}",
        "GET /panels",
        "GET /calendar",
        "GET /deadlines",
        "GET /themes",
        "GET /themes/{theme}",
        "GET /signals",
        # One that is closed is to whoever may not read it as if it were not there.
        "GET /signals/{signal}",
        "GET /v1/signals",
        "GET /v1/signals/{signal}",
        "GET /v1/signal-replies",
        "GET /implementation-tests",
        "GET /implementation-tests/{test}",
        "GET /v1/implementation-tests",
        "GET /v1/implementation-tests/{test}",
        "GET /adjustments",
        "GET /adjustments/{adjustment}",
        "GET /v1/adjustments",
        "GET /v1/adjustments/{adjustment}",
        "GET /consultations",
        "GET /consultations/{consultation}",
        "GET /parliamentary-questions",
        "GET /parliamentary-questions/{question}",
        "GET /parliamentary-questions/{question}/cijfers.{ending}",
        "GET /v1/parliamentary-questions",
        "GET /v1/parliamentary-questions/{question}",
        "GET /forum",
        # With the cases behind it as far as one may know of them.
        "GET /rising",
        "GET /v1/rises",
        "GET /v1/forum-items",
        "GET /v1/forum-items/{item}",
        "GET /v1/figures",
        "GET /v1/breakdowns",
        "GET /v1/revisions",
        "GET /v1/lead-times",
        "GET /v1/location-comparison",
        "GET /v1/answers",
        "GET /v1/dictionary",
        "GET /v1/measures",
        "GET /v1/measures/{measure}",
        "GET /v1/procedures",
        "GET /v1/panels",
        "GET /v1/panels/{panel}",
        "GET /v1/panels/{panel}/meetings",
        "GET /v1/unattested-meetings",
        "GET /v1/panels/{panel}/pattern",
        "GET /v1/calendar-days",
        "GET /v1/agenda-order",
        "GET /v1/deadline-rules",
        "GET /v1/deadline-proposals/{rule}",
        "GET /v1/deadline-warning",
        "GET /v1/locations",
        "GET /v1/locations/{location}",
        "GET /v1/themes",
        "GET /v1/themes/{theme}",
        "GET /v1/themes/{theme}/steps",
        "GET /v1/themes/{theme}/trend",
        "GET /v1/consultations",
        "GET /v1/consultations/{consultation}",
    ),
    Kind.CASE_LIST: (
        "GET /escalations",
        "GET /v1/escalations",
        # Behind a number, as far as somebody may know of what is there.
        "GET /figures/{measure}",
        "GET /revisions/{measure}",
        "GET /v1/breakdowns/{measure}",
        "GET /v1/revisions/{measure}",
    ),
    Kind.CASE_SEARCH: (
        "POST /escalations/search",
        "POST /v1/escalations/_search",
        "POST /v1/escalations/_similar",
    ),
    Kind.CASE: (
        "GET /escalations/{escalation}",
        "GET /escalations/{escalation}/extract.pdf",
        "GET /escalations/{escalation}/similar",
        "GET /v1/escalations/{escalation}",
        "GET /v1/escalations/{escalation}/suspensions",
        "GET /v1/escalations/{escalation}/family",
        "GET /v1/escalations/{escalation}/submissions",
        "GET /v1/escalations/{escalation}/listings",
        "GET /v1/escalations/{escalation}/delistings",
        "GET /v1/escalations/{escalation}/considerations",
        "GET /v1/escalations/{escalation}/reports",
        "GET /v1/escalations/{escalation}/follow-throughs",
        "GET /v1/escalations/{escalation}/reopenings",
        "GET /v1/escalations/{escalation}/withdrawals",
        "GET /v1/escalations/{escalation}/lapses",
        "GET /v1/escalations/{escalation}/tags",
        "GET /v1/escalations/{escalation}/corrections",
        "GET /v1/escalations/{escalation}/proposals",
        "GET /v1/escalations/{escalation}/positions",
    ),
    Kind.CASE_FORM: (
        "GET /escalations/{escalation}/{action}",
        "GET /escalations/{escalation}/entries/{seq}/correct",
    ),
    Kind.CASE_ACTION: (
        "POST /escalations/{escalation}/{action}",
        "POST /escalations/{escalation}/entries/{seq}/correct",
        "POST /v1/escalations/{escalation}/submissions",
        "POST /v1/escalations/{escalation}/listings",
        "POST /v1/escalations/{escalation}/delistings",
        "POST /v1/escalations/{escalation}/considerations",
        "POST /v1/escalations/{escalation}/reports",
        "POST /v1/escalations/{escalation}/follow-throughs",
        "POST /v1/escalations/{escalation}/reopenings",
        "POST /v1/escalations/{escalation}/withdrawals",
        "POST /v1/escalations/{escalation}/lapses",
        "POST /v1/escalations/{escalation}/tags",
        "POST /v1/escalations/{escalation}/corrections",
    ),
    Kind.BRING: (
        "GET /escalations/new",
        "POST /escalations/new",
        # What cases like the one being described got.
        "POST /escalations/new/similar",
        "POST /v1/escalations",
    ),
    Kind.INSPECT: (
        "GET /escalations/inspect",
        "POST /escalations/inspect",
        "POST /v1/stated-purposes",
    ),
    Kind.HAND_OVER: ("GET /hand-over", "POST /hand-over", "GET /v1/holders", "POST /v1/hand-overs"),
    Kind.RECUSE: (
        "GET /escalations/{escalation}/recuse",
        "POST /escalations/{escalation}/recuse",
        "POST /v1/escalations/{escalation}/recusals",
    ),
    Kind.SUSPEND: (
        "GET /escalations/{escalation}/suspend",
        "POST /escalations/{escalation}/suspend",
        "GET /escalations/{escalation}/suspensions/{number}/{change}",
        "POST /escalations/{escalation}/suspensions/{number}/{change}",
        "POST /v1/escalations/{escalation}/suspensions",
        "PATCH /v1/escalations/{escalation}/suspensions/{number}",
    ),
    Kind.RELATE: (
        "GET /escalations/{escalation}/family/join",
        "POST /escalations/{escalation}/family/join",
        "GET /escalations/{escalation}/family/leave",
        "POST /escalations/{escalation}/family/leave",
        "POST /v1/escalations/{escalation}/family",
        "PATCH /v1/escalations/{escalation}/family",
    ),
    Kind.PROPOSE_OUTCOME: (
        "GET /escalations/{escalation}/propose",
        "POST /escalations/{escalation}/propose",
        "POST /v1/escalations/{escalation}/proposals",
    ),
    Kind.TAKE_POSITION: ("POST /v1/escalations/{escalation}/positions",),
    Kind.READ_AHEAD: ("POST /meetings/{panel}/{held_on}/prepare",),
    Kind.CONSENT: (
        "POST /meetings/{panel}/{held_on}/consent",
        "POST /v1/panels/{panel}/meetings/{heldOn}/consents",
    ),
    Kind.ABSENCE: ("GET /absence", "GET /v1/delegations"),
    Kind.DELEGATE: ("GET /absence/new", "POST /absence/new", "POST /v1/delegations"),
    Kind.OWN_DELEGATION: (
        "GET /absence/{delegation}/end",
        "POST /absence/{delegation}/end",
        "GET /v1/delegations/{delegation}",
        "DELETE /v1/delegations/{delegation}",
    ),
    Kind.OWN_PANELS: ("GET /meetings",),
    Kind.OWN_FEEDS: (
        "GET /calendar-feeds",
        "POST /calendar-feeds",
        "GET /v1/calendar-feeds",
        "POST /v1/calendar-feeds",
        "DELETE /v1/calendar-feeds/{feed}",
    ),
    Kind.PANEL_WORK: (
        "GET /queue",
        "GET /meetings/{panel}/{held_on}",
        "GET /meetings/{panel}/{held_on}/live",
        "GET /meetings/{panel}/{held_on}/prepare",
        "GET /v1/panels/{panel}/queue",
        "GET /v1/panels/{panel}/meetings/{heldOn}",
        "GET /v1/panels/{panel}/meetings/{heldOn}/versions",
        "GET /v1/panels/{panel}/meetings/{heldOn}/attendance",
        "GET /meetings/{panel}/{held_on}/minutes",
        "GET /meetings/{panel}/{held_on}/minutes.pdf",
        "GET /meetings/{panel}/{held_on}/agenda.pdf",
        "GET /v1/panels/{panel}/meetings/{heldOn}/minutes",
        "GET /v1/panels/{panel}/meetings/{heldOn}/preparation",
    ),
    Kind.PANEL_RECORD: ("POST /queue", "POST /meetings/{panel}/{held_on}"),
    Kind.ARRANGE_MEETINGS: (
        "GET /meetings/{panel}/new",
        "POST /meetings/{panel}/new",
        "GET /meetings/{panel}/{held_on}/move",
        "POST /meetings/{panel}/{held_on}/move",
        "GET /meetings/{panel}/{held_on}/cancel",
        "POST /meetings/{panel}/{held_on}/cancel",
        "PUT /v1/panels/{panel}/meetings/{heldOn}",
        "PATCH /v1/panels/{panel}/meetings/{heldOn}",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/cancellation",
    ),
    Kind.TAKE_MEETING: (
        "POST /meetings/{panel}/{held_on}/attendance",
        "GET /meetings/{panel}/{held_on}/walk-in",
        "POST /meetings/{panel}/{held_on}/walk-in",
        "POST /v1/panels/{panel}/meetings/{heldOn}/walk-ins",
        "PATCH /v1/panels/{panel}/meetings/{heldOn}/attendance",
    ),
    Kind.UNDO_OUTCOME: ("POST /meetings/{panel}/{held_on}/undo",),
    Kind.PLACE_ITEMS: (
        "GET /meetings/{panel}/{held_on}/items/{escalation}/place",
        "POST /meetings/{panel}/{held_on}/items/{escalation}/place",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/items/{escalation}",
    ),
    Kind.APPROVE_MINUTES: (
        "POST /meetings/{panel}/{held_on}/minutes",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/minutes/approval",
    ),
    Kind.CLOSE_MEETINGS: (
        "GET /meetings/{panel}/{held_on}/close",
        "POST /meetings/{panel}/{held_on}/close",
        "GET /meetings/{panel}/{held_on}/reopen",
        "POST /meetings/{panel}/{held_on}/reopen",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/attestation",
        "POST /v1/panels/{panel}/meetings/{heldOn}/reopenings",
    ),
    Kind.BRING_TO_FORUM: ("GET /forum/new", "POST /forum/new", "POST /v1/forum-items"),
    Kind.OWN_FORUM_ITEM: (
        "GET /forum/{item}/withdraw",
        "POST /forum/{item}/withdraw",
        "DELETE /v1/forum-items/{item}",
    ),
    Kind.ANSWER_PARLIAMENT: (
        "GET /parliamentary-questions/new",
        "POST /parliamentary-questions/new",
        "GET /parliamentary-questions/{question}/edit",
        "POST /parliamentary-questions/{question}/edit",
        "GET /parliamentary-questions/{question}/withdraw",
        "POST /parliamentary-questions/{question}/withdraw",
        "POST /v1/parliamentary-questions",
        "PUT /v1/parliamentary-questions/{question}",
        "DELETE /v1/parliamentary-questions/{question}",
    ),
    Kind.COMPARE: ("GET /differences", "GET /v1/differences"),
    Kind.PROPOSE_THEME: ("GET /themes/new", "POST /themes/new", "POST /v1/themes"),
    Kind.CONSULT: (
        "GET /consultations/new",
        "GET /themes/pack",
        "GET /themes/pack.pdf",
        "POST /consultations/new",
        "POST /v1/consultations",
    ),
    Kind.OWN_CONSULTATION: (
        "GET /consultations/{consultation}/edit",
        "POST /consultations/{consultation}/edit",
        "GET /consultations/{consultation}/withdraw",
        "POST /consultations/{consultation}/withdraw",
        "PUT /v1/consultations/{consultation}",
        "DELETE /v1/consultations/{consultation}",
    ),
    Kind.FOLLOW_UP: (
        "GET /implementation-tests/new",
        "POST /implementation-tests/new",
        "GET /implementation-tests/{test}/edit",
        "POST /implementation-tests/{test}/edit",
        "GET /implementation-tests/{test}/withdraw",
        "POST /implementation-tests/{test}/withdraw",
        "GET /implementation-tests/{test}/opinion",
        "POST /implementation-tests/{test}/opinion",
        "POST /v1/implementation-tests",
        "PUT /v1/implementation-tests/{test}",
        "DELETE /v1/implementation-tests/{test}",
        "POST /v1/implementation-tests/{test}/opinions",
        "GET /adjustments/new",
        "POST /adjustments/new",
        "GET /adjustments/{adjustment}/edit",
        "POST /adjustments/{adjustment}/edit",
        "GET /adjustments/{adjustment}/withdraw",
        "POST /adjustments/{adjustment}/withdraw",
        "POST /v1/adjustments",
        "PUT /v1/adjustments/{adjustment}",
        "DELETE /v1/adjustments/{adjustment}",
    ),
    Kind.ASSESS_SIGNALS: (
        "GET /signals/new",
        "POST /signals/new",
        "GET /signals/{signal}/edit",
        "POST /signals/{signal}/edit",
        "GET /signals/{signal}/withdraw",
        "POST /signals/{signal}/withdraw",
        "GET /signals/{signal}/assess",
        "POST /signals/{signal}/assess",
        "POST /v1/signals",
        "PUT /v1/signals/{signal}",
        "DELETE /v1/signals/{signal}",
        "POST /v1/signals/{signal}/assessments",
    ),
    Kind.KEEP_THEMES: (
        "GET /forum/{item}/conclude",
        "POST /forum/{item}/conclude",
        "POST /v1/forum-items/{item}/conclusions",
        # A case that shows it, said afterwards.
        "GET /themes/{theme}/cases/new",
        "POST /themes/{theme}/cases/new",
        "GET /themes/{theme}/edit",
        "POST /themes/{theme}/edit",
        "GET /themes/{theme}/{action}",
        "POST /themes/{theme}/{action}",
        "GET /themes/{theme}/steps/{number}/correct",
        "POST /themes/{theme}/steps/{number}/correct",
        "POST /v1/themes/{theme}/steps",
        "PATCH /v1/themes/{theme}",
    ),
    Kind.ADMINISTER: (
        "GET /locations/new",
        "POST /locations/new",
        "GET /panels/new",
        "POST /panels/new",
        "GET /locations/{owner:path}/{change}",
        "POST /locations/{owner:path}/{change}",
        "GET /panels/{owner}/{change}",
        "POST /panels/{owner}/{change}",
        "GET /agenda-order",
        "POST /agenda-order",
        "PUT /v1/agenda-order",
        "GET /calendar/new",
        "POST /calendar/new",
        "GET /deadlines/new",
        "POST /deadlines/new",
        "GET /deadlines/rules/{rule}",
        "POST /deadlines/rules/{rule}",
        "GET /deadlines/warning",
        "POST /deadlines/warning",
        "PUT /v1/deadline-rules/{rule}",
        "PUT /v1/deadline-warning",
        "GET /patterns/{panel}",
        "POST /patterns/{panel}",
        "GET /live/{location:path}",
        "POST /live/{location:path}",
        "PUT /v1/calendar-days/{day}",
        "PUT /v1/panels/{panel}/pattern",
        "PUT /v1/locations/{location}/go-live",
        "POST /v1/panels",
        "PATCH /v1/panels/{panel}",
        "POST /v1/locations",
        "PATCH /v1/locations/{location}",
    ),
    Kind.MANAGE_PEOPLE: (
        "GET /people",
        "GET /people/{owner}/{change}",
        "POST /people/{owner}/{change}",
        "GET /mappings",
        "GET /mappings/new",
        "POST /mappings/new",
        "GET /mappings/{mapping}/remove",
        "POST /mappings/{mapping}/remove",
        "GET /v1/people",
        "GET /v1/people/{person}",
        "PATCH /v1/people/{person}",
        "GET /v1/mappings",
        "POST /v1/mappings",
        "GET /v1/mappings/{mapping}",
        "DELETE /v1/mappings/{mapping}",
    ),
    Kind.EVENTS: ("GET /v1/events",),
    Kind.PUBLISH: (
        "GET /publications/new",
        "POST /publications/new",
        "GET /publications/{publication}/release",
        "POST /publications/{publication}/release",
        "GET /publications/{publication}/discard",
        "POST /publications/{publication}/discard",
        "POST /v1/publications",
        "GET /v1/publications/{publication}/preview",
        "POST /v1/publications/{publication}/releases",
        "POST /v1/publications/{publication}/discards",
    ),
    Kind.RETAIN: (
        "GET /retention",
        "GET /retention/terms/{kept}",
        "POST /retention/terms/{kept}",
        "GET /retention/due/{what}",
        "GET /retention/due/{what}/prepare",
        "POST /retention/due/{what}/prepare",
        "GET /retention/selections/{selection}",
        "GET /retention/selections/{selection}/statement.json",
        "GET /retention/selections/{selection}/confirm",
        "POST /retention/selections/{selection}/confirm",
        "GET /retention/selections/{selection}/refuse",
        "POST /retention/selections/{selection}/refuse",
        "GET /v1/retention-terms",
        "PATCH /v1/retention-terms/{kept}",
        "GET /v1/due-units",
        "GET /v1/holds",
        "GET /v1/destructions",
        "POST /v1/destructions",
        "GET /v1/destructions/{selection}",
        "GET /v1/destructions/{selection}/items",
        "POST /v1/destructions/{selection}/confirmations",
        "POST /v1/destructions/{selection}/refusals",
    ),
    Kind.DISCLOSE: (
        "GET /publication",
        "GET /publication.csv",
        "GET /data-requests",
        "GET /data-requests/new",
        "POST /data-requests/new",
        "GET /data-requests/{case}",
        "GET /data-requests/{case}/answer",
        "POST /data-requests/{case}/answer",
        "GET /v1/public-documents",
        "GET /v1/data-requests",
        "POST /v1/data-requests",
        "GET /v1/data-requests/{case}",
        "POST /v1/data-requests/{case}/answers",
    ),
    Kind.DOSSIER: (
        "GET /data-requests/{case}/dossier",
        "POST /data-requests/{case}/hand-over",
        "GET /v1/data-requests/{case}/dossier",
        "POST /v1/data-requests/{case}/hand-overs",
    ),
    Kind.SUBSCRIBE: (
        "GET /subscriptions",
        "GET /subscriptions/new",
        "POST /subscriptions/new",
        "GET /subscriptions/{subscription}/end",
        "POST /subscriptions/{subscription}/end",
        "GET /v1/event-subscriptions",
        "POST /v1/event-subscriptions",
        "GET /v1/event-subscriptions/{subscription}",
        "DELETE /v1/event-subscriptions/{subscription}",
    ),
    Kind.HOLD: (
        "GET /holds/new",
        "POST /holds/new",
        "GET /holds/{escalation}/lift",
        "POST /holds/{escalation}/lift",
        "POST /v1/holds",
        "POST /v1/holds/{escalation}/liftings",
    ),
    Kind.AUDIT: (
        "GET /audit/reads",
        "POST /audit/reads",
        "GET /audit/reads.csv",
        "GET /audit/reads.json",
        "GET /audit/escalations/{escalation}",
        "GET /audit/people/{key}",
        "GET /audit/unusual",
        "GET /audit/sample",
        "GET /audit/sample.csv",
        "GET /audit/sample.json",
        "GET /v1/reads",
        "GET /v1/unusual-reads",
        "GET /v1/samples",
        "GET /v1/processings",
    ),
    Kind.AUDIT_CHANGES: ("GET /audit/changes", "GET /v1/changes"),
}


def check(app: FastAPI) -> None:
    """Raise ValueError, naming them, when the routes are not those declared, each once."""
    declared = [one for routes in DECLARED.values() for one in routes]
    wrong = {*routes(app)} ^ {*declared}
    twice = {one for one in declared if declared.count(one) > 1}
    if wrong or twice:
        raise ValueError(f"routes without one declared kind: {', '.join(sorted(wrong | twice))}")


def routes(app: FastAPI, prefix: str = "") -> Iterator[str]:
    """Every method with its pattern, of what is mounted too; of files the folder alone.

    A HEAD is answered as its GET is; what knows no methods, or cannot be looked into, takes any.
    """
    for found in iter_route_contexts(app.routes):
        route = found.original_route
        if isinstance(route, Mount):
            yield from _mounted(route, prefix)
        else:
            methods = found.methods or {"ANY"}
            yield from (f"{one} {prefix}{found.path}" for one in methods - {"HEAD"})


def _mounted(mount: Mount, prefix: str) -> Iterator[str]:
    path = f"{prefix}{mount.path}"
    if isinstance(mount.app, StaticFiles):
        yield f"GET {path}"
    elif isinstance(mount.app, FastAPI):
        yield from routes(mount.app, path)
    else:
        yield f"ANY {path}"
