"""For every operation of the API a request that succeeds, for tests that walk over all of them."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from api.v1.nouns import NOUNS
from kdt.access.permissions import Actor
from kdt.ledger.service import By
from kdt.panels import agendas
from kdt.panels.desk import Desk
from kdt.panels.queries import Term
from kdt.store.engine import Store
from kdt.store.moments import now
from kdt.store.transaction import writing
from kdt.vocabulary import Action, Role
from tests.api.conftest import (
    ADMINISTRATOR,
    ADVISER,
    AUDITOR,
    NATIONAL_CHAIR,
    NATIONAL_SECRETARY,
    OFFICER,
    OTHER_OFFICER,
    SECRETARY,
    Api,
)
from tests.publications.waiting import prepared
from tests.retention.record import bring_in

OTHER_ADMINISTRATOR = "administrator-2"
MANAGER = Actor("manager-1", Role.MANAGER)
# As many as one test after another may decide of.
PUBLICATIONS = 12
CHAIR = "chair-den-bosch"
DECIDED = {"outcome": "decided", "ruling": "other", "reasons": "Verzonnen."}
EXPLAINED = {
    "sought": "Verzonnen.", "consequences": "Verzonnen.", "dueOn": "2099-12-31",
}  # fmt: skip
ORDERED = {
    "outcome": "inquiry_ordered", "inquiry": "interview", "reasons": "Verzonnen.", **EXPLAINED,
}  # fmt: skip


@dataclass(frozen=True)
class Good:
    """A request that succeeds: by whom, on what, with what."""

    person: str
    path: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    version: int | None = None
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer demo-{self.person}"}
        if self.version is not None:
            headers["If-Match"] = f'"{self.version}"'
        return headers


def considered(api: Api, outcome: Mapping[str, str]) -> str:
    """An escalation considered today: its fourth entry."""
    escalation = api.listed()
    path = f"/escalations/{escalation}/considerations"
    assert api.post(SECRETARY, path, outcome, 3).status_code == 201
    return escalation


def proposed(api: Api) -> str:
    """An escalation of which an outcome is proposed."""
    escalation = api.opened()
    path = f"/escalations/{escalation}/proposals"
    assert api.post(SECRETARY, path, DECIDED).status_code == 201
    return escalation


def agreed(api: Api) -> str:
    """An item the panel agrees on ahead."""
    escalation = api.listed()
    path = f"/escalations/{escalation}"
    number = api.post(SECRETARY, f"{path}/proposals", DECIDED).json()["number"]
    for person in (SECRETARY, CHAIR):
        body = {"stance": "agree", "proposal": number}
        assert api.post(person, f"{path}/positions", body).status_code == 201
    return escalation


def correction(api: Api) -> Good:
    escalation = api.opened()
    opening = api.get(OFFICER, f"/escalations/{escalation}").json()["entries"][0]["ref"]
    body = {"replaces": opening, "reason": "Verzonnen.", "with": {"question": "decision"}}
    return Good(OFFICER, {"escalation": escalation}, body, 2)


def on(escalation: str) -> dict[str, str]:
    return {"escalation": escalation}


def mapping() -> dict[str, str]:
    """As it is asked for, and not there yet."""
    return {**MAPPING, "value": secrets.token_hex(8)}


def mapped(api: Api) -> dict[str, str]:
    """A mapping of its own."""
    return {"mapping": str(api.post(ADMINISTRATOR, "/mappings", mapping()).json()["id"])}


def today(api: Api) -> dict[str, str]:
    """A period of one day."""
    return {"from": api.today.isoformat(), "until": api.today.isoformat()}


def term(api: Api, kept: str) -> None:
    """A term that what was brought in is past."""
    given = {"months": 1}
    assert api.ask(ADMINISTRATOR, "PATCH", f"/retention-terms/{kept}", json=given).is_success


def nothing_waits(api: Api, what: str) -> None:
    """No selection that waits to be confirmed."""
    for one in api.get(ADMINISTRATOR, "/destructions").json()["items"]:
        if (one["what"], one["stage"]) == (what, "prepare"):
            path = f"/destructions/{one['id']}/refusals"
            assert api.post(ADMINISTRATOR, path, {"reason": "Verzonnen."}).status_code == 201


def selection(api: Api, what: str = "content") -> dict[str, Any]:
    """A selection that somebody else prepared; once one was confirmed, that one."""
    term(api, "withdrawn")
    term(api, "people")
    nothing_waits(api, what)
    made = api.post(OTHER_ADMINISTRATOR, "/destructions", {"what": what})
    if made.status_code == 201:
        return dict(made.json())
    every = api.get(ADMINISTRATOR, "/destructions").json()["items"]
    return next(dict(one) for one in every if one["what"] == what)


def destruction(api: Api) -> Good:
    selection(api)
    nothing_waits(api, "content")
    return Good(ADMINISTRATOR, body={"what": "content"})


def waiting(api: Api) -> dict[str, Any]:
    """A publication that waits for a second person."""
    every = api.get(ADMINISTRATOR, "/publications").json()["items"]
    return next(dict(one) for one in every if one["stage"] == "prepare")


def published(api: Api) -> dict[str, str]:
    """A publication that was released."""
    every = api.get(ADMINISTRATOR, "/publications").json()["items"]
    done = [one["id"] for one in every if one["stage"] == "release"]
    if not done:
        one = waiting(api)
        path = f"/publications/{one['id']}/releases"
        assert api.post(ADMINISTRATOR, path, {"digest": one["digest"]}).status_code == 201
        done = [one["id"]]
    return {"publication": done[0]}


def release(api: Api) -> Good:
    one = waiting(api)
    return Good(ADMINISTRATOR, {"publication": one["id"]}, {"digest": one["digest"]})


def confirmation(api: Api) -> Good:
    made = selection(api, "people")
    return Good(ADMINISTRATOR, {"selection": made["id"]}, {"digest": made["digest"]})


def held(api: Api) -> dict[str, str]:
    """An escalation that is held."""
    escalation = api.opened()
    body = {"escalation": escalation, "reason": "Verzonnen."}
    assert api.post(ADMINISTRATOR, "/holds", body).status_code == 201
    return {"escalation": escalation}


def number(api: Api) -> str:
    """The number of a case that is there."""
    api.opened("Z-AVG")
    return "Z-AVG"


def asked(api: Api) -> dict[str, str]:
    """A case about which something was asked."""
    body = {"caseNumber": number(api), "asked": "access"}
    return {"case": api.post(ADMINISTRATOR, "/data-requests", body).json()["case"]}


ACTIONS: Mapping[Action, Callable[[Api], Good]] = {
    Action.SUBMIT: lambda api: Good(OFFICER, on(api.opened(submit=False)), {}, 1),
    Action.LIST: lambda api: Good(SECRETARY, on(api.opened()), api.for_today, 2),
    Action.UNLIST: lambda api: Good(SECRETARY, on(api.listed()), {"reason": "Verzonnen."}, 3),
    Action.CONSIDER: lambda api: Good(SECRETARY, on(api.listed()), DECIDED, 3),
    Action.REPORT_BACK: lambda api: Good(OFFICER, on(considered(api, ORDERED)), {}, 4),
    Action.FOLLOW_THROUGH: lambda api: Good(
        OFFICER, on(considered(api, DECIDED)), {"result": "carried_out"}, 4
    ),
    Action.REOPEN: lambda api: Good(
        CHAIR, on(considered(api, DECIDED)), {"reason": "Verzonnen."}, 4
    ),
    Action.WITHDRAW: lambda api: Good(OFFICER, on(api.opened()), {"reason": "Verzonnen."}, 2),
    Action.LAPSE: lambda api: Good(OFFICER, on(api.opened()), {"reason": "Verzonnen."}, 2),
    Action.TAG: lambda api: Good(OFFICER, on(api.opened()), {"theme": "wachttijd"}, 2),
    Action.CORRECT: correction,
}


def termed(api: Api) -> dict[str, str]:
    """An escalation with a legal deadline."""
    body = {**OPENING, "decideBy": "2030-01-01"}
    return on(str(api.post(OFFICER, "/escalations", body).json()["escalation"]))


def suspended(api: Api) -> dict[str, str]:
    """One of which the term is suspended, nobody knows until when."""
    path = termed(api)
    made = api.post(OFFICER, f"/escalations/{path['escalation']}/suspensions", SUSPENSION)
    return {**path, "number": str(made.json()["number"])}


def related(api: Api) -> dict[str, str]:
    """An escalation that belongs with another."""
    path, other = on(api.opened()), {"escalation": api.opened("Z-9"), "reason": "Verzonnen."}
    assert api.post(OFFICER, f"/escalations/{path['escalation']}/family", other).is_success
    return path


def ruled(api: Api) -> Good:
    """By a rule that is there."""
    assert api.ask(ADMINISTRATOR, "PUT", "/deadline-rules/voorstel", json=RULE).is_success
    return Good(OFFICER, {"rule": "voorstel"}, query={"appliedOn": "2026-02-28"})


def handed_over(api: Api) -> Good:
    """Of a case that is there to go."""
    api.opened()
    return Good(ADMINISTRATOR, body={"giver": OFFICER, "taker": OTHER_OFFICER})


def inspected(api: Api) -> Good:
    api.opened("Z-inzien")
    return Good(OTHER_OFFICER, body={"case": "Z-inzien", "purpose": "quality"})


def absence(api: Api) -> dict[str, str]:
    """On a day on which nobody stands in yet."""
    day = (api.today + timedelta(days=secrets.randbelow(100_000))).isoformat()
    return {
        "taker": CHAIR, "role": "secretary", "location": "Den Bosch", "firstOn": day, "lastOn": day,
    }  # fmt: skip


def delegated(api: Api) -> dict[str, str]:
    """A delegation of its own."""
    return {"delegation": str(api.post(SECRETARY, "/delegations", absence(api)).json()["id"])}


def talked(api: Api) -> dict[str, str]:
    """A talk of its own."""
    return {"consultation": str(api.post(ADVISER, "/consultations", TALK).json()["id"])}


def questioned(api: Api) -> dict[str, str]:
    """A question of Parliament of its own."""
    made = api.post(ADVISER, "/parliamentary-questions", QUESTION).json()
    return {"question": str(made["id"])}


def new_address() -> dict[str, str]:
    """An address nobody subscribed yet."""
    return {"address": f"https://voorbeeld.nl/{secrets.token_hex(4)}"}


def subscribed(api: Api) -> dict[str, str]:
    """A subscription of its own."""
    made = api.post(ADMINISTRATOR, "/event-subscriptions", new_address()).json()
    return {"subscription": str(made["id"])}


def forum_item(api: Api) -> dict[str, str]:
    """An item of its own."""
    return {"item": str(api.post(OFFICER, "/forum-items", {"problem": "Verzonnen."}).json()["id"])}


def named(api: Api) -> dict[str, str]:
    """A theme of its own."""
    name = f"Verzonnen {secrets.token_hex(4)}"
    return {"theme": str(api.post(ADVISER, "/themes", {"name": name}).json()["id"])}


def signalled(api: Api) -> dict[str, str]:
    """A signal of its own."""
    return {"signal": str(api.post(ADVISER, "/signals", SIGNAL).json()["id"])}


def tested(api: Api) -> dict[str, str]:
    """A test of its own."""
    return {"test": str(api.post(ADVISER, "/implementation-tests", TEST).json()["id"])}


def adjusting(api: Api) -> dict[str, object]:
    """What is told of an adjustment."""
    return {**ADJUSTMENT, "tests": [tested(api)["test"]]}


def adjusted(api: Api) -> dict[str, str]:
    """An adjustment of its own."""
    return {"adjustment": str(api.post(ADVISER, "/adjustments", adjusting(api)).json()["id"])}


TEST = {
    "kind": "ex_ante",
    "heldOn": "2026-01-15",
    "title": "Verzonnen",
    "organisations": ["ind", "vwn"],
}
ADJUSTMENT = {
    "kind": "practice",
    "status": "proposed",
    "since": "2026-01-15",
    "title": "Verzonnen",
}
SIGNAL = {
    "source": "journal",
    "receivedOn": "2026-01-15",
    "title": "Verzonnen",
    "concerns": "Verzonnen.",
}
QUESTION: dict[str, Any] = {
    "chamber": "senate",
    "askedOn": "2026-01-15",
    "asked": "Verzonnen?",
    "measures": ["considered"],
    "from": "2025-01-01",
    "until": "2025-12-31",
}
TALK = {"heldOn": "2026-01-15", "form": "talk", "partners": ["vajn"]}
MAPPING = {"claim": "groups", "role": "officer", "location": "Den Bosch"}
YEAR = {"from": "2026-01-01", "until": "2026-12-31"}
RULE = {
    "name": "Verzonnen", "source": "Verzonnen", "count": 6, "unit": "months",
    "effectiveOn": "2026-01-01",
}  # fmt: skip
SUSPENSION = {"firstOn": "2029-12-01", "ground": "incomplete"}
OPENING = {"case": "Z-3", "location": "Den Bosch", "question": "decision", "ground": "other"}


WALK_IN = {"case": "Z-4", "question": "decision", "ground": "complex", "summary": "Verzonnen."}


def sitting(api: Api) -> dict[str, str]:
    """Today's meeting of the local panel."""
    return {"panel": api.local, "heldOn": api.today.isoformat()}


