"""How each route is called: with what somebody who may would send. A route that is not here has no
cell, and the matrix fails."""

from collections.abc import Callable, Mapping
from typing import Any

from kdt.vocabulary import Action, Phase
from tests.access.asking import Call
from tests.access.organisation import (
    BRINGER,
    COLLEAGUE,
    ELSEWHERE,
    HERE,
    Capacity,
    Escalation,
    Organisation,
)
from tests.api.good import QUESTION

NOBODY = "V-22ZZZZ"
REASON = "Verzonnen."
_PERIOD = "from=2026-01-01&until=2026-01-31"
_QUEUED = "Z-plain-queued"
_OPENING = {"question": "decision", "ground": "other", "summary": REASON, "case": "Z-nieuw"}
_CLAIM = {"claim": "roles", "value": "anders", "role": "auditor"}
_NUMBERS = {
    "cutOffDays": "0",
    "cutOffHours": "1",
    "capacity": "60",
    "itemMinutes": "5",
    "attendance": "2",
}
# A day on which no panel meets yet, and a meeting on it.
_FAR = "2099-12-31"
_EXTRA = {"kind": "written", "startsAt": "10:00", "reason": REASON}
_RULE = {"name": "Soort", "source": "Wet", "unit": "months", "extension": "0", "open": "open"}
_WEIGHTS = {"unresolved": "4", "deadline": "3", "heldOver": "2", "waiting": "5"}
_PATTERN = {**_NUMBERS, "weekdays": "3"}
NOUNS: Mapping[str, Action] = {
    "submissions": Action.SUBMIT,
    "listings": Action.LIST,
    "delistings": Action.UNLIST,
    "considerations": Action.CONSIDER,
    "reports": Action.REPORT_BACK,
    "follow-throughs": Action.FOLLOW_THROUGH,
    "reopenings": Action.REOPEN,
    "withdrawals": Action.WITHDRAW,
    "lapses": Action.LAPSE,
    "tags": Action.TAG,
    "corrections": Action.CORRECT,
}
# The actions with a form of their own under `/escalations/{escalation}/{action}`.
FORMS = (*sorted(set(Action) - {Action.OPEN, Action.CONSIDER, Action.CORRECT}),)

Made = Callable[[Organisation, Capacity | None], Call]


def inputs(here: Organisation, one: Escalation, action: Action) -> dict[str, Any]:
    """What an action takes, as a program sends it."""
    panel = here.national if one.set == "up" else here.local
    reason = {"reason": REASON}
    given: Mapping[Action, dict[str, Any]] = {
        Action.SUBMIT: {},
        Action.LIST: {"panel": panel, "meetingOn": here.today.isoformat()},
        Action.UNLIST: reason,
        Action.CONSIDER: {"outcome": "held_over", "reasons": REASON},
        Action.REPORT_BACK: {},
        Action.WITHDRAW: reason,
        Action.LAPSE: reason,
        Action.FOLLOW_THROUGH: {"result": "carried_out"},
        Action.REOPEN: reason,
        Action.TAG: {"theme": here.theme, **reason},
    }
    return given[action]


def _get(path: str) -> Made:
    return lambda _, __: Call("GET", path)


def _post(path: str, **given: Any) -> Made:
    return lambda _, __: Call("POST", path, given)


_WHY = {"reason": REASON}
_TALK: dict[str, Any] = {"heldOn": "2026-01-15", "form": "talk", "partners": ["svma"]}


def _asked(method: str, what: str = "", under: str = "", **given: Any) -> Made:
    """A call to a question of Parliament."""
    path = f"{under}/parliamentary-questions"
    return lambda here, _: Call(method, f"{path}/{here.question}{what}", given)


def _opened(file: str) -> Made:
    """A file of what was released, for anybody."""
    return lambda here, _: Call("GET", f"/open-data/{here.published}/{file}")


def _told(method: str, path: str, what: str = "") -> Made:
    """A call to an address that is told of releases."""
    return lambda here, _: Call(method, f"{path}/{here.subscription}{what}")


def _talk(method: str, what: str, under: str = "", **given: Any) -> Made:
    """About a talk that was held."""
    return lambda here, _: Call(method, f"{under}/consultations/{here.consultation}{what}", given)


_SIGNAL: dict[str, Any] = {
    "source": "journal",
    "receivedOn": "2026-01-15",
    "title": "Verzonnen",
    "concerns": REASON,
}
_SIGNAL_FORM = {**_SIGNAL, "atLatest": "no", "lawyers": "no"}
_VIEW = {"assessment": "open", "reasons": REASON}


def _signal(method: str, what: str, under: str = "", **given: Any) -> Made:
    """About a signal that is open."""
    return lambda here, _: Call(method, f"{under}/signals/{here.signal}{what}", given)


_TEST: dict[str, Any] = {
    "kind": "ex_post",
    "title": "Verzonnen",
    "heldOn": "2026-01-15",
    "person": "yes",
    "capability": "no",
    "organisations": ["ind"],
}
_OPINION = {"organisation": "ind", "satisfaction": "partly", "saidOn": "2026-01-16"}


def _adjusted(method: str, what: str, under: str = "") -> Made:
    """About an adjustment; without one, about a new one."""

    def made(here: Organisation, _: Capacity | None) -> Call:
        given: dict[str, Any] = {
            "title": "Verzonnen",
            "kind": "practice",
            "status": "decided",
            "since": "2026-01-15",
            "decidedBy": "ind",
            "tests": [here.test],
            **({} if under else {"atLatest": "no"}),
        }
        about = what.replace("{adjustment}", here.adjustment)
        return Call(method, f"{under}/adjustments{about}", given)

    return made


def _tested(method: str, what: str, under: str = "", **given: Any) -> Made:
    """About a test that was held."""
    return lambda here, _: Call(method, f"{under}/implementation-tests/{here.test}{what}", given)


def _place(capacity: Capacity | None) -> str:
    """Where an officer brings cases from."""
    return ELSEWHERE if capacity is not None and capacity.locations == (ELSEWHERE,) else HERE


def _meeting(here: Organisation) -> str:
    return f"/meetings/{here.local}/{here.today.isoformat()}"


def _sitting(here: Organisation) -> str:
    return f"/panels/{here.local}/meetings/{here.today.isoformat()}"


def _arranged(method: str, what: str, **given: str) -> Made:
    """A form about a meeting of the local panel; `{day}` is today's."""

    def made(here: Organisation, _: Capacity | None) -> Call:
        day = here.today.isoformat()
        filled = {name: value.format(day=day) for name, value in given.items()}
        path = f"/meetings/{here.local}/{what.format(day=day, listed=_listed(here).id)}"
        return Call(method, path, filled if method == "POST" else None)

    return made


