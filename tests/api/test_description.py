"""The description of the API, and the API held against it by schemathesis."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.v1.app import create_v1
from api.v1.description import description
from api.v1.nouns import NOUNS
from kdt.panels.model import location_terms, locations
from kdt.procedure import CURRENT, FIELDS
from kdt.store.engine import Store
from kdt.vocabulary import Action
from tests.api.conftest import (
    ADMINISTRATOR,
    ADVISER,
    AUDITOR,
    NATIONAL_SECRETARY,
    OFFICER,
    SECRETARY,
    Api,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
Operation = APIOperation[Any, Any, Any, Any]
CHAIR = "chair-den-bosch"
DECIDED = {"outcome": "decided", "ruling": "other", "reasons": "Verzonnen."}
ORDERED = {"outcome": "inquiry_ordered", "inquiry": "interview", "reasons": "Verzonnen."}


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

MAPPING = {"claim": "groups", "role": "officer", "location": "Den Bosch"}
YEAR = {"from": "2026-01-01", "until": "2026-12-31"}
OPENING = {"case": "Z-3", "location": "Den Bosch", "question": "decision", "ground": "other"}

GOOD: Mapping[str, Callable[[Api], Good]] = {
    "POST /escalations": lambda _: Good(OFFICER, body=OPENING),
    "GET /escalations": lambda _: Good(OFFICER),
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
    "POST /locations": lambda _: Good(ADMINISTRATOR, body={"name": "Ter Apel"}),
    "GET /locations/{location}": lambda _: Good(OFFICER, {"location": "Den Bosch"}),
    "PATCH /locations/{location}": lambda _: Good(
        ADMINISTRATOR, {"location": "Den Bosch"}, {"name": "'s-Hertogenbosch"}
    ),
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
    "GET /themes": lambda _: Good(OFFICER, query=YEAR),
    "GET /themes/{theme}": lambda _: Good(OFFICER, {"theme": "wachttijd"}),
    "POST /themes": lambda _: Good(OFFICER, body={"name": "Gezin", "description": "Verzonnen."}),
    "PATCH /themes/{theme}": lambda _: Good(
        ADVISER, {"theme": "wachttijd"}, {"description": "Verzonnen."}
    ),
    "GET /figures": lambda _: Good(OFFICER, query={**YEAR, "by": "location"}),
    "GET /answers": lambda _: Good(OFFICER),
    "GET /dictionary": lambda _: Good(OFFICER),
    "GET /procedures": lambda _: Good(OFFICER),
    "GET /events": lambda _: Good(AUDITOR),
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return description(create_v1())


@pytest.mark.slow
def test_every_operation_is_held_against_the_description(api: Api, store: Store) -> None:
    assert api.post(ADVISER, "/themes", {"name": "Wachttijd"}).status_code == 201
    with store.engine.begin() as connection:
        # A location for which a panel is still to come.
        connection.execute(locations.insert().values(id="Leeg"))
        connection.execute(
            location_terms.insert().values(
                location="Leeg",
                name="Leeg",
                open=True,
                effective_on=api.today,
                recorded_by=ADMINISTRATOR,
            )
        )
    schema = schemathesis.openapi.from_url(
        f"{api.client.base_url}/v1/openapi.json".replace("//v1", "/v1")
    )
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    operations = {one.label: one for one in found}
    assert operations.keys() == GOOD.keys()
    for label, operation in operations.items():
        good = GOOD[label](api)
        succeeds(operation, good)
        survives(operation, GOOD[label](api))


def succeeds(operation: Operation, good: Good) -> None:
    """The request succeeds, as described."""
    case = operation.Case(
        path_parameters=dict(good.path), headers=good.headers, query=dict(good.query)
    )
    if good.body is not None:
        case.body, case.media_type = good.body, "application/json"
    answer = case.call()
    assert answer.status_code in (200, 201), (operation.label, answer.text)
    case.validate_response(answer, checks=CHECKS)


def survives(operation: Operation, good: Good) -> None:
    """Whatever is sent to what is really there, good or bad: the answer is as described."""
    positive, negative = (
        operation.as_strategy(mode, path_parameters=dict(good.path) or None, headers=good.headers)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @given(case=st.one_of(positive, negative))
    @settings(
        max_examples=10,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def sent(case: Case[Any]) -> None:
        case.validate_response(case.call(), checks=CHECKS)

    sent()


def test_it_says_what_the_design_rules_ask(described: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(described).validate()
    assert all(name.isalpha() and name[0].isupper() for name in described["components"]["schemas"])
    assert described["openapi"].startswith("3.")
    assert described["info"]["version"] == "1.0.0"
    assert {"name", "url", "email"} <= described["info"]["contact"].keys()
    assert described["info"]["license"]["identifier"] == "EUPL-1.2"
    for path, operations in described["paths"].items():
        assert not path.endswith("/")
        for method, operation in operations.items():
            assert operation["summary"]
            assert "422" not in operation["responses"]
            if method != "get" or operation.get("parameters"):
                assert "400" in operation["responses"]
            for status, answer in operation["responses"].items():
                assert "API-Version" in answer["headers"]
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_every_operation_has_an_example(described: dict[str, Any]) -> None:
    shapes = described["components"]["schemas"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            asked = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if asked is not None:
                assert "example" in asked, (method, path)
            (answered,) = (
                content
                for status, answer in operation["responses"].items()
                if status < "300"
                for content in answer["content"].values()
            )
            assert "example" in answered, (method, path)
    assert shapes["Problem"]["required"] == ["type", "title", "status", "detail", "code"]


def test_the_inputs_are_those_of_the_procedure(described: dict[str, Any]) -> None:
    for action in CURRENT.actions:
        path = "/escalations"
        if action is not Action.OPEN:
            path += f"/{{escalation}}/{NOUNS[action]}"
        body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        extra = {"occurredOn", "submit"} if action is Action.OPEN else {"occurredOn"}
        assert len(body["schema"]["properties"].keys() - extra) == len(FIELDS[action])
        assert not body["schema"]["additionalProperties"]


def test_anyone_may_read_it_from_anywhere(api: Api) -> None:
    answer = api.client.get("/v1/openapi.json", headers={"Origin": "https://elders.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["servers"] == [{"url": str(api.client.base_url).rstrip("/") + "/v1"}]
    assert json.dumps(answer.json()).count("demo-officer-den-bosch-1") == 1
