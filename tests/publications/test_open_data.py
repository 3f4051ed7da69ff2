"""The catalogue of open data, held against what DCAT-AP-NL 3.0 asks of it, and read as RDF."""

import json
from datetime import date

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.namespace import FOAF, XSD

from kdt.publications import document, periods
from kdt.publications.catalogue import Released, catalogue
from kdt.publications.document import Basis, Document
from kdt.publications.periods import PeriodKind
from kdt.publications.rounding import Cell
from kdt.publications.tables import ALL, Table

# What rdflib reads JSON-LD into, whatever one asks for.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

BASE = "https://kdt.example.org"
VCARD_KIND = URIRef("http://www.w3.org/2006/vcard/ns#Kind")
# What each class must have (mandatory in DCAT-AP-NL 3.0, or in DCAT-AP 3.0 below it).
MANDATORY = {
    DCAT.Catalog: (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.publisher,
        DCAT.contactPoint,
        DCAT.dataset,
    ),
    DCAT.Dataset: (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.identifier,
        DCTERMS.accessRights,
        DCTERMS.creator,
        DCTERMS.publisher,
        DCAT.contactPoint,
        DCAT.theme,
    ),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.license),
    FOAF.Agent: (FOAF.name,),
    VCARD_KIND: (URIRef("http://www.w3.org/2006/vcard/ns#fn"),),
}


def released(name: str, corrects: str | None = None, after: str | None = None) -> Released:
    """One about June 2021."""
    june = periods.of(PeriodKind.MONTH, date(2021, 6, 1))
    table = Table("referred", june, True, {"location": ("ter-apel",)})
    basis = Basis(
        name,
        date(2021, 8, 1),
        False,
        5,
        False,
        corrects,
        {"ter-apel": "Ter Apel"},
        {"referred": "Wat er kwam."},
        {"referred": 1},
    )
    cells: dict[Cell, int] = {
        ("referred", ALL, place, ALL, ALL, june.key): 5 for place in ("ter-apel", ALL)
    }
    return Released(Document(basis, table, {"month": 4}, cells, {}, []), date(2021, 8, 2), after)


@pytest.fixture(scope="module")
def graph() -> Graph:
    found = [released("P-2", corrects="P-1"), released("P-1", after="P-2")]
    written = json.dumps(catalogue(found, BASE))
    return Graph().parse(data=written, format="json-ld")


def test_everything_the_profile_asks_for_is_there(graph: Graph) -> None:
    for kind, asked in MANDATORY.items():
        known = set(graph.subjects(RDF.type, kind))
        assert known, kind
        for one in known:
            missing = [name for name in asked if not set(graph.objects(one, name))]
            assert missing == [], one


def test_each_publication_is_a_dataset_with_files_one_can_fetch(graph: Graph) -> None:
    [itself] = graph.subjects(RDF.type, DCAT.Catalog)
    datasets = set(graph.objects(itself, DCAT.dataset))
    assert datasets == {URIRef(f"{BASE}/open-data/P-{number}") for number in (1, 2)}
    for one in datasets:
        assert set(graph.objects(one, DCTERMS.identifier)) == {Literal(str(one))}
        files = set(graph.objects(one, DCAT.distribution))
        assert len(files) == 9
        for file in files:
            [address] = graph.objects(file, DCAT.downloadURL)
            assert isinstance(address, URIRef)
            assert address.startswith(f"{one}/")
            [kind] = graph.objects(file, DCTERMS["format"])
            assert str(kind).startswith(
                "http://publications.europa.eu/resource/authority/file-type/"
            )
            [licence] = graph.objects(file, DCTERMS.license)
            assert str(licence).startswith("http://creativecommons.org/publicdomain/zero/")


def test_a_correction_names_what_it_replaces_and_is_named_by_it(graph: Graph) -> None:
    first, second = (URIRef(f"{BASE}/open-data/P-{number}") for number in (1, 2))
    assert set(graph.subject_objects(DCTERMS.replaces)) == {(second, first)}
    assert set(graph.subject_objects(DCTERMS.isReplacedBy)) == {(first, second)}


def test_it_is_told_whether_its_numbers_may_change(graph: Graph) -> None:
    for one in graph.subjects(RDF.type, DCAT.Dataset):
        [about] = graph.objects(one, DCTERMS.description)
        assert str(about).startswith("Deze cijfers zijn voorlopig.")


def test_its_period_is_told_in_days(graph: Graph) -> None:
    for one in graph.objects(None, DCTERMS.temporal):
        [begin] = graph.objects(one, DCAT.startDate)
        assert begin == Literal("2021-06-01", datatype=XSD.date)


def test_a_document_of_a_file_reads_back() -> None:
    content = document.written(released("P-1").document)
    assert document.written(document.read(content)) == content