def _listed(here: Organisation) -> Escalation:
    return next(one for one in here.escalations if (one.set, one.phase) == ("plain", "listed"))


def _considered(here: Organisation) -> int:
    """How much the local panel considered in today's meeting: on their way up, and its own."""
    own = ("in_inquiry", "returned", "settled", "closed")
    # Of those on their way up there is one more (`kin`).
    return 1 + sum(
        one.phase in own if one.set == "plain" else one.set == "up" and one.phase != "draft"
        for one in here.escalations
    )


def _delegated(here: Organisation, capacity: Capacity | None) -> dict[str, Any]:
    role, location = (capacity.role, capacity.locations[-1]) if capacity else ("officer", HERE)
    days = {"firstOn": here.today.isoformat(), "lastOn": here.today.isoformat()}
    return {"capacity": f"{role}.{location or ''}", "taker": COLLEAGUE, **days}


def _absence(here: Organisation, capacity: Capacity | None) -> dict[str, Any]:
    """The same, as a program sends it."""
    form = _delegated(here, capacity)
    role, _, location = form.pop("capacity").partition(".")
    return {**form, "role": role, **({"location": location} if location else {})}


def _up(here: Organisation, phase: str) -> Escalation:
    return next(one for one in here.escalations if (one.set, one.phase) == ("up", phase))


def _own(here: Organisation, who: Capacity | None) -> Escalation:
    """One that is where this capacity is."""
    wanted = "elsewhere" if _place(who) == ELSEWHERE else "plain"
    return next(one for one in here.escalations if one.set == wanted)


def _whose(here: Organisation, who: Capacity | None) -> str:
    return f"escalation={_own(here, who).id}"


def _selection(here: Organisation) -> str:
    return f"/retention/selections/{here.selection}"


def _destruction(here: Organisation) -> str:
    return f"/v1/destructions/{here.selection}"


def _publication(here: Organisation, ending: str = "", version: str = "") -> Call:
    """Something of what was released."""
    return Call("GET", f"{version}/publications/{here.published}{ending}")


def _waiting(here: Organisation) -> str:
    return f"/publications/{here.waiting}"


def _request(here: Organisation) -> str:
    return f"/data-requests/{here.asked}"


def disclosed(here: Organisation) -> frozenset[str]:
    """What the dossier shows of the case about which something was asked."""
    one = queued(here)
    return frozenset({one.id, one.case, one.text})


def queued(here: Organisation) -> Escalation:
    return next(one for one in here.escalations if one.case == _QUEUED)


