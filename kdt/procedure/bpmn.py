"""The procedure as BPMN 2.0, drawn from its table, with a diagram that a modeller opens.

Each phase is a gateway (or an end, where nothing follows), each row of the table a task from the
phases it may be done in to the one it leads to; a consideration leads on by its outcome. What is
outside the sequence stands in a part of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

from kdt.procedure.render import Say
from kdt.procedure.rows import Leads, Procedure, Rule, To
from kdt.procedure.state import ENDED
from kdt.procedure.table import FIELDS
from kdt.vocabulary import Phase, Role

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC, _DI = "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI"
# In the units of a diagram: tasks stand below one another, phases beside one another on top.
_TASK, _HIGH, _ROW, _LANE, _ROUND = 200, 60, 100, 120, 36
_LEFT, _FORK, _TOP = 100, 340, 40
_LANES, _ROWS = 480, 160


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of the process, and where it stands: left, top, width, height."""

    id: str
    kind: str
    name: str
    place: tuple[int, int, int, int]
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Flow:
    """A way from one part to another, along these points."""

    id: str
    source: str
    target: str
    along: tuple[tuple[int, int], ...]
    name: str = ""


@dataclass(slots=True)
class _Drawing:
    nodes: list[_Node] = field(default_factory=list)
    apart: list[_Node] = field(default_factory=list)
    flows: list[_Flow] = field(default_factory=list)
    rows: int = 0

    def row(self) -> int:
        """The middle of the next row."""
        self.rows += 1
        return _ROWS + (self.rows - 1) * _ROW + _HIGH // 2

    def flow(self, source: str, target: str, *along: tuple[int, int], name: str = "") -> None:
        self.flows.append(_Flow(f"flow_{len(self.flows) + 1}", source, target, along, name))


def xml(procedure: Procedure, say: Say) -> str:
    """The whole file; the same bytes every time."""
    drawing = _drawn(procedure, say)
    inside = "\n".join(_process(drawing, say))
    shown = "\n".join(_shapes(drawing))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<definitions xmlns="{_MODEL}" xmlns:bpmndi="{_DIAGRAM}" xmlns:dc="{_DC}"'
        f' xmlns:di="{_DI}" id="kdt" targetNamespace="urn:kdt:procedure">\n'
        f'<process id="procedure_{procedure.version}" name="{escape(say("procedure.title"))}"'
        f' isExecutable="false">\n{inside}\n</process>\n'
        f'<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane"'
        f' bpmnElement="procedure_{procedure.version}">\n{shown}\n'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n</definitions>\n"
    )


def row_id(number: int, rule: Rule) -> str:
    """What the task of a row is called, the rows counted from 1."""
    return f"row_{number}_{rule.action}"