def added(api: Api, day: str) -> dict[str, str]:
    """A meeting of the local panel on a day far away, which may be there already."""
    new = {"kind": "extraordinary", "reason": "Verzonnen."}
    path = f"/panels/{api.local}/meetings/{day}"
    assert api.ask(SECRETARY, "PUT", path, json=new).status_code in (200, 409)
    return {"panel": api.local, "heldOn": day}


def late(api: Api) -> Good:
    """What came on today's agenda after it was drawn up, and is given the first place."""
    path = {**sitting(api), "escalation": api.listed()}
    return Good(CHAIR, path, {"position": 1, "reason": "together"})


def attested(api: Api) -> Good:
    """Today's national meeting, in which nothing was discussed."""
    here = {"panel": api.national, "heldOn": api.today.isoformat()}
    return Good(NATIONAL_SECRETARY, here, {"attested": "nothing", "considered": 0})


def closed(api: Api) -> Good:
    """The same, closed and to be opened again."""
    good = attested(api)
    path = f"/panels/{api.national}/meetings/{api.today}/attestation"
    assert api.ask(NATIONAL_SECRETARY, "PUT", path, json=good.body).status_code in (200, 409)
    return Good(NATIONAL_SECRETARY, good.path, {"reason": "forgotten"})


def minuted(api: Api) -> Good:
    """The same, closed anew and with its minutes to be approved."""
    good = closed(api)
    base = f"/panels/{api.national}/meetings/{api.today}"
    api.ask(NATIONAL_SECRETARY, "POST", f"{base}/reopenings", json=good.body)
    closed(api)
    digest = api.get(NATIONAL_SECRETARY, f"{base}/minutes").json()["digest"]
    return Good(NATIONAL_CHAIR, good.path, {"digest": digest})