# What concerns no single escalation.
PLAIN: Mapping[str, Made] = {
    "GET /live": _get("/live"),
    "GET /ready": _get("/ready"),
    "GET /metrics": _get("/metrics"),
    "GET /static": _get("/static/kdt.css"),
    "GET /signin": _get("/signin"),
    "POST /signin": _post("/signin", person="niemand"),
    "GET /signin/start": _get("/signin/start"),
    "GET /signin/callback": _get("/signin/callback"),
    "GET /signedout": _get("/signedout"),
    "GET /progress": _get("/progress"),
    "GET /dictionary": _get("/dictionary"),
    "GET /measures": _get("/measures"),
    "GET /measures/{measure}": _get("/measures/considered"),
    "GET /procedure": _get("/procedure"),
    "GET /procedure.bpmn": _get("/procedure.bpmn"),
    "GET /v1/openapi.json": _get("/v1/openapi.json"),
    "POST /signout": _post("/signout"),
    "GET /sessions": _get("/sessions"),
    "POST /sessions": _post("/sessions", session="0" * 16),
    "GET /": _get("/"),
    "GET /publications": _get("/publications"),
    "GET /publications/new": _get("/publications/new"),
    "POST /publications/new": _post(
        "/publications/new", topic="ended", period="month", until="2020-03-31", asOf="2020-05-01"
    ),
    "GET /publications/{publication}": lambda here, _: _publication(here),
    "GET /open-data": _get("/open-data"),
    "GET /open-data/catalog.jsonld": _get("/open-data/catalog.jsonld"),
    "GET /open-data/{publication}/figures.csv": _opened("figures.csv"),
    "GET /open-data/{publication}/figures.csv-metadata.json": _opened("figures.csv-metadata.json"),
    "GET /open-data/{publication}/document.json": _opened("document.json"),
    "GET /open-data/{publication}/cijfers.{ending}": _opened("cijfers.csv"),
    "GET /publications/{publication}/cijfers.{ending}": lambda here, _: _publication(
        here, "/cijfers.csv"
    ),
    "GET /publications/{publication}/document.json": lambda here, _: _publication(
        here, "/document.json"
    ),
    "GET /publications/{publication}/release": lambda here, _: Call(
        "GET", f"{_waiting(here)}/release"
    ),
    "POST /publications/{publication}/release": lambda here, _: Call(
        "POST", f"{_waiting(here)}/release?seen={here.seen}", {"sure": "yes"}
    ),
    "GET /publications/{publication}/discard": lambda here, _: Call(
        "GET", f"{_waiting(here)}/discard"
    ),
    "POST /publications/{publication}/discard": lambda here, _: Call(
        "POST", f"{_waiting(here)}/discard", {"reason": REASON}
    ),
    "GET /v1/publications": _get("/v1/publications"),
    "POST /v1/publications": _post(
        "/v1/publications", topic="ended", until="2020-03-31", asOf="2020-05-01"
    ),
    "GET /v1/publications/{publication}": lambda here, _: _publication(here, version="/v1"),
    "GET /v1/publications/{publication}/preview": lambda here, _: Call(
        "GET", f"/v1{_waiting(here)}/preview"
    ),
    "POST /v1/publications/{publication}/releases": lambda here, _: Call(
        "POST", f"/v1{_waiting(here)}/releases", {"digest": here.seen}
    ),
    "POST /v1/publications/{publication}/discards": lambda here, _: Call(
        "POST", f"/v1{_waiting(here)}/discards", {"reason": REASON}
    ),
    "GET /figures": _get(f"/figures?{_PERIOD}"),
    "GET /figures/{measure}": _get(f"/figures/considered?{_PERIOD}"),
    "GET /revisions": _get(f"/revisions?{_PERIOD}&since=2026-01-15"),
    "GET /revisions/{measure}": _get(f"/revisions/considered?{_PERIOD}&since=2026-01-15"),
    "GET /v1/breakdowns": _get(f"/v1/breakdowns?{_PERIOD}&by=outcome"),
    "GET /v1/breakdowns/{measure}": _get(f"/v1/breakdowns/considered?{_PERIOD}"),
    "GET /v1/revisions": _get(f"/v1/revisions?{_PERIOD}&since=2026-01-15"),
    "GET /v1/revisions/{measure}": _get(f"/v1/revisions/considered?{_PERIOD}&since=2026-01-15"),
    "GET /figures.json": _get(f"/figures.json?{_PERIOD}"),
    "GET /figures.{ending}": _get(f"/figures.csv?{_PERIOD}"),
    "GET /answers": _get("/answers"),
    "GET /answers.txt": _get("/answers.txt"),
    "GET /answers.json": _get("/answers.json"),
    "GET /answers.{ending}": _get("/answers.ods"),
    "GET /panels": _get("/panels"),
    "GET /calendar": _get("/calendar"),
    "GET /v1/calendar-days": _get("/v1/calendar-days"),
    "GET /deadlines": _get("/deadlines"),
    "GET /deadlines/new": _get("/deadlines/new"),
    "POST /deadlines/new": _post("/deadlines/new", **_RULE, count="6", on="2026-01-01"),
    "GET /deadlines/rules/{rule}": lambda here, _: Call("GET", f"/deadlines/rules/{here.rule}"),
    "POST /deadlines/rules/{rule}": lambda here, _: Call(
        "POST", f"/deadlines/rules/{here.rule}", {**_RULE, "count": "7", "on": "2026-01-01"}
    ),
    "GET /deadlines/warning": _get("/deadlines/warning"),
    "POST /deadlines/warning": _post("/deadlines/warning", days="9"),
    "GET /v1/deadline-rules": _get("/v1/deadline-rules"),
    "GET /v1/deadline-proposals/{rule}": lambda here, _: Call(
        "GET", f"/v1/deadline-proposals/{here.rule}?appliedOn=2026-01-31"
    ),
    "GET /v1/deadline-warning": _get("/v1/deadline-warning"),
    "PUT /v1/deadline-rules/{rule}": lambda here, _: Call(
        "PUT",
        f"/v1/deadline-rules/{here.rule}",
        {"name": "Anders", "source": "Wet", "count": 8, "unit": "weeks", "effectiveOn": _FAR},
    ),
    "PUT /v1/deadline-warning": lambda _, __: Call("PUT", "/v1/deadline-warning", {"days": 9}),
    "GET /v1/panels/{panel}/pattern": lambda here, _: Call(
        "GET", f"/v1/panels/{here.local}/pattern"
    ),
    "GET /themes": _get("/themes"),
    "GET /differences": _get("/differences"),
    "GET /v1/differences": _get("/v1/differences"),
    "GET /rising": _get("/rising"),
    "GET /v1/rises": _get("/v1/rises"),
    "GET /themes/{theme}": lambda here, _: Call("GET", f"/themes/{here.theme}"),
    "GET /dashboard": _get(f"/dashboard?{_PERIOD}"),
    "GET /lead-times": _get(f"/lead-times?{_PERIOD}"),
    "GET /v1/location-comparison": _get(f"/v1/location-comparison?{_PERIOD}"),
    "GET /v1/lead-times": _get(f"/v1/lead-times?{_PERIOD}"),
    "GET /v1/figures": _get(f"/v1/figures?{_PERIOD}"),
    "GET /v1/answers": _get("/v1/answers"),
    "GET /v1/dictionary": _get("/v1/dictionary"),
    "GET /v1/measures": _get("/v1/measures"),
    "GET /v1/measures/{measure}": _get("/v1/measures/considered"),
    "GET /v1/procedures": _get("/v1/procedures"),
    "GET /v1/panels": _get("/v1/panels"),
    "GET /v1/panels/{panel}": lambda here, _: Call("GET", f"/v1/panels/{here.local}"),
    "GET /v1/panels/{panel}/meetings": lambda here, _: Call(
        "GET", f"/v1/panels/{here.local}/meetings"
    ),
    "GET /v1/locations": _get("/v1/locations"),
    "GET /v1/locations/{location}": _get("/v1/locations/Den Bosch"),
    "GET /v1/themes": _get("/v1/themes"),
    "GET /v1/themes/{theme}": lambda here, _: Call("GET", f"/v1/themes/{here.theme}"),
    "GET /v1/themes/{theme}/trend": lambda here, _: Call("GET", f"/v1/themes/{here.theme}/trend"),
    "GET /v1/themes/{theme}/steps": lambda here, _: Call("GET", f"/v1/themes/{here.theme}/steps"),
    "GET /escalations": _get("/escalations"),
    "GET /v1/escalations": _get("/v1/escalations?limit=200"),
    "POST /escalations/search": _post("/escalations/search", case=_QUEUED),
    "POST /escalations/new/similar": _post("/escalations/new/similar", summary=REASON * 10),
    "POST /v1/escalations/_similar": _post("/v1/escalations/_similar", summary=REASON),
    "POST /v1/escalations/_search": _post("/v1/escalations/_search", caseNumber=_QUEUED),
    "GET /escalations/new": _get("/escalations/new"),
    "POST /escalations/new": lambda _, who: Call(
        "POST", "/escalations/new", {**_OPENING, "location": _place(who)}
    ),
    "POST /v1/escalations": lambda _, who: Call(
        "POST", "/v1/escalations", {**_OPENING, "location": _place(who)}
    ),
    "GET /escalations/inspect": _get("/escalations/inspect"),
    "POST /escalations/inspect": _post("/escalations/inspect", case=_QUEUED, purpose="quality"),
    "POST /v1/stated-purposes": _post("/v1/stated-purposes", case=_QUEUED, purpose="quality"),
    "GET /v1/holders": _get("/v1/holders"),
    "POST /v1/hand-overs": _post("/v1/hand-overs", giver=BRINGER.person, taker=COLLEAGUE),
    "GET /v1/delegations": _get("/v1/delegations"),
    "POST /v1/delegations": lambda here, who: Call("POST", "/v1/delegations", _absence(here, who)),
    "GET /v1/delegations/{delegation}": lambda here, _: Call(
        "GET", f"/v1/delegations/{here.delegation}"
    ),
    "DELETE /v1/delegations/{delegation}": lambda here, _: Call(
        "DELETE", f"/v1/delegations/{here.delegation}"
    ),
    "GET /hand-over": _get("/hand-over"),
    "POST /hand-over": _post("/hand-over", giver=BRINGER.person, taker=COLLEAGUE),
    "GET /absence": _get("/absence"),
    "GET /absence/new": _get("/absence/new"),
    "POST /absence/new": lambda here, who: Call("POST", "/absence/new", _delegated(here, who)),
    "GET /absence/{delegation}/end": lambda here, _: Call("GET", f"/absence/{here.delegation}/end"),
    "POST /absence/{delegation}/end": lambda here, _: Call(
        "POST", f"/absence/{here.delegation}/end"
    ),
    "GET /queue": lambda here, _: Call("GET", f"/queue?panel={here.local}"),
    "POST /queue": lambda here, _: Call(
        "POST",
        "/queue",
        {
            "panel": here.local,
            "escalation": queued(here).id,
            "meetingOn": here.today.isoformat(),
        },
    ),
    "GET /meetings": _get("/meetings"),
    "GET /calendar-feeds": _get("/calendar-feeds"),
    "POST /calendar-feeds": _post("/calendar-feeds", do="make"),
    "GET /v1/calendar-feeds": _get("/v1/calendar-feeds"),
    "POST /v1/calendar-feeds": _post("/v1/calendar-feeds"),
    "DELETE /v1/calendar-feeds/{feed}": lambda _, __: Call("DELETE", "/v1/calendar-feeds/all"),
    "GET /calendar-feeds/{token}.ics": _get("/calendar-feeds/onbekend.ics"),
    "GET /meetings/{panel}/{held_on}": lambda here, _: Call("GET", _meeting(here)),
    "POST /meetings/{panel}/{held_on}": lambda here, _: Call(
        "POST",
        f"{_meeting(here)}?item={_listed(here).id}",
        {"outcome": "held_over", "reasons": REASON},
        _listed(here).version,
    ),
    "GET /meetings/{panel}/{held_on}/prepare": lambda here, _: Call(
        "GET", f"{_meeting(here)}/prepare"
    ),
    "POST /meetings/{panel}/{held_on}/prepare": lambda here, _: Call(
        "POST", f"{_meeting(here)}/prepare?item={_listed(here).id}", {"stance": "discuss"}
    ),
    "POST /meetings/{panel}/{held_on}/consent": lambda here, _: Call(
        "POST", f"{_meeting(here)}/consent", {"escalation": _listed(here).id}
    ),
    "GET /v1/panels/{panel}/meetings/{heldOn}/preparation": lambda here, _: Call(
        "GET", f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/preparation"
    ),
    "POST /v1/panels/{panel}/meetings/{heldOn}/consents": lambda here, _: Call(
        "POST",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/consents",
        {"escalations": [_listed(here).id]},
    ),
    "GET /v1/panels/{panel}/queue": lambda here, _: Call("GET", f"/v1/panels/{here.local}/queue"),
    "GET /v1/panels/{panel}/meetings/{heldOn}": lambda here, _: Call(
        "GET", f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}"
    ),
    "GET /consultations": _get("/consultations"),
    "GET /consultations/{consultation}": _talk("GET", ""),
    "GET /v1/consultations": _get("/v1/consultations"),
    "GET /v1/consultations/{consultation}": _talk("GET", "", "/v1"),
    "GET /themes/pack": _get("/themes/pack"),
    "GET /themes/pack.pdf": _get("/themes/pack.pdf"),
    "GET /consultations/new": _get("/consultations/new"),
    "POST /consultations/new": _post("/consultations/new", **_TALK),
    "POST /v1/consultations": _post("/v1/consultations", **_TALK),
    "GET /consultations/{consultation}/edit": _talk("GET", "/edit"),
    "POST /consultations/{consultation}/edit": _talk("POST", "/edit", **_TALK),
    "GET /consultations/{consultation}/withdraw": _talk("GET", "/withdraw"),
    "POST /consultations/{consultation}/withdraw": _talk("POST", "/withdraw"),
    "PUT /v1/consultations/{consultation}": _talk("PUT", "", "/v1", **_TALK),
    "DELETE /v1/consultations/{consultation}": _talk("DELETE", "", "/v1"),
    "GET /signals": _get("/signals"),
    "GET /signals/{signal}": _signal("GET", ""),
    "GET /v1/signals": _get("/v1/signals"),
    "GET /v1/signals/{signal}": _signal("GET", "", "/v1"),
    "GET /v1/signal-replies": _get("/v1/signal-replies"),
    "GET /signals/new": _get("/signals/new"),
    "POST /signals/new": _post("/signals/new", **_SIGNAL_FORM),
    "POST /v1/signals": _post("/v1/signals", **_SIGNAL),
    "GET /signals/{signal}/edit": _signal("GET", "/edit"),
    "POST /signals/{signal}/edit": _signal("POST", "/edit", **_SIGNAL_FORM),
    "GET /signals/{signal}/withdraw": _signal("GET", "/withdraw"),
    "POST /signals/{signal}/withdraw": _signal("POST", "/withdraw"),
    "GET /signals/{signal}/assess": _signal("GET", "/assess"),
    "POST /signals/{signal}/assess": _signal("POST", "/assess", **_VIEW),
    "PUT /v1/signals/{signal}": _signal("PUT", "", "/v1", **_SIGNAL),
    "DELETE /v1/signals/{signal}": _signal("DELETE", "", "/v1"),
    "POST /v1/signals/{signal}/assessments": _signal("POST", "/assessments", "/v1", **_VIEW),
    "GET /implementation-tests": _get("/implementation-tests"),
    "GET /implementation-tests/{test}": _tested("GET", ""),
    "GET /v1/implementation-tests": _get("/v1/implementation-tests"),
    "GET /v1/implementation-tests/{test}": _tested("GET", "", "/v1"),
    "GET /implementation-tests/new": _get("/implementation-tests/new"),
    "POST /implementation-tests/new": _post("/implementation-tests/new", **_TEST),
    "POST /v1/implementation-tests": _post("/v1/implementation-tests", **_TEST),
    "GET /implementation-tests/{test}/edit": _tested("GET", "/edit"),
    "POST /implementation-tests/{test}/edit": _tested("POST", "/edit", **_TEST),
    "GET /implementation-tests/{test}/withdraw": _tested("GET", "/withdraw"),
    "POST /implementation-tests/{test}/withdraw": _tested("POST", "/withdraw"),
    "GET /implementation-tests/{test}/opinion": _tested("GET", "/opinion"),
    "POST /implementation-tests/{test}/opinion": _tested("POST", "/opinion", **_OPINION),
    "PUT /v1/implementation-tests/{test}": _tested("PUT", "", "/v1", **_TEST),
    "DELETE /v1/implementation-tests/{test}": _tested("DELETE", "", "/v1"),
    "POST /v1/implementation-tests/{test}/opinions": _tested(
        "POST", "/opinions", "/v1", **_OPINION
    ),
    "GET /adjustments": _get("/adjustments"),
    "GET /adjustments/{adjustment}": _adjusted("GET", "/{adjustment}"),
    "GET /v1/adjustments": _get("/v1/adjustments"),
    "GET /v1/adjustments/{adjustment}": _adjusted("GET", "/{adjustment}", "/v1"),
    "GET /adjustments/new": _get("/adjustments/new"),
    "POST /adjustments/new": _adjusted("POST", "/new"),
    "POST /v1/adjustments": _adjusted("POST", "", "/v1"),
    "GET /adjustments/{adjustment}/edit": _adjusted("GET", "/{adjustment}/edit"),
    "POST /adjustments/{adjustment}/edit": _adjusted("POST", "/{adjustment}/edit"),
    "GET /adjustments/{adjustment}/withdraw": _adjusted("GET", "/{adjustment}/withdraw"),
    "POST /adjustments/{adjustment}/withdraw": _adjusted("POST", "/{adjustment}/withdraw"),
    "PUT /v1/adjustments/{adjustment}": _adjusted("PUT", "/{adjustment}", "/v1"),
    "DELETE /v1/adjustments/{adjustment}": _adjusted("DELETE", "/{adjustment}", "/v1"),
    "GET /parliamentary-questions": _get("/parliamentary-questions"),
    "GET /parliamentary-questions/{question}": _asked("GET"),
    "GET /parliamentary-questions/{question}/cijfers.{ending}": _asked("GET", "/cijfers.csv"),
    "GET /v1/parliamentary-questions": _get("/v1/parliamentary-questions"),
    "GET /v1/parliamentary-questions/{question}": _asked("GET", under="/v1"),
    "GET /parliamentary-questions/new": _get("/parliamentary-questions/new"),
    "POST /parliamentary-questions/new": _post("/parliamentary-questions/new", **QUESTION),
    "POST /v1/parliamentary-questions": _post("/v1/parliamentary-questions", **QUESTION),
    "GET /parliamentary-questions/{question}/edit": _asked("GET", "/edit"),
    "POST /parliamentary-questions/{question}/edit": _asked("POST", "/edit", **QUESTION),
    "GET /parliamentary-questions/{question}/withdraw": _asked("GET", "/withdraw"),
    "POST /parliamentary-questions/{question}/withdraw": _asked("POST", "/withdraw"),
    "PUT /v1/parliamentary-questions/{question}": _asked("PUT", under="/v1", **QUESTION),
    "DELETE /v1/parliamentary-questions/{question}": _asked("DELETE", under="/v1"),
    "GET /subscriptions": _get("/subscriptions"),
    "GET /subscriptions/new": _get("/subscriptions/new"),
    "POST /subscriptions/new": _post("/subscriptions/new", address="https://voorbeeld.nl/2"),
    "GET /subscriptions/{subscription}/end": _told("GET", "/subscriptions", "/end"),
    "POST /subscriptions/{subscription}/end": _told("POST", "/subscriptions", "/end"),
    "GET /v1/event-subscriptions": _get("/v1/event-subscriptions"),
    "POST /v1/event-subscriptions": _post(
        "/v1/event-subscriptions", address="https://voorbeeld.nl/3"
    ),
    "GET /v1/event-subscriptions/{subscription}": _told("GET", "/v1/event-subscriptions"),
    "DELETE /v1/event-subscriptions/{subscription}": _told("DELETE", "/v1/event-subscriptions"),
    "GET /forum": _get("/forum"),
    "GET /v1/forum-items": _get("/v1/forum-items"),
    "GET /v1/forum-items/{item}": lambda here, _: Call("GET", f"/v1/forum-items/{here.item}"),
    "GET /forum/new": _get("/forum/new"),
    "POST /forum/new": _post("/forum/new", problem="Verzonnen."),
    "POST /v1/forum-items": _post("/v1/forum-items", problem="Verzonnen."),
    "GET /forum/{item}/withdraw": lambda here, _: Call("GET", f"/forum/{here.item}/withdraw"),
    "POST /forum/{item}/withdraw": lambda here, _: Call("POST", f"/forum/{here.item}/withdraw"),
    "DELETE /v1/forum-items/{item}": lambda here, _: Call("DELETE", f"/v1/forum-items/{here.item}"),
    "GET /forum/{item}/conclude": lambda here, _: Call("GET", f"/forum/{here.item}/conclude"),
    "POST /forum/{item}/conclude": lambda here, _: Call(
        "POST",
        f"/forum/{here.item}/conclude",
        {"discussedOn": here.today.isoformat(), "reasons": "Verzonnen."},
    ),
    "POST /v1/forum-items/{item}/conclusions": lambda here, _: Call(
        "POST",
        f"/v1/forum-items/{here.item}/conclusions",
        {"discussedOn": here.today.isoformat(), "reasons": "Verzonnen."},
    ),
    "GET /themes/new": _get("/themes/new"),
    "POST /themes/new": _post("/themes/new", name="Nieuwe draad"),
    "POST /v1/themes": _post("/v1/themes", name="Nieuwe draad"),
    "GET /themes/{theme}/cases/new": lambda here, _: Call("GET", f"/themes/{here.theme}/cases/new"),
    "POST /themes/{theme}/cases/new": lambda here, _: Call(
        "POST",
        f"/themes/{here.theme}/cases/new",
        {"escalation": next(one.id for one in here.escalations if one.set == "up"), **_WHY},
    ),
    "GET /themes/{theme}/edit": lambda here, _: Call("GET", f"/themes/{here.theme}/edit"),
    "POST /themes/{theme}/edit": lambda here, _: Call(
        "POST", f"/themes/{here.theme}/edit", {"name": "Anders"}
    ),
    "GET /themes/{theme}/{action}": lambda here, _: Call("GET", f"/themes/{here.theme}/consult"),
    "POST /themes/{theme}/{action}": lambda here, _: Call("POST", f"/themes/{here.theme}/consult"),
    "GET /themes/{theme}/steps/{number}/correct": lambda here, _: Call(
        "GET", f"/themes/{here.theme}/steps/{here.theme_step}/correct"
    ),
    "POST /themes/{theme}/steps/{number}/correct": lambda here, _: Call(
        "POST", f"/themes/{here.theme}/steps/{here.theme_step}/correct", {"reasons": "Vergist."}
    ),
    "POST /v1/themes/{theme}/steps": lambda here, _: Call(
        "POST", f"/v1/themes/{here.theme}/steps", {"action": "consult"}
    ),
    "PATCH /v1/themes/{theme}": lambda here, _: Call(
        "PATCH", f"/v1/themes/{here.theme}", {"name": "Anders"}
    ),
    "GET /agenda-order": _get("/agenda-order"),
    "POST /agenda-order": _post("/agenda-order", **_WEIGHTS),
    "GET /v1/agenda-order": _get("/v1/agenda-order"),
    "PUT /v1/agenda-order": lambda _, __: Call(
        "PUT", "/v1/agenda-order", {name: int(value) for name, value in _WEIGHTS.items()}
    ),
    "GET /calendar/new": _get("/calendar/new"),
    "POST /calendar/new": _post("/calendar/new", day="2027-05-07", off="off", name="Brugdag"),
    "GET /patterns/{panel}": lambda here, _: Call("GET", f"/patterns/{here.local}"),
    "POST /patterns/{panel}": lambda here, _: Call(
        "POST", f"/patterns/{here.local}", {**_PATTERN, "startsAt": "08:30"}
    ),
    "GET /live/{location:path}": _get("/live/Den Bosch"),
    "POST /live/{location:path}": _post("/live/Den Bosch", on="2027-01-01"),
    "PUT /v1/calendar-days/{day}": lambda _, __: Call(
        "PUT", "/v1/calendar-days/2027-05-07", {"off": True, "name": "Brugdag"}
    ),
    "PUT /v1/panels/{panel}/pattern": lambda here, _: Call(
        "PUT",
        f"/v1/panels/{here.local}/pattern",
        {
            "startsAt": "08:30",
            **{name: int(value) for name, value in _NUMBERS.items()},
            "weekdays": [1, 2, 3, 4, 5, 6, 7],
        },
    ),
    "PUT /v1/locations/{location}/go-live": lambda _, __: Call(
        "PUT", "/v1/locations/Den Bosch/go-live", {"liveOn": "2027-01-01"}
    ),
    **{
        f"{method} /meetings/{{panel}}/new": _arranged(method, "new", heldOn=_FAR, **_EXTRA)
        for method in ("GET", "POST")
    },
    **{
        f"{method} /meetings/{{panel}}/{{held_on}}/move": _arranged(
            method, "{day}/move", to="{day}", startsAt="10:00", reason=REASON
        )
        for method in ("GET", "POST")
    },
    **{
        f"{method} /meetings/{{panel}}/{{held_on}}/cancel": _arranged(
            method, "{day}/cancel", reason=REASON
        )
        for method in ("GET", "POST")
    },
    "PUT /v1/panels/{panel}/meetings/{heldOn}": lambda here, _: Call(
        "PUT",
        f"/v1/panels/{here.local}/meetings/{_FAR}",
        {"kind": "written", "reason": REASON},
    ),
    "PATCH /v1/panels/{panel}/meetings/{heldOn}": lambda here, _: Call(
        "PATCH",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}",
        {"startsAt": "10:30", "reason": REASON},
    ),
    "PUT /v1/panels/{panel}/meetings/{heldOn}/cancellation": lambda here, _: Call(
        "PUT",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/cancellation",
        {"reason": REASON},
    ),
    "GET /v1/panels/{panel}/meetings/{heldOn}/attendance": lambda here, _: Call(
        "GET", f"/v1{_sitting(here)}/attendance"
    ),
    "PATCH /v1/panels/{panel}/meetings/{heldOn}/attendance": lambda here, _: Call(
        "PATCH", f"/v1{_sitting(here)}/attendance", {"arrived": ["member.here"]}
    ),
    "GET /meetings/{panel}/{held_on}/live": lambda here, _: Call("GET", f"{_meeting(here)}/live"),
    "GET /meetings/{panel}/{held_on}/walk-in": lambda here, _: Call(
        "GET", f"{_meeting(here)}/walk-in"
    ),
    "POST /meetings/{panel}/{held_on}/walk-in": lambda here, _: Call(
        "POST", f"{_meeting(here)}/walk-in", {**_OPENING, "broughtBy": BRINGER.person}
    ),
    "POST /v1/panels/{panel}/meetings/{heldOn}/walk-ins": lambda here, _: Call(
        "POST", f"/v1{_sitting(here)}/walk-ins", {**_OPENING, "broughtBy": BRINGER.person}
    ),
    "POST /meetings/{panel}/{held_on}/undo": lambda here, _: Call(
        "POST",
        f"{_meeting(here)}/undo",
        {"item": here.one("plain", Phase.SETTLED).id},
        here.one("plain", Phase.SETTLED).version,
    ),
    "POST /meetings/{panel}/{held_on}/attendance": lambda here, _: Call(
        "POST", f"{_meeting(here)}/attendance", {"present": "member.here"}
    ),
    **{
        f"{method} /meetings/{{panel}}/{{held_on}}/items/{{escalation}}/place": _arranged(
            method, "{day}/items/{listed}/place", position="1", reason="together"
        )
        for method in ("GET", "POST")
    },
    "PUT /v1/panels/{panel}/meetings/{heldOn}/items/{escalation}": lambda here, _: Call(
        "PUT",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/items/{_listed(here).id}",
        {"position": 1, "reason": "together"},
    ),
    "GET /meetings/{panel}/{held_on}/close": _arranged("GET", "{day}/close"),
    "POST /meetings/{panel}/{held_on}/close": lambda here, _: Call(
        "POST", f"{_meeting(here)}/close", {"attested": f"everything.{_considered(here)}"}
    ),
    **{
        f"{method} /meetings/{{panel}}/{{held_on}}/reopen": _arranged(
            method, "{day}/reopen", reason="forgotten"
        )
        for method in ("GET", "POST")
    },
    "PUT /v1/panels/{panel}/meetings/{heldOn}/attestation": lambda here, _: Call(
        "PUT",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/attestation",
        {"attested": "everything", "considered": _considered(here)},
    ),
    "POST /v1/panels/{panel}/meetings/{heldOn}/reopenings": lambda here, _: Call(
        "POST",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/reopenings",
        {"reason": "forgotten"},
    ),
    "GET /meetings/{panel}/{held_on}/minutes": _arranged("GET", "{day}/minutes"),
    "GET /meetings/{panel}/{held_on}/minutes.pdf": _arranged("GET", "{day}/minutes.pdf"),
    "GET /meetings/{panel}/{held_on}/agenda.pdf": _arranged("GET", "{day}/agenda.pdf"),
    "POST /meetings/{panel}/{held_on}/minutes": _arranged("POST", "{day}/minutes", digest="0"),
    "GET /v1/panels/{panel}/meetings/{heldOn}/minutes": lambda here, _: Call(
        "GET", f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/minutes"
    ),
    "PUT /v1/panels/{panel}/meetings/{heldOn}/minutes/approval": lambda here, _: Call(
        "PUT",
        f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/minutes/approval",
        {"digest": "0"},
    ),
    "GET /v1/unattested-meetings": _get("/v1/unattested-meetings"),
    "GET /v1/panels/{panel}/meetings/{heldOn}/versions": lambda here, _: Call(
        "GET", f"/v1/panels/{here.local}/meetings/{here.today.isoformat()}/versions"
    ),
    "GET /locations/new": _get("/locations/new"),
    "POST /locations/new": _post("/locations/new", name="Zwolle"),
    "GET /panels/new": _get("/panels/new"),
    "POST /panels/new": _post("/panels/new", level="national"),
    "GET /locations/{owner:path}/{change}": _get("/locations/Den Bosch/rename"),
    "POST /locations/{owner:path}/{change}": _post("/locations/Den Bosch/rename", name="Anders"),
    "GET /panels/{owner}/{change}": lambda here, _: Call("GET", f"/panels/{here.local}/rename"),
    "POST /panels/{owner}/{change}": lambda here, _: Call(
        "POST", f"/panels/{here.local}/rename", {"name": "Anders"}
    ),
    "POST /v1/panels": _post("/v1/panels", level="national"),
    "PATCH /v1/panels/{panel}": lambda here, _: Call(
        "PATCH", f"/v1/panels/{here.local}", {"name": "Anders"}
    ),
    "POST /v1/locations": _post("/v1/locations", name="Zwolle"),
    "PATCH /v1/locations/{location}": lambda _, __: Call(
        "PATCH", "/v1/locations/Den Bosch", {"name": "Anders"}
    ),
    "GET /people": _get("/people"),
    "GET /people/{owner}/{change}": _get(f"/people/{COLLEAGUE}/disable"),
    "POST /people/{owner}/{change}": _post(f"/people/{COLLEAGUE}/disable"),
    "GET /v1/people": _get("/v1/people"),
    "GET /v1/people/{person}": _get(f"/v1/people/{COLLEAGUE}"),
    "PATCH /v1/people/{person}": lambda _, __: Call(
        "PATCH", f"/v1/people/{COLLEAGUE}", {"disabled": True}
    ),
    "GET /mappings": _get("/mappings"),
    "GET /mappings/new": _get("/mappings/new"),
    "POST /mappings/new": _post("/mappings/new", **_CLAIM),
    "GET /mappings/{mapping}/remove": lambda here, _: Call(
        "GET", f"/mappings/{here.mapping}/remove"
    ),
    "POST /mappings/{mapping}/remove": lambda here, _: Call(
        "POST", f"/mappings/{here.mapping}/remove"
    ),
    "GET /v1/mappings": _get("/v1/mappings"),
    "POST /v1/mappings": _post("/v1/mappings", **_CLAIM),
    "GET /v1/mappings/{mapping}": lambda here, _: Call("GET", f"/v1/mappings/{here.mapping}"),
    "DELETE /v1/mappings/{mapping}": lambda here, _: Call("DELETE", f"/v1/mappings/{here.mapping}"),
    "GET /v1/events": _get("/v1/events?limit=1000"),
    "GET /retention": _get("/retention"),
    "GET /retention/terms/{kept}": _get("/retention/terms/lapsed"),
    "POST /retention/terms/{kept}": _post("/retention/terms/lapsed", amount="5", unit="years"),
    "GET /retention/due/{what}": _get("/retention/due/content"),
    "GET /retention/due/{what}/prepare": _get("/retention/due/content/prepare"),
    "POST /retention/due/{what}/prepare": _post("/retention/due/content/prepare"),
    "GET /retention/selections/{selection}": lambda here, _: Call("GET", _selection(here)),
    "GET /retention/selections/{selection}/statement.json": lambda here, _: Call(
        "GET", f"{_selection(here)}/statement.json"
    ),
    "GET /retention/selections/{selection}/confirm": lambda here, _: Call(
        "GET", f"{_selection(here)}/confirm"
    ),
    "POST /retention/selections/{selection}/confirm": lambda here, _: Call(
        "POST", f"{_selection(here)}/confirm?list={here.listed}", {"sure": "yes"}
    ),
    "GET /retention/selections/{selection}/refuse": lambda here, _: Call(
        "GET", f"{_selection(here)}/refuse"
    ),
    "POST /retention/selections/{selection}/refuse": lambda here, _: Call(
        "POST", f"{_selection(here)}/refuse", {"reason": REASON}
    ),
    "GET /audit/reads": _get("/audit/reads"),
    "POST /audit/reads": lambda here, who: Call(
        "POST", "/audit/reads", {"case": _own(here, who).case}
    ),
    "GET /audit/reads.csv": lambda here, who: Call("GET", f"/audit/reads.csv?{_whose(here, who)}"),
    "GET /audit/reads.json": lambda here, who: Call(
        "GET", f"/audit/reads.json?{_whose(here, who)}"
    ),
    "GET /audit/escalations/{escalation}": lambda here, who: Call(
        "GET", f"/audit/escalations/{_own(here, who).id}"
    ),
    "GET /audit/people/{key}": lambda here, _: Call("GET", f"/audit/people/{here.reader}"),
    "GET /audit/unusual": _get("/audit/unusual"),
    "GET /audit/sample": _get("/audit/sample?seed=7"),
    "GET /audit/sample.csv": _get("/audit/sample.csv?seed=7"),
    "GET /audit/sample.json": _get("/audit/sample.json?seed=7"),
    "GET /audit/changes": _get("/audit/changes"),
    "GET /v1/reads": lambda here, who: Call("GET", f"/v1/reads?{_whose(here, who)}"),
    "GET /v1/unusual-reads": lambda here, _: Call(
        "GET", f"/v1/unusual-reads?from={here.today}&until={here.today}"
    ),
    "GET /v1/samples": lambda here, _: Call("GET", f"/v1/samples?seed=7&asOf={here.today}"),
    "GET /v1/changes": _get("/v1/changes"),
    "GET /v1/processings": lambda here, who: Call("GET", f"/v1/processings?{_whose(here, who)}"),
    "GET /v1/retention-terms": _get("/v1/retention-terms"),
    "PATCH /v1/retention-terms/{kept}": lambda _, __: Call(
        "PATCH", "/v1/retention-terms/lapsed", {"months": 60}
    ),
    "GET /v1/due-units": _get("/v1/due-units?what=content"),
    "GET /v1/holds": _get("/v1/holds"),
    "POST /v1/holds": lambda here, _: Call(
        "POST", "/v1/holds", {"escalation": _up(here, "settled").id, "reason": REASON}
    ),
    "POST /v1/holds/{escalation}/liftings": lambda here, _: Call(
        "POST", f"/v1/holds/{_up(here, 'closed').id}/liftings", {"reason": REASON}
    ),
    "GET /v1/destructions": _get("/v1/destructions"),
    "POST /v1/destructions": _post("/v1/destructions", what="content"),
    "GET /v1/destructions/{selection}": lambda here, _: Call("GET", _destruction(here)),
    "GET /v1/destructions/{selection}/items": lambda here, _: Call(
        "GET", f"{_destruction(here)}/items"
    ),
    "POST /v1/destructions/{selection}/confirmations": lambda here, _: Call(
        "POST", f"{_destruction(here)}/confirmations", {"digest": here.listed}
    ),
    "POST /v1/destructions/{selection}/refusals": lambda here, _: Call(
        "POST", f"{_destruction(here)}/refusals", {"reason": REASON}
    ),
    "GET /data-requests": _get("/data-requests"),
    "GET /data-requests/new": _get("/data-requests/new"),
    "POST /data-requests/new": _post("/data-requests/new", caseNumber=_QUEUED, asked="access"),
    "GET /data-requests/{case}": lambda here, _: Call("GET", _request(here)),
    "GET /data-requests/{case}/answer": lambda here, _: Call("GET", f"{_request(here)}/answer"),
    "POST /data-requests/{case}/answer": lambda here, _: Call(
        "POST", f"{_request(here)}/answer", {"answer": "granted", "reason": REASON}
    ),
    "GET /data-requests/{case}/dossier": lambda here, _: Call("GET", f"{_request(here)}/dossier"),
    "POST /data-requests/{case}/hand-over": lambda here, _: Call(
        "POST", f"{_request(here)}/hand-over"
    ),
    "GET /v1/data-requests": _get("/v1/data-requests"),
    "POST /v1/data-requests": _post("/v1/data-requests", caseNumber=_QUEUED, asked="access"),
    "GET /v1/data-requests/{case}": lambda here, _: Call("GET", f"/v1{_request(here)}"),
    "GET /v1/data-requests/{case}/dossier": lambda here, _: Call(
        "GET", f"/v1{_request(here)}/dossier"
    ),
    "POST /v1/data-requests/{case}/answers": lambda here, _: Call(
        "POST", f"/v1{_request(here)}/answers", {"answer": "granted", "reason": REASON}
    ),
    "POST /v1/data-requests/{case}/hand-overs": lambda here, _: Call(
        "POST", f"/v1{_request(here)}/hand-overs"
    ),
    "GET /v1/public-documents": _get(f"/v1/public-documents?{_PERIOD}"),
    "GET /publication": _get("/publication"),
    "GET /publication.csv": _get("/publication.csv"),
    "GET /holds/new": _get("/holds/new"),
    "POST /holds/new": lambda here, _: Call(
        "POST", "/holds/new", {"escalation": _up(here, "settled").id, "reason": REASON}
    ),
    "GET /holds/{escalation}/lift": lambda here, _: Call(
        "GET", f"/holds/{_up(here, 'closed').id}/lift"
    ),
    "POST /holds/{escalation}/lift": lambda here, _: Call(
        "POST", f"/holds/{_up(here, 'closed').id}/lift", {"reason": REASON}
    ),
}
# Where somebody who may gets no further all the same: what they would make is there already.
THERE_ALREADY = frozenset(
    {
        # In today's meeting something was considered already, and it has no agenda.
        "POST /meetings/{panel}/{held_on}/move",
        "POST /meetings/{panel}/{held_on}/cancel",
        "PATCH /v1/panels/{panel}/meetings/{heldOn}",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/cancellation",
        "POST /meetings/{panel}/{held_on}/items/{escalation}/place",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/items/{escalation}",
        # And it was not closed, so that there is nothing to approve.
        "POST /meetings/{panel}/{held_on}/minutes",
        "PUT /v1/panels/{panel}/meetings/{heldOn}/minutes/approval",
        "POST /meetings/{panel}/{held_on}/reopen",
        "POST /v1/panels/{panel}/meetings/{heldOn}/reopenings",
        "POST /panels/new",
        "POST /v1/panels",
        # It shows this theme, or may not be known of.
        "POST /themes/{theme}/cases/new",
        "POST /retention/due/{what}/prepare",
        "POST /v1/destructions",
    }
)


