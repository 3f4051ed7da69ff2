"""The description of the API (OpenAPI 3.1), at the address the design rules give it."""

import json
import re
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request

from api.v1 import VERSION, examples, models

_LIST = re.compile(r"\bItems_([A-Za-z]+)_(?=\")")
_HEADERS = {
    "API-Version": {
        "description": "De volledige versie van deze API.",
        "schema": {"type": "string", "examples": [VERSION]},
    }
}
_INFO: dict[str, Any] = {
    "title": "KDT",
    "version": VERSION,
    "summary": "Moeilijke zaken voorleggen, en antwoorden uit het register.",
    "description": "Een voorlegging klimt een ladder van KDT's. Wat ermee gedaan wordt, wordt "
    "vastgelegd en nooit gewijzigd; al het andere wordt daaruit gelezen. Wie iets wijzigt, zegt "
    "met If-Match welke versie is gezien. Fouten zijn problem+json; `code` verandert niet. De "
    "woorden staan in `/dictionary`, de regels in `/procedures`.",
    "contact": {
        "name": "Functioneel beheer KDT",
        "url": "https://kdt.example.org",
        "email": "beheer@kdt.example.org",
    },
    "license_info": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}


def describe(app: FastAPI) -> None:
    """Serve the description of `app`, for anyone, from any site."""
    made: dict[str, Any] = {}

    def openapi_json(request: Request) -> JSONResponse:
        if not made:
            made.update(description(app))
        servers = [{"url": f"{request.base_url}v1"}]
        return JSONResponse(
            {**made, "servers": servers}, headers={"Access-Control-Allow-Origin": "*"}
        )

    app.add_route("/openapi.json", openapi_json, include_in_schema=False)


def description(app: FastAPI) -> dict[str, Any]:
    """The description, without where it is served."""
    # Slow to import, and needed by none but who asks for this.
    from fastapi.openapi.utils import get_openapi

    generated = get_openapi(openapi_version="3.1.0", routes=app.routes, **_INFO)
    # pydantic calls a list of rows Items_Row_; the design rules want UpperCamelCase.
    made: dict[str, Any] = json.loads(_LIST.sub(r"\1List", json.dumps(generated)))
    shapes = made["components"]["schemas"]
    for model in (models.Problem, models.Event):
        shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes.update(shape.pop("$defs", {}))
        shapes[model.__name__] = shape
    for name in ("HTTPValidationError", "ValidationError"):
        shapes.pop(name, None)
    for path in made["paths"].values():
        for operation in path.values():
            # Bad input is a 400 here, with a problem.
            operation["responses"].pop("422", None)
            for status, answer in operation["responses"].items():
                answer["headers"] = {**answer.get("headers", {}), **_HEADERS}
                for content in answer.get("content", {}).values():
                    if int(status) >= 400:
                        content["example"] = examples.problem(int(status))
                    elif "example" not in content:
                        content["example"] = examples.of(content["schema"])
            for content in operation.get("requestBody", {}).get("content", {}).values():
                if "$ref" in content["schema"]:
                    content["example"] = examples.of(content["schema"])
    return made