# As it is now, so that today's meeting stays.
PATTERN = {
    "weekdays": [1, 2, 3, 4, 5, 6, 7],
    "startsAt": "09:00",
    "place": "Zaal 1",
    "cutOffDays": 1,
    "cutOffHours": 0,
    "capacity": 60,
    "itemMinutes": 5,
    "attendance": 2,
}

GOOD: Mapping[str, Callable[[Api], Good]] = {
    "POST /escalations": lambda _: Good(OFFICER, body=OPENING),
    "GET /escalations": lambda _: Good(OFFICER),
    "POST /escalations/_similar": lambda _: Good(OFFICER, body={"summary": "Verzonnen."}),
    "POST /escalations/_search": lambda _: Good(OFFICER, body={"caseNumber": "Z-1"}),
    "GET /escalations/{escalation}": lambda api: Good(OFFICER, on(api.opened())),
    **{
        f"POST /escalations/{{escalation}}/{NOUNS[action]}": good
        for action, good in ACTIONS.items()
    },
    **{
        f"GET /escalations/{{escalation}}/{NOUNS[action]}": lambda api: Good(
            OFFICER, on(api.opened())
        )
        for action in ACTIONS
    },
    "POST /escalations/{escalation}/recusals": lambda api: Good(
        SECRETARY, on(api.opened()), {"person": CHAIR}
    ),
    "GET /escalations/{escalation}/family": lambda api: Good(OFFICER, related(api)),
    "POST /escalations/{escalation}/family": lambda api: Good(
        OFFICER, on(api.opened()), {"escalation": api.opened("Z-9"), "reason": "Verzonnen."}
    ),
    "PATCH /escalations/{escalation}/family": lambda api: Good(
        OFFICER, related(api), {"left": True, "reason": "Verzonnen."}
    ),
    "GET /escalations/{escalation}/suspensions": lambda api: Good(OFFICER, termed(api)),
    "POST /escalations/{escalation}/suspensions": lambda api: Good(
        OFFICER, termed(api), SUSPENSION
    ),
    "PATCH /escalations/{escalation}/suspensions/{number}": lambda api: Good(
        OFFICER, suspended(api), {"lastOn": "2029-12-24"}
    ),
    "POST /escalations/{escalation}/proposals": lambda api: Good(
        OFFICER, on(api.opened()), DECIDED
    ),
    "GET /escalations/{escalation}/proposals": lambda api: Good(OFFICER, on(proposed(api))),
    "POST /escalations/{escalation}/positions": lambda api: Good(
        SECRETARY, on(api.listed()), {"stance": "other", "reasons": "Verzonnen."}
    ),
    "GET /escalations/{escalation}/positions": lambda api: Good(SECRETARY, on(agreed(api))),
    "GET /panels/{panel}/meetings/{heldOn}/preparation": lambda api: Good(CHAIR, sitting(api)),
    "POST /panels/{panel}/meetings/{heldOn}/consents": lambda api: Good(
        SECRETARY, sitting(api), {"escalations": [agreed(api)]}
    ),
    "GET /holders": lambda _: Good(ADMINISTRATOR),
    "POST /hand-overs": handed_over,
    "POST /stated-purposes": inspected,
    "GET /delegations": lambda _: Good(OFFICER),
    "POST /delegations": lambda api: Good(SECRETARY, body=absence(api)),
    "GET /delegations/{delegation}": lambda api: Good(SECRETARY, delegated(api)),
    "DELETE /delegations/{delegation}": lambda api: Good(SECRETARY, delegated(api)),
    "GET /calendar-feeds": lambda _: Good(SECRETARY),
    "POST /calendar-feeds": lambda api: Good(SECRETARY, body={"panel": api.local}),
    "DELETE /calendar-feeds/{feed}": lambda _: Good(SECRETARY, {"feed": "all"}),
    "GET /panels": lambda _: Good(OFFICER),
    "POST /panels": lambda _: Good(ADMINISTRATOR, body={"level": "local", "location": "Leeg"}),
    "GET /panels/{panel}": lambda api: Good(OFFICER, {"panel": api.local}),
    "PATCH /panels/{panel}": lambda api: Good(
        ADMINISTRATOR, {"panel": api.local}, {"name": "KDT 's-Hertogenbosch"}
    ),
    "GET /panels/{panel}/queue": lambda api: Good(SECRETARY, {"panel": api.local}),
    "GET /panels/{panel}/meetings": lambda api: Good(OFFICER, {"panel": api.local}),
    "GET /panels/{panel}/meetings/{heldOn}": lambda api: Good(
        NATIONAL_SECRETARY, {"panel": api.national, "heldOn": api.today.isoformat()}
    ),
    "GET /locations": lambda _: Good(OFFICER),
    "POST /locations": lambda _: Good(ADMINISTRATOR, body={"name": "Verzonnen plaats"}),
    "GET /locations/{location}": lambda _: Good(OFFICER, {"location": "Den Bosch"}),
    "PATCH /locations/{location}": lambda _: Good(
        ADMINISTRATOR, {"location": "Leeg"}, {"name": "Verzonnen naam"}
    ),
    "GET /panels/{panel}/meetings/{heldOn}/versions": lambda api: Good(SECRETARY, sitting(api)),
    "PUT /panels/{panel}/meetings/{heldOn}": lambda api: Good(
        SECRETARY,
        {"panel": api.local, "heldOn": "2098-12-31"},
        {"kind": "written", "reason": "Verzonnen."},
    ),
    "PATCH /panels/{panel}/meetings/{heldOn}": lambda api: Good(
        SECRETARY,
        added(api, "2099-12-31"),
        {"startsAt": "10:30", "reason": "Verzonnen."},
    ),
    "PUT /panels/{panel}/meetings/{heldOn}/cancellation": lambda api: Good(
        SECRETARY, added(api, "2097-12-31"), {"reason": "Verzonnen."}
    ),
    "PUT /panels/{panel}/meetings/{heldOn}/items/{escalation}": late,
    "PUT /panels/{panel}/meetings/{heldOn}/attestation": attested,
    "POST /panels/{panel}/meetings/{heldOn}/reopenings": closed,
    "GET /panels/{panel}/meetings/{heldOn}/minutes": lambda api: Good(SECRETARY, sitting(api)),
    "PUT /panels/{panel}/meetings/{heldOn}/minutes/approval": minuted,
    "GET /unattested-meetings": lambda _: Good(OFFICER),
    "POST /panels/{panel}/meetings/{heldOn}/walk-ins": lambda api: Good(
        SECRETARY, sitting(api), {**WALK_IN, "broughtBy": OFFICER}
    ),
    "GET /panels/{panel}/meetings/{heldOn}/attendance": lambda api: Good(SECRETARY, sitting(api)),
    "PATCH /panels/{panel}/meetings/{heldOn}/attendance": lambda api: Good(
        SECRETARY, sitting(api), {"arrived": [CHAIR, SECRETARY]}
    ),
    "PUT /locations/{location}/go-live": lambda api: Good(
        ADMINISTRATOR, {"location": "Den Bosch"}, {"liveOn": api.today.isoformat()}
    ),
    "GET /agenda-order": lambda _: Good(OFFICER),
    "PUT /agenda-order": lambda _: Good(
        ADMINISTRATOR, body={"unresolved": 4, "deadline": 3, "heldOver": 2, "waiting": 1}
    ),
    "GET /calendar-days": lambda _: Good(OFFICER, query={"year": "2027"}),
    "PUT /calendar-days/{day}": lambda _: Good(
        ADMINISTRATOR, {"day": "2031-05-23"}, {"off": True, "name": "Brugdag"}
    ),
    "GET /deadline-rules": lambda _: Good(OFFICER),
    "PUT /deadline-rules/{rule}": lambda _: Good(ADMINISTRATOR, {"rule": "verzonnen"}, RULE),
    "GET /deadline-proposals/{rule}": ruled,
    "GET /deadline-warning": lambda _: Good(OFFICER),
    "PUT /deadline-warning": lambda _: Good(ADMINISTRATOR, body={"days": 10}),
    "GET /panels/{panel}/pattern": lambda api: Good(OFFICER, {"panel": api.local}),
    "PUT /panels/{panel}/pattern": lambda api: Good(ADMINISTRATOR, {"panel": api.local}, PATTERN),
    "GET /people": lambda _: Good(ADMINISTRATOR),
    "GET /people/{person}": lambda _: Good(ADMINISTRATOR, {"person": OFFICER}),
    "PATCH /people/{person}": lambda _: Good(
        ADMINISTRATOR, {"person": "manager-1"}, {"disabled": False}
    ),
    "GET /mappings": lambda _: Good(ADMINISTRATOR),
    "POST /mappings": lambda _: Good(
        ADMINISTRATOR, body={**MAPPING, "value": secrets.token_hex(8)}
    ),
    "GET /mappings/{mapping}": lambda api: Good(ADMINISTRATOR, mapped(api)),
    "DELETE /mappings/{mapping}": lambda api: Good(ADMINISTRATOR, mapped(api)),
    "GET /publications": lambda _: Good(OFFICER),
    "POST /publications": lambda api: Good(
        ADMINISTRATOR,
        body={"topic": "referred", "until": "2020-03-31", "asOf": "2020-05-01", "by": ["level"]},
    ),
    "GET /publications/{publication}": lambda api: Good(OFFICER, published(api)),
    "GET /publications/{publication}/preview": lambda api: Good(
        ADMINISTRATOR, {"publication": waiting(api)["id"]}
    ),
    "POST /publications/{publication}/releases": release,
    "POST /publications/{publication}/discards": lambda api: Good(
        ADMINISTRATOR, {"publication": waiting(api)["id"]}, {"reason": "Verzonnen."}
    ),
    "GET /retention-terms": lambda _: Good(ADMINISTRATOR),
    "PATCH /retention-terms/{kept}": lambda _: Good(
        ADMINISTRATOR, {"kept": "lapsed"}, {"months": 600}
    ),
    "GET /due-units": lambda _: Good(ADMINISTRATOR, query={"what": "content"}),
    "GET /holds": lambda _: Good(ADMINISTRATOR),
    "POST /holds": lambda api: Good(
        ADMINISTRATOR, body={"escalation": api.opened(), "reason": "Verzonnen."}
    ),
    "POST /holds/{escalation}/liftings": lambda api: Good(
        ADMINISTRATOR, held(api), {"reason": "Verzonnen."}
    ),
    "GET /destructions": lambda _: Good(ADMINISTRATOR),
    "POST /destructions": destruction,
    "GET /destructions/{selection}": lambda api: Good(
        ADMINISTRATOR, {"selection": selection(api)["id"]}
    ),
    "GET /destructions/{selection}/items": lambda api: Good(
        ADMINISTRATOR, {"selection": selection(api)["id"]}, query={"limit": "1"}
    ),
    "POST /destructions/{selection}/confirmations": confirmation,
    "POST /destructions/{selection}/refusals": lambda api: Good(
        ADMINISTRATOR, {"selection": selection(api)["id"]}, {"reason": "Verzonnen."}
    ),
    "GET /data-requests": lambda _: Good(ADMINISTRATOR),
    "POST /data-requests": lambda api: Good(
        ADMINISTRATOR, body={"caseNumber": number(api), "asked": "access"}
    ),
    "GET /data-requests/{case}": lambda api: Good(ADMINISTRATOR, asked(api)),
    "GET /data-requests/{case}/dossier": lambda api: Good(ADMINISTRATOR, asked(api)),
    "POST /data-requests/{case}/answers": lambda api: Good(
        ADMINISTRATOR, asked(api), {"answer": "granted", "reason": "Verzonnen."}
    ),
    "POST /data-requests/{case}/hand-overs": lambda api: Good(ADMINISTRATOR, asked(api), {}),
    "GET /public-documents": lambda _: Good(
        ADMINISTRATOR, query={"from": "2022-01-01", "until": "2022-12-31", "limit": "5"}
    ),
    "GET /parliamentary-questions": lambda _: Good(OFFICER),
    "GET /parliamentary-questions/{question}": lambda api: Good(OFFICER, questioned(api)),
    "POST /parliamentary-questions": lambda _: Good(ADVISER, body=QUESTION),
    "PUT /parliamentary-questions/{question}": lambda api: Good(ADVISER, questioned(api), QUESTION),
    "DELETE /parliamentary-questions/{question}": lambda api: Good(ADVISER, questioned(api)),
    "GET /event-subscriptions": lambda _: Good(ADMINISTRATOR),
    "GET /event-subscriptions/{subscription}": lambda api: Good(ADMINISTRATOR, subscribed(api)),
    "POST /event-subscriptions": lambda _: Good(ADMINISTRATOR, body=new_address()),
    "DELETE /event-subscriptions/{subscription}": lambda api: Good(ADMINISTRATOR, subscribed(api)),
    "GET /consultations": lambda _: Good(OFFICER),
    "GET /consultations/{consultation}": lambda api: Good(OFFICER, talked(api)),
    "POST /consultations": lambda _: Good(ADVISER, body=TALK),
    "PUT /consultations/{consultation}": lambda api: Good(ADVISER, talked(api), TALK),
    "DELETE /consultations/{consultation}": lambda api: Good(ADVISER, talked(api)),
    "GET /signals": lambda _: Good(OFFICER, query=YEAR),
    "GET /signal-replies": lambda _: Good(OFFICER),
    "GET /signals/{signal}": lambda api: Good(OFFICER, signalled(api)),
    "POST /signals": lambda _: Good(ADVISER, body=SIGNAL),
    "PUT /signals/{signal}": lambda api: Good(ADVISER, signalled(api), SIGNAL),
    "DELETE /signals/{signal}": lambda api: Good(ADVISER, signalled(api)),
    "POST /signals/{signal}/assessments": lambda api: Good(
        ADVISER, signalled(api), {"assessment": "open", "reasons": "Verzonnen."}
    ),
    "GET /implementation-tests": lambda _: Good(OFFICER, query=YEAR),
    "GET /implementation-tests/{test}": lambda api: Good(OFFICER, tested(api)),
    "POST /implementation-tests": lambda _: Good(ADVISER, body=TEST),
    "PUT /implementation-tests/{test}": lambda api: Good(ADVISER, tested(api), TEST),
    "DELETE /implementation-tests/{test}": lambda api: Good(ADVISER, tested(api)),
    "POST /implementation-tests/{test}/opinions": lambda api: Good(
        ADVISER,
        tested(api),
        {"organisation": "vwn", "satisfaction": "partly", "saidOn": "2026-01-15"},
    ),
    "GET /adjustments": lambda _: Good(OFFICER, query=YEAR),
    "GET /adjustments/{adjustment}": lambda api: Good(OFFICER, adjusted(api)),
    "POST /adjustments": lambda api: Good(ADVISER, body=adjusting(api)),
    "PUT /adjustments/{adjustment}": lambda api: Good(ADVISER, adjusted(api), adjusting(api)),
    "DELETE /adjustments/{adjustment}": lambda api: Good(ADVISER, adjusted(api)),
    "GET /themes": lambda _: Good(OFFICER, query=YEAR),
    "GET /differences": lambda _: Good(ADVISER),
    "GET /rises": lambda _: Good(OFFICER),
    "GET /themes/{theme}": lambda _: Good(OFFICER, {"theme": "wachttijd"}),
    "POST /themes": lambda _: Good(OFFICER, body={"name": "Gezin", "description": "Verzonnen."}),
    "PATCH /themes/{theme}": lambda _: Good(
        ADVISER, {"theme": "wachttijd"}, {"description": "Verzonnen."}
    ),
    "GET /forum-items": lambda _: Good(OFFICER),
    "GET /forum-items/{item}": lambda api: Good(OFFICER, forum_item(api)),
    "POST /forum-items": lambda _: Good(OFFICER, body={"problem": "Verzonnen."}),
    "DELETE /forum-items/{item}": lambda api: Good(OFFICER, forum_item(api)),
    "POST /forum-items/{item}/conclusions": lambda api: Good(
        ADVISER, forum_item(api), {"discussedOn": api.today.isoformat(), "theme": "wachttijd"}
    ),
    "GET /themes/{theme}/trend": lambda _: Good(OFFICER, {"theme": "wachttijd"}),
    "GET /themes/{theme}/steps": lambda _: Good(OFFICER, {"theme": "wachttijd"}),
    "POST /themes/{theme}/steps": lambda api: Good(
        ADVISER, named(api), {"action": "consult", "occurredOn": "2026-01-15"}
    ),
    "GET /figures": lambda _: Good(OFFICER, query={**YEAR, "by": "location"}),
    "GET /location-comparison": lambda _: Good(
        OFFICER, query={**YEAR, "basis": "settledWithin", "ground": "complex"}
    ),
    "GET /lead-times": lambda _: Good(
        OFFICER, query={**YEAR, "by": "level", "unit": "workingDays"}
    ),
    "GET /answers": lambda _: Good(OFFICER),
    "GET /dictionary": lambda _: Good(OFFICER),
    "GET /breakdowns": lambda _: Good(OFFICER, query={**YEAR, "by": "theme", "per": "month"}),
    "GET /breakdowns/{measure}": lambda _: Good(
        OFFICER, {"measure": "considered"}, query={**YEAR, "outcome": "decided"}
    ),
    "GET /revisions": lambda _: Good(OFFICER, query={**YEAR, "since": "2022-01-01"}),
    "GET /revisions/{measure}": lambda _: Good(
        OFFICER, {"measure": "considered"}, query={**YEAR, "since": "2022-01-01"}
    ),
    "GET /measures": lambda _: Good(OFFICER),
    "GET /measures/{measure}": lambda _: Good(OFFICER, {"measure": "considered"}),
    "GET /procedures": lambda _: Good(OFFICER),
    "GET /events": lambda _: Good(AUDITOR),
    "GET /reads": lambda api: Good(AUDITOR, query=on(api.opened())),
    "GET /unusual-reads": lambda api: Good(AUDITOR, query=today(api)),
    "GET /samples": lambda api: Good(
        AUDITOR, query={"seed": "2026-11", "by": "location", "asOf": api.today.isoformat()}
    ),
    "GET /changes": lambda _: Good(AUDITOR, query={"subject": "location"}),
    "GET /processings": lambda api: Good(AUDITOR, query=on(api.opened())),
}


def furnish(api: Api, store: Store, folder: Path) -> None:
    """What the requests speak of besides what each makes for itself."""
    bring_in(store, folder)
    assert api.post(ADVISER, "/themes", {"name": "Wachttijd"}).status_code == 201
    with writing(store) as connection:
        # A location for which a panel is still to come.
        desk = Desk(connection, By(ADMINISTRATOR), now(connection))
        desk.enter_location("Leeg", Term(api.today, "Leeg", open=True))
        # Today's agenda, drawn up with nothing on it: what comes, comes late.
        meeting = agendas.locked(connection, api.local, api.today)
        assert meeting is not None
        agendas.draw_up(connection, By(ADMINISTRATOR), meeting.id, [], now(connection))
    # Publications of years apart, so that none waits for another.
    for year in range(2001, 2001 + PUBLICATIONS):
        prepared(store, MANAGER, year)