def about(
    here: Organisation, route: str, one: Escalation, who: Capacity | None
) -> list[tuple[Action | None, Call]]:
    """The calls a route about an escalation takes: one, or one for each action it serves."""
    method, _, pattern = route.partition(" ")
    path = pattern.replace("{escalation}", one.id)
    if pattern.endswith("/{action}"):
        return [
            (action, _form(here, one, action, method, path.replace("{action}", action)))
            for action in FORMS
        ]
    if pattern.endswith("/correct"):
        path = path.replace("{seq}", "1")
        given = {"ground": "complex", "reason": REASON, "kind": "change"}
        return [(Action.CORRECT, Call(method, path, given, one.version))]
    if pattern.endswith(("/recuse", "/recusals")):
        person = who.name if who else "niemand"
        return [(None, Call(method, path, {"person": person}))]
    if "/family" in pattern:
        return [(None, Call(method, path, _family(here, one, method, pattern)))]
    if "/suspen" in pattern:
        path = path.replace("{number}", "1").replace("{change}", "end")
        days = {"lastOn": "2099-12-31"}
        if method != "PATCH" and "{change}" not in pattern:
            days = {"firstOn": "2099-12-31", "ground": "other"}
        return [(None, Call(method, path, None if method == "GET" else days))]
    if pattern.endswith("/propose"):
        return [(None, Call(method, path, {"outcome": "decided.other", "reasons": REASON}))]
    if route.startswith("POST") and pattern.endswith("/proposals"):
        proposal = {"outcome": "decided", "ruling": "other", "reasons": REASON}
        return [(None, Call(method, path, proposal))]
    if route.startswith("POST") and pattern.endswith("/positions"):
        return [(None, Call(method, path, {"stance": "discuss"}))]
    noun = pattern.rpartition("/")[2]
    if method == "GET" or noun not in NOUNS:
        return [(None, Call(method, path))]
    if NOUNS[noun] is Action.CORRECT:
        instead = {"ground": "complex"}
        wish = {"replaces": here.first[one.id], "reason": REASON, "with": instead}
        return [(Action.CORRECT, Call(method, path, wish, one.version))]
    return [(NOUNS[noun], Call(method, path, inputs(here, one, NOUNS[noun]), one.version))]


def _family(
    here: Organisation, one: Escalation, method: str, pattern: str
) -> dict[str, object] | None:
    """What is given to put one with another, or to take it out."""
    if method == "GET":
        return None
    if method == "PATCH" or pattern.endswith("/leave"):
        return {"left": True, "reason": REASON} if method == "PATCH" else {"reason": REASON}
    name = "escalation" if "/v1/" in pattern else "other"
    return {name: here.kin[one.set], "reason": REASON}


def _form(here: Organisation, one: Escalation, action: Action, method: str, path: str) -> Call:
    given = inputs(here, one, action)
    # The panel that takes it is the page's to know.
    return Call(method, path, {k: v for k, v in given.items() if k != "panel"}, one.version)
