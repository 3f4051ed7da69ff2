"""The publications that were released as a catalogue of open data: DCAT-AP-NL 3.0, in JSON-LD.

https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from kdt import clock, words
from kdt.publications import document, queries, sheets
from kdt.publications.document import Document
from kdt.sheets.formats import FORMATS

PATH = "/open-data"
# What a program reads, and what that is; beside them every format of a table to take away.
MACHINE, METADATA, DOCUMENT = "figures.csv", "figures.csv-metadata.json", "document.json"
FOR_PEOPLE = "cijfers"

_EU = "http://publications.europa.eu/resource/authority"
_LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"
_IANA = "http://www.iana.org/assignments/media-types"
# By the ending of a file, the last part of it: what the European list of file types calls it.
_TYPES = {"pdf": "PDF", "ods": "ODS", "xlsx": "XLSX", "csv": "CSV", "zip": "ZIP", "json": "JSON"}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Released:
    """A publication that left the house: the day it did, and by which it was replaced (or none)."""

    document: Document
    released_on: date
    replaced_by: str | None = None


def released(connection: Connection) -> list[Released]:
    """What was released, the last first, each with what replaced it."""
    gone = queries.released(connection)
    made = queries.documents(connection, [one.id for one in gone])
    found = [(document.read(made[one.id]), one.steps[-1].at) for one in gone if one.id in made]
    after = {read.basis.corrects: read.basis.id for read, _ in found if read.basis.corrects}
    return [Released(read, clock.day(at), after.get(read.basis.id)) for read, at in reversed(found)]


def catalogue(found: Sequence[Released], base: str) -> Node:
    """All of it. `base`: the address of KDT itself."""
    here = f"{base}{PATH}"
    changed = max((one.released_on for one in found), default=None)
    return {
        "@context": _CONTEXT,
        "@id": f"{here}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _dutch(words.say("open_data.title")),
        "dct:description": _dutch(words.say("open_data.description")),
        "dct:publisher": _publisher(here),
        "dct:creator": _publisher(here),
        "dcat:contactPoint": _contact(here),
        "dct:language": _concept("language/NLD"),
        "dct:license": {"@id": _LICENCE, "@type": "dct:LicenseDocument"},
        "foaf:homepage": {"@id": here, "@type": "foaf:Document"},
        "dct:conformsTo": {"@id": "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30"},
        **({"dct:modified": _day(changed)} if changed else {}),
        "dcat:dataset": [dataset(one, base) for one in found],
    }


def dataset(one: Released, base: str) -> Node:
    """One publication."""
    here, basis = f"{base}{PATH}", one.document.basis
    itself = f"{here}/{basis.id}"
    period = one.document.table.period
    related = {"dct:replaces": basis.corrects, "dct:isReplacedBy": one.replaced_by}
    return {
        "@id": itself,
        "@type": "dcat:Dataset",
        "dct:identifier": itself,
        "dct:title": _dutch(sheets.title(one.document)),
        "dct:description": _dutch(" ".join([_status(one), *sheets.notes(one.document)])),
        "dct:publisher": _publisher(here),
        "dct:creator": _publisher(here),
        "dcat:contactPoint": _contact(here),
        "dcat:theme": [_concept("data-theme/GOVE"), _concept("data-theme/JUST")],
        "dct:accessRights": _concept("access-right/PUBLIC", "dct:RightsStatement"),
        "dct:language": _concept("language/NLD"),
        "dct:spatial": _concept("country/NLD", "dct:Location"),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(period.first),
            "dcat:endDate": _day(period.until),
        },
        "dct:issued": _day(one.released_on),
        "dct:modified": _day(one.released_on),
        "dcat:landingPage": {"@id": f"{here}#{basis.id}", "@type": "foaf:Document"},
        **{name: {"@id": f"{here}/{other}"} for name, other in related.items() if other},
        "dcat:distribution": [_distribution(one, itself, *file) for file in files()],
    }


def files() -> Iterable[tuple[str, str, str]]:
    """Every file of a publication: its name, what it is in words, its media type."""
    yield MACHINE, words.say("open_data.machine"), "text/csv"
    yield METADATA, words.say("open_data.columns"), "application/csvm+json"
    yield DOCUMENT, words.say("publication.document"), "application/json"
    for ending, one in FORMATS.items():
        yield f"{FOR_PEOPLE}.{ending}", words.say(f"sheet.format.{one.name}"), one.media_type


def _distribution(one: Released, itself: str, name: str, title: str, media_type: str) -> Node:
    address = f"{itself}/{name}"
    kind = _TYPES[name.rpartition(".")[2]]
    found: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _dutch(title),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:license": {"@id": _LICENCE, "@type": "dct:LicenseDocument"},
        "dct:format": _concept(f"file-type/{kind}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": {"@id": f"{_IANA}/{media_type}", "@type": "dct:MediaType"},
        "dct:language": _concept("language/NLD"),
        "dct:issued": _day(one.released_on),
    }
    if name == MACHINE:
        found["dct:conformsTo"] = {
            "@id": "http://www.w3.org/ns/csvw",
            "@type": "dct:Standard",
        }
    return found


def _status(one: Released) -> str:
    return words.say("open_data.status", status=sheets.status(one.document))


def _publisher(here: str) -> Node:
    return {
        "@id": f"{here}#publisher",
        "@type": "foaf:Agent",
        "foaf:name": _dutch(words.say("open_data.publisher")),
    }


def _contact(here: str) -> Node:
    return {
        "@id": f"{here}#contact",
        "@type": "vcard:Kind",
        "vcard:fn": _dutch(words.say("open_data.contact")),
        "vcard:hasURL": {"@id": here},
    }


def _concept(code: str, kind: str | None = None) -> Node:
    """A value of a European list. A `kind` is what the profile asks of it beside that."""
    return {"@id": f"{_EU}/{code}", **({"@type": kind} if kind else {})}


def _dutch(text: str) -> Node:
    return {"@value": text, "@language": "nl"}


def _day(day: date) -> Node:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
