"""The description of the API, and the API held against it by schemathesis."""

import json
import os
from pathlib import Path
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
from kdt.procedure import CURRENT, FIELDS
from kdt.store.engine import Store
from kdt.vocabulary import Action
from tests.api.conftest import Api
from tests.api.good import GOOD, Good, furnish

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
Operation = APIOperation[Any, Any, Any, Any]
EXAMPLES = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 5


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return description(create_v1())


@pytest.mark.slow
def test_every_operation_is_held_against_the_description(
    api: Api, store: Store, tmp_path: Path
) -> None:
    furnish(api, store, tmp_path)
    # Made when it is first asked for, which takes longer on a machine that is busy.
    schema = schemathesis.openapi.from_url(
        f"{api.client.base_url}/v1/openapi.json".replace("//v1", "/v1"), timeout=60
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
    assert answer.status_code in (200, 201, 204), (operation.label, answer.text)
    case.validate_response(answer, checks=CHECKS)


def survives(operation: Operation, good: Good) -> None:
    """Whatever is sent to what is really there, good or bad: the answer is as described."""
    positive, negative = (
        operation.as_strategy(mode, path_parameters=dict(good.path) or None, headers=good.headers)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @given(case=st.one_of(positive, negative))
    @settings(
        max_examples=EXAMPLES,
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
            ((status, answer),) = (one for one in operation["responses"].items() if one[0] < "300")
            # What is gone has nothing to show.
            answered = [*answer.get("content", {}).values()]
            assert len(answered) == (0 if status == "204" else 1), (method, path)
            assert all("example" in content for content in answered), (method, path)
    assert shapes["Problem"]["required"] == ["type", "title", "status", "detail", "code"]


def test_the_inputs_are_those_of_the_procedure(described: dict[str, Any]) -> None:
    for action in CURRENT.actions:
        path = "/escalations"
        if action is not Action.OPEN:
            path += f"/{{escalation}}/{NOUNS[action]}"
        body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        more = {Action.OPEN: {"submit"}, Action.LIST: {"late"}}
        extra = {"occurredOn", *more.get(action, ())}
        assert len(body["schema"]["properties"].keys() - extra) == len(FIELDS[action])
        assert not body["schema"]["additionalProperties"]


def test_anyone_may_read_it_from_anywhere(api: Api) -> None:
    answer = api.client.get("/v1/openapi.json", headers={"Origin": "https://elders.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["servers"] == [{"url": str(api.client.base_url).rstrip("/") + "/v1"}]
    assert json.dumps(answer.json()).count("demo-officer-den-bosch-1") == 1
