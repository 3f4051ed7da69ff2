"""The procedure as a picture for a page, drawn from its table."""

from collections.abc import Iterator
from html import escape

from kdt.procedure.render import Edge, Say, graph
from kdt.procedure.rows import Procedure
from kdt.vocabulary import Phase

# Widths and heights in the picture's own units, about a pixel each.
LABELS, LANE, HEAD, ROW = 270, 110, 40, 30
_LOOKS = 'role="img" fill="currentColor" stroke="currentColor" font-size="13"'


def svg(procedure: Procedure, say: Say) -> str:
    """The ways on as a picture: a lane for each phase, and for each action or outcome an arrow
    from where it may be done to where it leads. In `currentColor`, so that it takes any theme."""
    edges = graph(procedure)
    width = LABELS + LANE * len(Phase)
    height = HEAD + ROW * len(edges)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {_LOOKS}>',
        f"<title>{escape(say('procedure.diagram'))}</title>",
    ]
    for phase in Phase:
        x = _x(phase)
        parts += [
            _text(x, 20, say(f"phase.{phase}"), anchor="middle"),
            f'<line x1="{x}" y1="30" x2="{x}" y2="{height}" stroke-opacity="0.25"/>',
        ]
    for row, edge in enumerate(edges):
        parts += _arrow(edge, HEAD + ROW * row + ROW // 2, say)
    return "\n".join((*parts, "</svg>"))


def _x(phase: Phase | None) -> int:
    """The middle of a lane; what is not opened yet comes from just before the first."""
    if phase is None:
        return LABELS
    return LABELS + LANE * list(Phase).index(phase) + LANE // 2


def _arrow(edge: Edge, y: int, say: Say) -> Iterator[str]:
    target, sources = _x(edge.to.phase), [_x(source) for source in edge.sources]
    towards = 1 if sources[0] < target else -1
    yield _text(0, y + 4, say(edge.key))
    reach = (*sources, target - 8 * towards)
    yield f'<line x1="{min(reach)}" y1="{y}" x2="{max(reach)}" y2="{y}" stroke-width="1.5"/>'
    for x in sources:
        yield f'<circle cx="{x}" cy="{y}" r="4" stroke="none"/>'
    back = target - 9 * towards
    yield f'<path d="M{target} {y} L{back} {y - 5} L{back} {y + 5} Z" stroke="none"/>'


def _text(x: int, y: int, words: str, *, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" stroke="none">{escape(words)}</text>'