def _drawn(procedure: Procedure, say: Say) -> _Drawing:
    drawing = _Drawing()
    for phase in Phase:
        kind = "endEvent" if phase in ENDED else "exclusiveGateway"
        place = (_lane(phase) - _ROUND // 2, _TOP, _ROUND, _ROUND)
        drawing.nodes.append(_Node(_phase(phase), kind, say(f"phase.{phase}"), place))
    for number, rule in enumerate(procedure.rules, 1):
        if rule.to is not Leads.NOWHERE:
            _row(drawing, procedure, row_id(number, rule), rule, say)
    drawing.row()
    for number, rule in enumerate(procedure.rules, 1):
        if rule.to is Leads.NOWHERE:
            y = drawing.row()
            drawing.apart.append(_task(row_id(number, rule), rule, y, say))
    return drawing


def _row(drawing: _Drawing, procedure: Procedure, name: str, rule: Rule, say: Say) -> None:
    y = drawing.row()
    drawing.nodes.append(_task(name, rule, y, say))
    right = _LEFT + _TASK
    for phase in (one for one in Phase if one in rule.phases):
        x, enters = _lane(phase) - 8, y - 15
        drawing.flow(_phase(phase), name, (x, _TOP + _ROUND), (x, enters), (right, enters))
    if None in rule.phases:
        place = (_LEFT - 2 * _ROUND, y - _ROUND // 2, _ROUND, _ROUND)
        drawing.nodes.append(_Node("start", "startEvent", "", place))
        drawing.flow("start", name, (place[0] + _ROUND, y), (_LEFT, y))
    if isinstance(rule.to, To):
        drawing.flow(name, _phase(rule.to.phase), *_up(right, y + 15, rule.to.phase))
        return
    fork = f"{name}_outcome"
    place = (_FORK, y + 15 - _ROUND // 2, _ROUND, _ROUND)
    drawing.nodes.append(_Node(fork, "exclusiveGateway", say("field.outcome"), place))
    drawing.flow(name, fork, (right, y + 15), (_FORK, y + 15))
    for row in procedure.outcomes:
        below = drawing.row()
        down = ((_FORK + _ROUND // 2, y + 15 + _ROUND // 2), (_FORK + _ROUND // 2, below))
        along = (*down, *_up(_FORK + _ROUND // 2, below, row.to.phase)[1:])
        word = say(f"outcome.{row.code}")
        drawing.flow(fork, _phase(row.to.phase), *along, name=word)


def _up(x: int, y: int, phase: Phase) -> tuple[tuple[int, int], ...]:
    """From here to the right, and up to a phase."""
    lane = _lane(phase) + 8
    return (x, y), (lane, y), (lane, _TOP + _ROUND)


def _task(name: str, rule: Rule, y: int, say: Say) -> _Node:
    roles = ", ".join(say(f"role.{role}") for role in Role if role in rule.roles)
    inputs = ", ".join(say(f"field.{one.name}") for one in FIELDS[rule.action])
    told = f"{roles}: {inputs}" if inputs else roles
    place = (_LEFT, y - _HIGH // 2, _TASK, _HIGH)
    return _Node(name, "userTask", say(f"action.{rule.action}"), place, told)


def _lane(phase: Phase) -> int:
    return _LANES + list(Phase).index(phase) * _LANE


def _phase(phase: Phase) -> str:
    return f"phase_{phase}"


def _process(drawing: _Drawing, say: Say) -> Iterator[str]:
    for node in drawing.nodes:
        yield _element(node, drawing.flows)
    name = escape(say("procedure.apart"))
    yield f'<adHocSubProcess id="apart" name="{name}" ordering="Parallel">'
    for node in drawing.apart:
        yield _element(node, ())
    yield "</adHocSubProcess>"
    for flow in drawing.flows:
        called = f' name="{escape(flow.name)}"' if flow.name else ""
        yield (
            f'<sequenceFlow id="{flow.id}"{called} sourceRef="{flow.source}"'
            f' targetRef="{flow.target}"/>'
        )


def _element(node: _Node, flows: Iterable[_Flow]) -> str:
    told = f"<documentation>{escape(node.told)}</documentation>" if node.told else ""
    every = [*flows]
    comes = "".join(f"<incoming>{one.id}</incoming>" for one in every if one.target == node.id)
    goes = "".join(f"<outgoing>{one.id}</outgoing>" for one in every if one.source == node.id)
    return (
        f'<{node.kind} id="{node.id}" name="{escape(node.name)}">{told}{comes}{goes}</{node.kind}>'
    )


def _shapes(drawing: _Drawing) -> Iterator[str]:
    for node in drawing.nodes:
        yield _shape(node.id, node.place, label=node.place[1] == _TOP)
    for node in drawing.apart:
        yield _shape(node.id, node.place)
    tops = [node.place[1] for node in drawing.apart]
    if tops:
        high = max(tops) + _HIGH - min(tops) + 60
        around = (_LEFT - 20, min(tops) - 40, _TASK + 40, high)
        yield _shape("apart", around, more=' isExpanded="true"')
    for flow in drawing.flows:
        points = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in flow.along)
        yield (
            f'<bpmndi:BPMNEdge id="{flow.id}_drawn" bpmnElement="{flow.id}">{points}'
            "</bpmndi:BPMNEdge>"
        )


def _shape(
    name: str, place: tuple[int, int, int, int], *, label: bool = False, more: str = ""
) -> str:
    """`label`: its name stands above it, where no arrow comes."""
    x, y, width, height = place
    above = f'<dc:Bounds x="{x - 27}" y="{y - 20}" width="90" height="14"/>'
    said = f"<bpmndi:BPMNLabel>{above}</bpmndi:BPMNLabel>" if label else ""
    return (
        f'<bpmndi:BPMNShape id="{name}_drawn" bpmnElement="{name}"{more}>'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>{said}'
        "</bpmndi:BPMNShape>"
    )
