"""The BPMN file holds every row of the table, and everything in it has a place in its diagram."""

from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from lxml import etree  # type: ignore[import-untyped]

from kdt import words
from kdt.procedure import CURRENT, bpmn
from kdt.procedure.render import graph
from kdt.procedure.rows import Leads
from kdt.vocabulary import Phase

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DRAWN = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
NODES = ("startEvent", "endEvent", "exclusiveGateway", "userTask")


@pytest.fixture(scope="module")
def root() -> ET.Element:
    return ET.fromstring(bpmn.xml(CURRENT, words.say))


def named(root: ET.Element, *kinds: str) -> dict[str, ET.Element]:
    return {one.get("id", ""): one for kind in kinds for one in root.iter(f"{MODEL}{kind}")}


def test_every_row_and_every_way_on_is_in_it(root: ET.Element) -> None:
    tasks = named(root, "userTask")
    rows = {bpmn.row_id(number, rule): rule for number, rule in enumerate(CURRENT.rules, 1)}
    assert tasks.keys() == rows.keys()
    flows = {
        (one.get("sourceRef"), one.get("targetRef"), one.get("name"))
        for one in root.iter(f"{MODEL}sequenceFlow")
    }
    for name, rule in rows.items():
        assert tasks[name].get("name") == words.say(f"action.{rule.action}")
        for phase in rule.phases if rule.to is not Leads.NOWHERE else ():
            source = "start" if phase is None else f"phase_{phase}"
            assert (source, name, None) in flows
    for edge in graph(CURRENT):
        kind, _, code = edge.key.partition(".")
        said = words.say(edge.key) if kind == "outcome" else None
        reaching = {
            source for source, to, name in flows if (to, name) == (f"phase_{edge.to.phase}", said)
        }
        assert any(code in str(source) or kind == "outcome" for source in reaching), edge


def test_it_is_as_the_schema_of_bpmn_wants_it() -> None:
    """That of the Object Management Group, which a workflow program brings along."""
    spec = find_spec("SpiffWorkflow")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).parent / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
    schema = etree.XMLSchema(file=str(file))
    drawn = etree.fromstring(bpmn.xml(CURRENT, words.say).encode())
    assert schema.validate(drawn), schema.error_log
    # It is no schema that takes anything.
    next(drawn.iter(f"{MODEL}sequenceFlow")).attrib.pop("sourceRef")
    assert not schema.validate(drawn)


def test_it_holds_together_as_a_process(root: ET.Element) -> None:
    nodes = named(root, *NODES)
    flows = named(root, "sequenceFlow")
    for name, flow in flows.items():
        goes = [one.text for one in nodes[flow.get("sourceRef", "")].iter(f"{MODEL}outgoing")]
        comes = [one.text for one in nodes[flow.get("targetRef", "")].iter(f"{MODEL}incoming")]
        assert name in goes
        assert name in comes
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"phase_{phase}" for phase in Phase} <= nodes.keys()


def test_everything_has_its_place_in_the_diagram(root: ET.Element) -> None:
    nodes = named(root, *NODES, "adHocSubProcess")
    shapes = {one.get("bpmnElement") for one in root.iter(f"{DRAWN}BPMNShape")}
    assert shapes == nodes.keys()
    edges = {one.get("bpmnElement"): one for one in root.iter(f"{DRAWN}BPMNEdge")}
    assert edges.keys() == named(root, "sequenceFlow").keys()
    assert all(len(one.findall(f"{DI}waypoint")) > 1 for one in edges.values())
