"""The read log and a sample as files to take away. Taking them is logged as looking is."""

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import audit
from api.pages.audit_sample import question
from api.pages.requests import SignedIn
from api.pages.sheets import download
from kdt import words
from kdt.audit import files, sampling
from kdt.sheets.delimited import sheet

router = APIRouter()


@router.get("/audit/reads.csv")
def reads_csv(request: Request, person: SignedIn) -> Response:
    """Who read a case, or what a person read, for a spreadsheet."""
    name, found = audit.files(request, person)
    head = [words.say(f"audit_column.{one}") for one in files.READ_COLUMNS]
    return download(sheet(head, map(files.read_cells, found)), f"{name}.csv", "text/csv")


@router.get("/audit/reads.json")
def reads_json(request: Request, person: SignedIn) -> Response:
    """The same for a program."""
    name, found = audit.files(request, person)
    return _json({"reads": [files.read_json(one) for one in found]}, name)


@router.get("/audit/sample.csv")
def sample_csv(request: Request, person: SignedIn) -> Response:
    """A sample for a spreadsheet."""
    found = sampling.sample(context(request).store, person.actors, question(request))
    head = [words.say(f"audit_column.{one}") for one in files.SAMPLE_COLUMNS]
    rows = [files.sample_cells(found, one) for one in found.drawn]
    return download(sheet(head, rows), f"{words.say('audit.file_sample')}.csv", "text/csv")


@router.get("/audit/sample.json")
def sample_json(request: Request, person: SignedIn) -> Response:
    """The same for a program, with all that draws it again."""
    found = sampling.sample(context(request).store, person.actors, question(request))
    return _json(files.sample_json(found), words.say("audit.file_sample"))


def _json(content: object, name: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return download(text, f"{name}.json", "application/json")
